"""The gain of a challenger over a reference, on rows that were used to choose neither."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.gain.bootstrap import bootstrap_spread
from runner.gain.chance import gained_by_chance
from runner.gain.comparison import Comparison, Metric
from runner.gain.faultless import faultless_limit, independent, least_gain
from runner.gain.influence import Influence
from runner.gain.limits import Limit, count_limit, few_limit, tail_limit, within
from runner.gain.result import Gain, bounds
from runner.gain.rows import ROOTS, mean_influence
from runner.gain.spread import Spread, influence_spread
from runner.gain.units import Units, make_units
from runner.gain.unseen import kept_share

Array = NDArray[np.float64]
FEW_LEFT = 0.25  # share of the reference's mean loss, below which the bound from squares loses at most a quarter


def paired_gain(
    metric: Metric,
    target: NDArray[Any],
    reference: Array,
    challenger: Array,
    *,
    weights: Array | None = None,
    groups: NDArray[Any] | None = None,
    time: NDArray[Any] | None = None,
    perfect: bool = False,
    seed: int = 0,
) -> Gain:
    """Return the challenger's score minus the reference's, with two one-sided 95 % bounds.

    Parameters
    ----------
    target : ndarray, shape (rows,)
        Class codes 0 .. k-1 (1 is the positive class of a binary task), or values.
    reference, challenger : ndarray, shape (rows, classes) or (rows,)
        Predictions of the two models for the same rows, which were used neither to fit nor to choose them.
    weights : ndarray, shape (rows,), optional
        Not negative. A row is one observation, whatever its weight.
    groups : ndarray, shape (rows,), optional
        Rows of a group depend on each other, so that a group counts as one observation.
    time : ndarray, shape (rows,), optional
        Ascending. Each of ten blocks of neighbours, or each moment if there are fewer, counts as one observation. With
        groups as well, the wider of the two intervals is returned.
    perfect : bool
        Whether the challenger is a perfect model, which ranks all other rows right as well.
    seed : int
        Of the bootstrap, for metrics without influence values.
    """
    comparison = Comparison(metric, target, reference, challenger, weights, perfect)
    estimate = comparison.gain()
    if weights is not None:
        kept = np.flatnonzero(weights > 0)
        comparison = comparison.take(kept)
        groups, time = (None if each is None else each[kept] for each in (groups, time))
    divisions = make_units(len(comparison), groups, time)
    if comparison.identical:
        return Gain(0.0, 0.0, 0.0, 0.0, max(divisions[0].count - 1, 1), divisions[0].name, 0.0)
    influence = comparison.influence()
    spreads = [_spread(comparison, units, influence, seed) for units in divisions]
    limit = _limit(comparison, divisions, influence, max(spread.standard_error for spread in spreads))
    found = [_gain(estimate, spread, len(comparison)) for spread in spreads]
    gains = [within(gain, limit, metric.name, over_none=comparison.over_none) for gain in found]
    gain = max(gains, key=lambda gain: gain.high - gain.low)
    if not limit.low_holds and count_limit(metric.name, divisions, comparison.classes).why is None:
        gain = gain.at_least(_least(comparison, divisions, influence, gain))
    units, rows = make_units(len(comparison), groups, None)[0], [np.arange(len(comparison))]
    if not perfect:
        gain = gain.beyond(gained_by_chance([comparison], rows, units))
    return gain.towards_zero(kept_share([comparison], rows, units))


def _limit(comparison: Comparison, divisions: list[Units], influence: Influence | None, error: float) -> Limit:
    name, classes = comparison.metric.name, comparison.classes
    limit = few_limit(name, divisions, classes, error)
    if limit.why is not None:
        return limit
    limit = faultless_limit(name, *comparison.scores(), perfect=comparison.perfect)
    if influence is None:
        return limit
    weights = comparison.row_weights
    contributions = influence.values * weights
    return limit & tail_limit(name, contributions, comparison.target, bounded=classes is not None, weights=weights)


def _least(comparison: Comparison, divisions: list[Units], influence: Influence | None, gain: Gain) -> float | None:
    if comparison.classes is None:
        return _least_by_squares(comparison, divisions)
    return _least_of_a_ranking(comparison, divisions, influence, gain)


def _least_by_squares(comparison: Comparison, divisions: list[Units]) -> float | None:
    """Return a positive lower bound for the gain in a root metric when little error is left; None if there is none.

    The root is steep near zero, so the largest remaining error determines how much is gained, but not whether anything
    is. Let M be the mean loss of each model. The gain is (M_ref - M_new) / (sqrt M_ref + sqrt M_new), which is at least
    (M_ref - M_new) / (2 sqrt M_ref).
    """
    name, shares = comparison.metric.name, comparison.row_weights / comparison.row_weights.sum()
    if name not in ROOTS:
        return None
    old, new = (ROOTS[name](comparison.target, each) for each in (comparison.reference, comparison.challenger))
    before, after = float(shares @ old), float(shares @ new)
    influence = Influence(mean_influence(new - old, shares))
    limit = tail_limit(name, influence.values * shares, comparison.target, bounded=False)
    if after > FEW_LEFT * before or not limit.low_holds:
        return None
    spreads = [_spread(comparison, units, influence, 0) for units in divisions]
    low = min(_gain(before - after, spread, len(comparison)).low for spread in spreads)
    return low / (2 * math.sqrt(before)) if low > 0 else None


def _least_of_a_ranking(
    comparison: Comparison, divisions: list[Units], influence: Influence | None, gain: Gain
) -> float | None:
    """Return a lower bound for the gain in the area under the ROC curve where there are few faults; else None."""
    name, target, weights = comparison.metric.name, comparison.target, comparison.row_weights
    if name != "roc_auc" or influence is None:
        return None
    return least_gain(
        gain,
        comparison.scores(),
        independent(target, weights, divisions),
        over_none=comparison.over_none,
        steady=tail_limit(name, influence.values * weights, target, bounded=True).low_holds,
    )


def _spread(comparison: Comparison, units: Units, influence: Influence | None, seed: int) -> Spread:
    if influence is None:
        return bootstrap_spread(lambda rows: comparison.take(rows).gain(), units, seed)
    strata = np.zeros(len(comparison), dtype=int) if comparison.classes is None else comparison.classes
    return influence_spread(influence, units, comparison.row_weights, strata)


def _gain(estimate: float, spread: Spread, rows: int) -> Gain:
    error, freedom = spread.standard_error, spread.degrees_of_freedom
    low, high = bounds(estimate, error, freedom, spread.skewness)
    known = math.isfinite(error)
    why = None if known else "The metric is undefined on too many samples of these rows for an interval."
    return Gain(estimate, low, high, error, freedom, spread.unit, error * math.sqrt(rows), known, known, why)
