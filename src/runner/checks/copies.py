"""Inputs with the same information.

Meaning: two columns rank the rows in the same order, or one is the other with its values renamed, so the second adds
nothing.
Does not apply: where one column may become unavailable and the other replace it.
To do: keep the one that is easier to obtain; linear models and column importances benefit most.
"""

from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import spearmanr

from runner.checks import Finding, Severity
from runner.checks.columns import is_date, is_number, numbers
from runner.checks.material import Material
from runner.hints import determines
from runner.words import counted

CODES = ("near-copies",)
ROWS = 5_000
MOST_COLUMNS = 300
ALIKE = 0.999  # rank correlation
LEVELS = 3  # distinct values; columns with fewer agree by chance
COARSER = 0.5  # share of the other's distinct values: with fewer, a column is no copy, as districts are none of persons
SHOWN = 5


def look(material: Material) -> list[Finding]:
    """Look for pairs of columns that rank the rows alike, or that name the same groups of rows."""
    rows = material.sample(ROWS)
    found = copied(rows.features.iloc[:, :MOST_COLUMNS], rows.groups)
    if not found:
        return []
    names = tuple(dict.fromkeys(name for pair in found for name in pair))
    shown = ", ".join(f"{one!r} and {other!r}" for one, other in found[:SHOWN])
    more = f" and {counted(len(found) - SHOWN, 'more pair')}" if len(found) > SHOWN else ""
    evidence = f"These pairs of columns hold the same information: {shown}{more}."
    advice = "One of each pair is enough: name the other in dataset.drop."
    return [Finding("near-copies", Severity.INFO, names, evidence, advice)]


def copied(features: pd.DataFrame, groups: NDArray[np.int64] | None = None) -> list[tuple[str, str]]:
    """Return the pairs of columns that rank the rows alike, or that name the same groups of rows.

    Parameters
    ----------
    groups : ndarray of int64, shape (rows,), optional
        The rows of a group count once for a name that they share.
    """
    codes = {str(name): numbers(features[name]) for name in features.columns}
    codes = {name: values for name, values in codes.items() if len(np.unique(values)) >= LEVELS}
    ordered = {name: values for name, values in codes.items() if is_number(features[name]) or is_date(features[name])}
    return sorted(_alike(ordered) | _renamed(codes, groups))


def _alike(codes: dict[str, NDArray[np.float64]]) -> set[tuple[str, str]]:
    """Return the pairs of columns with nearly the same ranks; missing values get the lowest rank."""
    if len(codes) < 2:
        return set()
    names = list(codes)
    ranks = pd.DataFrame(codes).rank(na_option="top").to_numpy()
    with np.errstate(invalid="ignore"):
        related = np.abs(np.corrcoef(ranks, rowvar=False))
    first, second = np.nonzero(np.triu(related >= ALIKE, k=1))
    near = ((names[i], names[j]) for i, j in zip(first, second, strict=True))
    return {(one, other) for one, other in near if _in_one_order(codes[one], codes[other])}


def _in_one_order(one: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    """Whether two columns have nearly the same ranks where both are known, and about as many values."""
    known = ~(np.isnan(one) | np.isnan(other))
    fewer, more = sorted(len(np.unique(values[known])) for values in (one, other))
    if fewer < max(LEVELS, COARSER * more):
        return False
    return abs(float(spearmanr(one[known], other[known])[0])) >= ALIKE


def _renamed(codes: dict[str, NDArray[np.float64]], groups: NDArray[np.int64] | None) -> set[tuple[str, str]]:
    """Return the pairs in which each value of one column goes with one value of the other, and most values repeat.

    Two columns of fractions are no such pair. They are amounts: where one goes with the other, both only tell the same
    things apart, as the weights and the blood values of patients do, and know different things about them.
    """
    levels = {name: pd.factorize(values, use_na_sentinel=False)[0] for name, values in codes.items()}
    counts = {name: int(level.max()) + 1 for name, level in levels.items()}
    amounts = {name for name, values in codes.items() if (values[~np.isnan(values)] % 1).any()}
    found = set()
    for one, other in combinations(levels, 2):
        if counts[one] != counts[other] or {one, other} <= amounts:
            continue
        known = ~np.isnan(codes[one])
        cells = int(known.sum()) if groups is None else _cells(levels[one][known], groups[known])
        if counts[one] <= cells / 2 and determines(levels[one], levels[other]):
            found.add((one, other))
    return found


def _cells(levels: NDArray[np.int64], groups: NDArray[np.int64]) -> int:
    """Return how many different names the groups have, each name counting once a group."""
    return len(np.unique(levels * (int(groups.max()) + 1) + groups))
