"""Any classifier that takes no weights, its probabilities corrected for the shares that the classes have by weight.

A sample may hold more of a rare class than its share, which weights undo. A classifier that takes none would say that
the class is as frequent as it is in the sample. Where rows of a class have the same weight, Bayes' rule puts that
right: each probability is multiplied by the ratio of the two shares (Elkan 2001; Saerens, Latinne and Decaestecker
2002).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, MetaEstimatorMixin, clone
from sklearn.utils.validation import check_is_fitted

Array = NDArray[np.float64]
LEAST = 1e-12  # ratio of shares, of a class whose rows weigh nothing


class PriorCorrectedClassifier(ClassifierMixin, MetaEstimatorMixin, BaseEstimator):  # type: ignore[misc]
    """Fits a classifier without weights, and predicts as if the classes had been as frequent as they are by weight.

    Parameters
    ----------
    classifier : classifier
        Unfitted, with `predict_proba`.
    """

    def __init__(self, classifier: Any):
        self.classifier = classifier

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> "PriorCorrectedClassifier":
        """Fit the classifier, and keep by how much the shares of the classes differ by weight."""
        self.classifier_ = clone(self.classifier).fit(X, y)
        self.classes_ = self.classifier_.classes_
        members = np.equal.outer(self.classes_, np.asarray(y))
        ratios = np.average(members, axis=1, weights=sample_weight) / members.mean(axis=1)
        self.ratios_ = np.maximum(ratios, LEAST)
        return self

    def predict_proba(self, X: Any) -> Array:
        """Return the corrected probabilities, shape (rows, classes)."""
        check_is_fitted(self)
        said = np.asarray(self.classifier_.predict_proba(X), dtype=np.float64) * self.ratios_
        return np.asarray(said / said.sum(axis=1, keepdims=True))

    def predict(self, X: Any) -> NDArray[Any]:
        """Return the most probable class."""
        best = self.predict_proba(X).argmax(axis=1)
        return np.asarray(self.classes_[best])
