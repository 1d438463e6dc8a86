"""Columns cut from a numeric target, as "low birth weight" is from the weight."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from runner.cells import written
from runner.checks import Finding, Severity, quick
from runner.checks.columns import LEVELS, is_date, is_the_clock, may_be_blocks, most_telling
from runner.config.overrides import leave_out
from runner.dataset import Dataset
from runner.task import Task
from runner.words import amount

TOLD = 0.95  # 2 AUC - 1 of the other columns for the ranges, from which on a cut is only noted: they tell as much
FEWEST_ROWS = 10  # in a range
ROUNDED = 0.01  # of the rows at most have the number at which two ranges meet, as numbers are rounded
MOST_NAMED = 3  # ranges in a sentence

Codes = NDArray[np.int64]


def cuts(sample: Dataset, leaks: Collection[str], seed: int) -> Iterator[Finding]:
    """Give the columns whose values are ranges of a numeric target that do not overlap, with values inside a range.

    A value that always goes with the same number is looked up, and is no range.

    Parameters
    ----------
    leaks : collection of str
        Columns that give the target away, so that what they tell of the ranges says nothing.
    """
    if sample.task.is_classification:
        return
    codes = {
        name: levels for name in map(str, sample.features.columns) if (levels := _ranges(sample, name)) is not None
    }
    rest = sample.features.drop(columns=[*{*codes, *leaks}])
    for name, levels in codes.items():
        is_told = _told_by(rest, levels, sample, seed) >= TOLD
        evidence = f"The values of {name!r} are ranges of {sample.target_name!r}: {_named(sample, name, levels)}."
        advice = leave_out([name], f"made from {sample.target_name!r}")
        severity = Severity.INFO if is_told else Severity.WARN
        yield Finding("target-leak", severity, (name,), evidence, advice, {"ranges": int(levels.max()) + 1})


def _ranges(sample: Dataset, name: str) -> Codes | None:
    """Return the range of each row, from the lowest on; None if the column's values are no ranges of the target."""
    column, target = sample.features[name], sample.target
    count = column.nunique(dropna=False)
    if not 2 <= count <= LEVELS or count >= len(np.unique(target)) or is_date(column) or is_the_clock(sample, name):
        return None
    levels = pd.factorize(column, use_na_sentinel=False)[0]
    means = np.bincount(levels, target) / np.bincount(levels)
    codes = means.argsort(kind="stable").argsort(kind="stable")[levels]
    order = np.lexsort((codes, target))
    rises, ordered = np.diff(codes[order]), target[order]
    shared = ordered[:-1][(rises > 0) & (np.diff(ordered) == 0)]
    is_apart = rises.min() >= 0 and np.isin(target, shared).mean() <= ROUNDED
    sizes = np.bincount(codes)
    return codes if is_apart and sizes.min() >= FEWEST_ROWS and not may_be_blocks(sizes) else None


def _told_by(features: pd.DataFrame, levels: Codes, sample: Dataset, seed: int) -> float:
    """Return how well other columns tell the ranges, as 2 AUC - 1 out of fold."""
    if features.columns.empty:
        return 0.0
    count = int(levels.max()) + 1
    task = Task.BINARY if count == 2 else Task.MULTICLASS
    rows = replace(sample, task=task, target=levels, classes=tuple(range(count)), features=features)
    telling = features[most_telling(rows, quick.COLUMNS)]
    return quick.judge(telling, rows, quick.random_folds(rows, seed)).skill


def _named(sample: Dataset, name: str, levels: Codes) -> str:
    """Say where the ranges begin and end."""
    told = []
    for place in range(int(levels.max()) + 1):
        rows = np.flatnonzero(levels == place)
        value: Any = sample.features[name].iloc[rows[0]]
        word = "missing" if pd.isna(value) else repr(written(value))
        low, high = amount(sample.target[rows].min()), amount(sample.target[rows].max())
        told.append(f"{word} is {low}" if low == high else f"{word} is {low} to {high}")
    more = len(told) - MOST_NAMED
    return ", ".join(told[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
