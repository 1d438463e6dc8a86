"""A population in which models are really fitted, and the true score of each is known without error.

There are eight normal columns. The truth is linear, plus a part of given strength that a linear model cannot see. The
cheap models are this linear model and one default map of random features with a ridge; the search has four maps and
four penalties. All are fitted by least squares, so one Gram matrix per fold serves every training set, and a whole
nested search takes milliseconds. The population is finite. Samples are drawn with replacement, and their noise anew.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

Array = NDArray[np.float64]
Rows = NDArray[np.int64]

POPULATION = 20_000
COLUMNS, FIXED = 8, 9  # the intercept and the columns are not penalised
WIDTHS = (5, 15, 30, 60)
PENALTIES = (0.3, 3.0, 30.0, 300.0)
CONFIGURATIONS = [(0, 0.0), *((form, penalty) for form in range(1, len(WIDTHS) + 1) for penalty in PENALTIES)]
LINEAR, DEFAULT = 0, 1 + len(PENALTIES) + 1  # the cheap models
SEARCHED = np.arange(1, len(CONFIGURATIONS))
FIRST_DRAWN = SEARCHED[::2]  # of an adaptive search: the second half has the form that did best
NOISE = {"squared error": "normal", "squared error, t3 noise": "t3", "Brier": "classes", "ROC AUC": "classes"}


@dataclass(frozen=True)
class World:
    """One population.

    Attributes
    ----------
    metric : str
        A key of `NOISE`; all except ROC AUC are judged by the mean squared error.
    strength : float
        Of the part that a linear model cannot see.
    """

    metric: str
    strength: float
    seed: int

    @cached_property
    def features(self) -> Array:
        """Return the columns of the whole population."""
        return np.random.default_rng([self.seed, 1]).standard_normal((POPULATION, COLUMNS))

    @cached_property
    def expected(self) -> Array:
        """Return the expected target of each member."""
        x = self.features
        unseen = np.sin(2 * x[:, 0]) * x[:, 1] + x[:, 2] * x[:, 3] + np.abs(x[:, 4])
        value = 0.5 * x[:, 0] + 0.3 * x[:, 1] - 0.3 * x[:, 2] + self.strength * unseen
        return np.asarray(expit(value) if NOISE[self.metric] == "classes" else value)

    @cached_property
    def forms(self) -> list[Array]:
        """Return the population as each form of model sees it."""
        random = np.random.default_rng([self.seed, 2])
        plain = np.column_stack([np.ones(POPULATION), self.features])
        maps = [
            np.sqrt(2)
            * np.cos(0.7 * self.features @ random.standard_normal((COLUMNS, width)) + random.uniform(0, 6.3, width))
            for width in WIDTHS
        ]
        return [plain, *(np.hstack([plain, one]) for one in maps)]

    @cached_property
    def _moments(self) -> list[tuple[Array, Array]]:
        return [(form.T @ form / POPULATION, form.T @ self.expected / POPULATION) for form in self.forms]

    def draw(self, random: np.random.Generator, rows: int) -> tuple[Rows, Array]:
        """Draw members of the population, with a target for each."""
        members = random.integers(POPULATION, size=rows)
        expected, kind = self.expected[members], NOISE[self.metric]
        if kind == "classes":
            return members, (random.random(rows) < expected).astype(float)
        noise = random.standard_normal(rows) if kind == "normal" else random.standard_t(3, rows) / np.sqrt(3)
        return members, expected + noise

    def true_score(self, form: int, weights: Array) -> float:
        """Return the score of a fitted model in the population, up to a constant that is the same for all models."""
        if self.metric == "ROC AUC":
            return weighted_auc(self.forms[form] @ weights, self.expected)
        second, first = self._moments[form]
        return float(2 * weights @ first - weights @ second @ weights)


def weighted_auc(scores: Array, positive: Array) -> float:
    """Return the area under the ROC curve where each row is positive with a known probability."""
    order = np.argsort(scores)
    share = positive[order]
    below = np.cumsum(1 - share) - (1 - share)
    return float(share @ below / (share.sum() * (1 - share).sum()))


class Grams:
    """Sums of squares and products of each fold, from which models of every training set are fitted.

    Parameters
    ----------
    forms : sequence of ndarray, shape (rows, width)
        The drawn rows as each form of model sees them.
    folds : sequence of ndarray of int64
    """

    def __init__(self, forms: list[Array], target: Array, folds: list[Rows]):
        self.forms, self.target, self.folds = forms, target, folds
        self._second = [np.array([form[fold].T @ form[fold] for fold in folds]) for form in forms]
        self._first = [np.array([form[fold].T @ target[fold] for fold in folds]) for form in forms]

    def fit(self, form: int, penalties: list[float], without: tuple[int, ...]) -> Array:
        """Return the weights of models fitted without some folds, shape (penalties, width)."""
        kept = [fold for fold in range(len(self.folds)) if fold not in without]
        second, first = self._second[form][kept].sum(axis=0), self._first[form][kept].sum(axis=0)
        ridge = np.diag(np.r_[np.full(FIXED, 1e-8), np.ones(len(first) - FIXED)])
        systems = second + np.array(penalties)[:, None, None] * ridge + 1e-8 * np.eye(len(first))
        return np.asarray(np.linalg.solve(systems, np.tile(first[:, None], (len(penalties), 1, 1)))[..., 0])

    def one(self, configuration: int, without: tuple[int, ...] = ()) -> tuple[int, Array]:
        """Return the form and the weights of one configuration."""
        form, penalty = CONFIGURATIONS[configuration]
        return form, self.fit(form, [penalty], without)[0]

    def scores(self, without: tuple[int, ...], on: int, metric: str) -> Array:
        """Return the score of every configuration, fitted without some folds, on one of these folds."""
        rows, found = self.folds[on], []
        for form in range(len(self.forms)):
            weights = self.fit(form, [0.0] if form == 0 else list(PENALTIES), without)
            found.append(score(self.forms[form][rows] @ weights.T, self.target[rows], metric))
        return np.concatenate(found)


def score(predictions: Array, target: Array, metric: str) -> Array:
    """Return the score of each column of predictions."""
    if metric != "ROC AUC":
        return np.asarray(-((target[:, None] - predictions) ** 2).mean(axis=0))
    positive = target[np.argsort(predictions, axis=0)] > 0
    below = np.cumsum(~positive, axis=0)
    return np.asarray((positive * below).sum(axis=0) / max(target.sum() * (1 - target).sum(), 1.0))
