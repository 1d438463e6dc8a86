"""Columns that name or number the rows.

Meaning: no two rows share a value, as with a key or a counter. Such a column says nothing about new rows, and a counter
may reveal the order in which outcomes were recorded, which is a leak.
Does not apply: to measurements so precise that no two are equal; these are reported only if their name is that of an
identifier.
To do: leave the column out (`dataset.drop`); if it counts the rows in the order of time, name it as `dataset.time`.
"""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from runner.cells.prose import TEXT_WORDS, words_a_cell
from runner.checks import Finding, Severity
from runner.checks.columns import is_date, is_in_time, is_number, order
from runner.checks.leak import ROWS, STRONG
from runner.checks.material import Material
from runner.checks.one_column import column_skill, skill_told
from runner.config.overrides import as_override
from runner.naming import COUNTERS, is_named, may_be_a_period

CODES = ("identifier",)
FEWEST_ROWS = 50
UNIQUE = 0.99  # share of distinct values in a text column that names rows
EXPECTED = 10  # repetitions expected by chance: where so many are expected and there are none, the values name rows
DENSE = 2  # numbers for a row at most: what grows with the time of the rows has more
IN_ORDER = 0.9999  # rank correlation of a counter with the row number


def look(material: Material) -> list[Finding]:
    """Look for columns in which no value repeats."""
    features = material.rows.features
    if len(features) < FEWEST_ROWS:
        return []
    findings, in_time = [], is_in_time(material.rows)
    for name in map(str, features.columns):
        column = features[name].dropna()
        if len(column) < FEWEST_ROWS or is_date(column) or may_be_a_period(name):
            continue
        findings += _number(name, column, in_time) if is_number(column) else _word(name, column)
    return [_with_what_it_tells(finding, material) for finding in findings]


def _number(name: str, column: "pd.Series[Any]", in_time: bool) -> list[Finding]:
    values = column.to_numpy(np.float64)
    if (values != np.round(values)).any() or not column.is_unique:
        return []
    room = float(values.max() - values.min()) + 1
    due = len(values) ** 2 / (2 * room)
    in_order = order(values) >= IN_ORDER and (not in_time or room <= DENSE * len(values))
    if due < EXPECTED and not in_order and not is_named(name, COUNTERS):
        return []
    how = "rises from row to row" if in_order else f"repeats no value, where chance would bring {due:,.0f} repetitions"
    evidence = f"{name!r} {how if due >= EXPECTED or in_order else 'repeats no value and is named like an identifier'}."
    drop = as_override("dataset.drop", [name])
    as_time = as_override("dataset.time", name)
    advice = f"It numbers the rows: {drop}, or {as_time} if it counts in the order of time."
    return [Finding("identifier", Severity.WARN, (name,), evidence, advice)]


def _with_what_it_tells(finding: Finding, material: Material) -> Finding:
    """Add to a warning that the number predicts the target: rows were sorted by it, or the target changes with time."""
    if finding.severity is not Severity.WARN:
        return finding
    sample = material.sample(ROWS)
    skill = column_skill(sample, finding.columns[0])
    if skill < STRONG:
        return finding
    told = f"{finding.evidence} It also tells the target: alone with {skill_told(skill, sample)}."
    return replace(finding, evidence=told, figures={"skill": skill})


def _word(name: str, column: "pd.Series[Any]") -> list[Finding]:
    different = column.astype(str).nunique()
    if different / len(column) < UNIQUE or words_a_cell(column) >= TEXT_WORDS:  # text says something
        return []
    evidence = f"{name!r} has {different:,} different words in {len(column):,} rows."
    drop = as_override("dataset.drop", [name])
    advice = f"It only names the rows, so models leave it out; {drop} says so for good."
    return [Finding("identifier", Severity.INFO, (name,), evidence, advice)]
