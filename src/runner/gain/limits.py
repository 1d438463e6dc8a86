"""When an interval cannot be relied on, and why: in a sentence."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from runner.gain import labels, ranks
from runner.gain.units import LEAST_GROUPS, Units

LEAST_ROWS = 20
LEAST_OF_A_CLASS = 20
LEAST_CARRIERS = 10
LEAST_CARRIERS_OF_CLASSES = 5  # a log loss is not bounded, but its tail is thin
ORDERED_CLASSES = (*ranks.NAMES, "roc_auc_ovo", "roc_auc_ovo_weighted")


@dataclass(frozen=True)
class Limit:
    """Which bounds a verdict may rest on.

    Attributes
    ----------
    why : str or None
        One sentence, when one of them does not hold.
    """

    low_holds: bool = True
    high_holds: bool = True
    why: str | None = None


def count_limit(name: str, units: list[Units], classes: NDArray[np.int64] | None) -> Limit:
    """Return what too few rows, groups or members of a class forbid.

    Parameters
    ----------
    name : str
        Of the metric.
    classes : ndarray of int64, shape (rows,), or None
        Class codes; None for regression.
    """
    rows = len(units[0].codes)
    if rows < LEAST_ROWS:
        return Limit(False, False, f"{rows} rows are too few for an interval: {LEAST_ROWS} are needed.")
    for unit in units:
        if unit.name == "groups" and unit.count < LEAST_GROUPS:
            why = f"{unit.count} groups are too few for an interval: {LEAST_GROUPS} are needed."
            return Limit(False, False, why)
    if classes is not None and name in ORDERED_CLASSES:
        rarest = int(np.bincount(classes).min())
        if rarest < LEAST_OF_A_CLASS:
            why = (
                f"{rarest} rows of the rarest class are too few for an interval of {name}: "
                f"{LEAST_OF_A_CLASS} are needed."
            )
            return Limit(False, False, why)
    return Limit()


def tail_limit(name: str, contributions: NDArray[np.float64], bounded: bool) -> Limit:
    """Return what a heavy tail forbids: a mean that hangs on a few rows hangs as much on rows not seen.

    Measured with squared errors of a lognormal target: the bound on the side of the tail is missed in 7 to
    25 % of samples in place of 5 %, by t, skewness-corrected t and bootstrap alike. Two signs of it:
    fewer than ten rows carry the variance, (sum c^2)^2 / sum c^4 < 10, which leaves even the side open; or
    the top 1 % of rows carry more than half of the variance, which forbids the bound on their side.

    Parameters
    ----------
    name : str
        Of the metric.
    contributions : ndarray, shape (rows,)
        What each row adds to the gain's error.
    bounded : bool
        Whether a row's loss is bounded in practice (class predictions), so that half of the variance in 1 %
        of the rows is no sign of a tail but of a rare class.
    """
    squares = contributions**2
    total = float(squares.sum())
    if total == 0 or name in labels.NAMES:
        return Limit()
    carriers = total**2 / float(squares @ squares)
    if carriers < (LEAST_CARRIERS_OF_CLASSES if bounded else LEAST_CARRIERS):
        why = (
            f"The gain in {name} hangs on about {carriers:.0f} rows, too few for an interval: "
            + ("more rows of the rarest class are needed." if bounded else "judge by MAE or a log target.")
        )
        return Limit(False, False, why)
    top = math.ceil(0.01 * len(squares))
    if bounded or float(np.partition(squares, -top)[-top:].sum()) <= total / 2:
        return Limit()
    right = float((contributions**3).sum()) > 0
    why = (
        f"1 % of the rows carry more than half of the spread of the gain in {name}, so its "
        f"{'upper' if right else 'lower'} bound cannot be held: judge by MAE or a log target."
    )
    return Limit(low_holds=right, high_holds=not right, why=why)
