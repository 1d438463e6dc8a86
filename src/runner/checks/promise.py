"""What a random split promises, and what is kept: one quick model, on the same rows, by two kinds of folds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from runner.checks import quick
from runner.dataset import Dataset
from runner.errors import UserError
from runner.metrics import Metric
from runner.splits import make_folds

FOLDS = 6
PARTS = 3  # of a fold's rows: a random split leaves most of their group, and of their time, to learn from
OPTIMISTIC = 0.05  # skill that a random split promises too much
SMALL, MUCH_MORE = 0.01, 1.25  # or so much, when the loss that is left grows by so much
ERRORS = 2.0  # and so many standard errors
SLICES = 20  # of rows, or groups, drawn at random


@dataclass(frozen=True)
class Comparison:
    """The same model by random folds, and by folds that obey: both judge the same rows, and had as many to learn from.

    Attributes
    ----------
    random, obeying : tuple of float
        Score, and skill.
    error : float
        Standard error of what the skills are apart, by leaving out a fold at a time.
    """

    random: tuple[float, float]
    obeying: tuple[float, float]
    error: float

    @property
    def too_much(self) -> float:
        """Return the skill that random folds promise too much; where they promise none, no promise is broken."""
        return max(self.random[1], 0.0) - max(self.obeying[1], 0.0)

    @property
    def is_sure(self) -> bool:
        """Whether that is more than chance, and matters."""
        return self.is_optimistic and self.random[1] - self.obeying[1] >= ERRORS * self.error

    @property
    def is_optimistic(self) -> bool:
        """Whether random folds promise much more skill, or make much of what is left to win seem won."""
        left, seems_left = 1 - self.obeying[1], 1 - self.random[1]
        return self.too_much >= OPTIMISTIC or (self.too_much >= SMALL and left >= MUCH_MORE * seems_left)


def compare(sample: Dataset, metric: Metric, seed: int, by_groups: bool = False) -> Comparison | None:
    """Score the quick model twice on the same rows: by folds that obey, and by random ones, or random ones by groups.

    The same rows, as one stretch of time is harder to predict than another; and all at once, as a random split is also
    praised for telling good times from bad.
    """
    try:
        obeying = make_folds(sample, FOLDS, seed)
    except UserError:  # too few groups or moments to keep apart
        return None
    groups = sample.groups if by_groups and sample.groups is not None else np.arange(len(sample))
    said = [quick.out_of_fold(sample, folds) for folds in (_random(sample, obeying, groups, seed), obeying)]
    tests = [test for _, test in obeying]
    rows = np.concatenate(tests)
    weights = sample.weights_of(rows)
    scores = [metric.score(sample.target[rows], each[rows], weights) for each in said]
    skills = [quick.skill(sample, rows, each[rows]) for each in said]
    return Comparison((scores[0], skills[0]), (scores[1], skills[1]), _error(sample, said, tests))


def clock_tells(sample: Dataset, features: pd.DataFrame, others: pd.DataFrame, seed: int) -> bool:
    """Whether random folds surely predict better with a clock among the inputs than with the others alone.

    That is, rows near in time are alike in what no other input tells. Looking ahead shows it by few stretches of time,
    which differ by chance; here each row, or group, is a witness. A clock does not come back to a moment: what it tells
    between the rows, it does not tell after them.
    """
    folds = quick.random_folds(sample, seed)
    said = [quick.out_of_fold(replace(sample, features=inputs), folds) for inputs in (features, others)]
    rows = np.arange(len(sample))
    groups = rows if sample.groups is None else sample.groups
    names = np.random.default_rng(seed).permutation(np.unique(groups))
    parts = [np.flatnonzero(np.isin(groups, some)) for some in np.array_split(names, min(SLICES, len(names)))]
    with_it, without = (quick.skill(sample, rows, each) for each in said)
    return with_it - without >= ERRORS * _error(sample, said, parts)


def _error(sample: Dataset, said: list[NDArray[np.float64]], parts: Sequence[NDArray[np.int64]]) -> float:
    """Return the standard error of what two skills are apart, by leaving out a part of the rows at a time."""
    fewer = [np.concatenate([*parts[:place], *parts[place + 1 :]]) for place in range(len(parts))]
    apart = np.diff([[quick.skill(sample, rows, each[rows]) for each in said] for rows in fewer])
    return float(np.sqrt((len(apart) - 1) * apart.var()))


def _random(sample: Dataset, obeying: Sequence[quick.Fold], groups: NDArray[np.int64], seed: int) -> list[quick.Fold]:
    """Return folds of the same rows in a few parts, each with as many rows of others to learn from, wherever."""
    draw, folds = np.random.default_rng(seed), []
    for train, test in obeying:
        for names in np.array_split(draw.permutation(np.unique(groups[test])), PARTS):
            part = test[np.isin(groups[test], names)]
            others = np.flatnonzero(~np.isin(groups, names))
            folds.append((draw.choice(others, min(len(train), len(others)), replace=False), part))
    return folds
