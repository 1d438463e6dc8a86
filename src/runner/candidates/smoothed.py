"""Trees and forests that call no class impossible."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
from sklearn.tree import DecisionTreeClassifier

Array = NDArray[np.float64]
ADDED = 0.5  # m, in votes; with a whole one, rows that all votes agree on lose more


class Smoothed:
    """The m-estimate of probabilities (Cestnik 1990): half a vote is added, divided among the classes by their shares.

    Without it, a class without a vote would be impossible, and a single row of that class would decide the log loss.
    """

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Any:
        """Fit the trees, and keep the share of each class."""
        super().fit(X, y, sample_weight)  # type: ignore[misc]
        counts = np.bincount(np.searchsorted(self.classes_, y), sample_weight)  # type: ignore[attr-defined]
        self.shares_ = counts / counts.sum()
        return self

    def predict_proba(self, X: Any) -> Array:
        """Return the smoothed shares of the votes, shape (rows, classes)."""
        votes = self._votes(X)
        shares: Array = (votes * super().predict_proba(X) + ADDED * self.shares_) / (votes + ADDED)  # type: ignore[misc]
        return shares

    def _votes(self, X: Any) -> Any:
        return len(self.estimators_)  # type: ignore[attr-defined]


class SmoothedForest(Smoothed, RandomForestClassifier):  # type: ignore[misc]
    """scikit-learn's random forest, each tree of which has a vote."""


class SmoothedExtraTrees(Smoothed, ExtraTreesClassifier):  # type: ignore[misc]
    """scikit-learn's extremely randomized trees, each of which has a vote."""


class SmoothedTree(Smoothed, DecisionTreeClassifier):  # type: ignore[misc]
    """scikit-learn's tree, in a leaf of which each row has a vote."""

    def predict(self, X: Any) -> NDArray[Any]:
        """Return the class with the greatest share."""
        return np.asarray(self.classes_[self.predict_proba(X).argmax(axis=1)])

    def _votes(self, X: Any) -> Array:
        return np.asarray(self.tree_.weighted_n_node_samples[self.apply(X)][:, None])
