"""How much each row moves a score: its influence values, in closed form.

A score is a function of the weighted rows. Its influence value at a row is the derivative with respect to that row's
share of the weight (Hampel 1974). The weighted mean of the influence values is zero, and to first order the error of
the score is the weighted mean of the values that unseen rows would have. So one mechanism serves all metrics, with
weights, groups and time.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.gain import labels, ranks, rows

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Influence:
    """What each row contributes to the error of a score, or of a difference between two scores.

    Attributes
    ----------
    values : ndarray, shape (rows,)
        In the metric's unit and the scorer's sign; their weighted mean is zero.
    step : float
        The most by which one flipped label can change a value; 0 for metrics that do not depend on labels.
    """

    values: Array
    step: float = 0.0

    def __sub__(self, other: "Influence") -> "Influence":
        return Influence(self.values - other.values, max(self.step, other.step))


def influence(name: str, target: NDArray[Any], predictions: Array, weights: Array) -> Influence | None:
    """Return the influence values of a scikit-learn score; None if they have no closed form.

    Parameters
    ----------
    name : str
        The scorer's name.
    target : ndarray, shape (rows,)
    predictions : ndarray, shape (rows, classes) or (rows,)
        Probabilities, or values for regression.
    weights : ndarray, shape (rows,)
        Positive.
    """
    shares = weights / weights.sum()
    if predictions.ndim == 2 and name in labels.NAMES:
        return Influence(*labels.label_influence(name, target, predictions, shares))
    values = (_of_probabilities if predictions.ndim == 2 else _of_values)(name, target, predictions, shares)
    return None if values is None or not np.isfinite(values).all() else Influence(values)


def _of_probabilities(name: str, target: NDArray[np.int64], predictions: Array, shares: Array) -> Array | None:
    if name in rows.PROBABILITY_MEANS:
        return rows.mean_influence(rows.PROBABILITY_MEANS[name](target, predictions), shares)
    if name in rows.PROBABILITY_EXPLAINED:
        return rows.explained_influence(rows.PROBABILITY_EXPLAINED[name], target, predictions, shares)
    if name in ranks.NAMES:
        found = ranks.rank_score(name, target, predictions, shares)
        return None if found is None else found[1]
    return None


def _of_values(name: str, target: Array, predictions: Array, shares: Array) -> Array | None:
    if name in rows.MEANS:
        return rows.mean_influence(rows.MEANS[name](target, predictions), shares)
    if name in rows.ROOTS:
        return rows.root_influence(rows.ROOTS[name](target, predictions), shares)
    if name in rows.EXPLAINED:
        if name == "explained_variance":  # a constant error does not count
            predictions = predictions + shares @ (target - predictions)
        return rows.explained_influence(rows.EXPLAINED[name], target, predictions, shares)
    return None
