"""What a random split hides: time and groups.

Meaning: a quick model is scored twice, by random folds and by folds that keep groups together or look ahead in time.
The difference is what a random split would promise although it will not hold for the next patients, or the next months.
Where nothing is declared, the difference must be more than chance: for groups by how far the folds differ in how well
rows are ranked, for time by what a clock adds to random folds.
Does not apply: when the table holds all groups and moments for which predictions will ever be needed.
To do: name the column as `dataset.group` or `dataset.time`; where one is named, the runner already splits by it.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from runner.checks import Finding, Severity, quick
from runner.checks.columns import (
    SORTED,
    is_date,
    is_number,
    is_sorted_by_target,
    numbers,
    of_the_moment,
    order,
)
from runner.checks.material import Material
from runner.checks.panel import FEWEST_MOMENTS, panels
from runner.checks.promise import Promise, clock_tells, compare, sampled
from runner.config.overrides import as_override
from runner.dataset import Dataset
from runner.hints import MOST_IN_ONE, determines, is_a_scale, is_whole, outcomes
from runner.naming import is_a_thing, may_be_a_period
from runner.reading.roles import group_codes
from runner.words import quantity

CODES = ("undeclared-time", "undeclared-group", "random-split-optimistic")
FEWEST_ROWS = 150
MOST_MEASURED = 2  # candidates of a kind
FEWEST_GROUPS = 10
REPEATED = 0.2  # share of the rows whose value is there more than once; with fewer, a random split hides little
IN_ORDER = 0.9999
SAME = 0.9  # share of the groups that are left where another column makes them


def look(material: Material) -> list[Finding]:
    """Measure what a random split hides, for declared groups and time, or else for columns that look like them."""
    if len(material.rows) < FEWEST_ROWS:
        return []
    material = replace(material, rows=quick.narrowed(material.rows, _suspects(material.rows)))
    rows = material.rows
    findings: list[Finding] = []
    if rows.time is not None or rows.groups is not None:
        findings += _declared(material)
    if rows.time is None:
        findings += _times(material)
    if rows.groups is None:
        findings += _groups(replace(material, rows=replace(rows, time=None)))
    return findings


def _suspects(rows: Dataset) -> list[str]:
    """Return the columns that are always kept of a very wide table: dates, and those named like a time or a group."""
    names = map(str, rows.features.columns)
    found = (n for n in names if may_be_a_period(n) or is_a_thing(n) or is_date(rows.features[n]))
    return list(islice(found, quick.COLUMNS))


def _declared(material: Material) -> list[Finding]:
    sample = sampled(material.rows, material.seed)
    compared = compare(sample, material.metric, material.seed)
    if compared is None:
        return []
    both = sample.groups is not None and sample.time is not None
    ahead = "looking ahead in time" if sample.time is not None else "with groups kept apart"
    kept = "with time and groups obeyed" if both else ahead
    told = compared.told(material.metric, kept)
    verdict = "would have been" if compared.is_optimistic else "is not shown to be"
    advice = "The folds and the holdout of this run allow for that already: nothing to do."
    evidence = f"A random split {verdict} optimistic: {told}."
    return [Finding("random-split-optimistic", Severity.INFO, (), evidence, advice, _numbers(compared))]


def _times(material: Material) -> Iterator[Finding]:
    """Measure columns that look like time, and the order of the rows."""
    rows = material.rows
    for name in _like_time(rows)[:MOST_MEASURED]:
        values = numbers(rows.features[name])
        known = np.flatnonzero(~np.isnan(values))
        in_order = known[np.argsort(values[known], kind="stable")]
        sample, compared = _looking_ahead(replace(rows.take(in_order), time=values[in_order]), material)
        others = sample.features.drop(columns=list({name, *of_the_moment(sample)}))
        if compared and compared.is_optimistic and clock_tells(sample, sample.features, others, material.seed):
            folds = "random folds" if sample.groups is None else "folds of other groups"
            evidence = f"{name!r} looks like time: {compared.told(material.metric, 'looking ahead in it', folds)}."
            as_time = as_override("dataset.time", name)
            advice = f"If the model is to predict the future, set {as_time}: a random split hides that."
            yield Finding("undeclared-time", Severity.WARN, (name,), evidence, advice, _numbers(compared))
            return
    if rows.groups is None and not _is_sorted(rows):  # rows sorted by group are not in the order of time
        sample = sampled(replace(rows, time=np.arange(len(rows))), material.seed)
        counted = pd.concat([sample.features, pd.Series(sample.time)], axis="columns")
        if not clock_tells(sample, counted, sample.features, material.seed):  # few fits, and mostly the end of it
            return
        compared = compare(sample, material.metric, material.seed)
        if compared and compared.is_optimistic:
            evidence = f"The order of the rows matters: {compared.told(material.metric, 'on later rows')}."
            advice = "If that order is time, add a column of time to the table and set dataset.time."
            yield Finding("undeclared-time", Severity.INFO, (), evidence, advice, _numbers(compared))


def _looking_ahead(rows: Dataset, material: Material) -> tuple[Dataset, Promise | None]:
    """Compare looking ahead with random folds; both keep groups together, unless these then leave no past."""
    sample = sampled(rows, material.seed)
    compared = compare(sample, material.metric, material.seed, by_groups=True)
    if compared is None and sample.groups is not None:
        sample = replace(sample, groups=None)
        compared = compare(sample, material.metric, material.seed)
    return sample, compared


def _groups(material: Material) -> Iterator[Finding]:
    """Measure columns that look like the names of groups."""
    rows = material.rows
    named = _like_groups(rows)
    alone = [name for name in named if _most_are_alone(rows.features[name])]  # no others are left out for these
    several = [name for name in named if name not in alone]
    for name in alone[:MOST_MEASURED] + several[:MOST_MEASURED]:
        column = rows.features[name]
        sample = sampled(replace(rows, groups=group_codes(column, [])), material.seed)  # as if it were declared
        compared = compare(sample, material.metric, material.seed)
        if compared and compared.is_sure:
            size = quantity(column.count() / column.nunique())
            told = compared.told(material.metric, "with its values kept apart")
            evidence = f"{name!r} looks like a column of groups, about {size} rows each: {told}."
            as_group = as_override("dataset.group", name)
            advice = f"If the model is to predict new groups, set {as_group}: a random split hides that."
            yield Finding("undeclared-group", Severity.WARN, (name,), evidence, advice, _numbers(compared))


def _like_time(rows: Dataset) -> list[str]:
    """Return the columns that hold dates, count the rows, or are named like a time and sort the rows; dates first."""
    dates, counters, called = [], [], []
    moments = {moment for _, moment in panels(rows)}
    for name in map(str, rows.features.columns):
        column = rows.features[name]
        if column.nunique() < FEWEST_MOMENTS:
            continue
        if is_date(column):
            dates.append(name)
        elif is_number(column) and _is_counter(column):
            counters.append(name)
        elif name in moments or (is_number(column) and may_be_a_period(name) and order(numbers(column)) >= SORTED):
            called.append(name)
    return dates + counters + called


def _is_counter(column: "pd.Series[Any]") -> bool:
    return bool(column.is_unique) and order(numbers(column)) >= IN_ORDER


def _is_sorted(rows: Dataset) -> bool:
    """Whether the table was sorted by its target or an input, so that the order of its rows is not that of time."""
    return is_sorted_by_target(rows) or any(
        order(numbers(rows.features[name])) >= SORTED for name in rows.features.columns
    )


def _like_groups(rows: Dataset) -> list[str]:
    """Return the columns whose values repeat and look like groups, by their names or by other columns; finest first."""
    found, told = {}, outcomes(rows.target, rows.task)
    levels = {str(name): pd.factorize(rows.features[name], use_na_sentinel=False)[0] for name in rows.features.columns}
    counts = {name: int(codes.max()) + 1 for name, codes in levels.items()}
    seen_often = {thing for thing, _ in panels(rows)}
    for name, codes in levels.items():
        column = rows.features[name]
        if is_date(column) or may_be_a_period(name) or (is_number(column) and not is_whole(column)):
            continue
        sizes = column.value_counts().to_numpy()  # of the known values
        repeated = sizes[sizes > 1].sum() / len(rows)
        if len(sizes) < FEWEST_GROUPS or repeated < REPEATED or sizes.max() > MOST_IN_ONE * len(rows):
            continue
        is_amount = is_number(column) and _most_are_alone(column)  # numbers that few rows share are no names
        may_be = is_a_thing(name) or (not is_amount and _is_followed(codes, name, levels, counts))
        if name in seen_often or (may_be and not is_a_scale(column, told)):
            found[name] = counts[name]
    things: list[str] = []
    for name in sorted(found, key=lambda name: -found[name]):
        if not any(_is_the_same(name, finer, levels, counts) for finer in things):
            things.append(name)
    return things


def _most_are_alone(column: "pd.Series[Any]") -> bool:
    """Whether most of its values are in one row each."""
    return bool(column.value_counts().median() < 2)


def _is_the_same(name: str, finer: str, levels: dict[str, Any], counts: dict[str, int]) -> bool:
    """Whether two columns make nearly the same groups, as a country and its code, or a patient and a birthday."""
    return counts[name] >= SAME * counts[finer] and determines(levels[finer], levels[name])


def _is_followed(codes: NDArray[np.int64], name: str, levels: dict[str, Any], counts: dict[str, int]) -> bool:
    """Whether a coarser column is constant within each level, as sex is for a patient."""
    for other, follows in levels.items():
        if other == name or not 2 <= counts[other] < counts[name]:
            continue
        if not determines(codes, follows):
            continue
        agree = float(((np.bincount(follows) / len(follows)) ** 2).sum())
        if (len(codes) - counts[name]) * np.log(agree) < np.log(1e-9):  # by chance, for all rows of all levels
            return True
    return False


def _numbers(compared: Promise) -> dict[str, float]:
    return {
        "random_score": compared.random.score,
        "obeying_score": compared.obeying.score,
        "random_skill": compared.random.skill,
        "obeying_skill": compared.obeying.skill,
    }
