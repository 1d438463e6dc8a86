"""New rows, predicted with the model that a run kept."""

import warnings
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from runner.candidates.decision import LeastCost
from runner.cells import plain, words
from runner.errors import UserError, nearest
from runner.words import counted, quoted


def predict(model: Any, card: dict[str, Any], frame: pd.DataFrame) -> pd.DataFrame:
    """Predict a frame.

    Parameters
    ----------
    model : Pipeline
    card : dict
        What model.json holds.
    frame : DataFrame, shape (rows, columns)
        Columns that training did not have are ignored; their order is free.

    Returns
    -------
    DataFrame, shape (rows, 1) or (rows, 1 + classes)
        ``prediction``, and ``probability_<class>`` of each class.

    Raises
    ------
    UserError
        When a column of training is missing, or does not hold the numbers or dates that it held.
    """
    features = _like_training(frame, card["columns"])
    with warnings.catch_warnings():  # of unknown categories and empty columns, which `surprises` tells by name
        warnings.simplefilter("ignore")
        if not card["classes"]:
            return pd.DataFrame({"prediction": model.predict(features)}, index=frame.index)
        probabilities = model.predict_proba(features)
    decided = pd.DataFrame({"prediction": _decided(model, probabilities)}, index=frame.index)
    decided[[f"probability_{name}" for name in model.classes_]] = probabilities
    return decided


def _decided(model: Any, probabilities: NDArray[np.float64]) -> NDArray[Any]:
    """Return the classes that the model decides for: preparing the rows a second time would double the time."""
    last = model[-1]
    decided: NDArray[Any] = (
        last.decided(probabilities) if isinstance(last, LeastCost) else model.classes_[probabilities.argmax(axis=1)]
    )
    return decided


def surprises(card: dict[str, Any], frame: pd.DataFrame) -> list[str]:
    """Say what training has not seen, and the model has to guess at: new categories, a sentence a column."""
    said = []
    frame = frame.set_axis([str(name) for name in frame.columns], axis=1)
    for name, levels in card.get("levels", {}).items():
        cells = words(frame[name]).dropna()
        new = cells[~cells.isin(levels)]
        if len(new):
            rows = counted(len(new), "row")
            said.append(f"Column {name!r} holds categories that training had not: {quoted(new.unique())} ({rows}).")
    return said


def words_of(card: dict[str, Any]) -> list[str]:
    """Return the columns that were words in training: in a text table they are words again, be they 007 or true."""
    return [name for name, dtype in card["columns"].items() if _is_words(dtype)]


def _is_words(dtype: str) -> bool:
    return not dtype.startswith(("int", "float", "bool", "uint", "datetime"))


def _like_training(frame: pd.DataFrame, columns: dict[str, str]) -> pd.DataFrame:
    """Return the columns of training, in their order and types."""
    frame = frame.set_axis([str(name) for name in frame.columns], axis=1)
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        hint = nearest(missing[0], list(frame.columns))
        several = "" if len(missing) == 1 else f" and {len(missing) - 1:,} more of the model's columns"
        raise UserError(f"The table lacks the column {missing[0]!r}{several}: {hint}")
    return pd.DataFrame(
        {name: _as_in_training(frame[name], name, dtype) for name, dtype in columns.items()}, index=frame.index
    )


def _as_in_training(cells: Any, name: str, dtype: str) -> Any:
    """Bring a column to the kind that it had: an empty one to any kind, numbers to words and not the other way."""
    if _is_words(dtype):
        return words(cells)
    column, _ = plain(cells)
    if dates := dtype.startswith("datetime"):  # of a number, pandas would make a moment of 1970
        with warnings.catch_warnings():  # pandas tells that it guesses
            warnings.simplefilter("ignore")
            known = pd.to_datetime(
                column if column.dtype.kind in "MO" else column.where(column.isna()), errors="coerce"
            )
    else:
        known = pd.to_numeric(column, errors="coerce")
    broken = column[known.isna() & column.notna()]
    if len(broken):
        held, cell = "dates" if dates else "numbers", broken.tolist()[0]
        raise UserError(f"Column {name!r} held {held} in training, and here {cell!r}: mend or empty it.")
    return known.astype("float64") if not dates and known.isna().any() else known
