"""Support vector machines for the pool of a portfolio: with probabilities, and for a target of any scale."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.calibration import CalibratedClassifierCV
from sklearn.svm import SVC, SVR

from runner.candidates.any_scale import OfAnyScale


class KernelClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A support vector classifier whose probabilities come from a sigmoid on scores of rows that it had not seen.

    scikit-learn deprecates the classifier's own probabilities in favour of this calibration.

    Parameters
    ----------
    C : float
    gamma : float or str
        Of the RBF kernel.
    cv : int
        Number of folds within the training rows on which the sigmoid is fitted.
    """

    def __init__(self, C: float = 1.0, gamma: float | str = "scale", cv: int = 3, random_state: int | None = None):
        self.C = C
        self.gamma = gamma
        self.cv = cv
        self.random_state = random_state

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> "KernelClassifier":
        """Fit the sigmoid on folds, then the classifier on all rows."""
        machine = SVC(C=self.C, gamma=self.gamma, random_state=self.random_state)
        folds = min(self.cv, int(np.unique(y, return_counts=True)[1].min()))
        self.model_ = CalibratedClassifierCV(machine, cv=max(folds, 2), ensemble=False)
        self.model_.fit(X, y, sample_weight=sample_weight)
        self.classes_ = self.model_.classes_
        return self

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Return probabilities, shape (rows, classes)."""
        return np.asarray(self.model_.predict_proba(X), dtype=np.float64)

    def predict(self, X: Any) -> NDArray[Any]:
        """Return the most probable classes."""
        best: NDArray[Any] = self.classes_[np.argmax(self.predict_proba(X), axis=1)]
        return best


class KernelRegressor(OfAnyScale, SVR):  # type: ignore[misc]
    """A support vector regressor for a target of any scale."""
