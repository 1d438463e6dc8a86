"""Values that stand for "missing".

Meaning: where nothing is known, the table has a number far from all others (-999, 9999, a single negative one) or a
word such as "unknown". Means, distances and linear models take such a number literally.
Does not apply: when the value is real, such as a limit of the scale, or when "unknown" is an answer of its own.
To do: leave such cells empty when the table is made; the models can handle missing values.
"""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from runner.checks import Finding, Severity
from runner.checks.columns import is_date, is_number
from runner.checks.material import Material
from runner.words import amount, counted

CODES = ("stand-in-for-missing",)
FEWEST_ROWS = 30
WORDS = {
    "unknown", "unk", "missing", "n.a.", "n a", "#n/a", "not available", "not_available", "not applicable",
    "not_applicable", "not known", "not specified", "unspecified", "undefined", "undisclosed", "no data", "tbd",
    "(blank)", "blank", "empty", "nil", "?", "??", "--", "", "\\n",
}  # fmt: skip
NEGATIVE = (-1.0,)  # if no other value is below zero
FAR = tuple(sign * (10.0**digits - 1) for digits in (2, 3, 4, 5, 6, 7) for sign in (1, -1))  # 99, -999, ..
FAR += (-9.0, -88.0, -888.0, -8888.0, -99.9, -999.9, 1e6, 1e9, -1e6, -1e9)
APART, FAR_APART = 0.5, 2.0  # least distance from all other values, as a share of their range: of FAR, and of others
MOST_GAPS = 10.0  # widest gaps between the lesser half of amounts, that the only negative number is below zero
FEWEST, SHARE = 4, 0.002  # cells, and share of the cells: fewer may be outliers
DIFFERENT = 10  # distinct values: in a column with fewer, each is a level, and -1 or 0 may be one


def look(material: Material) -> list[Finding]:
    """Look for numbers far from all others, and for words that say that nothing is known."""
    features = material.rows.features
    if len(features) < FEWEST_ROWS:
        return []
    findings, worded = _of_the_target(material), {}
    for name in map(str, features.columns):
        column = features[name]
        if is_number(column):
            findings += _of_numbers(name, column)
        elif not is_date(column) and (count := _words(column)):
            worded[name] = count
    return findings + ([_of_words(worded)] if worded else [])


def _of_the_target(material: Material) -> list[Finding]:
    """Look for a number that was written where an amount to be predicted is not known."""
    rows, findings = material.rows, []
    if not rows.task.is_classification:
        findings = _of_numbers(rows.target_name, pd.Series(rows.target))
    advice = "If it stands for a missing value, leave these cells empty: such rows are set aside."
    return [replace(each, columns=(), advice=advice) for each in findings if each.severity is Severity.WARN]


def _of_numbers(name: str, column: "pd.Series[Any]") -> list[Finding]:
    values, counts = np.unique(column.dropna().to_numpy(np.float64), return_counts=True)
    if len(values) < 3:
        return []
    levels = len(values) <= DIFFERENT
    for place, rest in ((0, values[1:]), (-1, values[:-1])):
        value, count = float(values[place]), int(counts[place])
        if count < max(FEWEST, SHARE * counts.sum()):
            continue
        if _stands_alone(value, rest, levels):
            others = f"{amount(rest[0])} and {amount(rest[-1])}"
            evidence = f"{amount(value)} is in {count:,} cells of {name!r}; all others lie between {others}."
            advice = f"If it stands for a missing value, leave these cells of {name!r} empty."
            return [Finding("stand-in-for-missing", Severity.WARN, (name,), evidence, advice)]
        if value == 0 and _implausible_zero(rest, np.delete(counts, place)):
            evidence = f"0 is in {count:,} cells of {name!r}, and no other value is below {amount(rest[0])}."
            advice = f"Can {name!r} be 0? If 0 stands for a missing value, leave these cells empty."
            return [Finding("stand-in-for-missing", Severity.INFO, (name,), evidence, advice)]
    return []


def _stands_alone(value: float, rest: NDArray[np.float64], levels: bool) -> bool:
    """Whether a value is a common stand-in and far from all others, or the only negative one in a column of amounts.

    A whole number that is no common one, such as -200, has to be further away.
    """
    common = value in NEGATIVE or value in FAR
    if value < 0 <= rest[0] and not levels:
        return common or (value.is_integer() and value < -MOST_GAPS * np.diff(rest[: len(rest) // 2 + 1]).max())
    gap, span = (rest[0] - value if value < rest[0] else value - rest[-1]), rest[-1] - rest[0]
    return gap > APART * span if value in FAR else bool(value < 0 and value.is_integer() and gap > FAR_APART * span)


def _implausible_zero(rest: NDArray[np.float64], counts: NDArray[np.int64]) -> bool:
    """Whether zero is further from the smallest other value than the interquartile range of those values."""
    low, high = np.interp([0.25, 0.75], np.cumsum(counts) / counts.sum(), rest)
    return bool(rest[0] > 0 and rest[0] > high - low > 0 and len(rest) > 3 * DIFFERENT)


def _words(column: "pd.Series[Any]") -> int:
    levels = column.value_counts()
    meant = [str(level).strip().lower() in WORDS for level in levels.index]
    return int(levels[meant].sum()) if len(levels) > 1 else 0


def _of_words(worded: dict[str, int]) -> Finding:
    shown = ", ".join(f"{name!r} ({counted(count, 'cell')})" for name, count in list(worded.items())[:5])
    more = f" and {len(worded) - 5} more columns" if len(worded) > 5 else ""
    evidence = f"Words such as 'unknown' stand for missing values in {shown}{more}."
    advice = "Models take the word as a category of its own, which is mostly right; if it is not, empty the cells."
    return Finding("stand-in-for-missing", Severity.INFO, tuple(worded), evidence, advice)
