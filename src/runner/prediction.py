"""New rows, predicted with the model that a run kept."""

import warnings
from typing import Any

import pandas as pd

from runner.cells import plain
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
    result = pd.DataFrame({"prediction": model.predict(features)}, index=frame.index)
    if card["classes"]:
        names = [f"probability_{name}" for name in model.classes_]
        result[names] = model.predict_proba(features)
    return result


def surprises(card: dict[str, Any], frame: pd.DataFrame) -> list[str]:
    """Say what training has not seen, and the model has to guess at: new categories, a sentence a column."""
    said = []
    frame = frame.set_axis([str(name) for name in frame.columns], axis=1)
    for name, levels in card.get("levels", {}).items():
        cells = _as_words(plain(frame[name])[0]).dropna()
        new = cells[~cells.isin(levels)]
        if len(new):
            rows = counted(len(new), "row")
            said.append(f"Column {name!r} holds categories that training had not: {quoted(new.unique())} ({rows}).")
    return said


def _like_training(frame: pd.DataFrame, columns: dict[str, str]) -> pd.DataFrame:
    """Return the columns of training, in their order and types."""
    frame = frame.set_axis([str(name) for name in frame.columns], axis=1)
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        hint = nearest(missing[0], list(frame.columns))
        several = "" if len(missing) == 1 else f" and {len(missing) - 1:,} more of the model's columns"
        raise UserError(f"The table lacks the column {missing[0]!r}{several}: {hint}")
    return pd.DataFrame(
        {name: _as_type(plain(frame[name])[0], name, dtype) for name, dtype in columns.items()}, index=frame.index
    )


def _as_type(column: Any, name: str, dtype: str) -> Any:
    """Bring a column to the kind that it had: an empty one to any kind, numbers to words and not the other way."""
    dates = dtype.startswith("datetime")
    if not dates and not dtype.startswith(("int", "float", "bool", "uint")):
        return _as_words(column)
    if dates:  # of a number, pandas would make a moment of 1970
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


def _as_words(column: Any) -> Any:
    return (
        column.astype(object)
        .where(column.notna(), None)
        .map(lambda cell: cell if cell is None else str(cell))
        .astype("str")
    )
