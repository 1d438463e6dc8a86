"""What the name and the cells of a column hint at: an identifier, a moment, a thing that rows belong to, a kind."""

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from runner.cells import Column
from runner.errors import UserError
from runner.reading.roles import moments

THINGS = {
    "id", "ids", "uuid", "guid", "key", "subject", "patient", "person", "user", "customer", "client", "member",
    "account", "household", "family", "student", "employee", "driver", "vehicle", "car", "machine", "device", "sensor",
    "store", "shop", "session", "case", "group", "site", "batch", "lot", "well", "plot", "animal",
}  # fmt: skip
COUNTERS = {
    "id", "ids", "uuid", "guid", "key", "index", "idx", "row", "rownum", "rowid", "number", "nr", "no", "instant",
}  # fmt: skip
BIRTHS = {"birth", "dob", "born", "birthday", "birthdate"}
PERIODS = {"year", "month", "week", "day", "date", "time", "timestamp", "quarter", "period", "epoch"}
RATES = {"per", "rate", "avg", "average", "mean"}  # hours per week are no moment
WEIGHTS = {"weight", "weights", "wgt", "wt", "pweight", "sampleweight"}
OF_SAMPLES = {"sample", "sampling", "survey", "case", "row", "design", "final", "base", "person", "household"}
TODAY = {"score", "prediction", "predicted", "forecast", "decision", "estimate", "recommendation", "risk"}
NAMES_A_ROW = 0.98  # share of different values from which on a word names its row
MOST_WORDS = 2.5  # of text on average; more is prose
SAME_WITHIN = 0.98  # share of groups in which another column has one value only


def _words(name: Any) -> set[str]:
    """Return the words of a column's name: subjectID, subject_id and `subject #` have the same first one."""
    parts = re.sub(r"([a-z])([A-Z])", r"\1 \2", str(name))
    return set(re.findall(r"[a-z]+", parts.lower())) | {re.sub(r"[^a-z]", "", str(name).lower())}


def is_named(name: Any, words: set[str]) -> bool:
    """Whether one of these words is in a column's name; ``id`` also where it is written to the end of another."""
    return bool(_words(name) & words) or (str(name).lower().endswith("id") and "id" in words and str(name)[-2:] != "id")


def may_be_a_period(name: Any) -> bool:
    """Whether a column is called a year, a week or the like, and not so much a week."""
    return is_named(name, PERIODS) and not is_named(name, RATES)


def may_be_a_weight(name: Any) -> bool:
    """Whether a column is called a weight and nothing else: that of a diamond is no weight of its row."""
    words = set(re.findall(r"[a-z]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", str(name)).lower()))
    return bool(words & WEIGHTS) and words <= WEIGHTS | OF_SAMPLES


def dates_of(column: Column) -> "Column | None":
    """Return the dates of a column, which may be written as text."""
    if column.dtype.kind == "M":
        return column
    if column.dtype.kind != "O" or not column.dropna().head(50).astype(str).str.contains(r"\d.*[-/.:].*\d").all():
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


def same_within(inputs: pd.DataFrame, name: str) -> list[str]:
    """Return the columns that have one value in nearly each group of rows, and would not have by chance."""
    codes = pd.factorize(inputs[name])[0]
    repeated = np.isin(codes, np.flatnonzero(np.bincount(codes[codes >= 0]) > 1)) & (codes >= 0)
    rows, codes = inputs[repeated], codes[repeated]
    if not len(rows):
        return []
    shuffled = np.random.default_rng(0).permutation(codes)
    same = []
    for other, column in rows.items():
        if other == name or column.nunique() < 2:
            continue
        values = pd.factorize(column)[0]
        kept, by_chance = (_constant_share(values, each) for each in (codes, shuffled))
        if kept >= SAME_WITHIN and by_chance < 0.8:
            same.append(str(other))
    return same


def _constant_share(values: Any, codes: Any) -> float:
    frame = pd.DataFrame({"value": values, "code": codes}).groupby("code")["value"]
    return float((frame.min() == frame.max()).mean())


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
