"""Classes drawn at random, without any input."""

from typing import Any

import numpy as np
from sklearn.dummy import DummyClassifier


class Guesses(DummyClassifier):  # type: ignore[misc]
    """scikit-learn's stratified dummy, which may draw the most frequent class more often than it occurs.

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
