"""Populations in which the true gain of every challenger is known exactly.

A population is finite, and samples are drawn from it with replacement, so its own means are the truth without error. A
model's prediction is the perfect one plus an error, on the scale of the target or of the log-odds. The errors are
correlated like those of real models: all models share a part, and the challengers, which come from one search, share
more.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit

from benchmarks.intervals import Score
from runner.gain.influence import influence
from runner.task import Task

Array = NDArray[np.float64]
Rows = NDArray[np.int64]
Predict = Callable[[Array], Array]  # from errors to predictions

PERFECT, REFERENCE = 0.45, 0.60  # losses of the perfect model and of the reference, over the dummy's
SHARED = 0.8  # of the variance of an error: common to all models, which gives the row spread of real differences
ALIKE = 0.1  # of the rest, common to all challengers: their differences correlate by 0.55, as measured on five tables
GROUP_ROWS = 20
GROUP_SHARE = 0.3  # of noise and errors: common to a group


class Measure(Score):
    """A score whose perfect value is known."""

    def loss(self, score: float) -> float:
        """Return the distance from the perfect score."""
        return (0.0 if self.name.startswith("neg_") else 1.0) - score


@dataclass(frozen=True, eq=False)
class Population:
    """All rows that there are, and what every model predicts for them.

    Attributes
    ----------
    law : str
    metric : Measure
    target : ndarray, shape (rows,)
        With classes, the positive rows come first.
    dummy : float
        The constant that the dummy (no model) predicts.
    predictions : ndarray, shape (rows, 1 + challengers)
        Values, or probabilities of the positive class; the reference comes first.
    values : ndarray of float32, shape (rows, 1 + challengers)
        What each row adds to a score: a sample's mean is its score (to first order for ROC AUC).
    gains : ndarray, shape (1 + challengers,)
        True gain over the reference, as skill.
    headroom : float
        Loss of the dummy.
    unit : int
        Number of rows that are drawn and kept together.
    """

    law: str
    metric: Measure
    target: NDArray[Any]
    dummy: float
    predictions: Array
    values: NDArray[np.float32]
    gains: Array
    headroom: float
    unit: int

    @property
    def positives(self) -> int:
        """Return the number of rows of the positive class; 0 for regression."""
        return int(self.target.sum()) if self.metric.task is Task.BINARY else 0

    def draw(self, random: np.random.Generator, rows: int, share: float) -> tuple[Rows, Rows]:
        """Draw units for development and for the holdout, with the classes in proportion on both sides."""
        count = rows // self.unit
        positives = int(random.binomial(count, self.positives / len(self.target)))
        held, held_positives = int(np.ceil(share * count)), round(share * positives)
        return (
            self._units(random, positives - held_positives, count - held),
            self._units(random, held_positives, held),
        )

    def _units(self, random: np.random.Generator, positives: int, count: int) -> Rows:
        first = random.integers(max(self.positives, 1), size=positives)
        rest = random.integers(self.positives, len(self.target) // self.unit, size=count - positives)
        return np.concatenate([first, rest])

    def rows(self, units: Rows) -> Rows:
        """Return the rows of units, shape (units, rows in a unit)."""
        return np.asarray(units[:, None] * self.unit + np.arange(self.unit))

    def predicted(self, rows: Rows, column: int) -> Array:
        """Return a model's predictions in the form that a metric takes."""
        return as_given(self.metric, self.predictions[rows, column])

    def predicted_by_dummy(self, rows: Rows) -> Array:
        """Return the dummy's predictions in the form that a metric takes."""
        return as_given(self.metric, np.full(len(rows), self.dummy))

    def spread(self) -> float:
        """Return the standard deviation of a row's difference over the dummy's loss, for the middle challenger."""
        deviations = np.std(self.values[:, 1:] - self.values[:, :1], axis=0, dtype=np.float64)
        return float(np.median(deviations)) / self.headroom


def as_given(metric: Measure, predicted: Array) -> Array:
    """Return values as they are, and probabilities with one column per class."""
    return np.column_stack([1 - predicted, predicted]) if metric.task is Task.BINARY else predicted


def regression(noise: str, gains: Sequence[float], size: int, seed: int, *, grouped: bool = False) -> Population:
    """Return a population with a target of variance 1 and normal or t3 noise, judged by squared error."""
    random = np.random.default_rng([seed, len(noise), grouped])
    normal = partial(_normal, random, size, GROUP_ROWS if grouped else 1)
    unit_noise = normal() if noise == "normal" else random.standard_t(3, size) / np.sqrt(3)
    truth = np.sqrt(1 - PERFECT) * random.standard_normal(size)
    target = truth + np.sqrt(PERFECT) * unit_noise
    law = f"{noise} noise" + (f", groups of {GROUP_ROWS}" if grouped else "")
    metric = Measure("neg_mean_squared_error", Task.REGRESSION)
    return _population(law, metric, target, lambda error: truth + error, normal, gains, GROUP_ROWS if grouped else 1)


def binary(name: str, prevalence: float, gains: Sequence[float], size: int, seed: int) -> Population:
    """Return a logistic population with the given share of positive rows, judged by the scorer of that name."""
    random = np.random.default_rng([seed, round(1000 * prevalence), sum(map(ord, name))])
    metric = Measure(name, Task.BINARY)
    signal, luck = random.standard_normal(size), random.random(size)

    def log_odds(slope: float) -> Array:
        shift = brentq(lambda shift: expit(shift + slope * signal).mean() - prevalence, -60, 60)
        return np.asarray(shift + slope * signal)

    def excess(slope: float) -> float:
        odds = log_odds(slope)
        target = (luck < expit(odds)).astype(int)
        return _loss(metric, target, expit(odds)) - PERFECT * _loss(metric, target, np.full(size, prevalence))

    odds = log_odds(brentq(excess, 0.1, 30, xtol=1e-3))
    target = (luck < expit(odds)).astype(int)
    order = np.argsort(-target, kind="stable")
    target, odds = target[order], odds[order]
    normal = partial(_normal, random, size, 1)
    return _population(f"{prevalence:.0%} positive", metric, target, lambda e: expit(odds + e), normal, gains, 1)


def _normal(random: np.random.Generator, size: int, unit: int) -> Array:
    """Return standard normal numbers; if a unit has several rows, they have a part in common."""
    own = random.standard_normal(size)
    if unit == 1:
        return own
    common = np.repeat(random.standard_normal(size // unit), unit)
    return np.asarray(np.sqrt(GROUP_SHARE) * common + np.sqrt(1 - GROUP_SHARE) * own)


def _loss(metric: Measure, target: NDArray[Any], predicted: Array) -> float:
    return metric.loss(metric.score(target, as_given(metric, predicted)))


def _population(
    law: str,
    metric: Measure,
    target: NDArray[Any],
    predict: Predict,
    normal: Callable[[], Array],
    gains: Sequence[float],
    unit: int,
) -> Population:
    """Give each model the error that makes its loss the wanted one."""
    dummy = float(target.mean())
    headroom = _loss(metric, target, np.full(len(target), dummy))
    shared, searched = normal(), normal()
    predictions = np.empty((len(target), 1 + len(gains)))
    values = np.empty_like(predictions, dtype=np.float32)
    for column, gain in enumerate([0.0, *gains]):
        own = normal() if column == 0 else np.sqrt(ALIKE) * searched + np.sqrt(1 - ALIKE) * normal()
        error = np.sqrt(SHARED) * shared + np.sqrt(1 - SHARED) * own
        wanted = (REFERENCE - gain) * headroom
        scale = brentq(_excess(metric, target, predict, error, wanted), 0, 20, xtol=1e-6)
        predictions[:, column] = predict(scale * error)
        values[:, column] = _values(metric, target, predictions[:, column])
    scores = values.mean(axis=0, dtype=np.float64)
    skills = (scores - scores[0]) / headroom
    return Population(law, metric, target, dummy, predictions, values, skills, headroom, unit)


def _excess(
    metric: Measure, target: NDArray[Any], predict: Predict, error: Array, wanted: float
) -> Callable[[float], float]:
    return lambda scale: _loss(metric, target, predict(scale * error)) - wanted


def _values(metric: Measure, target: NDArray[Any], predicted: Array) -> Array:
    given = as_given(metric, predicted)
    moved = influence(metric.name, target, given, np.ones(len(target)))
    assert moved is not None
    return moved.values + metric.score(target, given)
