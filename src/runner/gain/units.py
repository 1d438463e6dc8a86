"""The independent units: rows, groups of rows, or blocks of neighbours in time."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

BLOCKS = 10  # few, so that rows that depend on each other fall into one, and enough for 9 degrees of freedom
LEAST_GROUPS = 10
LEAST_MOMENTS = 2  # with one degree of freedom, a gain must be 6.3 standard errors from zero


@dataclass(frozen=True, eq=False)
class Units:
    """Which unit each row belongs to.

    Attributes
    ----------
    name : str
        ``rows``, ``groups`` or ``blocks``.
    codes : ndarray of int64, shape (rows,)
        From 0 to `count` - 1.
    halves : Units or None
        The halves of blocks, in order of time. A block whose rows are of one moment is its own half.
    """

    name: str
    codes: NDArray[np.int64]
    count: int
    halves: "Units | None" = None

    def sums(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the sum of the values of each unit's rows, shape (count,)."""
        return np.asarray(np.bincount(self.codes, values, self.count), dtype=np.float64)

    def effective(self, weights: NDArray[np.float64]) -> float:
        """Return how many units of equal weight tell as much as these: (sum w)^2 / sum w^2 (Kish 1965)."""
        sums = self.sums(weights)
        return float(sums.sum() ** 2 / (sums @ sums))


def make_units(rows: int, groups: NDArray[Any] | None, time: NDArray[Any] | None) -> list[Units]:
    """Return the possible divisions into independent units: groups, blocks of time, both, or else single rows.

    Rows of one moment are in one block, as what happened then is common to them.

    Parameters
    ----------
    groups : ndarray, shape (rows,), or None
        Group labels of any kind.
    time : ndarray, shape (rows,), or None
        Ascending.
    """
    divisions = []
    if groups is not None:
        divisions.append(Units("groups", *_numbered(groups)))
    if time is not None:
        _, first, moment = np.unique(time, return_index=True, return_inverse=True)
        halves = (first * 2 * BLOCKS // rows)[moment]
        divisions.append(Units("blocks", *_numbered(halves // 2), Units("halves", *_numbered(halves))))
    return divisions or [Units("rows", np.arange(rows), rows)]


def _numbered(labels: NDArray[Any]) -> tuple[NDArray[np.int64], int]:
    names, codes = np.unique(labels, return_inverse=True)
    return codes, len(names)
