"""Classes drawn at random, without any input."""

import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.dummy import DummyClassifier


class Guesses(DummyClassifier):  # type: ignore[misc]
    """scikit-learn's stratified dummy, which may draw the most frequent class more often than it occurs.

    Rows of another fold are drawn for anew. Where a table is sorted by class, each fold would otherwise have the same
    luck, which would seem to be the mean of many.

    Parameters
    ----------
    lean : float
        From 0, which draws each class as often as it occurs, to 1, which draws the most frequent one always.
    """

    class_prior_: Any

    def __init__(self, lean: float = 0.0, random_state: Any = None):
        super().__init__(strategy="stratified", random_state=random_state)
        self.lean = lean

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> "Guesses":
        """Learn how often each class is drawn."""
        super().fit(X, y, sample_weight)
        most_frequent = np.arange(len(self.class_prior_)) == np.argmax(self.class_prior_)
        self.class_prior_ = (1 - self.lean) * self.class_prior_ + self.lean * most_frequent
        return self

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Draw a class for each row, shape (rows, classes); the same for the same rows of a table."""
        places = np.asarray(X.index, dtype=np.int64) if hasattr(X, "index") else np.arange(len(X))
        random = np.random.default_rng([self.random_state or 0, zlib.crc32(places.tobytes())])
        return random.multinomial(1, self.class_prior_, size=len(X)).astype(np.float64)
