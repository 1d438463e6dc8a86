"""Text as numbers, in bounded time: the one part of a preparation whose cost grows with the length of the cells.

It does not use the target, and is the same in all forms of the columns, which therefore share it.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from skrub import StringEncoder

from runner.candidates.encoding import FEW_LEVELS, OF_TEXT, distinct
from runner.cells.prose import BEGINNING, TEXT_WORDS, words_a_cell

COMPONENTS = 20  # numbers that a text becomes
LONG_WORDS = 60  # words per text from which on words serve as well as character n-grams, at a tenth of the cost
A_WORD = (3, 15)  # characters per word on average, with the blank; outside of this range, words are not a useful unit
MOST_NGRAMS = 4_000_000  # characters of the training rows that are read for n-grams: about 4 CPU seconds
MOST_WORDS = 8_000_000  # the same for words: about 2 CPU seconds
READ = (200, 20_000)  # least and most characters that are read of any text, from its beginning


class Texts(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Turn clean text columns into numbers by latent semantic analysis; all other columns stay as they are.

    Attributes
    ----------
    encoders_ : dict of str to StringEncoder
        Fitted, for each text column.
    input_to_outputs_ : dict of str to list of str
        For each column, the names of its output columns.
    """

    def __init__(self, random_state: int = 0):
        self.random_state = random_state

    def fit(self, X: pd.DataFrame, y: Any = None) -> "Texts":
        """Find the columns of text, and fit an encoder for each."""
        self.fit_transform(X, y)
        return self

    def fit_transform(self, X: pd.DataFrame, y: Any = None) -> pd.DataFrame:
        """Find the columns of text, fit an encoder for each, and encode."""
        self._plans = {str(name): plan for name, column in X.items() if (plan := _plan(column))}
        self.encoders_ = {name: plan.encoder(self.random_state) for name, plan in self._plans.items()}
        parts = {name: one.fit_transform(self._read(X, name)) for name, one in self.encoders_.items()}
        made = {str(name): [str(output) for output in parts[name]] if name in parts else [str(name)] for name in X}
        self.input_to_outputs_ = distinct(made)
        return self._table(X, parts)

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """Encode other rows."""
        return self._table(X, {name: one.transform(self._read(X, name)) for name, one in self.encoders_.items()})

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[Any]:
        """Return the names of the columns that come out."""
        return np.asarray([name for outputs in self.input_to_outputs_.values() for name in outputs], dtype=object)

    def _read(self, X: pd.DataFrame, name: str) -> "pd.Series[Any]":
        return X[name].str[: self._plans[name].characters]

    def _table(self, X: pd.DataFrame, parts: dict[str, pd.DataFrame]) -> pd.DataFrame:
        if not parts:
            return X
        made = [parts[name] if name in parts else X[name] for name in self.input_to_outputs_]
        table = pd.concat(made, axis=1).set_axis(self.get_feature_names_out(), axis=1)
        table.attrs[OF_TEXT] = [output for name in parts for output in self.input_to_outputs_[name]]
        return table


@dataclass(frozen=True)
class _Plan:
    """How a column of text is read: by its words or by n-grams, and how much of each text."""

    by_words: bool
    characters: int

    def encoder(self, seed: int) -> StringEncoder:
        given = {"analyzer": "word", "ngram_range": (1, 1)} if self.by_words else {}
        return StringEncoder(n_components=COMPONENTS, random_state=seed, **given)


def _plan(column: "pd.Series[Any]") -> _Plan | None:
    """Return how to read a column; None if it is not text."""
    if not isinstance(column.dtype, pd.StringDtype):
        return None
    known = column.dropna()
    different = known.nunique()
    if different < FEW_LEVELS or different <= 0.1 * len(known) or (words := words_a_cell(known)) < TEXT_WORDS:
        return None
    lengths = known.str.len()
    are_words = A_WORD[0] <= lengths.clip(upper=BEGINNING).mean() / words <= A_WORD[1]
    by_words = are_words and (words >= LONG_WORDS or lengths.clip(upper=READ[1]).sum() > MOST_NGRAMS)
    return _Plan(bool(by_words), int(np.clip((MOST_WORDS if by_words else MOST_NGRAMS) / len(known), *READ)))
