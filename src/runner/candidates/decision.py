"""Decisions of least expected cost under a cost matrix, as the last step of a pipeline."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin

from runner.recalibration import Recalibration


@dataclass(frozen=True, eq=False)
class DecisionRule:
    """How decisions follow from probabilities.

    Attributes
    ----------
    costs : ndarray, shape (classes, classes)
        Cost of deciding for the second class when the first is true.
    line : Recalibration or None
        Corrects the probabilities of two classes before the costs are weighed.
    """

    costs: NDArray[np.float64]
    line: Recalibration | None = None


class LeastCost(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Decides for the class of least expected cost, by the corrected probabilities of the estimator that it wraps.

    scikit-learn's FixedThresholdClassifier knows two classes only.

    Parameters
    ----------
    estimator : classifier
        Fitted.
    classes : list
        In the order of the costs.
    costs, line : list of list of float, Recalibration or None
        As in `DecisionRule`.
    """

    def __init__(self, estimator: Any, classes: list[Any], costs: list[list[float]], line: Recalibration | None = None):
        self.estimator = estimator
        self.classes = classes
        self.costs = costs
        self.line = line

    def fit(self, X: Any, y: Any, **params: Any) -> "LeastCost":
        """Fit the wrapped estimator."""
        self.estimator.fit(X, y, **params)
        return self

    @property
    def classes_(self) -> NDArray[Any]:
        """Return the classes in the order of the probabilities."""
        return np.asarray(self.estimator.classes_)

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self.estimator, "classes_")

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Return probabilities, shape (rows, classes)."""
        said = np.asarray(self.estimator.predict_proba(X), dtype=np.float64)
        if self.line is None:
            return said
        order = [self.classes.index(name) for name in self.classes_]
        return self.line.apply(said[:, np.argsort(order)])[:, order]

    def predict(self, X: Any) -> NDArray[Any]:
        """Return the class of least expected cost."""
        return self.decided(self.predict_proba(X))

    def decided(self, probabilities: NDArray[np.float64]) -> NDArray[Any]:
        """Return the class of least expected cost of each row of probabilities, shape (rows, classes)."""
        order = [self.classes.index(name) for name in self.classes_]
        expected = probabilities @ np.asarray(self.costs)[order]
        decided: NDArray[Any] = np.asarray(self.classes)[np.argmin(expected, axis=1)]
        return decided
