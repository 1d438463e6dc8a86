"""The gain over outer folds, whose training rows overlap."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.gain.chance import gained_by_chance
from runner.gain.comparison import Comparison, Metric
from runner.gain.faultless import faultless_limit, least_gain
from runner.gain.influence import Influence
from runner.gain.limits import count_limit, few_limit, tail_limit, within
from runner.gain.result import LEVEL, Gain, bounds
from runner.gain.spread import Spread, influence_spread
from runner.gain.units import Units, make_units
from runner.gain.unseen import kept_share

Array = NDArray[np.float64]

BETWEEN = 3.0  # factor of the variance between repeats that is added for the upper bound: by simulation


def corrected_gain(fold_gains: Sequence[float], test_to_train: float, level: float = LEVEL) -> Gain:
    """Return the mean gain over J folds, with the corrected resampled t interval.

    Folds share training rows, so their gains are correlated, and s^2 / J underestimates the variance. The corrected
    variance is s^2 (1 / J + n_test / n_train), with J - 1 degrees of freedom (Nadeau and Bengio 2003).

    Parameters
    ----------
    fold_gains : sequence of float, length J = folds x repeats
        Challenger minus reference on each test fold. If the challenger was chosen on the same folds, the correction
        does not remove the winner's curse.
    test_to_train : float
        Test rows of a fold over its training rows: 1 / (K - 1) for K folds.
    level : float
        Of each one-sided bound.

    Returns
    -------
    Gain
        Of models trained on 1 - 1/K of the rows; `unit` is ``folds``.
    """
    gains = np.asarray(fold_gains, dtype=float)
    count = len(gains)
    estimate = float(gains.mean())
    if count < 2:
        why = f"{count} fold shows nothing of the spread between folds: 2 are needed for an interval."
        return Gain.without_bounds(estimate, "folds", why)
    fold_sd = float(gains.std(ddof=1))
    error = fold_sd * float(np.sqrt(1 / count + test_to_train))
    low, high = bounds(estimate, error, count - 1, level=level)
    return Gain(estimate, low, high, error, count - 1, "folds", fold_sd)


@dataclass(frozen=True, eq=False)
class OuterLook:
    """The predictions of two finalists for the rows of one outer fold.

    Attributes
    ----------
    repeat : int
        Number of the repeat, from 0; each row is in one fold of every repeat.
    rows : ndarray of int64
        Positions of the fold's rows in the table.
    reference, challenger : ndarray, shape (rows,) or (rows, classes)
    """

    repeat: int
    rows: NDArray[np.int64]
    reference: Array
    challenger: Array


def nested_gain(
    metric: Metric,
    target: NDArray[Any],
    looks: Sequence[OuterLook],
    *,
    weights: Array | None = None,
    groups: NDArray[Any] | None = None,
    perfect: bool = False,
) -> Gain:
    r"""Return the mean gain over the outer folds, with two one-sided 95 % bounds.

    The corrected t estimates the variance of a fold's gain from J folds; here it comes from the rows. Let :math:`s^2`
    be the variance of a row's contribution, averaged over the repeats, with n rows in K folds and R repeats. With the
    correction for shared training rows (Nadeau and Bengio 2003), the variance of the mean is

    .. math:: (K s^2 / n) (1 / (K R) + 1 / (K - 1)) = (s^2 / n) (1 / R + K / (K - 1)).

    It is known from n rows instead of J folds, which gives more power at the same error rate
    (``python -m benchmarks.decision --nested``). The upper bound must also hold where models depend strongly on their
    training rows. So the variance of a row's contribution between the repeats, whose models had other training rows, is
    added for it.

    Parameters
    ----------
    target, weights, groups : ndarray, shape (n,)
        Of the whole table.
    looks : sequence of OuterLook
        One for each outer fold of each repeat, whose finalists were chosen and fitted without its rows.
    perfect : bool
        Whether the challenger is a perfect model, which ranks all other rows right as well.

    Returns
    -------
    Gain
        Of the whole procedure with 1 - 1/K of the rows; `unit` is ``folds``, and `row_sd` that of a row, with the
        correction for overlap.
    """
    if weights is not None:
        counts = weights > 0
        target, weights, groups = target[counts], weights[counts], None if groups is None else groups[counts]
        looks = [_among(counts, look) for look in looks]
    comparisons = [_comparison(metric, target, look, weights) for look in looks]
    if all(comparison.identical for comparison in comparisons):
        return Gain(0.0, 0.0, 0.0, 0.0, len(target) - 1, "folds", 0.0)
    scores = np.array([comparison.scores() for comparison in comparisons])
    areas = (float(scores[:, 0].mean()), float(scores[:, 1].mean()))
    influences = [influence for comparison in comparisons if (influence := comparison.influence()) is not None]
    folds = sum(look.repeat == 0 for look in looks)
    unit = make_units(len(target), groups, None)[0]
    classes = target if metric.task.is_classification else None
    faultless = faultless_limit(metric.name, *areas, perfect=perfect)
    over_none = all(comparison.over_none for comparison in comparisons)
    if len(influences) < len(looks):
        found = _by_folds(scores[:, 1] - scores[:, 0], folds, len(target))
        few = few_limit(metric.name, [unit], classes, found.standard_error)
        return within(found, few if few.why else faultless, metric.name, over_none=over_none)
    pulls = _pulls(looks, comparisons, influences, len(target))
    spread = _spread(pulls, unit, classes, weights, step=max(one.step for one in influences))
    above, wide = math.sqrt(BETWEEN * _between(pulls, unit)), overlap(len(pulls), folds)
    found = _by_rows(areas[1] - areas[0], spread, above, wide, len(target))
    few = few_limit(metric.name, [unit], classes, spread.standard_error)
    pull = pulls.mean(axis=0) * len(target)
    tail = tail_limit(metric.name, pull, target, bounded=classes is not None, weights=weights)
    gain = within(found, few if few.why else faultless & tail, metric.name, over_none=over_none)
    rows = [look.rows for look in looks]
    if not perfect:
        gain = gain.beyond(gained_by_chance(comparisons, rows, unit))
    gain = gain.towards_zero(kept_share(comparisons, rows, unit))
    if gain.low_holds or metric.name != "roc_auc" or count_limit(metric.name, [unit], classes).why:
        return gain
    count = _independent(looks, comparisons, unit) / wide**2
    return gain.at_least(least_gain(gain, areas, count, over_none=over_none, steady=tail.low_holds))


def overlap(repeats: int, folds: int) -> float:
    """Return the factor by which shared training rows widen the standard error over K folds and R repeats."""
    return math.sqrt(1 / repeats + folds / (folds - 1))


def _by_rows(estimate: float, spread: Spread, above: float, wide: float, rows: int) -> Gain:
    """Return the bounds that follow from the contributions of the rows.

    Parameters
    ----------
    spread : Spread
        Of the mean over rows, as if the models shared no training rows.
    above : float
        Standard error that is added, in quadrature, for the upper bound.
    wide : float
        Factor by which the overlap of the folds widens the standard error.
    """
    error, freedom, skewness = spread.standard_error * wide, spread.degrees_of_freedom, spread.skewness / wide**3
    low, _ = bounds(estimate, error, freedom, skewness)
    _, high = bounds(estimate, math.hypot(error, above), freedom, skewness)
    known = math.isfinite(error)
    return Gain(estimate, low, high, error, freedom, "folds", error * math.sqrt(rows), known, known)


def _spread(
    pulls: Array, unit: Units, classes: NDArray[np.int64] | None, weights: Array | None, *, step: float
) -> Spread:
    """Return the spread, over the rows, of the mean of the repeats."""
    mean = pulls.mean(axis=0)
    row_weights = np.ones(len(mean)) if weights is None else weights
    strata = np.zeros(len(mean), dtype=int) if classes is None else classes
    return influence_spread(Influence(mean * row_weights.sum() / row_weights, step), unit, row_weights, strata)


def _by_folds(gains: Sequence[float], folds: int, rows: int) -> Gain:
    """Return the corrected t interval from the folds, for metrics without influence values."""
    if not np.isfinite(gains).all():
        return Gain.without_bounds(float(np.mean(gains)), "folds", "The metric is not defined on each outer fold.")
    gain = corrected_gain(gains, 1 / (folds - 1))
    return replace(gain, row_sd=gain.standard_error * math.sqrt(rows))


def _pulls(
    looks: Sequence[OuterLook], comparisons: Sequence[Comparison], influences: Sequence[Influence], rows: int
) -> Array:
    """Return the contribution of each row to the error of each repeat's mean, shape (repeats, rows)."""
    repeats = 1 + max(look.repeat for look in looks)
    pulls = np.zeros((repeats, rows))
    for look, comparison, influence in zip(looks, comparisons, influences, strict=True):
        shares = comparison.row_weights / comparison.row_weights.sum()
        pulls[look.repeat, look.rows] = influence.values * shares * repeats / len(looks)
    return pulls


def _independent(looks: Sequence[OuterLook], comparisons: Sequence[Comparison], unit: Units) -> float:
    """Return how many independent rows, or groups of rows, tell as much of the rarer class in the mean of the folds."""
    members = np.zeros((2, len(unit.codes)))
    for look, comparison in zip(looks, comparisons, strict=True):
        for code, shares in enumerate(members):
            weights = comparison.row_weights * (comparison.target == code)
            shares[look.rows] += weights / weights.sum()
    return min(unit.effective(shares) for shares in members)


def _between(pulls: Array, unit: Units) -> float:
    """Return the variance of each unit's contribution between the repeats, summed over the units."""
    if len(pulls) < 2:
        return 0.0
    return float(np.var([unit.sums(one) for one in pulls], axis=0, ddof=1).sum())


def _among(counts: NDArray[np.bool_], look: OuterLook) -> OuterLook:
    """Return a look at those of its rows that count, with their positions among all that do."""
    inside, places = counts[look.rows], np.cumsum(counts) - 1
    return OuterLook(look.repeat, places[look.rows[inside]], look.reference[inside], look.challenger[inside])


def _comparison(metric: Metric, target: NDArray[Any], look: OuterLook, weights: Array | None) -> Comparison:
    of_rows = None if weights is None else weights[look.rows]
    return Comparison(metric, target[look.rows], look.reference, look.challenger, of_rows)
