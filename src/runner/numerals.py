"""Numbers that are written as text: with a decimal comma, with a mark between thousands, with a unit."""

from typing import Any, TypeAlias

import numpy as np
import pandas as pd

Column: TypeAlias = "pd.Series[Any]"

MISSING = ("?", "-", ".", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "none", "<NA>")
UNIT = r"([$€£¥%]|EUR|USD|GBP|CHF|JPY)"
WITH_UNIT = rf"^([+-]?)\s*{UNIT}?\s*([+-]?[\d.,]*\d[\d.,]*)\s*([^\d\s.,+-]+)?$"  # behind it any word is one: 80 kg
THOUSANDS = r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?"
CLOCK = r"^(\d+):([0-5]\d)(?::([0-5]\d(?:\.\d+)?))?$"
WITH_POINTS = r"[+-]?\d{1,3}(?:\.\d{3})*,\d+"


def numbers_in(text: Column) -> "Column | None":
    """Return the numbers that a text column holds, or None when it holds other things.

    A comma is a decimal sign ('1,5', '1.234,5'), unless wherever one stands three digits follow ('12,500'). One unit
    that all cells have is left out ('12 %', '$1,200', '80 kg'); a time such as 8:15 is 8.25. Codes such as 007 are
    numbers too: skrub makes them so in any case, and infinite ones would be found too late.
    """
    known = text[text.notna() & ~text.isin(MISSING)]
    if known.empty or _parsed(known.head(50)) is None:  # most columns of text show it at once
        return None
    parsed = _parsed(known)
    return None if parsed is None else parsed.reindex(text.index)


def _parsed(text: Column) -> "Column | None":
    values = _without_marks(text)
    if values is None and (bare := _without_unit(text)) is not None:
        values = _without_marks(bare)
    return _of_a_clock(text) if values is None else values


def _of_a_clock(text: Column) -> "Column | None":
    """Return hours of times such as 8:15 or 8:15:30, all of the one form or all of the other (or minutes: 4:05)."""
    parts = text.str.extract(CLOCK)
    if parts[1].isna().any() or parts[2].isna().nunique() > 1:
        return None
    hours = parts.fillna("0").astype(np.float64) @ np.array([1, 1 / 60, 1 / 3600])
    return pd.Series(hours, name=text.name)


def _without_unit(text: Column) -> "Column | None":
    """Return the text without the one unit that all cells have; None where there is none, or more than one."""
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
