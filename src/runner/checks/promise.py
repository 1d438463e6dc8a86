"""What a random split promises, and what comes true: a quick model scored on the same rows by two kinds of folds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from runner import sampling
from runner.checks import quick
from runner.dataset import Dataset
from runner.errors import UserError
from runner.metrics import Metric
from runner.splits import make_folds
from runner.words import amount

ROWS = 4_000
FOLDS = 6
PARTS = 3  # of a fold's test rows: while one is judged, the rest of its group and its time can be learned from
OPTIMISTIC = 0.05  # excess of skill from which on a random split is optimistic
SMALL, MUCH_MORE = 0.01, 1.25  # or a smaller excess, if the remaining loss grows by this factor
ERRORS = 2.0  # standard errors by which the difference must exceed 0
SLICES = 20  # random parts of the rows, or groups, for the standard error

Rows = NDArray[np.int64]
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Promise:
    """The same model by random folds, and by folds that respect groups and time.

    Both judge the same rows, and learn from equally many.

    Attributes
    ----------
    errors_apart : float
        By how many standard errors random folds rank the rows better, these by leaving out one fold at a time.
    """

    random: quick.Judged
    obeying: quick.Judged
    errors_apart: float

    @property
    def too_much(self) -> float:
        """Return by how much random folds overstate the skill; negative skills count as 0, as they promise nothing."""
        return max(self.random.skill, 0.0) - max(self.obeying.skill, 0.0)

    @property
    def is_sure(self) -> bool:
        """Whether that matters, and is more than chance."""
        return self.is_optimistic and self.errors_apart >= ERRORS

    @property
    def is_optimistic(self) -> bool:
        """Whether random folds promise much more skill, or hide a large part of the remaining loss."""
        left, seems_left = 1 - self.obeying.skill, 1 - self.random.skill
        return self.too_much >= OPTIMISTIC or (self.too_much >= SMALL and left >= MUCH_MORE * seems_left)

    def told(self, metric: Metric, kept: str, folds: str = "random folds") -> str:
        """Write both scores: that of random folds, and that of folds which keep something apart."""
        first, second = (metric.for_people(judged.score) for judged in (self.random, self.obeying))
        return f"a quick model scores {metric.label} {amount(first)} on {folds}, {amount(second)} {kept}"


def sampled(rows: Dataset, seed: int) -> Dataset:
    """Return a sample of at most `ROWS` rows, in their order; of whole groups, if these are small enough."""
    if len(rows) <= ROWS:
        return rows
    if rows.groups is not None:
        try:
            return rows.take(sampling.sample(rows.strata, rows.groups, False, ROWS, seed))
        except UserError:  # the groups are too large: take some rows of each
            pass
    return rows.take(np.sort(np.random.default_rng(seed).permutation(len(rows))[:ROWS]))


def compare(sample: Dataset, metric: Metric, seed: int, by_groups: bool = False) -> Promise | None:
    """Score the quick model twice on the same rows: by folds that respect groups and time, and by random ones.

    They are the same rows, as one period is harder to predict than another, and all are scored together, as a random
    split gets part of its score from telling good periods from bad ones. None where too few groups or moments are left.

    Parameters
    ----------
    by_groups : bool
        Whether the random folds keep groups together.
    """
    try:
        kept_apart = make_folds(sample, FOLDS, seed)
    except UserError:  # too few groups or moments to keep apart
        return None
    groups = sample.groups if by_groups and sample.groups is not None else np.arange(len(sample))
    said = [quick.out_of_fold(sample, folds) for folds in (_random(kept_apart, groups, seed), kept_apart)]
    tests = [test for _, test in kept_apart]
    rows = np.concatenate(tests)
    weights = sample.weights_of(rows)
    random, obeying = (
        quick.Judged(metric.score(sample.target[rows], each[rows], weights), quick.skill(sample, rows, each[rows]))
        for each in said
    )
    return Promise(random, obeying, _errors_apart(quick.ranking, sample, said, tests))


def clock_tells(sample: Dataset, features: pd.DataFrame, others: pd.DataFrame, seed: int) -> bool:
    """Whether random folds predict better, by more than chance, with a clock among the inputs than without it.

    Then rows near in time are alike in a way that no other input explains. Looking ahead would show that by a few
    periods only, which differ by chance; here each row, or group, counts. A clock never returns to a moment: what it
    predicts between known rows, it does not predict after them.

    Parameters
    ----------
    features, others : DataFrame, shape (rows, columns)
        The inputs with the clock, and without.
    """
    folds = quick.random_folds(sample, seed)
    said = [quick.out_of_fold(replace(sample, features=inputs), folds) for inputs in (features, others)]
    rows = np.arange(len(sample))
    groups = rows if sample.groups is None else sample.groups
    names = np.random.default_rng(seed).permutation(np.unique(groups))
    parts = [np.flatnonzero(np.isin(groups, some)) for some in np.array_split(names, min(SLICES, len(names)))]
    return _errors_apart(quick.skill, sample, said, parts) >= ERRORS


def _errors_apart(
    skill: Callable[[Dataset, Rows, Values], float], sample: Dataset, said: list[Values], parts: Sequence[Rows]
) -> float:
    """Return by how many standard errors the first predictions are better; one part at a time is left out.

    It is 0 for a single part, which shows nothing of the spread.
    """
    if len(parts) < 2:
        return 0.0
    kept = [np.concatenate(parts), *(np.concatenate([*parts[:k], *parts[k + 1 :]]) for k in range(len(parts)))]
    first, second = ([skill(sample, rows, each[rows]) for rows in kept] for each in said)
    better = np.subtract(first, second)
    error = float(np.sqrt((len(parts) - 1) * better[1:].var()))
    return float(better[0]) / error if error > 0 else 0.0


def _random(obeying: Sequence[quick.Fold], groups: NDArray[np.int64], seed: int) -> list[quick.Fold]:
    """Return random folds that judge the same test rows in parts, and learn from as many rows as the given folds do."""
    draw, folds = np.random.default_rng(seed), []
    for train, test in obeying:
        tested = draw.permutation(np.unique(groups[test]))
        for names in np.array_split(tested, min(PARTS, len(tested))):
            part = test[np.isin(groups[test], names)]
            others = np.flatnonzero(~np.isin(groups, names))
            folds.append((draw.choice(others, min(len(train), len(others)), replace=False), part))
    return folds
