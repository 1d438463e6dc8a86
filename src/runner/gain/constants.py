"""Do predictions beat every constant answer? A test for rows in time and for few groups, where there is no interval."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.gain.influence import Influence
from runner.gain.result import Gain, bounds, p_value
from runner.gain.rows import PROBABILITY_MEANS, Losses, losses_of_values, mean_influence
from runner.gain.spread import influence_spread
from runner.gain.units import LEAST_GROUPS, LEAST_MOMENTS, Units, make_units

Array = NDArray[np.float64]
CLIPPED = 0.05  # of the targets on each side, so that no row carries much
LEAST_ROWS = 30  # three for each block of time
FEWEST_GROUPS = 3  # without time; two show no spread to speak of
QUANTILES = np.arange(1, 20) / 20


def constants_p_value(
    metric: str,
    target: NDArray[Any],
    predictions: Array,
    weights: Array | None = None,
    groups: NDArray[Any] | None = None,
    time: NDArray[Any] | None = None,
) -> float | None:
    """Return the probability of predictions so much better than all constant answers, if they know nothing.

    Neighbours in time are alike, so predictions cannot be paired with rows at random, as in a permutation test: any two
    series that move slowly would seem to be related. Here each of ten blocks of neighbours, or each moment if there are
    fewer, counts as one observation of how much better the predictions are than the constant that is best for these
    very rows. Values are clipped at the outer 5 % of the targets on each side, as a few rows of a heavy tail would
    decide.

    Without time, each group is one observation, and all groups have the same weight: then the t test is valid for few
    of them, however unlike their spread is (Ibragimov and Müller 2010).

    Parameters
    ----------
    metric : str
        The metric's name. Of values, absolute, squared or squared logarithmic errors are compared, whichever is nearest
        to it; of classes, Brier scores.
    target : ndarray, shape (rows,)
        Class codes, or values.
    predictions : ndarray, shape (rows, classes) or (rows,)
    weights : ndarray, shape (rows,), optional
        Positive.
    groups : ndarray, shape (rows,), optional
        Rows of a group depend on each other.
    time : ndarray, shape (rows,), optional
        Ascending. Without it, there must be groups.

    Returns
    -------
    float or None
        With groups and time, the greater of two: with blocks of time as observations, and with groups. None if there
        are too few rows, groups or moments.
    """
    shares = np.full(len(target), 1 / len(target)) if weights is None else weights / weights.sum()
    divisions = make_units(len(target), groups, time)
    least = {"groups": FEWEST_GROUPS if time is None else LEAST_GROUPS, "blocks": LEAST_MOMENTS}
    if any(units.count < least[units.name] for units in divisions) or (time is not None and len(target) < LEAST_ROWS):
        return None
    if time is None:
        (units,) = divisions
        shares = shares / units.sums(shares)[units.codes] / units.count
    if predictions.ndim == 2:
        better = _of_classes(target, predictions, shares)
    else:
        better = _of_values(losses_of_values(metric), target, predictions, shares)
    return max(_p_value(better, shares, units) for units in divisions)


def _of_classes(target: NDArray[np.int64], predictions: Array, shares: Array) -> Array:
    """Return by how much the Brier score of each row is better than that of the shares of the classes."""
    losses = PROBABILITY_MEANS["neg_brier_score"]
    constant = np.bincount(target, shares, predictions.shape[1])
    return losses(target, np.tile(constant, (len(target), 1))) - losses(target, predictions)


def _of_values(losses: Losses, target: Array, predictions: Array, shares: Array) -> Array:
    """Return by how much the loss of each row is smaller than that of the best constant."""
    least, greatest = np.quantile(target, [CLIPPED, 1 - CLIPPED])
    seen, said = np.clip(target, least, greatest), np.clip(predictions, least, greatest)
    constants = [shares @ seen, *np.quantile(seen, QUANTILES)]
    of_constants = [losses(seen, np.full_like(seen, constant)) for constant in constants]
    return min(of_constants, key=lambda each: float(shares @ each)) - losses(seen, said)


def _p_value(better: Array, shares: Array, units: Units) -> float:
    influence, strata = Influence(-mean_influence(better, shares)), np.zeros(len(better), dtype=np.int64)
    units = replace(units, halves=None)  # the best constant is known with hindsight, which outweighs a slow drift
    spread = influence_spread(influence, units, shares, strata)
    estimate, error, freedom = float(shares @ better), spread.standard_error, spread.degrees_of_freedom
    low, high = bounds(estimate, error, freedom, spread.skewness)
    return p_value(Gain(estimate, low, high, error, freedom, spread.unit, 0.0))
