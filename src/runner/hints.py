"""What the name and the cells of a column hint at: an identifier, a moment, a thing that rows belong to, a kind."""

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from runner.cells import Column
from runner.errors import UserError
from runner.reading.roles import moments

Levels = NDArray[np.int64]

THINGS = {
    "id", "ids", "uuid", "guid", "key", "subject", "patient", "person", "user", "customer", "client", "member",
    "account", "household", "family", "student", "employee", "driver", "vehicle", "car", "machine", "device", "sensor",
    "store", "shop", "school", "session", "case", "group", "site", "batch", "lot", "well", "plot", "animal", "child",
    "district", "county", "firm", "company", "unit",
}  # fmt: skip
NUMBERED = {"number", "num", "no", "nr", "name", "code"}  # what may follow the thing: customer number, site name
COUNTERS = {
    "id", "ids", "uuid", "guid", "key", "index", "idx", "row", "rows", "rownum", "rowid", "rownames", "number", "nr",
    "no", "instant",
}  # fmt: skip
BIRTHS = {"birth", "dob", "born", "birthday", "birthdate"}
PERIODS = {"year", "month", "week", "day", "date", "time", "datetime", "timestamp", "ts", "quarter", "period", "epoch"}
RATES = {"per", "rate", "avg", "average", "mean"}  # hours per week are no moment
WEIGHTS = {"weight", "weights", "wgt", "wt", "pweight", "sampleweight"}
OF_SAMPLES = {"sample", "sampling", "survey", "case", "row", "design", "final", "base", "person", "household"}
TODAY = {"score", "prediction", "predicted", "forecast", "decision", "estimate", "recommendation", "risk"}
DATE = re.compile(r"\d.*[-/.:].*\d|\d[ -]?[A-Za-z]{3,9}[ .,-]*\d|[A-Za-z]{3} \d|\dQ\d")  # might be one: parsed then
NAMES_A_ROW = 0.98  # share of different values from which on a word names its row
MOST_WORDS = 2.5  # of text on average; more is prose
SAME_WITHIN = 0.98  # share of groups in which another column has one value only


def _words(name: Any) -> list[str]:
    """Return the words of a column's name: subjectID, subject_id and `subject #` have the same first one."""
    return re.findall(r"[a-z]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", str(name)).lower())


def is_named(name: Any, words: set[str]) -> bool:
    """Whether one of these words is in a column's name; ``id`` also where it is written to the end of another."""
    return bool({*_words(name), "".join(_words(name))} & words) or ("id" in words and str(name).endswith(("ID", "Id")))


def is_a_thing(name: Any) -> bool:
    """Whether a column is called a thing, such as a patient or their id: a lot's area is an area, and no lot."""
    if str(name).endswith(("ID", "Id")):
        return True
    words = _words(name)
    while len(words) > 1 and words[-1] in NUMBERED:
        words.pop()
    return bool(words) and bool({words[-1], words[-1].removesuffix("id")} & THINGS)


def may_be_a_period(name: Any) -> bool:
    """Whether a column is called a year, a week or the like: not so much a week, and not the calls of a day."""
    words = _words(name)
    return bool({*words[:1], *words[-1:]} & PERIODS) and not is_named(name, RATES)


def may_be_a_weight(name: Any) -> bool:
    """Whether a column is called a weight and nothing else: that of a diamond is no weight of its row."""
    words = set(_words(name))
    return bool(words & WEIGHTS) and words <= WEIGHTS | OF_SAMPLES


def dates_of(column: Column) -> "Column | None":
    """Return the dates of a column, which may be written as text."""
    if column.dtype.kind == "M":
        return column
    if column.dtype.kind != "O" or not column.dropna().head(50).astype(str).str.contains(DATE).all():
        return None
    try:
        return moments(column, []) if column.notna().any() else None
    except (UserError, AttributeError):
        return None


def why_identifier(column: Column) -> str | None:
    """Return why a column is an identifier; None when it is none."""
    known = column.dropna()
    if len(known) < 2:
        return None
    different = known.nunique() / len(known)
    if column.dtype.kind == "i" and different == 1:
        if int(known.max()) - int(known.min()) == len(known) - 1:
            return "counts the rows"
        return "is another number in each row, named as an identifier" if is_named(column.name, COUNTERS) else None
    if column.dtype.kind == "O" and different >= NAMES_A_ROW:
        words = float(known.astype(str).str.count(r"\S+").mean())
        return "is another word in each row" if words < MOST_WORDS and len(known) > 50 else None
    return None


def is_sorted(column: Column) -> bool:
    """Whether the rows are in the order of a column, or in the opposite one."""
    known = column.dropna()
    return len(known) > 2 and bool(known.is_monotonic_increasing or known.is_monotonic_decreasing)


def same_within(levels: dict[str, Levels], name: str) -> list[str]:
    """Return the columns that have one value in nearly each group of rows, and would not have by chance.

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
        if other == name or values.max() < 1:
            continue
        told = values[repeated]
        if _constant_share(told, codes) >= SAME_WITHIN and _constant_share(told, shuffled) < 0.8:
            same.append(other)
    return same


def _constant_share(values: Levels, codes: Levels) -> float:
    """Return the share of groups in which all rows have one value."""
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
        elif column.dtype.kind != "O":
            yield "numbers" if known.nunique() > 2 else "yes or no", str(name)
        else:
            prose = float(known.astype(str).str.count(r"\S+").mean()) >= MOST_WORDS and known.nunique() > 0.1 * len(
                known
            )
            yield "text" if prose else "categories", str(name)
