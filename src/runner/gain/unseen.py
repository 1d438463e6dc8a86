"""Errors greater than any among these rows: they would make a gain smaller that is measured against all errors.

The gain in a root of squared errors, or in R², is what the squared errors fall by, over a level that nearly all of them
make up; in the D² of absolute errors, it is these. The fall is estimated well, even under noise of heavy tails. The
level is not: most samples lack the greatest errors and show too low a level, so that the gain seems greater, and more
certain, than it is.
"""

import math

import numpy as np
from numpy.typing import NDArray

from runner.gain.comparison import Comparison
from runner.gain.rows import EXPLAINED, ROOTS, losses_of_none
from runner.gain.units import Units

Array = NDArray[np.float64]
ERRORS = 1.28  # standard errors by which the tail index may be greater than estimated: its upper 90 % bound
GREATEST = 0.95  # tail index that is reckoned with; at 1, errors would have no mean


def kept_share(comparisons: list[Comparison], rows: list[NDArray[np.int64]], units: Units) -> float:
    """Return the share of a gain that is left once the errors that these rows lack are added to both models' errors.

    It is near 1 where large errors are as rare as under normal noise, and 1 for metrics that are a mean over rows.

    Parameters
    ----------
    comparisons : list of Comparison
        All of a single metric, and each of rows of its own or of another repeat.
    rows : list of ndarray of int64
        Positions of each comparison's rows among those of the units.
    units : Units
        Groups, or single rows.
    """
    name = comparisons[0].metric.name
    if name not in ROOTS and name not in EXPLAINED:
        return 1.0
    losses = ROOTS.get(name) or EXPLAINED[name]
    old, new, of_none = np.zeros((3, len(units.codes)))
    for comparison, places in zip(comparisons, rows, strict=True):
        shares = comparison.row_weights / comparison.row_weights.sum()
        target, part = comparison.target, shares / len(comparisons)
        old[places] += part * losses(target, comparison.reference)
        new[places] += part * losses(target, comparison.challenger)
        of_none[places] += part * losses_of_none(losses, target, comparison.reference, shares)
    unseen = beyond(min(old, new, key=np.sum), units)
    levels = [old.sum(), new.sum()] if name in ROOTS else [of_none.sum()]
    power = 0.5 if name in ROOTS else 1.0
    whole = sum((level + unseen) ** power for level in levels)
    return float(sum(level**power for level in levels) / whole) if whole > 0 else 1.0


def beyond(parts: Array, units: Units) -> float:
    r"""Return what parts greater than the greatest of these would add to their sum.

    With the tail index :math:`\xi` and the greatest part m, parts beyond m have an expected sum of about :math:`m \xi /
    (1 - \xi)`, as a Pareto tail has it: nothing where the tail is exponential, as that of squared normal errors.

    Parameters
    ----------
    parts : ndarray, shape (rows,)
        What each row adds; not negative.
    units : Units
        Groups, which are unseen as a whole, or single rows.
    """
    index = min(max(tail_index(parts), 0.0), GREATEST)
    return float(units.sums(parts).max()) * index / (1 - index)


def tail_index(values: Array) -> float:
    """Return an upper 90 % bound for the index of the upper tail of positive values; -inf if all large ones are alike.

    It is the moment estimator (Dekkers, Einmahl and de Haan 1989) over as many of the greatest values as Vehtari et al.
    (2024) take, min(n / 5, 3 sqrt n), plus 1.28 of its standard errors.
    """
    positive = np.sort(values[values > 0])
    count = int(min(len(positive) / 5, 3 * math.sqrt(len(positive))))
    logs = np.log(positive[len(positive) - count :] / positive[-count - 1]) if count else np.zeros(1)
    first, second = float(logs.mean()), float((logs**2).mean())
    if second <= first**2:
        return -math.inf
    return first + 1 - 0.5 / (1 - first**2 / second) + ERRORS / math.sqrt(count)
