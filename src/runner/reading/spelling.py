"""How a column spells its numbers or dates, because a few new rows alone may be read in more than one way."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from runner.cells import Column, words
from runner.cells.dates import ISO, dates_in, formats_of
from runner.cells.numerals import HOUR, hours_in, spelling_of

HOLD_TEXT = ("string", "categorical", "mixed", "mixed-integer")  # kinds that pandas infers for cells that hold text
DURATIONS = ("timedelta", "timedelta64")

Spellings = dict[str, dict[str, Any]]


def spellings(frame: pd.DataFrame, rows: NDArray[np.int64], cells: pd.DataFrame) -> Spellings:
    """Return the spelling of each column of text or durations that became numbers or dates, if one reads all of it.

    Parameters
    ----------
    frame : DataFrame, shape (rows, columns)
        The table as given.
    rows : ndarray of int64
        Positions of the rows that are used.
    cells : DataFrame, shape (rows used, columns)
        What was read from those rows.

    Returns
    -------
    dict of str to dict
        By column, ``{"format": ...}`` for dates, ``{"seconds": ...}`` in a unit for durations and times such as 8:15,
        or the fields of a `Spelling` for other numbers.
    """
    found: Spellings = {}
    for name in cells.columns:
        kind = pd.api.types.infer_dtype(frame[name], skipna=True)
        if kind in DURATIONS:
            found[name] = {"seconds": 1}
        if cells[name].dtype.kind == "O" or kind not in (*HOLD_TEXT, "time"):
            continue
        text = words(frame[name].iloc[rows]).reset_index(drop=True)
        if cells[name].dtype.kind != "M" and (spelling := spelling_of(text, cells[name])):
            found[name] = vars(spelling)
        elif cells[name].dtype.kind == "M" and (way := _format(text, cells[name])):
            found[name] = {"format": way}
        elif hours_in(text) is not None:
            found[name] = {"seconds": HOUR}
    return found


def _format(text: Column, dates: Column) -> str | None:
    known = text.mask(dates.isna().to_numpy())
    return next((way for way in [ISO, *formats_of(known)] if dates_in(known, way).equals(dates)), None)
