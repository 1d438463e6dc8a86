"""Numbers written as text: with a decimal comma, with a thousands separator, with a unit."""

import re
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from runner.sources.gaps import MISSING

Column: TypeAlias = "pd.Series[Any]"

UNIT = r"((?:[A-Z]{1,2})?[$¢-¥₠-₿]|%|EUR|USD|GBP|CHF|JPY|Rs\.?)"
WITH_UNIT = rf"^([+-]?)\s*{UNIT}?\s*([+-]?[\d.,]*\d[\d.,]*)\s*([^\d\s.,+-]+|\+)?$"  # after it any word counts: 80 kg
PARTED = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?:[ \xa0\u202f'’]\d{3})+(?!\d)")  # 12 500, as in Sweden, or 12'500
IN_BRACKETS = r"^\(([^()]*\d[^()]*)\)$"  # below zero, as accountants write it
THOUSANDS = r"[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?"
CLOCK = r"^(\d+):([0-5]\d)(?::([0-5]\d(?:\.\d+)?))?$"
WITH_POINTS = r"[+-]?\d{1,3}(?:\.\d{3})*,\d+"
HOUR = 3600  # seconds
TELLING = 50  # cells, enough to see how a column is written


@dataclass(frozen=True)
class Spelling:
    """How a column of text writes its numbers.

    Attributes
    ----------
    thousands : bool or None
        Whether a comma separates thousands rather than decimals; None if no cell has a comma.
    unit : str
        The unit that cells may have; empty if there is none.
    """

    thousands: bool | None
    unit: str

    def read(self, text: Column) -> Column:
        """Return the number in each cell; missing if it is written in another way."""
        bare = text = _plainer(text)
        if self.unit:
            parts = text.str.extract(WITH_UNIT)
            bare = (parts[0] + parts[2]).where(parts[1].fillna("") + parts[3].fillna("") == self.unit, text)
        thousands = bare.str.fullmatch(THOUSANDS).fillna(False).astype(bool)
        with_comma = bare.str.contains(",", regex=False).fillna(False).astype(bool)
        if thousands[with_comma].all() if self.thousands is None else self.thousands:
            bare = bare.str.replace(",", "", regex=False).where(thousands, bare)
        else:
            points = bare.str.fullmatch(WITH_POINTS).fillna(False).astype(bool)
            bare = bare.str.replace(".", "", regex=False).where(points, bare).str.replace(",", ".", regex=False)
        return pd.to_numeric(bare, errors="coerce").astype(np.float64)


def spelling_of(text: Column, values: Column) -> Spelling | None:
    """Return how the text writes these values; None if it reads otherwise, such as a time of day."""
    known = text[values.notna()]
    with_comma = known[known.str.contains(",", regex=False)].head(TELLING)
    telling = known.loc[known.head(TELLING).index.union(with_comma.index)]
    parts = _plainer(telling).str.extract(WITH_UNIT)
    units = (parts[1].fillna("") + parts[3].fillna("")).unique()
    if len(units) != 1:
        return None
    ways = [Spelling(thousands, units[0]) for thousands in ((False, True) if len(with_comma) else (None,))]
    wanted = values.loc[telling.index].astype(np.float64)
    return next((way for way in ways if way.read(telling).equals(wanted)), None)


def numbers_in(text: Column) -> "Column | None":
    """Return the numbers that a text column holds, or None if it holds other things.

    A comma is a decimal sign ('1,5', '1.234,5', '0,125') unless exactly three digits follow every comma ('12,500').
    A blank or an apostrophe between thousands is dropped ('12 500'), and so is one unit that all cells share ('12 %',
    '$1,200', '80 kg'). (5) is -5 unless all cells are in brackets, and a time such as 8:15 is 8.25. Codes such as 007
    are numbers too: skrub would convert them anyway, and infinite values would be found too late.
    """
    known = text[text.notna() & ~text.isin(MISSING)]
    if known.empty or _parsed(known.head(50)) is None:  # most columns that hold text are recognised here
        return None
    parsed = _parsed(known)
    return None if parsed is None else parsed.reindex(text.index)


def hours_in(text: Column) -> "Column | None":
    """Return the hours in a column of times such as 8:15, or None if it holds other things."""
    known = text[text.notna() & ~text.isin(MISSING)]
    hours = None if known.empty else _of_a_clock(known)
    return None if hours is None else hours.reindex(text.index)


def _plainer(text: Column) -> Column:
    """Return the text with only commas and points as marks between digits, and a minus sign on values below zero."""
    without = text.str.replace(PARTED, lambda found: re.sub(r"\D", "", found[0]), regex=True)
    return without.str.replace("−", "-", regex=False).str.replace(IN_BRACKETS, r"-\1", regex=True)


def _parsed(text: Column) -> "Column | None":
    if text.str.fullmatch(IN_BRACKETS).all():  # counts, such as the number of reviews
        return None
    text = _plainer(text)
    values = _without_marks(text)
    if values is None and (bare := _without_unit(text)) is not None:
        values = _without_marks(bare)
    return _of_a_clock(text) if values is None else values


def _of_a_clock(text: Column) -> "Column | None":
    """Return times such as 8:15 or 8:15:30 in hours; all must have one form or all the other (or be minutes: 4:05)."""
    parts = text.str.extract(CLOCK)
    if parts[1].isna().any() or parts[2].isna().nunique() > 1:
        return None
    hours = parts.fillna("0").astype(np.float64) @ np.array([1, 1 / 60, 1 / 3600])
    return pd.Series(hours, name=text.name)


def _without_unit(text: Column) -> "Column | None":
    """Return the text without the one unit that all cells share; None if there is no unit or more than one."""
    parts = text.str.extract(WITH_UNIT)
    if parts[2].isna().any():
        return None
    units = parts[1].fillna("") + parts[3].fillna("")
    return parts[0] + parts[2] if units.nunique() == 1 and units.iloc[0] else None


def _without_marks(text: Column) -> "Column | None":
    with_comma = text[text.str.contains(",", regex=False)]
    if len(with_comma):
        if len(with_comma) == len(text) and text.str.fullmatch(WITH_POINTS).all():
            text = text.str.replace(".", "", regex=False)
        thousands = with_comma.str.fullmatch(THOUSANDS).all()
        text = text.str.replace(",", "" if thousands else ".", regex=False)
    values = pd.to_numeric(text, errors="coerce")
    return None if values.isna().any() else values.astype(np.float64)
