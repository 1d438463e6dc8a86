r"""Is it worse, or is it noise? One-sided tests on a night's figures.

These are pure functions of numbers. The spread :math:`s_d` of a difference of scores on the same folds is poorly known
from some four degrees of freedom. It is therefore shrunk towards what luck is known to do (equally good models differ
by a share of the spread between folds), as if that had been observed on :math:`d_0` folds:

.. math:: \tilde s^2 = (d_0 s_0^2 + (K - 1) s_d^2) / (d_0 + K - 1)

with :math:`d_0 + K - 1` degrees of freedom (Smyth 2004), and the correction for overlapping training rows,
:math:`\tilde s^2 (1/K + 1/(K-1))` (Nadeau and Bengio 2003).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri, stdtr


@dataclass(frozen=True)
class Change:
    """A change for the worse, and the probability that noise alone makes one as large."""

    amount: float
    p_value: float


def paired_drop(now: Sequence[float], before: Sequence[float], luck: float, luck_folds: float) -> Change:
    """Return the drop of a score on the same folds.

    Parameters
    ----------
    now, before : sequence of float
        Scores of the folds, greater is better; at least two folds.
    luck : float
        Expected spread of the difference, as a share of the spread between folds.
    """
    drops = np.subtract(before, now)
    folds, drop = len(drops), float(np.mean(drops))
    if not np.any(drops):
        return Change(0.0, 0.5)
    expected = luck * float(np.std(before, ddof=1))
    freedom = luck_folds + folds - 1
    variance = (luck_folds * expected**2 + (folds - 1) * float(np.var(drops, ddof=1))) / freedom
    return Change(drop, _upper(drop, math.sqrt(variance * (1 / folds + 1 / (folds - 1))), freedom))


def unpaired_drop(now: Sequence[float], before: Sequence[float]) -> Change:
    """Return the drop of a score on other rows, using the errors of both scores."""
    drop = float(np.mean(before) - np.mean(now))
    error = math.hypot(fold_error(now), fold_error(before))
    return Change(drop, _upper(drop, error, len(now) + len(before) - 2))


def fold_error(scores: Sequence[float]) -> float:
    """Return the standard error of a score over folds that share training rows."""
    return float(np.std(scores, ddof=1)) * math.sqrt(1 / len(scores) + 1 / (len(scores) - 1))


def rise(now: float, before: float, noise: float) -> Change:
    """Return the relative rise of a cost; `noise` is the standard deviation of its logarithm between two nights."""
    ratio = now / before
    return Change(ratio - 1, float(ndtr(-math.log(ratio) / noise)))


def shift(now: float, before: float, noise: float) -> Change:
    """Return how far a verdict's chance to pay has moved, in standard errors of its gain, in either direction."""
    ends = [min(max(chance, 1e-9), 1 - 1e-9) for chance in (now, before)]
    moved = abs(float(ndtri(ends[0]) - ndtri(ends[1])))
    return Change(moved, float(ndtr(-moved / noise)))


def together(p_values: Sequence[float]) -> float:
    """Return the p-value of all tests together, if they are independent (Stouffer)."""
    from scipy.stats import combine_pvalues

    return float(combine_pvalues(np.clip(p_values, 1e-12, 1 - 1e-12), method="stouffer").pvalue)


def _upper(estimate: float, error: float, freedom: float) -> float:
    if error <= 0:
        return 0.0 if estimate > 0 else 1.0
    return float(stdtr(freedom, -estimate / error))
