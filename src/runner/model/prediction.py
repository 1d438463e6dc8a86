"""Predicts new rows with the model that a run kept."""

import warnings
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from runner.candidates.decision import LeastCost
from runner.cells import DATES, DURATIONS, MONTH_FIRST, NUMBERS, PLAIN, Column, check_finite, plain, words
from runner.cells.codes import names
from runner.cells.dates import ISO, dates_in
from runner.cells.numerals import HOUR, Spelling, hours_in
from runner.errors import UserError, nearest
from runner.sources.frame import index_as_columns
from runner.sources.gaps import MISSING
from runner.words import counted, quoted


def predict(model: Any, card: dict[str, Any], frame: pd.DataFrame) -> pd.DataFrame:
    """Predict a frame, in one thread, as models are fitted: beside busy cores, several take many times as long.

    Parameters
    ----------
    model : Pipeline
        As `load_model` returns it, with its card.
    card : dict
        The content of model.json.
    frame : DataFrame, shape (rows, columns)
        Columns that training did not have are ignored; columns may come in any order.

    Returns
    -------
    DataFrame, shape (rows, 1) or (rows, 1 + classes)
        ``prediction``, and ``probability_<class>`` for each class.

    Raises
    ------
    UserError
        If there are no rows, or a training column is missing or does not hold numbers or dates as it did in training.
    """
    features = _like_training(frame, card)
    with warnings.catch_warnings(), _loaded().limit(limits=1, user_api="openmp"):
        # unknown categories and empty columns, of which libraries warn, are named by `surprises`
        warnings.resetwarnings()  # scikit-learn installs all filters anew for each tree of a forest
        warnings.simplefilter("ignore")
        if not card["classes"]:
            return pd.DataFrame({"prediction": model.predict(features)}, index=frame.index)
        probabilities = model.predict_proba(features)
    told = pd.DataFrame(probabilities, frame.index, [f"probability_{name}" for name in model.classes_])
    told.insert(0, "prediction", _decided(model, probabilities))
    return told


@cache
def _loaded() -> ThreadpoolController:
    """Return the thread pools of the libraries that are loaded; there is a model, so scikit-learn's is among them."""
    return ThreadpoolController()


def _decided(model: Any, probabilities: NDArray[np.float64]) -> NDArray[Any]:
    """Return the classes that the model decides for; asking the model again would prepare the rows twice."""
    last = model[-1]
    decided: NDArray[Any] = (
        last.decided(probabilities) if isinstance(last, LeastCost) else model.classes_[probabilities.argmax(axis=1)]
    )
    return decided


def surprises(card: dict[str, Any], frame: pd.DataFrame) -> list[str]:
    """Say what training has not seen, so that the model has to guess: new categories, one sentence per column."""
    said, frame = [], _named(frame)
    for name, levels in card.get("levels", {}).items():
        cells = _as_words(frame[name], card["columns"][name]).dropna()
        new = cells[~cells.isin(levels)]
        if len(new):
            rows = counted(len(new), "row")
            said.append(f"Column {name!r} holds categories that training had not: {quoted(new.unique())} ({rows}).")
    percents = [name for name, how in card.get("spelling", {}).items() if how.get("unit") == "%"]
    return said + [
        f"Column {name!r} held percents in training, and here numbers from -1 to 1: if they are shares, multiply them "
        "by 100."
        for name in percents
        if _are_shares(frame[name])
    ]


def _are_shares(cells: Column) -> bool:
    """Whether numbers are rather shares of 1, as spreadsheets store what they show as percents."""
    known = cells.dropna()
    return known.dtype.kind == "f" and bool(known.between(-1, 1).all() and (known % 1 != 0).any())


def words_of(card: dict[str, Any]) -> list[str]:
    """Return the columns that held words in training; they are read as words again, even 007 or true."""
    return [name for name, dtype in card["columns"].items() if _is_words(dtype)]


def _is_words(dtype: str) -> bool:
    return not dtype.startswith(("int", "float", "bool", "uint", "datetime"))


def _as_words(cells: Column, dtype: str) -> Column:
    """Return a column of words as training read it; codes, which are numbers in the table, are categories there."""
    return names(cells) if dtype == "category" else words(cells)


def _like_training(frame: pd.DataFrame, card: dict[str, Any]) -> pd.DataFrame:
    """Return the training columns, in their order and types."""
    columns, spelling, index = card["columns"], card.get("spelling", {}), frame.index
    frame = _named(frame)
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        hint = nearest(missing[0], frame.columns)
        several = "" if len(missing) == 1 else f" and {len(missing) - 1:,} more of the model's columns"
        raise UserError(f"The table lacks the column {missing[0]!r}{several}: {hint}")
    if frame.empty and columns:
        raise UserError("The table has no rows to predict: give one at least.")
    doubles = [name for name in frame.columns[frame.columns.duplicated()].unique() if name in columns]
    if doubles:
        raise UserError(f"The table has several columns named {quoted(doubles)}: give each a name of its own.")
    like = {name: _as_in_training(frame[name], name, dtype, spelling.get(name)) for name, dtype in columns.items()}
    return pd.DataFrame(like, index=frame.index).set_axis(index, axis=0)


def _named(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with text for column names, and with named index levels as columns, as in training."""
    frame = index_as_columns(frame)
    return frame.set_axis([str(name) for name in frame.columns], axis=1)


def _as_in_training(cells: Column, name: str, dtype: str, spelling: dict[str, Any] | None) -> Column:
    """Convert a column to the kind it had: empty ones to any kind, numbers to words but not words to numbers."""
    if _is_words(dtype):
        return _as_words(cells, dtype)
    dates, unit = dtype.startswith("datetime"), (spelling or {}).get("seconds")  # of durations and times such as 8:15
    if str(cells.dtype) in PLAIN and (cells.dtype.kind == "M") == dates:
        check_finite(cells, "input")
        return cells
    is_spelt = spelling and not unit and isinstance(cells.dtype, pd.StringDtype)  # so its form need not be found out
    column, remark = (words(cells), None) if is_spelt else plain(cells)
    is_text = column.dtype.kind == "O" or remark in (NUMBERS, DATES, MONTH_FIRST)
    column = column.mask(column.isin(MISSING)) if is_text else column  # a single row may hold nothing else
    if dates:
        known = _dates(words(cells).mask(column.isna()) if is_text else column, spelling)
    elif unit and remark == DURATIONS:
        known = column / unit
    elif unit and (hours := hours_in(words(cells))) is not None:
        known = hours * (HOUR / unit)
    elif spelling and is_text and not unit:
        known = Spelling(**spelling).read(words(cells).mask(column.isna()))
    else:
        known = pd.to_numeric(words(cells) if column.dtype.kind == "M" else column, errors="coerce")
    check_finite(known, "input")
    broken = cells[(known.isna() & column.notna()).to_numpy()]
    if len(broken):
        held, cell = "dates" if dates else "numbers", broken.tolist()[0]
        raise UserError(f"Column {name!r} held {held} in training, and here {cell!r}: correct it or leave it empty.")
    return known.astype("float64") if not dates and known.isna().any() else known


def _dates(column: Column, spelling: dict[str, Any] | None) -> Column:
    """Return the dates of plain cells, or of text in the training format or ISO 8601.

    If training read no text, another format is accepted too, as long as day and month cannot be confused.
    """
    if column.dtype.kind == "M":
        return column
    if column.dtype.kind != "O":  # pandas would read a number as a time in 1970
        return pd.Series(pd.NaT, index=column.index, dtype="datetime64[us]")
    with warnings.catch_warnings():  # pandas says that it guesses the format
        warnings.simplefilter("ignore")
        known = dates_in(column, ISO)
        if spelling:
            return known.fillna(dates_in(column, spelling["format"]))
        month_first, day_first = (dates_in(column, None, first) for first in (False, True))
    return known.fillna(day_first.where(day_first == month_first))
