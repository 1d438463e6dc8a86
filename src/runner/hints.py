"""What the cells of a column hint at: an identifier, a moment, a thing that rows belong to, a kind."""

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import rankdata

from runner.cells import TEXT_WORDS, Column, words_a_cell
from runner.errors import UserError
from runner.naming import CODES, COUNTERS, is_named, may_be_a_period
from runner.reading.roles import moments
from runner.task import Task

Levels = NDArray[np.int64]
Table = NDArray[np.float64]

CODED = "numbers called codes"
DATE = re.compile(r"\d.*[-/.:].*\d|\d[ -]?[A-Za-z]{3,9}[ .,-]*\d|[A-Za-z]{3} \d|\dQ\d")  # might be one: parsed then
FIRST_YEAR = 1000  # of what is taken for a date
NAMES_A_ROW = 0.98  # share of different values from which on a word names its row
SAME_WITHIN = 0.98  # share of groups in which another column has one value only
MOST_IN_ONE = 0.5  # of the rows: a thing that has more stands for none, as "no company" does
IN_LINE = 0.5  # of what the outcomes of a column's values differ by: things in the order of their names have less


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
    """Whether each cell is a date, and no one way of writing dates reads them all."""
    known = column.dropna()
    if column.dtype.kind != "O" or known.empty or not known.astype(str).str.contains(DATE).all():
        return False
    dates = pd.to_datetime(known, format="mixed", utc=True, errors="coerce")
    return bool(dates.notna().all()) and _is_of_our_calendar(dates) and dates_of(column) is None


def _is_of_our_calendar(dates: Column) -> bool:
    """Whether no year is that of a range such as 2-10, read as a month of the year 10."""
    return bool(dates.dt.year.min() >= FIRST_YEAR)


def is_whole(column: Column) -> bool:
    """Whether a column is of whole numbers: where some are missing, these are floats."""
    return column.dtype.kind == "i" or (column.dtype.kind == "f" and bool((column.dropna() % 1 == 0).all()))


def why_identifier(column: Column) -> str | None:
    """Return why a column is an identifier; None when it is none."""
    known = column.dropna()
    if len(known) < 2:
        return None
    different = known.nunique() / len(known)
    if column.dtype.kind == "i" and different == 1 and not may_be_a_period(column.name):  # a year a row is its moment
        if int(known.max()) - int(known.min()) == len(known) - 1:
            return "counts the rows"
        return "is another number in each row, named as an identifier" if is_named(column.name, COUNTERS) else None
    if column.dtype.kind == "O" and different >= NAMES_A_ROW:
        return "is another word in each row" if len(known) > 50 and words_a_cell(known) < TEXT_WORDS else None
    return None


def is_sorted(column: Column) -> bool:
    """Whether the rows are in the order of a column, or in the opposite one."""
    known = column.dropna()
    return len(known) > 2 and bool(known.is_monotonic_increasing or known.is_monotonic_decreasing)


def same_within(levels: dict[str, Levels], name: str) -> list[str]:
    """Return the columns that have one value in nearly each group of rows, and would not have by chance.

    A column of as many values is no sign of a group: a measurement in another unit has them too. Nor are rows in which
    the other column is missing.

    Parameters
    ----------
    levels : dict of str to ndarray, shape (rows,)
        Of each column, the number of each row's value; below zero where it is missing.
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
    """Whether a column's levels are ranges of another's numbers: of whom rows are, an age group does not tell.

    Parameters
    ----------
    values, bins : ndarray, shape (rows,)
        Of each column, the number of each row's value, in the order of the values.
    """
    first = bins[np.unique(values, return_index=True)[1]]
    return int((np.diff(first) != 0).sum()) == len(np.unique(first)) - 1


def is_told_by(values: Levels, finer: Levels) -> bool:
    """Whether another column of more values tells a column's: the date does its year."""
    return bool(values.max() < finer.max()) and _constant_share(values, finer) == 1


def outcomes(target: NDArray[Any], task: Task) -> Table:
    """Return an encoded target as columns of one size: one a class, or the ranks of values; each of mean 0."""
    if task.is_classification:
        table = np.eye(int(target.max()) + 1)[target]
    else:
        table = (rankdata(target) / len(target))[:, None]
    centred: Table = table - table.mean(axis=0)
    return centred


def is_a_scale(column: Column, table: Table) -> bool:
    """Whether the outcomes rise or fall with the values of a column: years of school do, and schools do not.

    Parameters
    ----------
    table : ndarray, shape (rows, columns)
        What `outcomes` gives.
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
    """Whether no thing has a moment twice and most have each of them, as states have years: that is no chance."""
    count = int(moments.max()) + 1
    pairs = (things * count + moments)[(things >= 0) & (moments >= 0)]
    return count >= 5 and len(pairs) >= (int(things.max()) + 1) * count / 2 and len(np.unique(pairs)) == len(pairs)


def _constant_share(values: Levels, codes: Levels) -> float:
    """Return the share of groups in which all rows have one value; 0 where there are no rows."""
    if not len(values):
        return 0.0
    order = np.argsort(codes, kind="stable")
    starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
    ordered = values[order]
    return float((np.minimum.reduceat(ordered, starts) == np.maximum.reduceat(ordered, starts)).mean())


def kinds_of(inputs: pd.DataFrame, dates: dict[Any, Column]) -> Iterator[tuple[str, str]]:
    """Give the kind of each column, and its name."""
    for name, column in inputs.items():
        known = column.dropna()
        if known.nunique() < 2:
            yield "constant or empty", str(name)
        elif name in dates:
            yield "dates", str(name)
        elif column.dtype.kind != "O" and known.nunique() == 2:
            yield "yes or no", str(name)
        elif column.dtype.kind != "O":
            yield CODED if is_named(name, CODES) and (known == known.round()).all() else "numbers", str(name)
        else:
            prose = known.nunique() > 0.1 * len(known) and words_a_cell(known) >= TEXT_WORDS
            yield "text" if prose else "categories", str(name)
