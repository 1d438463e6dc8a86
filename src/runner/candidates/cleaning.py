"""Columns of any type made clean: numbers in single precision, dates, categories and text, with gaps as missing values.

skrub's Cleaner decides on the training rows which steps a text column needs. Here, other rows go through those steps
alone; the Cleaner's own transform would run every column through all of its steps, most of which change nothing.
"""

import re
import warnings
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from pandas.tseries.api import guess_datetime_format
from sklearn.base import BaseEstimator, TransformerMixin
from skrub import Cleaner, DurationToFloat, ToDatetime, ToFloat

from runner.cells.codes import names

INFINITY = re.compile(r"\s*[+-]?(inf|infinity|nan)\s*", re.IGNORECASE)
TRIED = 5  # values of a column that are tested for being codes: testing thousands would take longer than skrub does
LEAST_SPAN = 1e-4  # scikit-learn's trees take values that are less than 1e-7 apart for one
FAR = 1e4  # spans from 0: in single precision, a number then has few digits left for the differences
WORDS = pd.StringDtype(na_value=np.nan)  # pandas' `str`


class Cleaning(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Clean each column with the steps that the training rows required; columns without any value are left out.

    Attributes
    ----------
    steps_ : dict of str to list
        For each column that is kept, in their order, its fitted single-column transformers, in their order.
    """

    def fit(self, X: pd.DataFrame, y: Any = None) -> "Cleaning":
        """Decide what each column needs."""
        self.fit_transform(X, y)
        return self

    def fit_transform(self, X: pd.DataFrame, y: Any = None) -> pd.DataFrame:
        """Decide what each column needs, and do it."""
        X = _named(X)
        self.feature_names_in_ = np.asarray(X.columns, dtype=object)
        self.n_features_in_ = len(X.columns)
        steps = {name: _steps_of_numbers() for name in _plain_numbers(X)} | _rescalings(X)
        others = X.drop(columns=list(steps))
        steps |= {str(name): known for name, column in others.items() if (known := _known_steps(column))}
        to_try = [name for name in others if name not in steps]
        cleaner = _cleaner()
        tried = dict(cleaner.fit_transform(X[to_try]).items()) if to_try else {}
        steps |= {name: cleaner.all_processing_steps_[name] for name in tried}
        with_values = X.notna().any()
        self.steps_: dict[str, list[Any]] = {name: steps[name] for name in X if name in steps and with_values[name]}
        return self._table(X, tried)

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """Clean other rows.

        Raises
        ------
        ValueError
            If the columns or their order differ from those of the training rows.
        """
        X = _named(X)
        if not np.array_equal(np.asarray(X.columns, dtype=object), self.feature_names_in_):
            raise ValueError(f"The columns are {list(X.columns)}, and in training were {list(self.feature_names_in_)}.")
        return self._table(X, {})

    def _table(self, X: pd.DataFrame, cleaned: dict[str, Any]) -> pd.DataFrame:
        """Clean the columns that are not clean yet, and put all side by side; plain numbers are one block."""
        numbers = [name for name in _plain_numbers(X) if _changes_type(self.steps_.get(name, ())) == {ToFloat}]
        block = X[numbers].to_numpy(dtype=np.float32)
        if len(numbers) == len(self.steps_):
            return pd.DataFrame(block, index=X.index, columns=numbers)
        table: dict[str, Any] = dict(zip(numbers, block.T, strict=True)) | cleaned
        made = {name: table[name] if name in table else _cleaned(X[name], self.steps_[name]) for name in self.steps_}
        return pd.DataFrame(made, index=X.index)

    def get_feature_names_out(self, input_features: Any = None) -> Any:
        """Return the names of the columns that are kept."""
        return np.asarray(list(self.steps_), dtype=object)


class Rescaled:
    """The step for numbers that trees, or single precision, cannot tell apart: in spans of the column from its middle.

    Attributes
    ----------
    middle, span : float
        Of the training rows.
    """

    def __init__(self, low: float, high: float):
        self.middle, self.span = (low + high) / 2, high - low

    def transform(self, column: "pd.Series[Any]") -> "pd.Series[Any]":
        """Rescale each number."""
        values = pd.to_numeric(column, errors="coerce").astype(np.float64)
        return ((values - self.middle) / self.span).astype(np.float32)


class Names:
    """The step for categories, which skrub would write as 98001.0 where gaps have made fractions of them."""

    def transform(self, column: "pd.Series[Any]") -> "pd.Series[Any]":
        """Write each cell as the name that it is."""
        return names(column).astype(WORDS).astype("category")


def _named(table: pd.DataFrame) -> pd.DataFrame:
    return table.set_axis([str(name) for name in table.columns], axis=1)


def _cleaner() -> Cleaner:
    return Cleaner(parse_numbers=True, cast_to_float32=True, cast_to_str=True)


def _plain_numbers(X: pd.DataFrame, kinds: str = "iufb") -> list[str]:
    return [str(name) for name, dtype in X.dtypes.items() if isinstance(dtype, np.dtype) and dtype.kind in kinds]


def _rescalings(X: pd.DataFrame) -> dict[str, list[Any]]:
    """Return the step for each column that varies little around a great number, or in a tiny unit."""
    numbers = X[_plain_numbers(X, "iuf")]
    low, high = numbers.min().to_numpy(np.float64), numbers.max().to_numpy(np.float64)
    with np.errstate(invalid="ignore", over="ignore"):
        span = high - low
        is_off = (span > 0) & np.isfinite(span) & ((span < LEAST_SPAN) | (np.maximum(-low, high) > FAR * span))
    ends = zip(numbers, low.tolist(), high.tolist(), is_off, strict=True)
    return {str(name): [Rescaled(least, greatest)] for name, least, greatest, off in ends if off}


def _known_steps(column: "pd.Series[Any]") -> list[Any] | None:
    """Return the steps for durations, categories and plain text; None if skrub has to try all of its steps.

    Trying takes milliseconds per column, which would use up all the time on thousands of columns.
    """
    if pd.api.types.is_timedelta64_dtype(column.dtype):
        return [DurationToFloat().fit(column)]
    if isinstance(column.dtype, pd.CategoricalDtype):
        return [Names()]
    steps = _steps_of_words()
    plain = column.dtype == WORDS and _has_a_mere_word(column) and not _has_disguised_gaps(column, steps)
    return steps if plain else None


@cache
def _steps_of_numbers() -> list[Any]:
    return [ToFloat().fit(pd.Series([0.5]))]


@cache
def _steps_of_words() -> list[Any]:
    """Return the steps for text that is neither numbers nor dates; they are the same for all such columns."""
    steps: list[Any] = _cleaner().fit(pd.DataFrame({"words": ["a", "b"]}, dtype=WORDS)).all_processing_steps_["words"]
    return steps


def _has_a_mere_word(column: "pd.Series[Any]") -> bool:
    """Return whether some value is neither a number nor a date, so that skrub would treat the column as text."""
    found = column.dropna().unique()
    without_digits = (word for word in found if not re.search(r"\d", word))
    return any(not INFINITY.fullmatch(word) for word in without_digits) or any(map(_is_mere_code, found[:TRIED]))


def _is_mere_code(word: str) -> bool:
    """Return whether a word with digits, such as A14, is neither a number nor a date."""
    try:
        float(word)
    except ValueError:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return all(guess_datetime_format(word, dayfirst=first) is None for first in (False, True))
    return False


def _changes_type(steps: Sequence[Any]) -> set[type]:
    return {type(step) for step in steps} & {DurationToFloat, Names, ToDatetime, ToFloat}


def _cleaned(column: "pd.Series[Any]", steps: Sequence[Any]) -> Any:
    """Run a column through its steps, unless they would not change it."""
    if not _changes_type(steps) and column.dtype == WORDS and not _has_disguised_gaps(column, steps):
        return column
    for step in steps:
        column = step.transform(column)
    return column


def _has_disguised_gaps(column: "pd.Series[Any]", steps: Sequence[Any]) -> bool:
    """Return whether there are words that stand for a missing value, such as `N/A`, or cells of blanks only."""
    disguises = {word for step in steps for word in getattr(step, "null_strings_", ())}
    found = [word for word in column.unique().tolist() if isinstance(word, str)]
    return any(not word.strip() or word in disguises for word in found)
