"""Classifiers that call no class impossible: the m-estimate of probabilities (Cestnik 1990).

Half a vote is added and divided among the classes by their shares. Without it, a class without a vote would be
impossible, and a single row of that class would decide the log loss.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.tree import DecisionTreeClassifier

Array = NDArray[np.float64]
ADDED = 0.5  # m, in votes; with a whole one, rows that all votes agree on lose more


class Smoothed:
    """A forest, each tree of which has a vote."""

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Any:
        """Fit the trees, and keep the share of each class."""
        super().fit(X, y, sample_weight)  # type: ignore[misc]
        counts = np.bincount(np.searchsorted(self.classes_, y), sample_weight)  # type: ignore[attr-defined]
        self.shares_ = counts / counts.sum()
        return self

    def predict_proba(self, X: Any) -> Array:
        """Return the smoothed shares of the votes, shape (rows, classes)."""
        votes = len(self.estimators_)  # type: ignore[attr-defined]
        return _smoothed(super().predict_proba(X), votes, self.shares_)  # type: ignore[misc]


class SmoothedForest(Smoothed, RandomForestClassifier):  # type: ignore[misc]
    """scikit-learn's random forest."""


class SmoothedExtraTrees(Smoothed, ExtraTreesClassifier):  # type: ignore[misc]
    """scikit-learn's extremely randomized trees."""


class SmoothedTree(DecisionTreeClassifier):  # type: ignore[misc]
    """scikit-learn's tree, in a leaf of which each row has a vote; `seen_` has the shares of the rows in each node."""

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> "SmoothedTree":
        """Fit the tree, and smooth the shares in its leaves, so that its rules say what it predicts."""
        super().fit(X, y, sample_weight)
        shares, votes = self.tree_.value[:, 0], self.tree_.weighted_n_node_samples[:, None]
        self.seen_ = shares.copy()
        shares[:] = _smoothed(shares, votes, shares[0].copy())  # the root holds all rows; this writes into the tree
        return self


class SmoothedNaiveBayes(GaussianNB):  # type: ignore[misc]
    """scikit-learn's naive Bayes, in which each row has a vote: it multiplies what columns say that are much alike."""

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> "SmoothedNaiveBayes":
        """Fit the model, and count the rows."""
        super().fit(X, y, sample_weight)
        self.rows_ = len(y)
        return self

    def predict_proba(self, X: Any) -> Array:
        """Return the smoothed probabilities, shape (rows, classes)."""
        return _smoothed(super().predict_proba(X), self.rows_, self.class_prior_)


def _smoothed(shares: Array, votes: Any, of_classes: Array) -> Array:
    smoothed: Array = (votes * shares + ADDED * of_classes) / (votes + ADDED)
    return smoothed
