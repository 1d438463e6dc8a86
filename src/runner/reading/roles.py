"""What splits and metric must respect in the rows: time, groups, folds and weights, each read from its column."""

import re
import warnings
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from runner.cells import Column, check_finite, words
from runner.errors import UserError
from runner.words import counted, quoted

ASIDE = ("holdout", "test")  # names of a fold that is held out
MOST_FOLDS = 50

Notes = list[str]


def moments(column: Column) -> Column:
    """Return dates or numbers by which rows can be sorted; text without one common format is read as pandas guesses.

    Raises
    ------
    UserError
        If the column is text that cannot be read as dates.
    """
    if column.dtype.kind != "O":
        return column
    dates = None if column.str.match(r"\d{1,2}:\d").any() else _parsed(column)  # pandas adds today's date to a time
    if dates is None:
        raise UserError(
            f"Time column {column.name!r} cannot be read as dates or numbers (it holds "
            f"{quoted(column.dropna().unique()[:2])}): write dates as 2026-01-31, or leave dataset.time out."
        )
    return dates.dt.tz_localize(None).dt.as_unit("us")


def _parsed(column: Column) -> "Column | None":
    with warnings.catch_warnings():  # pandas says that it guesses the format
        warnings.simplefilter("ignore")
        try:
            return pd.to_datetime(column, utc=True)
        except (ValueError, OverflowError):
            return None


def group_codes(column: Column, notes: Notes) -> NDArray[np.int64]:
    """Return a number for each group; each row without a group forms its own.

    Raises
    ------
    UserError
        If no group is known, or there is only one.
    """
    codes, names = pd.factorize(words(column) if column.dtype.kind == "O" else column)  # 7, '7' and '7 ' are one group
    lone = np.flatnonzero(codes < 0)
    if len(lone) == len(codes):
        raise UserError(f"Group column {column.name!r} is empty in every row: leave dataset.group out.")
    if len(names) + len(lone) < 2:
        raise UserError(
            f"Group column {column.name!r} holds only {quoted(names)}, and there must be a second group to "
            "judge on: leave dataset.group out."
        )
    if len(lone):
        notes.append(f"Group {column.name!r} is missing in {counted(len(lone), 'row')}: each is a group of its own.")
    codes[lone] = len(names) + np.arange(len(lone))
    return codes.astype(np.int64)


def row_weights(column: Column, shares: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Return the weights, scaled so that those above zero average 1.

    The sum of weights has no meaning of its own, but models that compare it with a penalty or with the minimum weight
    of a leaf would learn next to nothing from weights that sum to one.

    Parameters
    ----------
    column : Series, shape (rows,)
    shares : ndarray of float64, shape (rows,), or None
        Weights that the rows have besides, from how they were sampled.

    Raises
    ------
    UserError
        If they are not numbers of at least zero, or are all zero.
    """
    if column.dtype.kind not in "if":
        raise UserError(f"Weight column {column.name!r} holds no numbers: choose another dataset.weight.")
    check_finite(column, "weight")
    for fault, rows in (("missing", column.isna()), ("negative", column < 0)):
        if rows.any():
            raise UserError(
                f"Weight column {column.name!r} is {fault} in {counted(int(rows.sum()), 'row')}: give each "
                "row 0 or more."
            )
    if not column.any():
        raise UserError(f"Weight column {column.name!r} is 0 in every row: leave dataset.weight out.")
    weights = column.to_numpy(np.float64) * (1.0 if shares is None else shares)
    return np.asarray(weights / weights[weights > 0].mean())


def gap(given: Any, time: Column) -> Any:
    """Return how much older than the rows that judge a training row must be, in the unit of time.

    Raises
    ------
    UserError
        If it is not a duration (for dates) or a number (for numbers), or is below zero.
    """
    dates = time.dtype.kind == "M"
    try:
        size: Any = _duration(str(given)) if dates else float(given)
        fits = not pd.isna(size) and size >= (np.timedelta64(0) if dates else 0)
    except (TypeError, ValueError):
        fits = False
    if not fits:
        number = f"0 or a number above it, as time column {time.name!r} holds numbers"
        wanted = "a duration such as 7d or 12h" if dates else number
        raise UserError(f"dataset.gap={given!r} must be {wanted}.")
    return size


def _duration(text: str) -> np.timedelta64:
    """Return a duration in the unit of the dates; in nanoseconds, dates beyond 2262 could not be represented."""
    if not re.search(r"[a-zA-Z:]", text):
        raise ValueError("a number without a unit, which pandas takes for nanoseconds")
    return pd.Timedelta(re.sub(r"(?<=\d) *d$", "D", text)).as_unit("us").to_timedelta64()


def fold_codes(column: Column, notes: Notes) -> NDArray[np.int64]:
    """Return the number of each row's fold; the held-out rows have the greatest.

    Raises
    ------
    UserError
        If a row has no fold, or there are fewer than two folds besides the holdout.
    """
    if missing := int(column.isna().sum()):
        raise UserError(f"Fold column {column.name!r} is missing in {counted(missing, 'row')}: give each row its fold.")
    codes, names = pd.factorize(column, sort=True)
    if len(names) < 3 or len(names) > MOST_FOLDS:
        raise UserError(
            f"Fold column {column.name!r} holds {len(names):,} different values: 3 to {MOST_FOLDS} are needed, two "
            "folds at least and one that is kept aside."
        )
    aside = next((i for i, name in enumerate(names) if str(name).lower() in ASIDE), len(names) - 1)
    notes.append(f"Folds are those of {column.name!r}; {quoted(names[aside : aside + 1])} is kept aside.")
    order = np.argsort(np.argsort([i == aside for i in range(len(names))], kind="stable"), kind="stable")
    return order[codes].astype(np.int64)
