"""What the cells of a column suggest that it is: an identifier, a time, a group of rows, a kind of input."""

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import rankdata

from runner.cells import Column
from runner.cells.codes import is_a_code
from runner.cells.prose import TEXT_WORDS, words_a_cell
from runner.errors import UserError
from runner.naming import CODES, COUNTERS, is_named, may_be_a_period
from runner.reading.roles import moments
from runner.task import Task

Levels = NDArray[np.int64]
Table = NDArray[np.float64]

CODED = "numbers called codes"
DATE = re.compile(r"\d.*[-/.:].*\d|\d[ -]?[A-Za-z]{3,9}[ .,-]*\d|[A-Za-z]{3} \d|\dQ\d")  # might be one: parsed then
FIRST_YEAR = 1000  # earlier years are not dates
FEWEST_NAMED = 50  # rows; fewer may all differ by chance
NAMES_A_ROW = 0.98  # share of distinct values, from which on words name the rows
SAME_WITHIN = 0.98  # share of groups in which another column has a single value
MOST_IN_ONE = 0.5  # share of the rows: a group with more means "none", such as "no company"
PAIRS_TWICE = 10  # of a thing and a moment, by chance: where so many are expected and there are none, it is a panel
TIMES_BACK = 1.5  # rows of a panel at each moment, on average
IN_LINE = 0.5  # share of the differences between mean outcomes that a trend explains, above which values are a scale


def dates_of(column: Column) -> "Column | None":
    """Return the dates of a column, which may be written as text."""
    if column.dtype.kind == "M":
        return column
    if column.dtype.kind != "O" or not column.dropna().head(50).astype(str).str.contains(DATE).all():
        return None
    try:
        dates = moments(column) if column.notna().any() else None
    except (UserError, AttributeError):
        return None
    return dates if dates is not None and _is_of_our_calendar(dates) else None


def is_dated_in_many_ways(column: Column) -> bool:
    """Whether each cell is a date, but no single format reads them all."""
    known = column.dropna()
    if column.dtype.kind != "O" or known.empty or not known.astype(str).str.contains(DATE).all():
        return False
    dates = pd.to_datetime(known, format="mixed", utc=True, errors="coerce")
    return bool(dates.notna().all()) and _is_of_our_calendar(dates) and dates_of(column) is None


def _is_of_our_calendar(dates: Column) -> bool:
    """Whether the years are plausible; a range such as 2-10 would be read as a month of the year 10."""
    return bool(dates.dt.year.min() >= FIRST_YEAR)


def is_whole(column: Column) -> bool:
    """Whether a column holds whole numbers, which are floats if some are missing."""
    return column.dtype.kind == "i" or (column.dtype.kind == "f" and bool((column.dropna() % 1 == 0).all()))


def why_identifier(column: Column) -> str | None:
    """Return why a column is an identifier; None if it is not one."""
    known = column.dropna()
    if len(known) < 2:
        return None
    different = known.nunique() / len(known)
    whole = len(known) == len(column) and is_whole(column)  # text of numbers is read as floats
    if whole and different == 1 and not may_be_a_period(column.name):  # a year a row is its moment
        gaps = int(known.max()) - int(known.min()) + 1 - len(known)
        if gaps == 0:
            return "counts the rows"
        if gaps <= len(known) and len(known) > FEWEST_NAMED:  # measurements so close together would repeat
            return "counts rows, some of which are not in the table"
        return "is another number in each row, named as an identifier" if is_named(column.name, COUNTERS) else None
    if column.dtype.kind == "O" and different >= NAMES_A_ROW:
        return "is another word in each row" if len(known) > FEWEST_NAMED and words_a_cell(known) < TEXT_WORDS else None
    return None


def is_sorted(column: Column) -> bool:
    """Whether the rows are sorted by a column, ascending or descending."""
    known = column.dropna()
    return len(known) > 2 and bool(known.is_monotonic_increasing or known.is_monotonic_decreasing)


def same_within(levels: dict[str, Levels], name: str) -> list[str]:
    """Return the columns that are constant within nearly every group of rows, and would not be by chance.

    Columns with as many values as the group column do not count, as they may be the same quantity in another unit. Nor
    do rows in which the other column is missing.

    Parameters
    ----------
    levels : dict of str to ndarray, shape (rows,)
        For each column, the code of each row's value; negative where it is missing.
    name : str
        The group column.
    """
    codes = levels[name]
    repeated = np.isin(codes, np.flatnonzero(np.bincount(codes[codes >= 0]) > 1)) & (codes >= 0)
    codes = codes[repeated]
    if not len(codes):
        return []
    shuffled = np.random.default_rng(0).permutation(codes)
    same = []
    for other, values in levels.items():
        if other == name or not 1 <= values.max() < levels[name].max():
            continue
        told, known = values[repeated], values[repeated] >= 0
        share, by_chance = (_constant_share(told[known], groups[known]) for groups in (codes, shuffled))
        if share >= SAME_WITHIN and by_chance < 0.8:
            same.append(other)
    return same


def is_cut_into(values: Levels, bins: Levels) -> bool:
    """Whether the levels of a column are ranges of another column's numbers, as age groups are of ages.

    Parameters
    ----------
    values, bins : ndarray, shape (rows,)
        For each column, the code of each row's value, in the order of the values.
    """
    first = bins[np.unique(values, return_index=True)[1]]
    return int((np.diff(first) != 0).sum()) == len(np.unique(first)) - 1


def is_told_by(values: Levels, finer: Levels) -> bool:
    """Whether another column with more values determines a column, as a date does its year."""
    return bool(values.max() < finer.max()) and determines(finer, values)


def determines(things: Levels, values: Levels) -> bool:
    """Whether each thing has one value in all of its rows; rows without a thing do not count.

    Parameters
    ----------
    things, values : ndarray, shape (rows,)
        The code of each row's thing, negative where it is missing, and that of its value.
    """
    known = things >= 0
    things, values = things[known], values[known]
    of_each = np.empty(int(things.max(initial=-1)) + 1, dtype=values.dtype)
    of_each[things] = values  # whichever row comes last: if all agree, that is the one value
    return bool((of_each[things] == values).all())


def outcomes(target: NDArray[Any], task: Task) -> Table:
    """Return an encoded target as columns of equal scale and mean 0: one per class, or the ranks of the values."""
    if task.is_classification:
        table = np.eye(int(target.max()) + 1)[target]
    else:
        table = (rankdata(target) / len(target))[:, None]
    centred: Table = table - table.mean(axis=0)
    return centred


def is_a_scale(column: Column, table: Table) -> bool:
    """Whether outcomes rise or fall with the values of a column, as with years of schooling, but not with schools.

    Parameters
    ----------
    table : ndarray, shape (rows, columns)
        As returned by `outcomes`.
    """
    codes = pd.factorize(column, sort=True)[0]
    sizes = np.bincount(codes[codes >= 0])
    place = np.arange(len(sizes)) - np.average(np.arange(len(sizes)), weights=sizes)
    means = np.stack([np.bincount(codes[codes >= 0], part, len(sizes)) / sizes for part in table[codes >= 0].T], axis=1)
    means -= np.average(means, axis=0, weights=sizes)
    apart = float((sizes @ means**2).sum())
    in_line = float((((sizes * place) @ means) ** 2).sum()) / max(float(sizes @ place**2), 1.0)
    return in_line > IN_LINE * apart


def is_a_panel(things: Levels, moments: Levels) -> bool:
    """Whether things and moments form a panel, as states and years: no pair twice, though chance would bring many.

    So it is seen in a sample of its rows, too. Moments come back with other things: where each row has a time of its
    own, no column has a pair twice.
    """
    count, known = int(moments.max()) + 1, (things >= 0) & (moments >= 0)
    things, moments = things[known], moments[known]
    if count < 5 or len(things) < TIMES_BACK * count:
        return False
    of_each, at_each = np.bincount(things), np.bincount(moments)
    by_chance = (of_each * (of_each - 1)).sum() / 2 * np.square(at_each / len(moments)).sum()
    return bool(by_chance >= PAIRS_TWICE) and pd.Index(things * count + moments).is_unique


def _constant_share(values: Levels, codes: Levels) -> float:
    """Return the share of groups in which all rows have the same value; 0 without rows."""
    if not len(values):
        return 0.0
    order = np.argsort(codes, kind="stable")
    starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
    ordered = values[order]
    return float((np.minimum.reduceat(ordered, starts) == np.maximum.reduceat(ordered, starts)).mean())


def kinds_of(inputs: pd.DataFrame, dates: dict[Any, Column]) -> Iterator[tuple[str, str]]:
    """Give the kind and the name of each column."""
    for name, column in inputs.items():
        known = column.dropna()
        if known.nunique() < 2:
            yield "constant or empty", str(name)
        elif name in dates:
            yield "dates", str(name)
        elif column.dtype.kind != "O" and known.nunique() == 2:
            yield "yes or no", str(name)
        elif is_a_code(column):
            yield "categories", str(name)
        elif column.dtype.kind != "O":
            yield CODED if is_named(name, CODES) and (known == known.round()).all() else "numbers", str(name)
        else:
            prose = known.nunique() > 0.1 * len(known) and words_a_cell(known) >= TEXT_WORDS
            yield "text" if prose else "categories", str(name)
