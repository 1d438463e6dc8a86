"""Columns as numbers, for the small models and figures of the checks."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import gammaln
from scipy.stats import rankdata

from runner.dataset import Dataset
from runner.hints import determines, outcomes
from runner.naming import may_be_a_period

MIX = 71_193  # a seed that no table was made with
BY_CHANCE = 1e-9  # probability that so many cases agree
BINS = 16  # of a numeric column
LEVELS = 50  # a text column with at most this many distinct values is a category
GLANCED = 400  # at most this many columns of a very wide table are examined one by one
SORTED = 0.9  # rank correlation with the row number, from which on a column counts as sorted
IN_TIME = 0.9999  # rank correlation of a clock with the row number, where rows are in the order of time
UNMIXED = 0.1  # share of the class changes between neighbours that shuffled rows would have

Codes = NDArray[np.int64]
Values = NDArray[np.float64]


def is_number(column: "pd.Series[Any]") -> bool:
    """Whether the column holds numbers."""
    return column.dtype.kind in "iufb"


def is_date(column: "pd.Series[Any]") -> bool:
    """Whether the column holds dates."""
    return column.dtype.kind == "M"


def numbers(column: "pd.Series[Any]") -> Values:
    """Return one number per row: dates as days, text as an arbitrary code; missing values are NaN."""
    if is_number(column):
        return column.to_numpy(np.float64, na_value=np.nan)
    if is_date(column):
        days = column.to_numpy("datetime64[s]").astype(np.float64) / 86_400
        return np.where(column.isna(), np.nan, days)
    codes = pd.factorize(column, sort=True)[0]
    return np.where(codes < 0, np.nan, codes.astype(np.float64))


def is_category(column: "pd.Series[Any]") -> bool:
    """Whether the column is text with few distinct values."""
    return not is_number(column) and not is_date(column) and column.nunique() <= LEVELS


def encoded(features: pd.DataFrame) -> pd.DataFrame:
    """Return the inputs in the form that the quick model takes: columns named by position, categories as such."""
    columns = {}
    for position, name in enumerate(features.columns):
        column = features[name]
        values = numbers(column)
        if is_category(column):
            columns[f"c{position}"] = pd.Series(pd.Categorical(np.where(np.isnan(values), -1, values).astype(int)))
        else:
            columns[f"c{position}"] = pd.Series(values)
    return pd.DataFrame(columns)


def many_levels(features: pd.DataFrame) -> list[str]:
    """Return the names, as in `encoded`, of the text columns that have too many values to be categories."""
    columns = (features[name] for name in features.columns)
    are_many = [not (is_number(each) or is_date(each) or is_category(each)) for each in columns]
    return [f"c{position}" for position, is_one in enumerate(are_many) if is_one]


def bins(column: "pd.Series[Any]") -> Codes:
    """Return a small code per row: the quantile bin of a number or date, or the level of a text; 0 means missing."""
    values = numbers(column)
    known = ~np.isnan(values)
    codes = np.zeros(len(values), dtype=np.int64)
    distinct, level = np.unique(values[known], return_inverse=True)
    if len(distinct) > BINS and (is_number(column) or is_date(column)):
        edges = np.unique(np.quantile(values[known], np.linspace(0, 1, BINS + 1)[1:-1]))
        level = np.searchsorted(edges, values[known], side="right")
    codes[known] = level + 1
    return codes


def order(values: Values) -> float:
    """Return how sorted a column is, ascending or descending: its absolute rank correlation with the row number."""
    known = ~np.isnan(values)
    ranks = rankdata(values[known])
    if len(ranks) < 2 or ranks.std() == 0:
        return 0.0
    return abs(float(np.corrcoef(np.flatnonzero(known), ranks)[0, 1]))


def is_the_clock(dataset: Dataset, name: str) -> bool:
    """Whether a column is the declared time: it is known in advance, and what random folds learn from it is no leak."""
    return dataset.time is not None and order(numbers(dataset.features[name])) >= IN_TIME


def is_in_time(dataset: Dataset) -> bool:
    """Whether the rows are in the order of a declared time, of a date, or of a year or the like."""
    features = dataset.features
    clocks = (str(name) for name in features if is_date(features[name]) or may_be_a_period(name))
    return dataset.time is not None or any(order(numbers(features[name])) >= SORTED for name in clocks)


def is_sorted_by_target(dataset: Dataset) -> bool:
    """Whether the table was sorted by its target: the order of its rows then says nothing about time."""
    target = dataset.target
    if order(target.astype(np.float64)) >= SORTED:
        return True
    if not dataset.task.is_classification:
        return False
    changes = int((target[1:] != target[:-1]).sum())
    by_chance = len(target) * (1 - float(((np.bincount(target) / len(target)) ** 2).sum()))
    return changes < UNMIXED * by_chance


def of_the_moment(rows: Dataset) -> list[str]:
    """Return the columns that are constant within each moment: the date itself, its month, its weekday."""
    assert rows.time is not None
    moment = pd.factorize(rows.time)[0]
    if moment.max() + 1 > len(rows) / 2:
        return []
    levels = {str(name): pd.factorize(rows.features[name], use_na_sentinel=False)[0] for name in rows.features.columns}
    return [name for name, level in levels.items() if determines(moment, level)]


def may_be_blocks(sizes: NDArray[np.int_]) -> bool:
    """Whether rows in random order may have each value in one block, if so many rows have each."""
    orders = gammaln(sizes.sum() + 1) - gammaln(sizes + 1).sum() - gammaln(len(sizes) + 1)
    return bool(orders <= -np.log(BY_CHANCE))


def binned_skill(codes: Codes, table: NDArray[np.float64]) -> float:
    """Return the share of the outcomes' variance that bin means explain, each half of the rows judged by the other."""
    half = np.random.default_rng(MIX).random(len(codes)) < 0.5
    count = int(codes.max()) + 1
    left = total = 0.0
    for learn in (half, ~half):
        sizes = np.bincount(codes[learn], minlength=count)[:, None]
        sums = np.stack([np.bincount(codes[learn], column, count) for column in table[learn].T], axis=1)
        means = sums / (sizes + 1.0)  # shrunk, as a level with few rows says little
        left += float(((table[~learn] - means[codes[~learn]]) ** 2).sum())
        total += float((table[~learn] ** 2).sum())
    return 1 - left / total if total > 0 else 0.0


def most_telling(dataset: Dataset, most: int) -> list[str]:
    """Return the columns whose bins explain most of the target, in table order; all columns if they are few."""
    names = [str(name) for name in dataset.features.columns]
    if len(names) <= most:
        return names
    table = outcomes(dataset.target, dataset.task)
    at_a_glance = names if len(names) <= GLANCED else _correlated(dataset.features, table)
    skills = {name: binned_skill(bins(dataset.features[name]), table) for name in at_a_glance}
    chosen = set(sorted(skills, key=lambda name: -skills[name])[:most])
    return [name for name in names if name in chosen]


def _correlated(features: pd.DataFrame, table: NDArray[np.float64]) -> list[str]:
    """Return the columns of a very wide table to examine: numbers by correlation, and the first of the others."""
    numeric = [str(name) for name in features.columns if is_number(features[name])]
    others = [str(name) for name in features.columns if not is_number(features[name])][: GLANCED // 4]
    values = features[numeric].to_numpy(np.float64)
    missing = np.isnan(values)
    centred = np.where(
        missing, 0.0, values - np.where(missing, 0.0, values).sum(axis=0) / (~missing).sum(axis=0).clip(1)
    )
    spread = np.sqrt((centred**2).sum(axis=0)).clip(1e-300)
    related = np.abs(centred.T @ table).max(axis=1) / spread
    return [numeric[place] for place in np.argsort(-related, kind="stable")[:GLANCED]] + others
