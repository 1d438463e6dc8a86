"""The table as models see it: features, target, groups, time, weights, incumbent."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from runner.rules import Rules
from runner.task import Task

TINY = 1e-12  # of the greatest weight


@dataclass(frozen=True, eq=False)
class Incumbent:
    """What is used today: a column of decisions, scores or forecasts, or rules.

    Attributes
    ----------
    name : str
        Name of the column, or of the file of rules.
    cells : DataFrame, shape (rows, columns)
        The columns that it reads, in plain form.
    rules : tuple of Rule or None
        None if it is the single column of `cells`.
    called : dict of str to int
        The class code for each name of a class; a class may have several names, such as True and 1. Empty for
        regression.
    """

    name: str
    cells: pd.DataFrame
    rules: Rules | None = None
    called: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Dataset:
    """A table to learn from, validated once, when it was read.

    Attributes
    ----------
    features : DataFrame, shape (rows, columns)
        Inputs only: target, group, time order, weight, incumbent and dropped columns are not among them
        (a time column stays an input, as a date).
    target : ndarray, shape (rows,)
        Class codes 0 .. k-1 (int64) for classification, values (float64) for regression.
    classes : tuple
        The class of each code; in a binary task the positive class is the last one. Empty for regression.
    groups : ndarray of int64, shape (rows,), or None
        Rows of the same group stay on one side of every split.
    time : ndarray, shape (rows,), or None
        The time of each row; the rows are sorted by it.
    gap : timedelta64, float or None
        How much older training rows must be than the rows that are judged, in the unit of `time`.
    folds : ndarray of int64, shape (rows,), or None
        The user's own fold of each row; the highest number is the holdout.
    weights : ndarray of float64, shape (rows,), or None
        Sample weights, not negative.
    weight_name : str or None
        Name of the column that they come from; None if there is none, though a sample of the rows may be weighted.
    has_more_of_rare : bool
        Whether it is a sample with more of a rare class than its share, which the weights undo.
    unused_rows : int
        How many rows of the table a sample leaves out.
    incumbent : Incumbent or None
        What is used today.
    fingerprint : str
        SHA-256 (hex) of the names, types and values of all columns that were read.
    positions : ndarray of int64, shape (rows,), or None
        Position of each row in the table that was read, from 0, before rows were set aside, sampled or sorted; None if
        the rows are still in that order.
    sensitive : DataFrame, shape (rows, columns), or None
        Columns for whose groups the kept model's errors are reported (`dataset.sensitive`); also inputs, unless
        dropped.
    spelling : dict of str to dict
        How the numbers or dates in text columns are written, as returned by `reading.spelling`.
    notes : tuple of str
        What was done to the rows while reading (set aside, sampled), one sentence each.
    """

    name: str
    task: Task
    target_name: str
    features: pd.DataFrame
    target: NDArray[Any]
    classes: tuple[Any, ...]
    fingerprint: str
    groups: NDArray[np.int64] | None = None
    time: NDArray[Any] | None = None
    gap: Any = None
    folds: NDArray[np.int64] | None = None
    weights: NDArray[np.float64] | None = None
    weight_name: str | None = None
    has_more_of_rare: bool = False
    unused_rows: int = 0
    incumbent: Incumbent | None = None
    positions: NDArray[np.int64] | None = None
    sensitive: pd.DataFrame | None = None
    spelling: dict[str, dict[str, Any]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.target)

    def take(self, rows: NDArray[np.int64]) -> "Dataset":
        """Return the rows at the given positions, in the given order."""
        return replace(
            self,
            features=self.features.iloc[rows].reset_index(drop=True),
            target=self.target[rows],
            groups=None if self.groups is None else self.groups[rows],
            time=None if self.time is None else self.time[rows],
            folds=None if self.folds is None else self.folds[rows],
            weights=self.weights_of(rows),
            incumbent=None if self.incumbent is None else _rows_of(self.incumbent, rows),
            positions=self.source_rows[rows],
            sensitive=None if self.sensitive is None else self.sensitive.iloc[rows].reset_index(drop=True),
        )

    @property
    def strata(self) -> NDArray[np.int64]:
        """Return the class code of each row; zeros for regression."""
        return self.target if self.classes else np.zeros(len(self), dtype=np.int64)

    def weights_of(self, rows: NDArray[Any]) -> NDArray[np.float64] | None:
        """Return the weights of some rows (positions, or a mask); None if rows have no weights."""
        return None if self.weights is None else self.weights[rows]

    @property
    def weights_above_zero(self) -> NDArray[np.float64]:
        """Return the weights, ones if there are none, and next to nothing for 0: such rows alone still have figures."""
        return np.ones(len(self)) if self.weights is None else np.maximum(self.weights, TINY * self.weights.max())

    @property
    def source_rows(self) -> NDArray[np.int64]:
        """Return the position of each row in the table that was read, from 0."""
        return np.arange(len(self)) if self.positions is None else self.positions

    def as_the_incumbent_sees_it(self) -> "Dataset":
        """Return the same rows with the columns that the incumbent reads as features."""
        assert self.incumbent is not None
        return replace(self, features=self.incumbent.cells)


def _rows_of(incumbent: Incumbent, rows: NDArray[np.int64]) -> Incumbent:
    return replace(incumbent, cells=incumbent.cells.iloc[rows].reset_index(drop=True))
