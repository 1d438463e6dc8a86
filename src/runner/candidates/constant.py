"""The best constant value under a metric, without any input."""

from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar
from sklearn.dummy import DummyRegressor

from runner.metrics import Metric, scorer_of
from runner.task import Task

GRID = np.arange(21) / 20  # quantiles, so that a long tail does not leave all other values to one step
PRECISION = 1e-6  # of a step


class BestConstant(DummyRegressor):  # type: ignore[misc]
    """scikit-learn's constant dummy, whose value is found anew on the rows that it is fitted to.

    Parameters
    ----------
    metric : str
        The scorer's name.
    """

    constant: Any

    def __init__(self, metric: str):
        super().__init__(strategy="constant")
        self.metric = metric

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> "BestConstant":
        """Find the value with the best score: on a grid of quantiles, then between the neighbours of its best."""
        target = np.asarray(y, dtype=np.float64)
        metric = Metric(self.metric, Task.REGRESSION, 0, scorer_of(self.metric, Task.REGRESSION))

        def loss(value: float) -> float:
            score = metric.score_or_none(target, np.full(len(target), value), sample_weight)
            return np.inf if score is None else -score

        steps = np.unique(np.quantile(target, GRID))
        best = int(np.argmin([loss(step) for step in steps]))
        low, high = steps[max(best - 1, 0)], steps[min(best + 1, len(steps) - 1)]
        options = {"xatol": PRECISION * (high - low)}
        between = minimize_scalar(loss, bounds=(low, high), method="bounded", options=options)
        self.constant = float(min(steps[best], between.x, key=loss))
        super().fit(X, y, sample_weight)
        return self
