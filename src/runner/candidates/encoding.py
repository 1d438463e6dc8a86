"""Clean columns encoded for an estimator: all columns of one kind at once, without changing the order of columns."""

from itertools import chain, count, islice
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.preprocessing import OneHotEncoder

from runner.errors import UserError

FEW_LEVELS = 40  # a column of fewer distinct values is a category with few levels
OF_TEXT = "of text"  # attribute of a clean table: the columns that text was turned into


class Encoding(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Turn clean columns into numbers; without `levels`, categories with few levels stay categories.

    Parameters
    ----------
    levels : transformer or None
        For all columns with few levels at once.
    many, dates : transformer
        For a single column with many levels, or with dates.
    drop_constant : bool
        Whether to leave out columns with one value and no gaps.
    readable : bool
        Whether to leave out what text was turned into, as such numbers mean nothing to a person; not if little else is
        there.

    Attributes
    ----------
    column_to_kind_ : dict of str to str
        For each clean column that is used: ``number``, ``date``, ``few levels`` or ``many levels``.
    input_to_outputs_ : dict of str to list of str
        For each clean column that is used, in their order, the names of its output columns.
    encoders_ : dict of str to transformer
        Fitted, for each column with dates or with many levels.
    levels_ : transformer or None
        Fitted on the columns with few levels, in their order.
    """

    def __init__(self, levels: Any, many: Any, dates: Any, drop_constant: bool = False, readable: bool = False):
        self.levels = levels
        self.many = many
        self.dates = dates
        self.drop_constant = drop_constant
        self.readable = readable

    def fit(self, X: pd.DataFrame, y: Any = None) -> "Encoding":
        """Fit the encoders."""
        self.fit_transform(X, y)
        return self

    def fit_transform(self, X: pd.DataFrame, y: Any = None) -> pd.DataFrame:
        """Fit the encoders and encode."""
        constant = _constant(X) if self.drop_constant else set()
        used = [str(name) for name in X if name not in constant]
        if self.readable:
            others = [name for name in used if name not in X.attrs.get(OF_TEXT, ())]
            used = others if any(_kind(X[name]) != "many levels" for name in others) else used
        self.column_to_kind_ = {name: _kind(X[name]) for name in used}
        self.encoders_ = {name: clone(self.dates) for name in self._of("date")}
        self.encoders_ |= {name: clone(self.many) for name in self._of("many levels")}
        encoded = {name: encoder.fit_transform(X[name], y) for name, encoder in self.encoders_.items()}
        few = self._of("few levels")
        self.levels_ = clone(self.levels) if few and self.levels is not None else None
        levels = self.levels_.fit_transform(_cells(X[few])) if self.levels_ is not None else None
        made = {name: [name] for name in used}
        made |= {name: [str(output) for output in part.columns] for name, part in encoded.items()}
        made |= _level_names(self.levels_, few)
        self.input_to_outputs_ = distinct(made)
        if not any(self.input_to_outputs_.values()):
            raise UserError("no column is left to learn from: each is constant, or has too many different values.")
        ends = np.cumsum([0, *map(len, self.input_to_outputs_.values())])
        self._places = {name: list(range(*ends[i : i + 2])) for i, name in enumerate(used)}
        return self._table(X, levels, encoded)

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """Encode other rows."""
        levels = self.levels_.transform(_cells(X[self._of("few levels")])) if self.levels_ is not None else None
        return self._table(X, levels, {name: encoder.transform(X[name]) for name, encoder in self.encoders_.items()})

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[Any]:
        """Return the names of the columns that come out."""
        return np.asarray([name for outputs in self.input_to_outputs_.values() for name in outputs], dtype=object)

    def _of(self, kind: str) -> list[str]:
        return [name for name, known in self.column_to_kind_.items() if known == kind]

    def _table(self, X: pd.DataFrame, levels: Any, encoded: dict[str, Any]) -> pd.DataFrame:
        """Put the encoded columns side by side, in the order of their input columns."""
        names, numbers, few = self.get_feature_names_out(), self._of("number"), self._of("few levels")
        values = np.empty((len(names), len(X)), dtype=np.float32)  # a row per column, as pandas stores a block
        values[self._places_of(numbers)] = X[numbers].to_numpy(dtype=np.float32).T
        if levels is not None:
            values[self._places_of(few)] = levels.T
        for name, part in encoded.items():
            values[self._places[name]] = part.to_numpy().T
        if levels is not None or not few:
            return pd.DataFrame(values.T, columns=names, index=X.index, copy=False)
        columns: dict[str, Any] = dict(zip(names, values, strict=True))
        columns |= {self.input_to_outputs_[name][0]: X[name].astype("category") for name in few}
        return pd.DataFrame(columns, index=X.index)

    def _places_of(self, columns: list[str]) -> list[int]:
        return [place for name in columns for place in self._places[name]]


def _cells(X: pd.DataFrame) -> NDArray[np.object_]:
    """Return a plain array, which scikit-learn checks once, where it would check each column of a frame."""
    return X.to_numpy(dtype=object)


def _constant(X: pd.DataFrame) -> set[str]:
    """Return the columns with one value and no gaps."""
    numbers = X.select_dtypes("number")
    is_one = (numbers.min() == numbers.max()) & numbers.notna().all()
    others = X.drop(columns=numbers.columns).items()
    return {*is_one.index[is_one], *(str(name) for name, column in others if column.nunique(dropna=False) == 1)}


def _kind(column: "pd.Series[Any]") -> str:
    if pd.api.types.is_numeric_dtype(column.dtype):
        return "number"
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return "date"
    return "few levels" if column.nunique() < FEW_LEVELS else "many levels"


def _level_names(encoder: Any, columns: list[str]) -> dict[str, list[str]]:
    """Return the output names of each column: its own, or one per level that is kept."""
    if not isinstance(encoder, OneHotEncoder):
        return {name: [name] for name in columns}
    dropped = encoder.drop_idx_ if encoder.drop_idx_ is not None else [None] * len(columns)
    widths = [len(known) - (one is not None) for known, one in zip(encoder.categories_, dropped, strict=True)]
    names = iter(encoder.get_feature_names_out(columns))
    return {name: list(islice(names, width)) for name, width in zip(columns, widths, strict=True)}


def distinct(made: dict[str, list[str]]) -> dict[str, list[str]]:
    """Add a number to names that occur twice, such as level 1 of `town` and the column `town_1`."""
    taken = set(made)
    told_apart: dict[str, list[str]] = {}
    for column, names in made.items():
        told_apart[column] = []
        for name in names:
            free = chain([name], (f"{name}__{number}" for number in count(2)))
            told_apart[column].append(next(one for one in free if one == column or one not in taken))
            taken.add(told_apart[column][-1])
    return told_apart
