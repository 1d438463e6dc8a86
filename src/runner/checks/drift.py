"""Newer rows that look different from older ones.

Meaning: a model can tell from the inputs alone whether a row is from the older or the newer part of the table (by time,
or by the order of the rows). What was learned from the older rows may not hold for the newer ones.
Does not apply: when the table was sorted by one of its columns, which is not drift.
To do: judge on the future (`dataset.time`); find out why the named columns have changed, and retrain more often.
"""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from runner.checks import Finding, Severity, quick
from runner.checks.columns import (
    binned_skill,
    bins,
    is_in_time,
    is_sorted_by_target,
    may_be_blocks,
    numbers,
    of_the_moment,
    order,
)
from runner.checks.material import Material, of_rows
from runner.dataset import Dataset
from runner.hints import outcomes
from runner.task import Task
from runner.words import quoted

CODES = ("drift",)
ROWS = 2_000
FEWEST_ROWS = 100
NEWER = 0.3  # share of the rows
TELLS = 0.15  # 2 AUC - 1 of old against new rows, out of fold, from which on drift is reported
MUCH = 0.6  # the same, from which on it is a warning where there is a time
IN_ORDER = 0.95  # rank correlation with the row number: a clock or a counter drifts by nature
CARRIES = 0.02  # share of the variance of old against new, from which on a column is named
SHOWN = 3


def look(material: Material) -> list[Finding]:
    """Ask a quick model which rows are the newer ones."""
    inputs, newer, timed = _old_and_new(material)
    by_group = material.rows.groups is not None  # groups that are stored one after the other differ without any drift
    in_blocks = by_group or is_sorted_by_target(material.rows) or _is_sorted(material.rows)
    if len(inputs) < FEWEST_ROWS or (not timed and in_blocks):
        return []
    all_rows, share = len(inputs), float(newer.mean())
    chosen = np.sort(np.random.default_rng(material.seed).permutation(len(inputs))[:ROWS])
    inputs, newer = inputs.iloc[chosen].reset_index(drop=True), newer[chosen]
    inputs = inputs[[name for name in inputs.columns if order(numbers(inputs[name])) < IN_ORDER]]
    if inputs.columns.empty:
        return []
    told = Dataset("old and new", Task.BINARY, "newer", inputs, newer.astype(np.int64), (0, 1), "")
    told = quick.narrowed(told)
    inputs = told.features
    folds = quick.random_folds(told, material.seed, 2)
    skill = quick.judge(inputs, told, folds).skill
    if skill < TELLS:
        return []
    table = outcomes(told.target, told.task)
    carried = {str(name): binned_skill(bins(inputs[name]), table) for name in inputs.columns}
    ranked = sorted(carried, key=lambda name: -carried[name])
    carriers = tuple(name for name in ranked[:SHOWN] if carried[name] >= CARRIES)
    which = f"newest {share:.0%} of the rows" if timed else f"last {share:.0%} of the rows, in the table's order,"
    by = f", mostly by {quoted(carriers)}" if carriers else ""
    evidence = (
        f"A quick model tells the {which} from the others with AUC {(1 + skill) / 2:.2f}{by}"
        f"{of_rows(len(inputs), all_rows)}."
    )
    changes = "why these columns change" if carriers else "what changes"
    then = "may not hold for long, so retrain often" if timed else "may not hold, so judge on the newest rows"
    advice = f"Find out {changes}; what was learned {then}{'' if timed else ' (dataset.time)'}."
    severity = Severity.WARN if timed and skill >= MUCH else Severity.INFO
    return [Finding("drift", severity, carriers, evidence, advice, {"auc": (1 + skill) / 2})]


def _is_sorted(rows: Dataset) -> bool:
    """Whether the table was sorted by an input, such as a country, and not by time."""
    return not is_in_time(rows) and any(_comes_in_blocks(rows.features[name]) for name in rows.features.columns)


def _comes_in_blocks(column: "pd.Series[Any]") -> bool:
    """Whether all rows of each value are together, which is no chance, and most values are known and repeat."""
    values = numbers(column.dropna())
    sizes = np.unique(values, return_counts=True)[1]
    if len(values) < len(column) / 2 or not 2 <= len(sizes) <= len(values) / 2 or may_be_blocks(sizes):
        return False
    return bool((np.diff(values) != 0).sum() < len(sizes))


def _old_and_new(material: Material) -> tuple[pd.DataFrame, NDArray[np.bool_], bool]:
    """Return the inputs in order, which of them are newer (the holdout, or else the last rows), and whether by time."""
    rows, aside = material.rows, material.aside
    if rows.time is not None and aside is not None and len(aside):
        inputs = pd.concat([rows.features, aside], ignore_index=True)
        return inputs.drop(columns=of_the_moment(rows)), np.arange(len(inputs)) >= len(rows), True
    newer = np.arange(len(rows)) >= round((1 - NEWER) * len(rows))
    return rows.features, newer, False
