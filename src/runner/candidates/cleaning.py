"""Columns of whatever types made clean: numbers in single precision, dates, categories and words, gaps that are gaps.

skrub's Cleaner decides on the training rows what a column of words needs. Other rows get that and no more: its own
transform leads each column through each of its steps, wrapped, most of which change nothing there.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from skrub import Cleaner, DurationToFloat, ToDatetime, ToFloat

WORDS = pd.StringDtype(na_value=np.nan)  # pandas' `str`


class Cleaning(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Clean each column as the training rows asked for; one of gaps alone is left out.

    Attributes
    ----------
    steps_ : dict of str to list
        By column: fitted transformers of one column, in their order.
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
        makers = {str(name): _number_maker(column) for name, column in X.items()}
        cleaner = Cleaner(parse_numbers=True, cast_to_float32=True, cast_to_str=True)
        others = [name for name, maker in makers.items() if maker is None]
        cleaned = dict(cleaner.fit_transform(X[others]).items()) if others else {}
        steps = {name: cleaner.all_processing_steps_[name] for name in cleaned}
        for name, maker in makers.items():
            if maker is not None and X[name].notna().any():
                cleaned[name] = maker.fit_transform(X[name])
                steps[name] = [maker]
        self.steps_: dict[str, list[Any]] = {name: steps[name] for name in X.columns if name in steps}
        return pd.DataFrame({name: cleaned[name] for name in self.steps_}, index=X.index)

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """Clean other rows.

        Raises
        ------
        ValueError
            When the columns are not those of the training rows, in their order.
        """
        X = _named(X)
        if not np.array_equal(np.asarray(X.columns, dtype=object), self.feature_names_in_):
            raise ValueError(f"The columns are {list(X.columns)}, and in training were {list(self.feature_names_in_)}.")
        return pd.DataFrame({name: _cleaned(X[name], steps) for name, steps in self.steps_.items()}, index=X.index)

    def get_feature_names_out(self, input_features: Any = None) -> Any:
        """Return the names of the columns that are kept."""
        return np.asarray(list(self.steps_), dtype=object)


def _named(table: pd.DataFrame) -> pd.DataFrame:
    return table.set_axis([str(name) for name in table.columns], axis=1)


def _number_maker(column: "pd.Series[Any]") -> Any:
    """Return what makes numbers or durations single-precision numbers; None where a column holds something else."""
    if pd.api.types.is_timedelta64_dtype(column.dtype):
        return DurationToFloat()
    return ToFloat() if _is_plain_number(column) else None


def _is_plain_number(column: "pd.Series[Any]") -> bool:
    return isinstance(column.dtype, np.dtype) and column.dtype.kind in "iufb"


def _cleaned(column: "pd.Series[Any]", steps: Sequence[Any]) -> Any:
    """Lead a column through its steps, or the short way where they would come to the same."""
    changes_type = {type(step) for step in steps} & {DurationToFloat, ToDatetime, ToFloat}
    if changes_type == {ToFloat} and _is_plain_number(column):
        return column.to_numpy(dtype=np.float32)
    if not changes_type and column.dtype == WORDS and not _has_disguised_gaps(column, steps):
        return column
    for step in steps:
        column = step.transform(column)
    return column


def _has_disguised_gaps(column: "pd.Series[Any]", steps: Sequence[Any]) -> bool:
    """Return whether there are words that stand for a gap, such as `N/A`, or blanks alone."""
    disguises = {word for step in steps for word in getattr(step, "null_strings_", ())}
    return any(not word.strip() or word in disguises for word in column.dropna().unique())
