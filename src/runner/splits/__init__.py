"""Which rows develop and which rows decide: one holdout and the folds, respecting groups and time."""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import (
    GroupKFold,
    GroupShuffleSplit,
    KFold,
    ShuffleSplit,
    StratifiedGroupKFold,
    StratifiedKFold,
    StratifiedShuffleSplit,
)

from runner.config import EvaluationConfig
from runner.dataset import Dataset
from runner.errors import UserError
from runner.gain.limits import LEAST_OF_A_CLASS, LEAST_ORDERED_ROWS, LEAST_ROWS
from runner.gain.units import LEAST_GROUPS
from runner.splits.outer_folds import OUTER, REPEATS, OuterFolds
from runner.words import counted

Rows = NDArray[np.int64]  # positions
Fold = tuple[Rows, Rows]  # to train on, and to judge on

FEWEST_FOLDS = 2
PLAIN_FOLDS = 5  # used where nested folds, which share rows, do not fit the purpose
DRAWS = 100  # of groups to keep aside, if the first ones do not hold all classes
MOST_ASIDE = 0.4  # of the rows, if none is given
LEARNED_ONLY = 0.5  # in time, the oldest share of the rows, on which no fold judges


@dataclass(frozen=True, eq=False)
class Splits:
    """Row positions.

    Attributes
    ----------
    development : ndarray of int64
        Rows that fitting and choosing may see, in ascending order.
    holdout : ndarray of int64
        Rows for the one look at the end.
    folds : tuple of (train, test)
        Positions *within the development rows*.
    outer : OuterFolds or None
        Set if nested folds judge. Then all rows are development rows, there is no holdout, and `folds` are those of the
        pairs of outer folds.
    """

    development: Rows
    holdout: Rows
    folds: tuple[Fold, ...]
    outer: OuterFolds | None = None


def make_splits(dataset: Dataset, config: EvaluationConfig, seed: int) -> Splits:
    """Split off the holdout, then divide the remaining rows into folds.

    Raises
    ------
    UserError
        If there are too few rows, groups or moments for any folds.
    """
    share = holdout_share(config, dataset)
    if not 0.05 <= share <= 0.5:
        raise UserError(f"evaluation.holdout={share:g} is a share of the rows: give one from 0.05 to 0.5.")
    if config.folds < FEWEST_FOLDS:
        raise UserError(f"evaluation.folds={config.folds} leaves nothing to judge on: give {FEWEST_FOLDS} or more.")
    if dataset.folds is not None:
        return _own_splits(dataset)
    development, holdout = split_off(dataset, share, seed)
    developing = dataset.take(development)
    folds = make_folds(developing, _possible(config.folds, developing), seed)
    splits = Splits(development, holdout, folds)
    assert_obeyed(dataset, splits)
    return splits


def _possible(folds: int, development: Dataset) -> int:
    """Return how many of the folds there can be: each judges on other groups, or on moments later than the first.

    Raises
    ------
    UserError
        If the rows that are not kept aside are of a single group or moment.
    """
    for role, values, only_learned in (("group", development.groups, 0), ("time", development.time, 1)):
        if values is None:
            continue
        count = len(np.unique(values))
        if count < 2:
            raise UserError(
                f"dataset.{role} of {development.name!r} has a single value besides those kept aside, and models are "
                f"chosen on others than they have learned from: give rows of more, or leave dataset.{role} out."
            )
        folds = min(folds, count - only_learned)
    return folds


def holdout_share(config: EvaluationConfig, dataset: Dataset) -> float:
    """Return the share of the rows that is kept aside.

    If none is given, that is 30 % of up to 10,000 rows and 20 % of larger tables, because the rows needed to see a gain
    of a given size do not grow with the table (see `gain.rows_to_settle`). Where an interval needs more rows than that,
    or more of the rarer of two classes, it is as many as it needs, but at most 40 %. So for rows in time and for
    groups, where 40 % are enough.
    """
    if config.holdout is not None:
        return config.holdout
    rows = len(dataset)
    needed = LEAST_ROWS / rows
    if len(dataset.classes) == 2:
        needed = max(needed, LEAST_OF_A_CLASS / int(np.bincount(dataset.target).min()))
    dependent = 0.0
    if dataset.time is not None:
        dependent = LEAST_ORDERED_ROWS / rows
    elif dataset.groups is not None:
        dependent = LEAST_GROUPS / len(np.unique(dataset.groups))
    needed = max(needed, dependent) if dependent <= MOST_ASIDE else needed
    return max(0.3 if rows <= 10_000 else 0.2, min(MOST_ASIDE, needed))


def _own_splits(dataset: Dataset) -> Splits:
    """Split by the user's own fold column."""
    assert dataset.folds is not None
    aside = dataset.folds.max()
    development, holdout = np.flatnonzero(dataset.folds < aside), np.flatnonzero(dataset.folds == aside)
    own = dataset.folds[development]
    folds = tuple((np.flatnonzero(own != fold), np.flatnonzero(own == fold)) for fold in np.unique(own))
    if dataset.groups is not None:
        for rows in (holdout, *(development[test] for _, test in folds)):
            others = np.setdiff1d(np.arange(len(dataset)), rows)
            if np.intersect1d(dataset.groups[rows], dataset.groups[others]).size:
                raise UserError(
                    f"dataset.fold of {dataset.name!r} puts rows of one group into two folds: correct it, or leave out "
                    "dataset.fold or dataset.group."
                )
    splits = Splits(development, holdout, folds)
    assert_obeyed(dataset, splits)
    return splits


def make_nested_splits(dataset: Dataset, seed: int) -> Splits:
    """Divide all rows into outer folds, in several repeats; groups and classes are respected as in other folds.

    Raises
    ------
    UserError
        If a fold would lack a class or a group.
    """
    seeds = np.random.SeedSequence(seed).generate_state(REPEATS)
    dealt = [make_folds(dataset, OUTER, int(state)) for state in seeds]
    outer = OuterFolds(tuple(tuple(test for _, test in folds) for folds in dealt))
    if any(len(np.unique(dataset.target[outer.test(fold)])) < len(dataset.classes) for fold in outer.outer()):
        raise UserError(
            f"The groups of {dataset.name!r} leave an outer fold without one of the classes: use "
            "evaluation.design=holdout."
        )
    splits = Splits(np.arange(len(dataset)), np.arange(0), outer.inner(), outer)
    assert_obeyed(dataset, splits)
    return splits


def split_off(dataset: Dataset, share: float, seed: int) -> tuple[Rows, Rows]:
    """Split off the latest rows (time), whole groups, or a stratified random share.

    Raises
    ------
    UserError
        If time, groups or gap leave no past to learn from.
    """
    rows = np.arange(len(dataset))
    if dataset.time is not None:
        edge = min(round(len(dataset) * (1 - share)), len(dataset) - 1)
        late = dataset.time >= dataset.time[edge]  # rows with the same time stay together
        early = dataset.time <= dataset.time[late].min() - dataset.gap if dataset.gap is not None else ~late
        early &= ~late
        if not early.any():
            raise UserError(
                f"dataset.time of {dataset.name!r} leaves no past to learn from: its last moment or the gap before it "
                "holds nearly all rows. Leave dataset.time out, or choose another column or gap."
            )
        if dataset.groups is not None:  # a group that reaches into the future: its earlier rows are on neither side
            early &= ~np.isin(dataset.groups, dataset.groups[late])
            if not early.any():
                raise _all_reach_on(dataset)
        return rows[early], rows[late]
    if dataset.groups is not None:
        return _whole_groups(dataset, dataset.groups, share, seed)
    if _stratifiable(dataset, 2) and share * len(rows) >= len(dataset.classes):
        splitter: Any = StratifiedShuffleSplit(1, test_size=share, random_state=seed)
    else:
        splitter = ShuffleSplit(1, test_size=share, random_state=seed)
    development, holdout = next(splitter.split(rows, dataset.target))
    return np.sort(development), np.sort(holdout)


def _whole_groups(dataset: Dataset, groups: NDArray[np.int64], share: float, seed: int) -> tuple[Rows, Rows]:
    """Split off random groups, such that each class can be judged on and, in two folds at least, learned.

    Where few groups hold a class, many draws leave them all on one side. If no draw does better, it is the first one.
    """
    names, group = np.unique(groups, return_inverse=True)
    holds = np.zeros((len(names), len(dataset.classes)), dtype=bool)
    if dataset.classes:
        holds[group, dataset.target] = True

    def has_all(draw: Fold) -> bool:
        aside = np.isin(np.arange(len(names)), group[draw[1]])
        return bool(holds[aside].any(axis=0).all() and (holds[~aside].sum(axis=0) >= FEWEST_FOLDS).all())

    draws = GroupShuffleSplit(DRAWS, test_size=share, random_state=seed).split(groups, groups=groups)
    first: Fold = next(draws)
    return next(filter(has_all, chain([first], draws)), first)


def _all_reach_on(dataset: Dataset) -> UserError:
    """Return the error of a panel: where its groups have rows at all times, none has a past only."""
    return UserError(
        f"Nearly all groups of {dataset.name!r} have rows among the newest, so no past of other groups is left to "
        "learn from. Leave dataset.group out if the model will meet the same groups again, or dataset.time if it will "
        "meet new ones."
    )


def _stratifiable(dataset: Dataset, members: int) -> bool:
    return dataset.task.is_classification and int(np.unique(dataset.target, return_counts=True)[1].min()) >= members


def make_folds(dataset: Dataset, count: int, seed: int) -> tuple[Fold, ...]:
    """Make the folds of the given rows: forward in time, by group, stratified, or random.

    Raises
    ------
    UserError
        If there are too few rows, groups or moments for so many folds.
    """
    if dataset.groups is not None and len(np.unique(dataset.groups)) < count:
        raise UserError(
            f"dataset.group of {dataset.name!r} has {len(np.unique(dataset.groups))} groups in the development "
            f"rows, fewer than evaluation.folds={count}: set evaluation.folds lower, or leave the group out."
        )
    if len(dataset) < count:
        raise UserError(
            f"evaluation.folds={count} is more than the {len(dataset)} development rows of {dataset.name!r}: "
            "set it lower."
        )
    if dataset.time is not None:
        if not (folds := tuple(_forward_folds(dataset, count))):
            if dataset.gap is None:
                raise _all_reach_on(dataset)
            raise UserError(
                f"dataset.gap of {dataset.name!r} is so long that no past is left to learn from: make it shorter, or "
                "leave it out."
            )
        return folds
    splitter: Any
    if dataset.groups is not None:
        kind = StratifiedGroupKFold if _stratifiable(dataset, count) else GroupKFold
        splitter = kind(count, shuffle=True, random_state=seed)
    elif dataset.task.is_classification and np.bincount(dataset.target).max() >= count:
        splitter = StratifiedKFold(count, shuffle=True, random_state=seed)
    else:
        splitter = KFold(count, shuffle=True, random_state=seed)
    rows = np.arange(len(dataset))
    with warnings.catch_warnings():  # classes with fewer members than folds were noted when the table was read
        warnings.filterwarnings("ignore", message="The least populated class")
        return tuple(splitter.split(rows, dataset.target, dataset.groups))


def plain_folds(splits: Splits, development: Dataset, seed: int) -> tuple[Fold, ...]:
    """Return the folds that choose, or, if these are nested, other folds that judge each row once."""
    return splits.folds if splits.outer is None else make_folds(development, PLAIN_FOLDS, seed)


def _forward_folds(dataset: Dataset, count: int) -> Iterator[Fold]:
    """Train on the past and judge on what came next; rows of one time or one group are never on both sides.

    The older half is only learned from: the leader on a sixth of the past is often not the leader on all of it (rolling
    origin: Tashman 2000, International Journal of Forecasting 16(4)).
    """
    assert dataset.time is not None
    moments, moment = np.unique(dataset.time, return_inverse=True)
    if len(moments) <= count:
        raise UserError(
            f"dataset.time of {dataset.name!r} has {counted(len(moments), 'different value')} in the development rows, "
            f"too few for evaluation.folds={count} that look ahead: set evaluation.folds lower, or leave time out."
        )
    starts = np.linspace(LEARNED_ONLY * len(moment), len(moment), count, endpoint=False).astype(int)
    edges = np.append(np.unique(np.maximum(moment[starts], 1)), len(moments))
    for start, end in pairwise(edges):
        train, test = np.flatnonzero(moment < start), np.flatnonzero((moment >= start) & (moment < end))
        if dataset.groups is not None:
            train = train[~np.isin(dataset.groups[train], dataset.groups[test])]
        if dataset.gap is not None:
            train = train[dataset.time[train] <= dataset.time[test].min() - dataset.gap]
        if len(train):
            yield train, test


def assert_obeyed(dataset: Dataset, splits: Splits) -> None:
    """Verify that no split has a row, a group or a time on both sides.

    Raises
    ------
    RuntimeError
        If one has. This is a fault of the runner, and no score could be believed.
    """
    dev = splits.development
    sides = [(dev, splits.holdout), *((dev[train], dev[test]) for train, test in splits.folds)]
    if splits.outer:
        sides += [(splits.outer.train(fold), splits.outer.test(fold)) for fold in splits.outer.outer()]
    for train, test in sides:
        if dataset.gap is not None and dataset.time[test].min() - dataset.time[train].max() < dataset.gap:  # type: ignore[index]
            raise RuntimeError("a split trains on rows within the gap before those it is judged on")
        if dataset.folds is not None and np.intersect1d(dataset.folds[train], dataset.folds[test]).size:
            raise RuntimeError("a split has rows of one of the user's folds on both sides")
        if np.intersect1d(train, test).size:
            raise RuntimeError("a split has the same row on both sides")
        if dataset.groups is not None and np.intersect1d(dataset.groups[train], dataset.groups[test]).size:
            raise RuntimeError("a split has rows of one group on both sides")
        if dataset.time is not None and dataset.time[train].max() >= dataset.time[test].min():
            raise RuntimeError("a split trains on rows that are not older than those it is judged on")
