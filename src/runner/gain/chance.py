"""What a ranking at random scores above none: its average precision is greater than the share of positive rows."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from runner.gain.comparison import Comparison
from runner.gain.units import Units


def gained_by_chance(comparisons: Sequence[Comparison], rows: Sequence[NDArray[np.int64]], units: Units) -> float:
    """Return what rankings that know nothing are expected to gain over no ranking, on average over the comparisons.

    It is 0 for comparisons with a ranking, and for all metrics but average precision.

    Parameters
    ----------
    comparisons : sequence of Comparison
        All of a single metric.
    rows : sequence of ndarray of int64
        Positions of each comparison's rows among those of the units.
    units : Units
        Groups, whose rows may all be of one class, or single rows.
    """
    if comparisons[0].metric.name != "average_precision" or not all(one.over_none for one in comparisons):
        return 0.0
    gains = [_of_average_precision(one, units.codes[places]) for one, places in zip(comparisons, rows, strict=True)]
    return float(np.mean(gains))


def _of_average_precision(comparison: Comparison, units: NDArray[np.int64]) -> float:
    r"""Return the expected gain in average precision if the classes of the units were dealt to them at random.

    The precision at a row's score counts the row itself, which is positive where it counts. With w for the shares of
    the weight, W(i) for that of all rows that score at least as much as row i, G(i) for that of the rows of its own
    unit among them, G' for that of its whole unit, and p for the share of positive rows, the gain is

    .. math:: (1 - p) (\sum w_i G(i) / W(i) - \sum w_i G'(i)) / (1 - \sum w_i G'(i)).

    For n rows of equal weight without ties, p plus this gain is (R - 1) / (n - 1) + (n - R) / (n (n - 1)) times the
    n-th harmonic number, with R = n p (Bestgen 2015).
    """
    shares = comparison.row_weights / comparison.row_weights.sum()
    levels, level = np.unique(-comparison.challenger[:, 1], return_inverse=True)  # the best first
    called = np.cumsum(np.bincount(level, shares, len(levels)))[level]
    pairs, pair = np.unique(units * len(levels) + level, return_inverse=True)  # a unit's rows at one level
    at_level, unit = np.bincount(pair, shares), pairs // len(levels)
    whole = np.bincount(unit, at_level)
    before = np.cumsum(whole) - whole  # the weight of the units before one
    own = (np.cumsum(at_level) - before[unit])[pair]
    by_itself = float(shares @ (own / called))
    alone = float(shares @ whole[units])
    positive = float(shares[comparison.target == 1].sum())
    return (1 - positive) * (by_itself - alone) / (1 - alone) if alone < 1 else 0.0
