"""Trees and forests that call no class impossible."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
from sklearn.tree import DecisionTreeClassifier

Array = NDArray[np.float64]
ADDED = 0.5  # of a vote; by a whole one, rows that all votes agree on lose more


class Doubting:
    """The share of the votes for each class, and half a vote more for each class as often as it occurs.

    Without that, a class without a vote would be impossible: one miss outweighs a log loss.
    """

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Any:
        """Fit the trees, and keep the share of each class."""
        super().fit(X, y, sample_weight)  # type: ignore[misc]
        counts = np.bincount(np.searchsorted(self.classes_, y), sample_weight)  # type: ignore[attr-defined]
        self.shares_ = counts / counts.sum()
        return self

    def predict_proba(self, X: Any) -> Array:
        """Return the shares of the votes."""
        votes = self._votes(X)
        shares: Array = (votes * super().predict_proba(X) + ADDED * self.shares_) / (votes + ADDED)  # type: ignore[misc]
        return shares

    def _votes(self, X: Any) -> Any:
        return len(self.estimators_)  # type: ignore[attr-defined]


class DoubtingForest(Doubting, RandomForestClassifier):  # type: ignore[misc]
    """scikit-learn's random forest, each tree of which has a vote."""


class DoubtingExtraTrees(Doubting, ExtraTreesClassifier):  # type: ignore[misc]
    """scikit-learn's extremely randomized trees, each of which has a vote."""


class DoubtingTree(Doubting, DecisionTreeClassifier):  # type: ignore[misc]
    """scikit-learn's tree, in a leaf of which each row has a vote."""

    def predict(self, X: Any) -> NDArray[Any]:
        """Return the class with the greatest share."""
        return np.asarray(self.classes_[self.predict_proba(X).argmax(axis=1)])

    def _votes(self, X: Any) -> Array:
        return np.asarray(self.tree_.weighted_n_node_samples[self.apply(X)][:, None])
