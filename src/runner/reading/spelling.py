"""How text spells the numbers or dates that were read from it: of new rows, a few may be read in more than one way."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from runner.cells import Column, words
from runner.dates import ISO, dates_in, formats_of
from runner.numerals import spelling_of

HOLD_TEXT = ("string", "categorical", "mixed", "mixed-integer")  # as pandas infers the cells of a column

Spellings = dict[str, dict[str, Any]]


def spellings(frame: pd.DataFrame, rows: NDArray[np.int64], cells: pd.DataFrame) -> Spellings:
    """Return how each column of text is spelt that became numbers or dates, where one spelling reads all of it.

    Parameters
    ----------
    frame : DataFrame, shape (rows, columns)
        As it was given.
    rows : ndarray of int64
        Positions of those that are used.
    cells : DataFrame, shape (rows used, columns)
        What was read from them.

    Returns
    -------
    dict of str to dict
        By column ``{"format": ...}`` of dates, or the fields of a `Spelling` of numbers.
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
