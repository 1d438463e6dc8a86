"""Corrects probabilities before costs are weighed: a line on the log odds, learned out of fold, where it is needed.

A cost matrix moves the threshold far from one half, where the probabilities of boosting and forests are least
reliable. benchmarks/RESULTS-threshold.md shows that a threshold chosen where it cost least is noisy, and so is
isotonic regression, but a line with two parameters (Platt 1999) is not. Because it is applied only where the
probabilities are shown to be wrong, it costs nothing where they are right.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit
from scipy.stats import chi2

Array = NDArray[np.float64]
LEVEL = 0.05  # of the likelihood ratio test of whether the probabilities are right
LEAST_SLOPE = 0.05  # a flatter line would level the probabilities, a falling one reverse their order
LEAST_ROWS = 10  # in each class
EDGE = 1e-6
RIDGE = 100.0  # almost no penalty: it only keeps the slope finite if a threshold separates the classes


@dataclass(frozen=True)
class Recalibration:
    """The line on the log odds of the positive class."""

    slope: float
    shift: float

    def apply(self, probabilities: Array) -> Array:
        """Return corrected probabilities, shape (rows, 2)."""
        positive = expit(self.slope * _log_odds(probabilities[:, 1]) + self.shift)
        return np.column_stack([1 - positive, positive])


def recalibration(probabilities: Array, target: NDArray[np.int64], weights: Array | None) -> Recalibration | None:
    """Learn the line; None if the probabilities are not shown to be wrong.

    Parameters
    ----------
    probabilities : ndarray, shape (rows, 2)
        Out-of-fold probabilities; NaN for rows without one.
    weights : ndarray, shape (rows,), optional
    """
    from sklearn.linear_model import LogisticRegression

    known = np.isfinite(probabilities[:, 1])
    said, came = probabilities[known, 1], target[known]
    given = None if weights is None else weights[known]
    if np.bincount(came, minlength=2).min() < LEAST_ROWS or np.ptp(said) < EDGE:
        return None
    odds = _log_odds(said)
    model = LogisticRegression(C=RIDGE).fit(odds[:, None], came, sample_weight=given)
    found = Recalibration(float(model.coef_[0, 0]), float(model.intercept_[0]))
    if found.slope <= LEAST_SLOPE:
        return None
    better = _log_likelihood(found.slope * odds + found.shift, came, given) - _log_likelihood(odds, came, given)
    return found if chi2.sf(2 * better, 2) < LEVEL else None


def _log_odds(positive: Array) -> Array:
    odds: Array = logit(np.clip(positive, EDGE, 1 - EDGE))
    return odds


def _log_likelihood(odds: Array, came: NDArray[np.int64], weights: Array | None) -> float:
    own = -np.logaddexp(0.0, np.where(came == 1, -odds, odds))
    if weights is None:
        return float(own.sum())
    return float(weights @ own * len(own) / weights.sum())
