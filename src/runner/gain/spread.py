"""The sampling distribution of an estimate, from influence values summed over the independent units."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.gain.influence import Influence
from runner.gain.persistence import variance_factor
from runner.gain.units import Units

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Spread:
    """The sampling distribution of an estimate.

    Attributes
    ----------
    skewness : float
        Third central moment of the estimate over the cube of its standard error.
    degrees_of_freedom : float
        Of the standard error.
    """

    unit: str
    standard_error: float
    skewness: float
    degrees_of_freedom: float


def influence_spread(influence: Influence, units: Units, weights: Array, strata: NDArray[np.int64]) -> Spread:
    """Return the spread of an estimate with these influence values.

    The variance is the sum, over the units, of the squared sum of the contributions of a unit's rows; this is DeLong's
    variance for ROC AUC, and the cluster-robust variance for groups. For blocks of time, it grows by what neighbours
    have in common. For metrics of labels, two rows are added, one in favour of each model (Agresti and Min 2005; Bonett
    and Price 2012): if labels differ on few rows or none, that does not prove that the models are equal.

    Parameters
    ----------
    weights : ndarray, shape (rows,)
        Positive.
    strata : ndarray of int64, shape (rows,)
        Class codes, or zeros for regression.
    """
    if units.count < 2:
        return Spread(units.name, math.inf, 0.0, 1.0)
    pulls = influence.values * weights / weights.sum()
    sums = units.sums(pulls)
    variance = units.count / (units.count - 1) * float(sums @ sums)
    if units.halves is not None:
        variance *= variance_factor(units, units.halves, units.halves.sums(pulls))
    variance += 2 * (influence.step / len(pulls)) ** 2
    error = math.sqrt(variance)
    skewness = float((sums**3).sum()) / error**3 if error > 0 else 0.0
    return Spread(units.name, error, skewness, _degrees_of_freedom(pulls, units, weights, strata))


def _degrees_of_freedom(pulls: Array, units: Units, weights: Array, strata: NDArray[Any]) -> float:
    """Return Satterthwaite's degrees of freedom, as the variance of each stratum is estimated from its own units only.

    If a rare class carries most of the variance, the number of its rows counts, and not that of all rows. Units of
    unequal weight count as (sum a^2)^2 / sum a^4 equal ones, where a is the weight of a unit.
    """
    carried, spent = 0.0, 0.0
    for stratum in np.flatnonzero(np.bincount(strata)):
        inside = strata == stratum
        variance = float((units.sums(pulls * inside) ** 2).sum())
        sizes = units.sums(weights * inside) ** 2
        effective = float(sizes.sum() ** 2 / (sizes @ sizes))
        carried += variance
        spent += variance**2 / max(effective - 1, 1.0)
    return float(min(carried**2 / spent, units.count - 1)) if spent > 0 else units.count - 1.0
