"""What stands before an estimator: mixed types to numbers, fitted on the training rows of a fold only.

One cleaning comes first in all forms, then the encoding of each. They add a choice to skrub's: a string column with
many values is either text (its words mean something) or a category with many levels (its mean target does).
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from sklearn.impute import SimpleImputer
from sklearn.model_selection import KFold
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, OrdinalEncoder, TargetEncoder
from skrub import DatetimeEncoder, SquashingScaler, StringEncoder
from skrub.core import SingleColumnTransformer

from runner.candidates.cleaning import Cleaning
from runner.candidates.encoding import Encoding
from runner.cells import IDENTIFIER_SHARE, TEXT_WORDS


class ManyLevels(SingleColumnTransformer):  # type: ignore[misc]
    """Encode a string column of many values: text by its n-grams, a category by its mean target.

    The mean targets of the training rows are cross-fitted (Micci-Barreca 2001, as in scikit-learn's
    TargetEncoder), so that a level of few rows does not give its own target away. A column that names each row
    anew is left out.
    """

    def __init__(self, random_state: int = 0):
        self.random_state = random_state

    def fit_transform(self, column: "pd.Series[Any]", y: Any = None) -> pd.DataFrame:
        """Choose by the training rows, fit, and encode them."""
        words = column.dropna().astype(str)
        distinct = words.nunique() / max(len(words), 1)
        mean_words = float(words.str.count(r"\S+").mean()) if len(words) else 0.0
        if mean_words >= TEXT_WORDS and distinct > 0.1:
            self.kind_ = "text"
            self.encoder_: Any = StringEncoder(n_components=20, random_state=self.random_state)
            encoded = self.encoder_.fit_transform(column)
        elif distinct > IDENTIFIER_SHARE:
            self.kind_ = "identifier"
            encoded = column.to_frame().iloc[:, :0]
        else:
            self.kind_ = "levels"
            folds = KFold(5, shuffle=True, random_state=self.random_state)
            kind = "continuous" if np.asarray(y).dtype.kind == "f" else "auto"  # ratings 1.0 .. 5.0 are no classes
            self.encoder_ = TargetEncoder(target_type=kind, cv=folds).set_output(transform="pandas")
            encoded = self.encoder_.fit_transform(_as_text(column), y)
        self.all_outputs_ = list(encoded.columns)
        return pd.DataFrame(encoded)

    def transform(self, column: "pd.Series[Any]") -> pd.DataFrame:
        """Encode other rows."""
        if self.kind_ == "identifier":
            return column.to_frame().iloc[:, :0]
        return pd.DataFrame(self.encoder_.transform(column if self.kind_ == "text" else _as_text(column)))


def _as_text(column: "pd.Series[Any]") -> pd.DataFrame:
    """Make a missing value a level of its own."""
    return column.astype(object).where(column.notna(), "missing").astype(str).to_frame()


def _positional_names(frame: pd.DataFrame) -> pd.DataFrame:
    """Name columns by position: LightGBM refuses names with JSON's special characters."""
    return frame.set_axis([f"c{i}" for i in range(frame.shape[1])], axis=1)


def _encoding(seed: int, levels: Any, dates: Any = None, drop_constant: bool = False) -> Encoding:
    return Encoding(levels, ManyLevels(seed), DatetimeEncoder() if dates is None else dates, drop_constant)


def _one_a_level() -> OneHotEncoder:
    return OneHotEncoder(sparse_output=False, dtype=np.float32, handle_unknown="ignore", drop="if_binary")


def _onehot(seed: int) -> list[Any]:
    """Columns that can be read in a rule."""
    return [Cleaning(), _encoding(seed, _one_a_level(), drop_constant=True)]


def _scaled(seed: int) -> list[Any]:
    """Numbers of one size without gaps: for linear models and distances."""
    encoding = _encoding(seed, _one_a_level(), DatetimeEncoder(periodic_encoding="spline"), drop_constant=True)
    return [Cleaning(), encoding, SimpleImputer(add_indicator=True), SquashingScaler(max_absolute_value=5)]


def _ordinal(seed: int) -> list[Any]:
    """One number a column: for forests, which split gaps and levels by themselves."""
    return [Cleaning(), _encoding(seed, OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1))]


def _native(seed: int) -> list[Any]:
    """Categories stay categories: for boosting that knows them."""
    return [Cleaning(), _encoding(seed, None), FunctionTransformer(_positional_names)]


PREPARATIONS: dict[str, Callable[[int], list[Any]]] = {  # each but the first begins with the cleaning, which they share
    "none": lambda _seed: [],
    "onehot": _onehot,
    "scaled": _scaled,
    "ordinal": _ordinal,
    "native": _native,
}
