"""Nearest neighbours whose votes count by the weights of their rows, and of which there may be fewer than asked for.

Those of scikit-learn take no weights, and fail where there are fewer rows than neighbours.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor

Array = NDArray[np.float64]
NEAREST = 1e-12  # a distance of 0 counts as this
VOTES = {"uniform": np.ones_like, "distance": lambda distances: 1 / np.maximum(distances, NEAREST)}


class Weighed:
    """Neighbours among the rows that weigh anything. Without weights they are scikit-learn's."""

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Any:
        """Keep the rows and their weights."""
        if sample_weight is None:
            self.row_weights_: Array | None = None
            return super().fit(X, y)  # type: ignore[misc]
        counts = np.flatnonzero(np.asarray(sample_weight) > 0)
        self.row_weights_ = np.asarray(sample_weight, dtype=np.float64)[counts]
        return super().fit(np.asarray(X)[counts], np.asarray(y)[counts])  # type: ignore[misc]

    def kneighbors(self, X: Any = None, n_neighbors: int | None = None, return_distance: bool = True) -> Any:
        """Return the nearest rows: all that there are, where these are fewer than the neighbours asked for."""
        asked = self.n_neighbors if n_neighbors is None else n_neighbors  # type: ignore[attr-defined]
        there = self.n_samples_fit_ - (X is None)  # type: ignore[attr-defined]
        return super().kneighbors(X, min(asked, there), return_distance)  # type: ignore[misc]

    def _votes(self, X: Any) -> tuple[Array, NDArray[np.int64]]:
        """Return the vote of each neighbour, shape (rows, neighbours), with a sum of 1, and its position."""
        assert self.row_weights_ is not None
        distances, neighbours = self.kneighbors(X)
        kind = self.weights  # type: ignore[attr-defined]
        votes = self.row_weights_[neighbours] * VOTES.get(kind, kind)(distances)
        return votes / votes.sum(axis=1, keepdims=True), neighbours


class NeighboursClassifier(Weighed, KNeighborsClassifier):  # type: ignore[misc]
    """The share of each class among the nearest rows, and one more that votes for each class as often as it occurs.

    Without that vote, a class that is not among the nearest rows would be impossible: one miss outweighs a log loss.
    """

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Any:
        """Keep the rows, their weights, and the share of each class."""
        super().fit(X, y, sample_weight)
        counts = np.bincount(self._y, self.row_weights_)
        self.shares_ = counts / counts.sum()
        return self

    def predict_proba(self, X: Any) -> Array:
        """Return the shares, by weight."""
        nearest = min(self.n_neighbors, self.n_samples_fit_)
        shares: Array = (nearest * self._shares_of(X) + self.shares_) / (nearest + 1)
        return shares

    def _shares_of(self, X: Any) -> Array:
        if self.row_weights_ is None:
            return np.asarray(super().predict_proba(X))
        votes, neighbours = self._votes(X)
        codes = self._y[neighbours]  # as scikit-learn keeps the classes of the rows
        return np.stack([(votes * (codes == code)).sum(axis=1) for code in range(len(self.classes_))], axis=1)

    def predict(self, X: Any) -> NDArray[Any]:
        """Return the class with the greatest share."""
        return np.asarray(self.classes_[self.predict_proba(X).argmax(axis=1)])


class NeighboursRegressor(Weighed, KNeighborsRegressor):  # type: ignore[misc]
    """The mean of the nearest rows."""

    def predict(self, X: Any) -> Array:
        """Return the mean, by weight."""
        if self.row_weights_ is None:
            return np.asarray(super().predict(X))
        votes, neighbours = self._votes(X)
        return np.asarray((votes * self._y[neighbours]).sum(axis=1))
