"""Faults that are planted in a table, so that it is known what a check should find."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import rankdata

from runner.checks.columns import is_sorted_by_target, numbers
from runner.dataset import Dataset
from runner.hints import outcomes

Random = np.random.Generator
PLANTED = "planted"
NEXT = 5  # rows on each side
SHUFFLES, ERRORS = 100, 3.0  # number of shuffles, and standard errors above their mean


@dataclass(frozen=True)
class Fault:
    """One kind of fault.

    Attributes
    ----------
    check : str
        The module of the check that should find it.
    code : str
        The code of the finding.
    plant : callable
        Returns the table with the fault, and the column that should be named (None if the fault is in no column).
        Returns None if the fault cannot be planted in this table.
    can_be_told : callable
        Whether the rows that the check is given show the fault in that column to somebody who knows what was planted.
        The check itself is not asked.
    """

    check: str
    code: str
    plant: Callable[[Dataset, Random], tuple[Dataset, str | None] | None]
    can_be_told: Callable[[Dataset, str], bool] = lambda rows, column: True


def with_column(data: Dataset, values: Any) -> tuple[Dataset, str]:
    """Add a column in the middle of the table."""
    features = data.features.copy()
    features.insert(len(features.columns) // 2, PLANTED, values)
    return replace(data, features=features), PLANTED


def perfect(data: Dataset, draw: Random) -> tuple[Dataset, str]:
    if data.task.is_classification:
        return with_column(data, pd.Series([f"state {code}" for code in data.target], dtype="str"))
    return with_column(data, 3 - 2 * data.target)


def nine_tenths(data: Dataset, draw: Random) -> tuple[Dataset, str]:
    """Add a column that agrees with the class in 90 % of the rows, or correlates with the normal score at 0.9."""
    if data.task.is_classification:
        codes = np.where(draw.random(len(data)) < 0.9, data.target, draw.permutation(data.target))
        return with_column(data, pd.Series([f"state {code}" for code in codes], dtype="str"))
    noise = np.sqrt(1 / 0.9**2 - 1)
    return with_column(data, scores(data.target) + noise * draw.normal(size=len(data)))


def scores(target: NDArray[Any]) -> NDArray[np.float64]:
    """Return the target's ranks, with ties broken by order, scaled to mean 0 and standard deviation 1."""
    ranks = rankdata(target, method="ordinal").astype(np.float64)
    return np.asarray((ranks - ranks.mean()) / ranks.std())


def one_side(data: Dataset) -> NDArray[np.bool_]:
    """Return the rows of the last class (the positive one in a binary task), or those above the median."""
    if data.task.is_classification:
        return np.asarray(data.target == len(data.classes) - 1)
    return np.asarray(data.target > np.median(data.target))


def by_gaps(data: Dataset, draw: Random) -> tuple[Dataset, str]:
    return with_column(data, np.where(one_side(data), np.nan, draw.normal(size=len(data))))


def one_word(data: Dataset, draw: Random) -> tuple[Dataset, str]:
    """Add a column in which half of the rows of one class, or of the greatest fifth, have a word of their own."""
    words = draw.choice(["a", "b", "c", "d"], len(data)).astype(object)
    side = one_side(data) if data.task.is_classification else data.target >= np.quantile(data.target, 0.8)
    words[side & (draw.random(len(data)) < 0.5)] = "closed"
    return with_column(data, pd.Series(words, dtype="str"))


def in_parts(data: Dataset, draw: Random) -> tuple[Dataset, str] | None:
    """Add two or three columns that add up to the target in each row; the first one may be subtracted instead."""
    if data.task.is_classification:
        return None
    parts = data.target[:, None] * draw.dirichlet(np.ones(draw.integers(2, 4)), len(data))
    data, first = with_column(data, parts[:, 0] * draw.choice([-1, 1]))
    others = {f"{PLANTED} {number}": part for number, part in enumerate(parts[:, 1:].T, start=2)}
    return replace(data, features=data.features.assign(**others)), first


def identifier(data: Dataset, draw: Random) -> tuple[Dataset, str]:
    """Add a column with a number for each row, in random order, or with a random key."""
    if draw.random() < 0.5:
        return with_column(data, 1 + draw.permutation(len(data)))
    keys = [f"{key:016x}" for key in draw.integers(0, 2**62, len(data))]
    return with_column(data, pd.Series(keys, dtype="str"))


def duplicated(data: Dataset, draw: Random) -> tuple[Dataset, None]:
    """Repeat one row in twenty at a random place."""
    again = draw.choice(len(data), len(data) // 20, replace=False)
    rows = np.append(np.arange(len(data)), again)
    return data.take(draw.permutation(rows) if data.time is None else np.sort(rows)), None


def swapped(data: Dataset, share: float, draw: Random) -> Dataset:
    """Give a share of the rows another class."""
    rows = draw.choice(len(data), round(share * len(data)), replace=False)
    target = data.target.copy()
    target[rows] = (target[rows] + draw.integers(1, len(data.classes), len(rows))) % len(data.classes)
    return replace(data, target=target)


def drifting(data: Dataset, draw: Random) -> tuple[Dataset, str] | None:
    """Shift the last 30 % of a column by a standard deviation, or write one new word into half of these cells."""
    if data.groups is not None and data.time is None:
        return None  # rows that are sorted by group have no order in time
    name = str(draw.choice(data.features.columns))
    column = data.features[name].copy()
    late = np.arange(len(data)) >= 0.7 * len(data)
    if column.dtype.kind in "iuf":
        column = column + late * float(column.std())
    elif column.dtype.kind == "O":
        column = column.where(~(late & (draw.random(len(data)) < 0.5)), "new kind")
    else:
        return None
    return replace(data, features=data.features.assign(**{name: column})), name


def constant(data: Dataset, draw: Random) -> tuple[Dataset, str]:
    return with_column(data, np.zeros(len(data)) if draw.random() < 0.5 else pd.Series(["same"] * len(data)))


def stand_in(data: Dataset, draw: Random) -> tuple[Dataset, str] | None:
    """Write -999 or 99999 into one cell in twenty of a column of numbers, or "unknown" if it holds words."""
    name = str(draw.choice(data.features.columns))
    column = data.features[name].copy()
    cells = draw.random(len(data)) < 0.05
    if column.dtype.kind in "iuf" and column.nunique() > 2:
        column = column.astype(float).mask(cells, -999.0 if draw.random() < 0.5 else 99999.0)
    elif column.dtype.kind == "O":
        column = column.mask(cells, "unknown")
    else:
        return None
    return replace(data, features=data.features.assign(**{name: column})), name


def hidden_group(data: Dataset, draw: Random) -> tuple[Dataset, str] | None:
    """Give units of ten rows an effect that no input tells, and add a column that names the unit."""
    if data.groups is not None:
        return None
    units = draw.permutation(len(data)) // 10
    return in_units(moved(data, draw.normal(size=units.max() + 1)[units], draw), units)


def meaningless_group(data: Dataset, draw: Random) -> tuple[Dataset, str] | None:
    """Add a column that names units of ten rows that have nothing in common."""
    return None if data.groups is not None else in_units(data, draw.permutation(len(data)) // 10)


def in_units(data: Dataset, units: NDArray[np.int64]) -> tuple[Dataset, str]:
    """Add a column with the unit of each row, and one with the unit's region, of which there are five."""
    region = pd.Series([f"region {number % 5}" for number in units], dtype="str")
    data = replace(data, features=data.features.assign(region=region))
    return with_column(data, pd.Series([f"unit {number}" for number in units], dtype="str"))


def hidden_time(data: Dataset, draw: Random) -> tuple[Dataset, str] | None:
    """Give time an effect that goes up and down ten times, and add the date of each row, in random order."""
    if data.time is not None:
        return None
    moment = draw.permutation(len(data))
    data = moved(data, np.sqrt(2) * np.sin(2 * np.pi * (10 * moment / len(data) + draw.random())), draw)
    return dated(data, moment)


def meaningless_time(data: Dataset, draw: Random) -> tuple[Dataset, str] | None:
    """Add a date for each row that has no effect, in random order."""
    return None if data.time is not None else dated(data, draw.permutation(len(data)))


def dated(data: Dataset, moment: NDArray[np.int64]) -> tuple[Dataset, str]:
    return with_column(data, pd.Timestamp("2020-01-01") + pd.to_timedelta(moment, unit="h"))


def moved(data: Dataset, effect: NDArray[np.float64], draw: Random) -> Dataset:
    """Assign the outcomes anew, in the order of the sum of their normal score and an effect of the same spread."""
    mixed = draw.permutation(len(data))  # equal outcomes come in random order
    own = np.empty(len(data))
    own[mixed] = scores(data.target[mixed])
    target = np.empty_like(data.target)
    target[np.argsort(own + effect)] = np.sort(data.target)
    return replace(data, target=target)


def neighbours_tell(rows: Dataset, column: str) -> bool:
    """Whether the outcomes next to a row, sorted by a column of times or units, tell its own; no model is used."""
    values = outcomes(rows.target, rows.task)[np.argsort(numbers(rows.features[column]), kind="stable")]
    draw = np.random.default_rng(0)
    by_chance = [_agreement(draw.permutation(values)) for _ in range(SHUFFLES)]
    return bool(_agreement(values) >= np.mean(by_chance) + ERRORS * np.std(by_chance))


def _agreement(values: NDArray[np.float64]) -> float:
    """Return how well the outcomes agree with those of the next few rows on each side."""
    window = np.lib.stride_tricks.sliding_window_view(values, 2 * NEXT + 1, axis=0)
    own = window[..., NEXT]
    return float((own * (window.sum(axis=-1) - own)).sum())


def has_older_and_newer(rows: Dataset, column: str) -> bool:
    """Whether the rows may be in the order of time, and the column does not just name the time, as a weekday does."""
    if rows.time is None:
        return not is_sorted_by_target(rows)
    return bool((rows.features[column].groupby(rows.time).nunique(dropna=False) > 1).any())


FAULTS = {
    "leak: a copy of the target": Fault("leak", "target-leak", perfect),
    "leak: nine tenths of the target": Fault("leak", "target-leak", nine_tenths),
    "leak: gaps that tell the target": Fault("leak", "target-leak", by_gaps),
    "leak: one word that tells the target": Fault("leak", "target-leak", one_word),
    "leak: parts that add up to the target": Fault("sums", "target-is-a-sum", in_parts),
    "identifier": Fault("identifier", "identifier", identifier),
    "duplicated rows, 5 %": Fault("duplicates", "duplicate-rows", duplicated),
    "drift": Fault("drift", "drift", drifting, has_older_and_newer),
    "constant": Fault("constant", "constant", constant),
    "stand-ins for missing values, 5 %": Fault("stand_ins", "stand-in-for-missing", stand_in),
    "hidden group": Fault("undeclared", "undeclared-group", hidden_group, neighbours_tell),
    "hidden time": Fault("undeclared", "undeclared-time", hidden_time, neighbours_tell),
}
NOTHING = {
    "a unit without meaning": Fault("undeclared", "undeclared-group", meaningless_group),
    "a date without meaning": Fault("undeclared", "undeclared-time", meaningless_time),
}
