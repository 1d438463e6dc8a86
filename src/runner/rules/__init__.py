"""An ordered list of rules: the first whose conditions hold gives the prediction.

Nothing in it is ever run as code: a condition is a column, a sign and a value.
"""

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from runner.cells import Column
from runner.errors import UserError, nearest
from runner.sources.gaps import GAPS
from runner.words import quoted

ORDERED = ("<=", ">=", "<", ">")
SETS = ("in", "not in")
COMPARISONS = {
    "==": operator.eq,
    "!=": operator.ne,
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}
DATE_PARTS = ("year", "month", "day", "hour", "minute", "second", "weekday")  # parts of a date, written `column.part`

TRUTHS = {"true": 1.0, "false": 0.0}

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Condition:
    """A comparison of one column with a value.

    A missing cell differs from any value: ``!=`` and ``not in`` hold for it, other signs do not unless `or_missing`.

    Attributes
    ----------
    sign : str
        A key of `COMPARISONS`, one of `SETS`, or ``is``.
    value : str or tuple of str
        As written: a tuple for ``in`` and ``not in``, and ``missing`` or ``known`` for ``is``.
    or_missing : bool
        Whether the condition also holds for missing cells.
    """

    column: str
    sign: str
    value: str | tuple[str, ...]
    or_missing: bool = False

    def holds(self, frame: pd.DataFrame) -> Mask:
        """Return for which rows of plain cells the condition holds, shape (rows,)."""
        column = _cells_of(self.column, frame)
        missing = _missing(column)
        if self.sign == "is":
            return missing if self.value == "missing" else ~missing
        met = np.asarray(_compare(column, self.sign, _values(self, column)), dtype=bool)
        return np.where(missing, self.or_missing or self.sign in ("!=", "not in"), met)


@dataclass(frozen=True)
class Rule:
    """What to predict if all conditions hold; a rule without conditions always applies.

    Attributes
    ----------
    then : str, float or tuple of (str, float)
        A class, a value, or classes with their probabilities.
    note : str or None
        For people only, such as the number of rows that the rule was learned from.
    """

    conditions: tuple[Condition, ...]
    then: Any
    note: str | None = None


Rules = tuple[Rule, ...]


def first_met(rules: Rules, frame: pd.DataFrame) -> NDArray[np.int64]:
    """Return the position of the first rule that holds for each row; -1 if none does."""
    found = np.full(len(frame), -1, dtype=np.int64)
    for position, rule in enumerate(rules):
        met = found < 0
        for condition in rule.conditions:
            met &= condition.holds(frame)
        found[met] = position
    return found


def columns_of(rules: Rules, columns: list[str]) -> list[str]:
    """Return those of the columns that the rules use, each once."""
    asked = (condition.column for rule in rules for condition in rule.conditions)
    return list(dict.fromkeys(name if name in columns else name.rpartition(".")[0] for name in asked))


def check_columns(rules: Rules, cells: pd.DataFrame, where: str) -> list[str]:
    """Refuse conditions that the table cannot answer, and return notes on values that never occur in it.

    Parameters
    ----------
    cells : DataFrame
        Plain cells.
    where : str
        What error messages call the rules.

    Raises
    ------
    UserError
        If a column does not exist or cannot be compared with its value.
    """
    notes = []
    columns = list(cells.columns)
    for condition in (condition for rule in rules for condition in rule.conditions):
        if condition.column not in columns and not _is_part(condition.column, cells):
            raise UserError(f"{where}: {condition.column!r} is not a column: {nearest(condition.column, columns)}")
        column = _cells_of(condition.column, cells)
        try:
            values = _values(condition, column)
        except ValueError as error:
            raise UserError(
                f"{where}: column {condition.column!r} holds {_kind(column)}, but {condition.value!r} is not one."
            ) from error
        if column.dtype.kind == "O" and condition.sign in ORDERED:
            raise UserError(
                f"{where}: column {condition.column!r} holds text, which {condition.sign!r} cannot order: use == or in."
            )
        if column.dtype.kind == "O" and condition.sign != "is" and (never := set(values) - set(column.dropna())):
            notes.append(f"{where}: column {condition.column!r} never holds {quoted(sorted(never))}.")
    return notes


def _is_part(name: str, frame: pd.DataFrame) -> bool:
    """Whether the name refers to a part of a date."""
    column, _, part = name.rpartition(".")
    return part in DATE_PARTS and column in frame.columns and frame[column].dtype.kind == "M"


def _cells_of(name: str, frame: pd.DataFrame) -> Column:
    """Return a column, or the part of a date; Monday is 1, as in ISO 8601."""
    if name in frame.columns or not _is_part(name, frame):
        return frame[name]
    column, _, part = name.rpartition(".")
    dates = frame[column].dt
    found: Column = dates.day_of_week + 1 if part == "weekday" else getattr(dates, part)
    return found.astype(np.float64)


def _missing(column: Column) -> Mask:
    missing = column.isna().to_numpy(dtype=bool)
    return missing | column.isin(GAPS).to_numpy(dtype=bool) if column.dtype.kind == "O" else missing


def _kind(column: Column) -> str:
    return {"M": "dates", "O": "text"}.get(column.dtype.kind, "numbers")


def _values(condition: Condition, column: Column) -> list[Any]:
    """Return the values to compare with, in the column's own kind; raise ValueError if they are of another."""
    written = [condition.value] if isinstance(condition.value, str) else list(condition.value)
    if condition.sign == "is" or column.dtype.kind == "O":
        return written
    if column.dtype.kind == "M":
        return [moment.tz_convert(None) if (moment := pd.Timestamp(value)).tz else moment for value in written]
    return [TRUTHS[value.lower()] if value.lower() in TRUTHS else float(value) for value in written]


def _compare(column: Column, sign: str, values: Sequence[Any]) -> Any:
    if sign in SETS:
        found = column.isin(values)
        return found if sign == "in" else ~found
    return COMPARISONS[sign](column, values[0])
