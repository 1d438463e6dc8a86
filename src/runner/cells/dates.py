"""Dates that are written as text: in one format, that of all cells of a column."""

import re
import warnings
from functools import cache
from itertools import product
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from pandas.tseries.api import guess_datetime_format

Column: TypeAlias = "pd.Series[Any]"

ISO = "ISO8601"
DAYS = (  # with the month first before the day first
    *("%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y", "%m-%d-%Y", "%d-%m-%Y", "%Y/%m/%d", "%d-%b-%Y", "%d%b%Y"),
    *("%m/%d/%y", "%d/%m/%y", "%d.%m.%y", "%m-%d-%y", "%d-%m-%y", "%d-%b-%y", "%d%b%y"),
)
TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")
OTHERS = ("%b-%Y", "%b-%y", "%Y/%m", "%d%b%Y:%H:%M:%S", "%d/%b/%Y:%H:%M:%S %z", "%a %b %d %H:%M:%S %z %Y")
FORMATS = (*map("".join, product(DAYS, TIMES)), *OTHERS)  # most of which pandas does not guess
CODES = {
    **dict.fromkeys("mdHIMS", r"\d{1,2}"),
    **dict.fromkeys("ab", "[A-Za-z]{3}"),
    "Y": r"\d{4}",
    "y": r"\d{2}",
    "p": "[AaPp][Mm]",
    "z": r"[+-]\d{4}",
}
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d.*")
TELLING = 50  # cells that are enough to see that a format is another


def formats_of(text: Column) -> list[str]:
    """Return the formats that read all cells; of two that differ in what is the day, the month first comes first."""
    known = text.dropna().unique()
    if not len(known):
        return []
    return [way for way in _likely(known[0]) if _reads(known[:TELLING], way) and _reads(known, way)]


def dates_in(text: Column, way: str | None, day_first: bool = False) -> Column:
    """Return the dates in text of one format, or of the one that the first of them has; missing where there is none."""
    dates = pd.to_datetime(text, format=way, dayfirst=day_first, utc=True, errors="coerce")
    return dates.dt.tz_localize(None).dt.as_unit("us")


def _likely(cell: str) -> list[str]:
    if ISO_DAY.fullmatch(cell):
        return [ISO]
    if found := [way for way in FORMATS if _pattern(way).fullmatch(cell)]:
        return found
    with warnings.catch_warnings():  # pandas tells of each guess that it has no choice
        warnings.simplefilter("ignore", UserWarning)
        guesses = [guess_datetime_format(cell, dayfirst=day_first) for day_first in (False, True)]
    return [*dict.fromkeys(guess for guess in guesses if guess and "%Y" in guess)]


@cache
def _pattern(way: str) -> re.Pattern[str]:
    parts = re.split("%(.)", way)
    return re.compile("".join(CODES[part] if i % 2 else re.escape(part) for i, part in enumerate(parts)))


def _reads(cells: Any, way: str) -> bool:
    return bool(np.asarray(pd.notna(pd.to_datetime(cells, format=way, utc=True, errors="coerce"))).all())
