"""The preparations before an estimator: columns of mixed types become numbers, fitted on training rows only.

All forms share their first step, which cleans the columns and turns text into numbers; an encoding of their own
follows. They add one choice to skrub's: a string column with many values is either text, whose words carry meaning, or
a category with many levels, which is encoded by its mean target.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from sklearn.impute import SimpleImputer
from sklearn.model_selection import KFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, OrdinalEncoder, TargetEncoder
from skrub import DatetimeEncoder, SquashingScaler
from skrub.core import SingleColumnTransformer

from runner.candidates.cleaning import WORDS, Cleaning
from runner.candidates.encoding import Encoding
from runner.candidates.texts import Texts
from runner.cells.prose import IDENTIFIER_SHARE

NAMES_IN_A_RULE = 0.1  # different values per cell: a rule that names levels of few rows each is a list learned by heart


class ManyLevels(SingleColumnTransformer):  # type: ignore[misc]
    """Encode a category with many levels by its mean target.

    The mean targets of the training rows are cross-fitted (Micci-Barreca 2001, as in scikit-learn's TargetEncoder), so
    that a level with few rows does not reveal its own target. A column in which nearly every value differs is left out.

    Parameters
    ----------
    identifier_share : float
        Of the cells: a column with more different values is left out.
    """

    def __init__(self, random_state: int = 0, identifier_share: float = IDENTIFIER_SHARE):
        self.random_state = random_state
        self.identifier_share = identifier_share

    def fit_transform(self, column: "pd.Series[Any]", y: Any = None) -> pd.DataFrame:
        """Decide whether the column is an identifier; if not, fit the encoder, and encode the training rows."""
        self.is_identifier_ = column.nunique() > self.identifier_share * column.count()
        if self.is_identifier_:
            encoded = column.to_frame().iloc[:, :0]
        else:
            folds = KFold(5, shuffle=True, random_state=self.random_state)
            kind = "continuous" if np.asarray(y).dtype.kind == "f" else "auto"  # ratings 1.0 .. 5.0 are no classes
            self.encoder_: Any = TargetEncoder(target_type=kind, cv=folds).set_output(transform="pandas")
            encoded = self.encoder_.fit_transform(_as_text(column), y)
        self.all_outputs_ = list(encoded.columns)
        return pd.DataFrame(encoded)

    def transform(self, column: "pd.Series[Any]") -> pd.DataFrame:
        """Encode other rows."""
        if self.is_identifier_:
            return column.to_frame().iloc[:, :0]
        return pd.DataFrame(self.encoder_.transform(_as_text(column)))


def _as_text(column: "pd.Series[Any]") -> pd.DataFrame:
    """Make a missing value a level of its own."""
    return column.astype(WORDS).fillna("missing").to_frame()


def _positional_names(frame: pd.DataFrame) -> pd.DataFrame:
    """Name columns by position: LightGBM refuses names with JSON's special characters."""
    return frame.set_axis([f"c{i}" for i in range(frame.shape[1])], axis=1)


def _shared(seed: int) -> Any:
    return make_pipeline(Cleaning(), Texts(seed))


def _encoding(seed: int, levels: Any, periodic: str | None = None, drop_constant: bool = False) -> Encoding:
    return Encoding(levels, ManyLevels(seed), _date_parts(periodic), drop_constant)


def _date_parts(periodic: str | None = None) -> DatetimeEncoder:
    """Return the encoder of a date: with the weekday, which models do not find in the other parts."""
    return DatetimeEncoder(add_weekday=True, periodic_encoding=periodic)


def _one_a_level() -> OneHotEncoder:
    return OneHotEncoder(sparse_output=False, dtype=np.float32, handle_unknown="ignore", drop="if_binary")


def _onehot(seed: int) -> list[Any]:
    """Columns that a person can read in a rule: no text, and no names of few rows each."""
    many = ManyLevels(seed, NAMES_IN_A_RULE)
    return [_shared(seed), Encoding(_one_a_level(), many, _date_parts(), drop_constant=True, readable=True)]


def _scaled(seed: int) -> list[Any]:
    """Numbers of one scale and without gaps, for linear models and distances."""
    encoding = _encoding(seed, _one_a_level(), "spline", drop_constant=True)
    return [_shared(seed), encoding, SimpleImputer(add_indicator=True), SquashingScaler(max_absolute_value=5)]


def _ordinal(seed: int) -> list[Any]:
    """One number per column, for forests, which can split gaps and levels themselves."""
    return [_shared(seed), _encoding(seed, OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1))]


def _native(seed: int) -> list[Any]:
    """Categories stay categories, for boosting that supports them."""
    return [_shared(seed), _encoding(seed, None), FunctionTransformer(_positional_names)]


PREPARATIONS: dict[str, Callable[[int], list[Any]]] = {  # all but the first begin with the same step
    "none": lambda _seed: [],
    "onehot": _onehot,
    "scaled": _scaled,
    "ordinal": _ordinal,
    "native": _native,
}
