"""Rankings with few faults or none: their variance, of few rows or of none, does not show how they rank others."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

from runner.gain.limits import ORDERED_CLASSES, Limit
from runner.gain.result import LEVEL, Gain
from runner.gain.units import Units

Array = NDArray[np.float64]
ROUNDING = 1e-12  # of a score that ends at 1


def faultless_limit(name: str, reference: float, challenger: float, *, perfect: bool) -> Limit:
    """Return the limit that is due to a ranking having no fault, so that its variance seems to be 0.

    Parameters
    ----------
    name : str
        The metric's name.
    reference, challenger : float
        The scores of the two on these rows.
    perfect : bool
        Whether the challenger is a perfect model, which ranks all other rows right as well.
    """
    old, new = reference >= 1 - ROUNDING, challenger >= 1 - ROUNDING and not perfect
    if name not in ORDERED_CLASSES or not (old or new):
        return Limit()
    why = "One of the two ranks all of these rows right, which does not show how it ranks others."
    if old and new:
        why = "Both rank all of these rows right, which does not show how they rank others."
    return Limit(low_holds=not new, high_holds=not old, why=why)


def least_gain(gain: Gain, areas: tuple[float, float], count: float, *, over_none: bool, steady: bool) -> float | None:
    """Return a lower bound for what an area under the ROC curve gains over none, or a faultless one over another.

    When nearly all rows are ranked right, few rows carry the variance, or none does. For an area A it is at most A (1 -
    A) / n, with n the rows of the rarer class (Birnbaum and Klose 1957): no more than if each of them were ranked right
    or wrong as a whole. So the bound for a share of n rows holds for it (Clopper and Pearson 1934). Its distance and
    that of the gain, which is then all the reference's, are combined as in `result.minus`.

    Parameters
    ----------
    gain : Gain
        With the bounds that follow from its variance.
    areas : tuple of float
        Of the reference and of the challenger.
    count : float
        Independent rows of the rarer class: `independent`.
    over_none : bool
        Whether the reference ranks nothing.
    steady : bool
        Whether the variance of the gain rests on enough rows.

    Returns
    -------
    float or None
        None for other comparisons, and where the reference's variance rests on a few rows as well.
    """
    before, area = areas
    if not over_none and not (steady and before < 1 - ROUNDING <= area):
        return None
    least = float(betaincinv(area * count, (1 - area) * count + 1, 1 - LEVEL))
    return gain.estimate - math.hypot(area - least, 0.0 if over_none else gain.estimate - gain.low)


def independent(target: NDArray[np.int64], weights: Array, divisions: Sequence[Units]) -> float:
    """Return how many independent rows, or groups of rows, of equal weight tell as much of the rarer class."""
    members = [weights * (target == code) for code in range(int(target.max()) + 1)]
    return min(units.effective(each) for units in divisions for each in members)
