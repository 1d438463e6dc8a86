"""What is used today, as an estimator: the decisions, scores or forecasts of a column, or rules.

Decisions and scores are not probabilities, so the training rows turn them into some: a decision becomes the smoothed
rate of each class among the rows with that decision, and a score goes through isotonic regression, rising or falling as
it does with the target. The order of the scores is preserved exactly, so that a ranking metric judges the score as it
is.
"""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit
from scipy.stats import rankdata
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.isotonic import IsotonicRegression

from runner.candidates.pipeline import INCUMBENT, Candidate
from runner.cells import written
from runner.dataset import Dataset
from runner.metrics import Metric
from runner.rules import Rules, first_met
from runner.rules.rule_file import as_text
from runner.task import Task

NAME, RUNG = "incumbent", "rule"
UNDECIDED = "(none)"  # stands for a missing value, or for rows to which no rule applies
ORDER = 1e-6  # weight of the score's own order in the probability: separates what isotonic regression makes equal

Floats = NDArray[np.float64]


def incumbent_candidate(dataset: Dataset, metric: Metric) -> Candidate:
    """Return the candidate of the data set's incumbent."""
    assert dataset.incumbent is not None
    params: dict[str, Any] = {"rules": dataset.incumbent.rules}
    if dataset.task is Task.REGRESSION:
        return Candidate(NAME, RUNG, f"{INCUMBENT}IncumbentRegressor", "none", params)
    params |= {"called": dataset.incumbent.called, "as_decided": metric.judges_decisions}
    return Candidate(NAME, RUNG, f"{INCUMBENT}IncumbentClassifier", "none", params)


class _Incumbent(BaseEstimator):  # type: ignore[misc]
    """What both kinds share: the outputs of the rules, or of the single column that they are given."""

    rules: Rules | None

    def in_words(self, name: str) -> str:
        """Return the rules, one per line, or the name of the column and how it is read."""
        return f"column {name}{self._reading()}" if self.rules is None else "\n".join(as_text(self.rules))

    def _reading(self) -> str:
        return ""

    def _said(self, X: pd.DataFrame) -> "pd.Series[Any]":
        """Return the output for each row; missing where there is none."""
        if self.rules is None:
            return X.iloc[:, 0].reset_index(drop=True)
        outcomes = np.full(len(self.rules) + 1, np.nan, dtype=object)  # if no rule holds, position -1 is the last
        for position, rule in enumerate(self.rules):
            outcomes[position] = rule.then
        return pd.Series(outcomes[first_met(self.rules, X)]).infer_objects()


class IncumbentRegressor(RegressorMixin, _Incumbent):  # type: ignore[misc]
    """Today's forecast unchanged; where there is none, the mean of the training rows."""

    def __init__(self, rules: Rules | None = None):
        self.rules = rules

    def fit(self, X: pd.DataFrame, y: Floats, sample_weight: Floats | None = None) -> "IncumbentRegressor":
        """Learn the mean, which is used where there is no forecast."""
        self.mean_ = float(np.average(y, weights=sample_weight))
        return self

    def predict(self, X: pd.DataFrame) -> Floats:
        """Return the forecasts."""
        forecasts: Floats = np.asarray(self._said(X).astype(np.float64).fillna(self.mean_), dtype=np.float64)
        return forecasts


class IncumbentClassifier(ClassifierMixin, _Incumbent):  # type: ignore[misc]
    """Today's decisions or scores as probabilities.

    Parameters
    ----------
    called : dict of str to int, str or bool
        The value of y for each name of a class; a class may have several names.
    rules : tuple of Rule or None
        None if X is the column itself.
    as_decided : bool
        Give a decided class the probability 1, for metrics that judge decisions.
    """

    def __init__(self, called: dict[str, Any], rules: Rules | None = None, as_decided: bool = False):
        self.called = called
        self.rules = rules
        self.as_decided = as_decided

    def fit(self, X: pd.DataFrame, y: NDArray[Any], sample_weight: Floats | None = None) -> "IncumbentClassifier":
        """Learn the probability of each class for each output."""
        self.classes_, target = np.unique(y, return_inverse=True)
        known = self.classes_.tolist()
        self.places_ = {name: known.index(label) for name, label in self.called.items() if label in known}
        weight = np.ones(len(target)) if sample_weight is None else np.asarray(sample_weight, dtype=np.float64)
        onehot = np.eye(len(self.classes_))[target] * weight[:, None]
        self.prior_ = onehot.sum(axis=0) / weight.sum()
        said = self._said(X)
        self.is_score_ = self._is_score(said)
        self.rates_ = self._rates(said, onehot)
        if self.is_score_:
            self._calibrate(said, target, weight)
        return self

    def predict_proba(self, X: pd.DataFrame) -> Floats:
        """Return probabilities, shape (rows, classes)."""
        said = self._said(X)
        if self.is_score_:
            return self._of_scores(said)
        codes, values = pd.factorize(said)
        known = [self._of(value) for value in values]
        return np.array([*known, self.rates_.get(UNDECIDED, self.prior_)])[codes]  # a missing value has -1: the last

    def predict(self, X: pd.DataFrame) -> NDArray[Any]:
        """Return the most probable classes."""
        best: NDArray[Any] = self.classes_[np.argmax(self.predict_proba(X), axis=1)]
        return best

    def _reading(self) -> str:
        """Say it if scores fall as the positive class gets likelier, be they meant so or wrong."""
        if not self.is_score_ or self.rises_:
            return ""
        positive = next(name for name, place in self.places_.items() if place == 1)
        return f" (read in reverse: the lower, the likelier is {positive})"

    def _is_score(self, said: "pd.Series[Any]") -> bool:
        """Whether the outputs are scores and not decisions, which have few values, or those of the classes."""
        if said.dtype.kind not in "iuf" or len(self.classes_) != 2:
            return False
        values = said.dropna().unique()
        return len(values) > 2 and not {written(value) for value in values} <= self.places_.keys()

    def _rates(self, said: "pd.Series[Any]", onehot: Floats) -> dict[Any, Floats]:
        """Return the rate of each class for each output, shrunk towards the prior with the weight of one row."""
        codes, values = pd.factorize(said)
        counts = np.zeros((len(values) + 1, onehot.shape[1]))
        np.add.at(counts, codes, onehot)
        names = [*map(written, values), UNDECIDED]
        return {name: (row + self.prior_) / (row.sum() + 1) for name, row in zip(names, counts, strict=True)}

    def _of(self, value: Any) -> Floats:
        """Return the probabilities for one output."""
        if isinstance(value, tuple):
            return self._stated(dict(value))
        name = written(value)
        if self.as_decided and name in self.places_:
            certain: Floats = np.eye(len(self.classes_))[self.places_[name]]
            return certain
        rate: Floats = self.rates_.get(name, self.prior_)
        return rate

    def _stated(self, shares: dict[str, float]) -> Floats:
        """Return the probabilities that a rule states; the remainder is divided among the classes it does not name."""
        by_place = {self.places_[name]: share for name, share in shares.items() if name in self.places_}
        left = max(1 - sum(shares.values()), 0.0) / max(len(self.classes_) - len(by_place), 1)
        stated = np.array([by_place.get(place, left) for place in range(len(self.classes_))])
        normal: Floats = stated / stated.sum() if stated.sum() > 0 else self.prior_
        return normal

    def _calibrate(self, said: "pd.Series[Any]", target: NDArray[np.int64], weight: Floats) -> None:
        known = said.notna().to_numpy()
        scores = said[known].to_numpy(np.float64)
        ranks = rankdata(scores)
        self.rises_ = bool(np.cov(ranks, target[known], aweights=weight[known] + 1e-12)[0, 1] >= 0)
        least = 1 / (known.sum() + 2)  # even an extreme score does not mean certainty
        self.isotonic_ = IsotonicRegression(y_min=least, y_max=1 - least, increasing=self.rises_, out_of_bounds="clip")
        self.isotonic_.fit(scores, target[known], sample_weight=weight[known])
        self.centre_, self.spread_ = float(np.median(scores)), float(np.std(scores)) or 1.0

    def _of_scores(self, said: "pd.Series[Any]") -> Floats:
        known = said.notna().to_numpy()
        scores = said.to_numpy(np.float64)[known]
        order = expit((scores - self.centre_) / self.spread_ * (1 if self.rises_ else -1))
        positive = np.full(len(said), self.rates_.get(UNDECIDED, self.prior_)[1])
        if known.any():
            positive[known] = (1 - ORDER) * self.isotonic_.predict(scores) + ORDER * order
        return np.column_stack([1 - positive, positive])
