r"""More rows or more tuning? A learning curve of a cheap model, and what twice the rows would bring.

Losses fall with the number of rows n about as :math:`a + b n^{-c}` (Viering and Loog 2023). If each size is twice the
one before, the gains of successive doublings shrink by the same factor, :math:`2^{-c}`, so the doublings that were
measured predict the next one. A few noisy doublings hardly determine the exponent, so it has a prior, N(0.5, 0.5), and
the gain is averaged over its posterior, whose spread enters the interval. The law may hold only from a later size on,
as where a model can hardly learn from the smallest parts: that is averaged over as well, so that a curve which steepens
is judged by its last doublings. Nor is the law exact, so what comes is allowed to differ from what it says.
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
TYPICAL, SPREAD = 0.5, 0.5  # mean and sd of the exponent's prior, wide enough for exponents from 0.2 to 1.2
LATER = 0.2  # how much less probable it is, before anything is measured, that the law holds from one size later
OFF_THE_LAW = 0.3  # sd of what comes, as a share of what the law says
LEVEL = 0.95  # of each one-sided bound, and for more rows to have clearly helped
OVERLAP = 0.1  # added to 1 / folds, as folds share training rows: by simulation; with 0, up to 17 % are missed


@dataclass(frozen=True)
class Curve:
    """Scores of one candidate by the rows it was trained on.

    Attributes
    ----------
    rows : tuple of int
        Training rows, ascending, each size about twice the one before.
    scores, standard_errors : tuple of float
        On the same folds for all sizes; greater is better.
    falling : bool
        Whether more rows have clearly reduced the loss, from the first size to the last.
    total_rows : int
        Rows of the table.
    twice : Interval
        Gain from as many rows again, in the metric's unit.
    has_more_of_rare : bool
        Whether they hold more of a rare class than its share, so that as many again must be sampled as they were.
    """

    candidate: str
    rows: tuple[int, ...]
    scores: tuple[float, ...]
    standard_errors: tuple[float, ...]
    falling: bool
    total_rows: int
    twice: Interval
    has_more_of_rare: bool = False


def fit_curve(
    candidate: str,
    rows: Sequence[int],
    scores: Array,
    total_rows: int,
    has_more_of_rare: bool = False,
    left: float = math.inf,
) -> Curve:
    """Fit the curve, and forecast what twice the rows would bring.

    Parameters
    ----------
    rows : sequence of int, length sizes
        Training rows, ascending, each size about twice the one before; at least three sizes.
    scores : ndarray, shape (sizes, folds)
        Each fold has the same test rows for all sizes, so that differences are paired; at least two folds.
    total_rows : int
        Rows of the table, from which `Curve.twice` is counted.
    has_more_of_rare : bool
        As in `Curve`.
    left : float
        Loss with the most rows: no number of them gains more.
    """
    folds = scores.shape[1]
    unit = float(np.abs(scores).max()) or 1.0  # whatever the metric's is: what follows has a least error
    steps = np.diff(scores / unit, axis=0)
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
        _next_doubling(steps.mean(axis=1), variances * widening**2, total_rows / rows[-1]).times(unit).at_most(left),
        has_more_of_rare,
    )


def _steadied(variances: Array) -> Array:
    """Shrink each of a few noisy variances halfway towards their trend line on a log scale."""
    logs = np.log(np.maximum(variances, 1e-18))
    places = np.arange(len(logs))
    line = np.polyval(np.polyfit(places, logs, 1), places)
    return np.asarray(np.exp((logs + line) / 2))


def _next_doubling(steps: Array, variances: Array, further: float) -> Interval:
    """Return the gain of a doubling that starts at `further` times the last size.

    For each exponent, and each doubling from which on the law may hold, the gain of the last doubling is estimated by
    weighted least squares; doublings before that may be of any size. These estimates are weighted by their prior and by
    how well they explain the measured doublings.
    """
    powers = np.arange(len(steps))[::-1]  # doublings before the last one
    holds = np.tri(len(steps), dtype=bool).T[:, None]  # (starts, 1, steps)
    shape = np.where(holds, 2.0 ** (EXPONENTS[:, None] * powers), 0.0)  # (starts, exponents, steps)
    errors = variances + np.where(holds, 0.0, np.square(steps).mean())
    precision = (shape**2 / errors).sum(axis=-1)
    last = (shape * steps / errors).sum(axis=-1) / precision
    misfit = ((steps - last[..., None] * shape) ** 2 / errors + np.log(errors)).sum(axis=-1) + np.log(precision)
    prior = np.arange(len(steps))[:, None] * math.log(LATER) - 0.5 * ((EXPONENTS - TYPICAL) / SPREAD) ** 2
    weight = np.exp(prior - 0.5 * (misfit - misfit.min())).ravel()
    weight /= weight.sum()
    shrinking = 2.0**-EXPONENTS * further**-EXPONENTS
    means = (last * shrinking).ravel()
    spreads = np.hypot((shrinking / np.sqrt(precision)).ravel(), OFF_THE_LAW * means)

    def above(gain: float, level: float) -> float:
        return float(weight @ ndtr((gain - means) / spreads)) - level

    edges = (float((means - 9 * spreads).min()), float((means + 9 * spreads).max()))
    low, high = (float(brentq(above, *edges, args=(level,))) for level in (1 - LEVEL, LEVEL))
    return Interval(float(weight @ means), low, high)
