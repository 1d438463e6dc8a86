"""A weighted mean of several models' predictions, as one scikit-learn estimator."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.utils.validation import has_fit_parameter

POOL = 8  # the best candidates, of which a blend is made


class Blend(BaseEstimator):  # type: ignore[misc]
    """Fits each member and averages what they predict: values, or probabilities.

    Members that want the same preparation share it, fitted once. scikit-learn's Voting estimators prepare anew for
    each member, and pass no weights through a pipeline.

    Parameters
    ----------
    members : list of (preparation name, preparation or None, estimator)
    weights : list of float
        One a member; they need not sum to 1.
    """

    def __init__(self, members: list[tuple[str, Any, Any]], weights: list[float]):
        self.members = members
        self.weights = weights

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> "Blend":
        """Fit the preparations and the members."""
        self.preparations_: dict[str, Any] = {}
        prepared: dict[str, Any] = {}
        for name, preparation, estimator in self.members:
            if name not in prepared:
                prepared[name] = X if preparation is None else preparation.fit_transform(X, y)
                self.preparations_[name] = preparation
            weighted = sample_weight is not None and has_fit_parameter(estimator, "sample_weight")
            estimator.fit(prepared[name], y, **({"sample_weight": sample_weight} if weighted else {}))
        first = self.members[0][2]
        if hasattr(first, "classes_"):
            self.classes_ = first.classes_
        return self

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Return probabilities, shape (rows, classes)."""
        return self._mean(X, "predict_proba")

    def predict(self, X: Any) -> NDArray[Any]:
        """Return values, or the most probable classes."""
        if hasattr(self, "classes_"):
            best: NDArray[Any] = self.classes_[np.argmax(self.predict_proba(X), axis=1)]
            return best
        return self._mean(X, "predict")

    def _mean(self, X: Any, method: str) -> NDArray[np.float64]:
        prepared = {name: X if one is None else one.transform(X) for name, one in self.preparations_.items()}
        predictions = [getattr(estimator, method)(prepared[name]) for name, _, estimator in self.members]
        return np.asarray(np.average(predictions, axis=0, weights=self.weights), dtype=np.float64)


def greedy_weights(score: Any, predictions: list[NDArray[np.float64]], steps: int) -> list[int]:
    """Choose with replacement, one prediction at a time, what improves the mean most (Caruana et al. 2004).

    Parameters
    ----------
    score : callable
        Of a prediction; greater is better.
    predictions : list of ndarray
        Of the same rows, by models that had not seen them.
    steps : int
        Choices at the most; it ends before when none improves the mean.

    Returns
    -------
    list of int
        How often each was chosen.
    """
    counts = [0] * len(predictions)
    total, best = np.zeros_like(predictions[0]), -np.inf
    for step in range(steps):
        scores = [score((total + prediction) / (step + 1)) for prediction in predictions]
        choice = int(np.argmax(scores))
        if scores[choice] <= best:
            break
        best = scores[choice]
        total = total + predictions[choice]
        counts[choice] += 1
    return counts
