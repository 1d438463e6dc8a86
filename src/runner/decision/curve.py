r"""More rows or more tuning? A learning curve of a cheap model, and what twice the rows would bring.

Losses fall with the rows n about as :math:`a + b n^{-c}` (Viering and Loog 2023). Where each size is twice the one
before, the gains of the doublings then fall by the same factor, :math:`2^{-c}`, so what the next doubling brings is
told by those that were seen. The exponent is hard to see in a few noisy doublings: it gets a prior, N(0.5, 0.5), and
the gain is averaged over what is left open, with the spread that this leaves.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri, stdtrit

from runner.gain.interval import Interval

Array = NDArray[np.float64]

EXPONENTS = np.linspace(0.05, 2.0, 79)
TYPICAL, SPREAD = 0.5, 0.5  # of the exponent, over tables; wide, so that slopes of 0.2 to 1.2 are covered
LEVEL = 0.95  # of each of the two one-sided bounds, and of what counts as clear
OVERLAP = 0.1  # folds share training rows, so their scores vary together: by simulation, where 0 misses up to 17 %


@dataclass(frozen=True)
class Curve:
    """Scores of one candidate by the rows it was trained on.

    Attributes
    ----------
    candidate : str
    rows : tuple of int
        Trained on, ascending, each about twice the one before.
    scores, standard_errors : tuple of float
        On the same folds for all sizes, greater is better.
    falling : bool
        Whether more rows have clearly helped, from the first size to the last.
    total_rows : int
        That there are; `twice` is the gain from as many again.
    twice : Interval
        In the metric's unit.
    """

    candidate: str
    rows: tuple[int, ...]
    scores: tuple[float, ...]
    standard_errors: tuple[float, ...]
    falling: bool
    total_rows: int
    twice: Interval


def fit_curve(candidate: str, rows: Sequence[int], scores: Array, total_rows: int) -> Curve:
    """Fit the curve and tell what twice the rows would bring.

    Parameters
    ----------
    rows : sequence of int, length sizes
        Ascending, each about twice the one before; three sizes at least.
    scores : ndarray, shape (sizes, folds)
        Each fold has the same test rows for all sizes, so that differences are paired; two folds at least.
    total_rows : int
        That there are: `Curve.twice` begins there.
    """
    folds = scores.shape[1]
    steps = np.diff(scores, axis=0)
    variances = _steadied(steps.var(axis=1, ddof=1)) * (1 / folds + OVERLAP)
    risen = float(steps.mean(axis=1).sum()) / math.sqrt(float(variances.sum()))
    clear = float(stdtrit(folds - 1, LEVEL))
    widening = clear / float(ndtri(LEVEL))  # the spread itself is an estimate
    return Curve(
        candidate,
        tuple(rows),
        tuple(float(score) for score in scores.mean(axis=1)),
        tuple(float(error) for error in scores.std(axis=1, ddof=1) / math.sqrt(folds)),
        bool(risen > clear),
        total_rows,
        _next_doubling(steps.mean(axis=1), variances * widening**2, total_rows / rows[-1]),
    )


def _steadied(variances: Array) -> Array:
    """Draw each of a few noisy variances halfway to the line, on a log scale, that they fall along."""
    logs = np.log(np.maximum(variances, 1e-18))
    places = np.arange(len(logs))
    line = np.polyval(np.polyfit(places, logs, 1), places)
    return np.asarray(np.exp((logs + line) / 2))


def _next_doubling(steps: Array, variances: Array, further: float) -> Interval:
    """Return the gain of a doubling that begins at `further` times the last size.

    For each exponent the last doubling's gain is a weighted least squares estimate; exponents are weighted by their
    prior and by how well they explain the doublings seen.
    """
    powers = np.arange(len(steps))[::-1]  # doublings before the last one
    shape = 2.0 ** (EXPONENTS[:, None] * powers)  # (exponents, steps)
    precision = (shape**2 / variances).sum(axis=1)
    last = (shape * steps / variances).sum(axis=1) / precision
    misfit = ((steps - last[:, None] * shape) ** 2 / variances).sum(axis=1)
    weight = np.exp(-0.5 * (misfit - misfit.min()) - 0.5 * ((EXPONENTS - TYPICAL) / SPREAD) ** 2)
    weight /= weight.sum()
    shrinking = 2.0**-EXPONENTS * further**-EXPONENTS
    means, spreads = last * shrinking, shrinking / np.sqrt(precision)

    def above(gain: float, level: float) -> float:
        return float(weight @ ndtr((gain - means) / spreads)) - level

    edges = (float((means - 9 * spreads).min()), float((means + 9 * spreads).max()))
    low, high = (float(brentq(above, *edges, args=(level,))) for level in (1 - LEVEL, LEVEL))
    return Interval(float(weight @ means), low, high)
