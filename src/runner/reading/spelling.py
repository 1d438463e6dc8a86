"""How text spells the numbers or dates read from it, because a few new rows alone may be read in more than one way."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from runner.cells import Column, words
from runner.dates import ISO, dates_in, formats_of
from runner.numerals import spelling_of

HOLD_TEXT = ("string", "categorical", "mixed", "mixed-integer")  # kinds that pandas infers for cells that hold text

Spellings = dict[str, dict[str, Any]]


def spellings(frame: pd.DataFrame, rows: NDArray[np.int64], cells: pd.DataFrame) -> Spellings:
    """Return the spelling of each text column that became numbers or dates, if one spelling reads all of it.

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
        By column, ``{"format": ...}`` for dates, or the fields of a `Spelling` for numbers.
    """
    found: Spellings = {}
    for name in cells.columns:
        if cells[name].dtype.kind == "O" or pd.api.types.infer_dtype(frame[name], skipna=True) not in HOLD_TEXT:
            continue
        text = words(frame[name].iloc[rows]).reset_index(drop=True)
        if cells[name].dtype.kind != "M" and (spelling := spelling_of(text, cells[name])):
            found[name] = vars(spelling)
        elif cells[name].dtype.kind == "M" and (way := _format(text, cells[name])):
            found[name] = {"format": way}
    return found


def _format(text: Column, dates: Column) -> str | None:
    known = text.mask(dates.isna().to_numpy())
    return next((way for way in [ISO, *formats_of(known)] if dates_in(known, way).equals(dates)), None)
