"""Distributions (laws) whose true gain is known, or can be computed from a very large sample."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtri

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """Rows of a distribution, and the predictions of two models for them."""

    target: NDArray[Any]
    reference: Array
    challenger: Array
    groups: NDArray[np.int64] | None = None


Draw = Callable[[np.random.Generator, int], Sample]


def _two_columns(p: Array) -> Array:
    return np.column_stack([1 - p, p])


def binormal(prevalence: float, areas: tuple[float, float] = (0.80, 0.83)) -> Draw:
    """Return two correlated normal scores with the given areas under the ROC curve."""
    shifts = np.sqrt(2) * ndtri(np.array(areas))

    def draw(random: np.random.Generator, rows: int) -> Sample:
        target = (random.random(rows) < prevalence).astype(int)
        shared = random.standard_normal(rows)
        scores = [shift * target + 0.9 * shared + np.sqrt(0.19) * random.standard_normal(rows) for shift in shifts]
        return Sample(target, _two_columns(expit(scores[0])), _two_columns(expit(scores[1])))

    return draw


def logistic(prevalence: float, confidence: float = 1.5, noise: float = 0.5) -> Draw:
    """Return logistic classes, a noisy or over-confident reference and a better challenger."""
    intercept = float(logit(prevalence))

    def draw(random: np.random.Generator, rows: int) -> Sample:
        true = intercept + 1.5 * random.standard_normal(rows)
        target = (random.random(rows) < expit(true)).astype(int)
        reference = confidence * (true + noise * random.standard_normal(rows))
        challenger = true + 0.4 * noise * random.standard_normal(rows)
        return Sample(target, _two_columns(expit(reference)), _two_columns(expit(challenger)))

    return draw


def discordant(better: float, worse: float, prevalence: float = 0.5) -> Draw:
    """Return labels of which only the challenger has one share right, and only the reference another."""

    def draw(random: np.random.Generator, rows: int) -> Sample:
        target = (random.random(rows) < prevalence).astype(int)
        which = random.random(rows)
        both_wrong = which > 0.8
        reference = np.where((which < better) | both_wrong, 1 - target, target)
        challenger = np.where(((which > better) & (which < better + worse)) | both_wrong, 1 - target, target)
        return Sample(target, np.eye(2)[reference], np.eye(2)[challenger])

    return draw


def four_classes(random: np.random.Generator, rows: int) -> Sample:
    """Return four classes, with 40, 30, 20 and 10 % of the rows."""
    target = np.searchsorted(np.cumsum([0.4, 0.3, 0.2]), random.random(rows))
    shared = 1.4 * np.eye(4)[target] + random.standard_normal((rows, 4))
    reference, challenger = (shared + sd * random.standard_normal((rows, 4)) for sd in (0.6, 0.3))
    return Sample(target, *(np.exp(x) / np.exp(x).sum(axis=1, keepdims=True) for x in (reference, challenger)))


NOISES: dict[str, Callable[[np.random.Generator, int], Array]] = {
    "normal": lambda random, rows: random.standard_normal(rows),
    "t3": lambda random, rows: random.standard_t(3, rows),
    "1 % outliers": lambda random, rows: random.standard_normal(rows) * np.where(random.random(rows) < 0.01, 10, 1),
    "Pareto 2.5": lambda random, rows: random.pareto(2.5, rows) - 1 / 1.5,
    "lognormal 1.5": lambda random, rows: np.exp(1.5 * random.standard_normal(rows)) - np.exp(1.125),
}  # each with mean 0
VARIANCES = {
    "normal": 1.0,
    "t3": 3.0,
    "1 % outliers": 0.99 + 0.01 * 100,
    "Pareto 2.5": 2.5 / (1.5**2 * 0.5),
    "lognormal 1.5": float(np.exp(2.25) * (np.exp(2.25) - 1)),
}


def additive(noise: str) -> Draw:
    """Return y = x + noise, with two linear models."""

    def draw(random: np.random.Generator, rows: int) -> Sample:
        x = random.standard_normal(rows)
        return Sample(x + NOISES[noise](random, rows), 0.8 * x + 0.2, 0.9 * x)

    return draw


def over_none(noise: str, told: float) -> Draw:
    """Return y = x + noise, x of `told` times the variance of the noise, predicted by no model and by a linear one."""

    def draw(random: np.random.Generator, rows: int) -> Sample:
        x = random.standard_normal(rows) * np.sqrt(VARIANCES[noise] * told)
        return Sample(x + NOISES[noise](random, rows), np.zeros(rows), 0.9 * x)

    return draw


def lognormal(random: np.random.Generator, rows: int) -> Sample:
    """Return y = exp(x / 2 + 0.8 noise), with its linear projection and its conditional mean."""
    x = random.standard_normal(rows)
    y = np.exp(0.5 * x + 0.8 * random.standard_normal(rows))
    return Sample(y, np.exp(0.445) * (1 + 0.5 * x), np.exp(0.5 * x + 0.32))


def grouped(unequal: bool, binary: bool) -> Draw:
    """Return groups whose rows share an effect: 30, or with more rows more groups of the same sizes."""

    def draw(random: np.random.Generator, rows: int) -> Sample:
        count = max(30, rows // 20)
        sizes = random.lognormal(0, 0.8, count) if unequal else np.ones(count)
        groups = random.choice(count, rows, p=sizes / sizes.sum())
        effect = random.standard_normal(count)[groups]
        x = random.standard_normal(rows)
        if not binary:
            return Sample(x + 0.35 * effect + random.standard_normal(rows), 0.8 * x + 0.2, 0.9 * x, groups)
        target = (random.random(rows) < expit(1.5 * x + 0.5 * effect)).astype(int)
        reference = 1.5 * x - 0.5 * random.standard_normal(count)[groups]
        return Sample(target, _two_columns(expit(reference)), _two_columns(expit(1.5 * x)), groups)

    return draw


def autoregressive(binary: bool, memory: float) -> Draw:
    """Return rows in time whose unexplained part is an AR(1) process with this coefficient, and a variance of 1."""

    def draw(random: np.random.Generator, rows: int) -> Sample:
        from scipy.signal import lfilter

        start = int(30 / (1 - memory))  # until it has forgotten that it began at 0
        shocks = np.sqrt(1 - memory**2) * random.standard_normal(rows + start)
        drift = lfilter([1.0], [1, -memory], shocks)[start:]
        x = random.standard_normal(rows)
        if not binary:
            return Sample(x + drift, 0.8 * x + 0.2, 0.9 * x)
        target = (random.random(rows) < expit(1.5 * x + drift)).astype(int)
        return Sample(target, _two_columns(expit(1.5 * x + 0.3)), _two_columns(expit(1.5 * x + drift / 3)))

    return draw
