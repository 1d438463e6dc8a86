"""Dates that are written as text: in one format, that of all cells of a column."""

import re
import warnings
from functools import cache
from itertools import product
from typing import Any, TypeAlias

import pandas as pd
from pandas.tseries.api import guess_datetime_format

Column: TypeAlias = "pd.Series[Any]"

ISO = "ISO8601"
DAYS = (  # with the month first before the day first
    *("%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y", "%m-%d-%Y", "%d-%m-%Y", "%Y/%m/%d", "%d-%b-%Y", "%d%b%Y"),
    *("%m/%d/%y", "%d/%m/%y", "%d.%m.%y", "%m-%d-%y", "%d-%m-%y", "%d-%b-%y", "%d%b%y"),
)
TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")
MONTHS = ("%b-%Y", "%b-%y", "%b %Y", "%B %Y", "%Y %b", "%Y %B", "%Y-%b", "%Y/%m", "%YM%m")
QUARTERS = ("%Y Q%q", "%YQ%q", "%Y-Q%q", "Q%q %Y", "Q%q%Y", "Q%q-%Y")
OTHERS = ("%d%b%Y:%H:%M:%S", "%d/%b/%Y:%H:%M:%S %z", "%a %b %d %H:%M:%S %z %Y")
FORMATS = (*map("".join, product(DAYS, TIMES)), *MONTHS, *QUARTERS, *OTHERS)  # most of which pandas does not guess
CODES = {
    **dict.fromkeys("mdHIMS", r"\d{1,2}"),
    **dict.fromkeys("ab", "[A-Za-z]{3}"),
    "B": "[A-Za-z]{3,9}",
    "q": "[1-4]",
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
    if way in QUARTERS:
        text, way = _first_months(text, way), "%Y-%m"
    dates = pd.to_datetime(text, format=way, dayfirst=day_first, utc=True, errors="coerce")
    return dates.dt.tz_localize(None).dt.as_unit("us")


def _first_months(text: Column, way: str) -> Column:
    """Return the first month of each quarter, which pandas reads in no format."""
    parts = re.escape(way).replace("%Y", r"(?P<year>\d{4})").replace("%q", "(?P<quarter>[1-4])")
    found = text.str.extract(f"^{parts}$")
    return found["year"] + "-" + found["quarter"].map({"1": "01", "2": "04", "3": "07", "4": "10"})


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
    return bool(dates_in(pd.Series(cells), way).notna().all())
