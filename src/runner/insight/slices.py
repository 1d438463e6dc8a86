"""Slices of single columns in which a model is worse than elsewhere, corrected for having tested many slices.

With independent rows, the losses are permuted over the rows, and each slice's t is compared with the largest over all
slices (Westfall and Young's max-T). This holds however skewed the losses are and however much the slices overlap.
With groups, time or weights, a t that is robust to dependence within groups (or blocks of neighbours) is used with
Holm's correction. An area under the ROC curve is not a mean of losses, and losses grow where outcomes are mixed even
if these are ranked well, so the areas themselves are compared (DeLong's variance, Holm's correction).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import t as student

from runner.cells import written
from runner.gain.several import holm
from runner.gain.spread import Spread
from runner.gain.units import Units
from runner.words import amount

Array = NDArray[np.float64]
LEAST_ROWS, LEAST_SHARE = 20, 0.02  # of a slice
MOST_COLUMNS, MOST_VALUES = 60, 12
PARTS = 4  # ranges of a numeric column
PERMUTATIONS = 999
MOST_ROWS = 5000  # used in the permutations
LEVEL = 0.05


@dataclass(frozen=True, eq=False)
class Slice:
    """Rows that share a property of one column."""

    column: str
    value: str
    rows: NDArray[np.bool_]


def make_slices(features: pd.DataFrame) -> list[Slice]:
    """Return the frequent values and the quarters of each column, and its missing cells."""
    least = max(LEAST_ROWS, int(np.ceil(LEAST_SHARE * len(features))))
    found = []
    for name in features.columns[:MOST_COLUMNS]:
        for value, rows in _parts(features[name]):
            if least <= rows.sum() <= len(rows) - least:
                found.append(Slice(str(name), value, rows))
    return found


def _parts(column: "pd.Series[Any]") -> list[tuple[str, NDArray[np.bool_]]]:
    gaps = column.isna().to_numpy()
    parts = [("missing", gaps)] if gaps.any() else []
    known = column[~gaps]
    numeric = pd.api.types.is_numeric_dtype(column.dtype) or pd.api.types.is_datetime64_any_dtype(column.dtype)
    if numeric and not pd.api.types.is_bool_dtype(column.dtype) and known.nunique() > MOST_VALUES:
        codes = pd.qcut(column, PARTS, labels=False, duplicates="drop").to_numpy()
        ranges = [codes == part for part in np.unique(codes[~gaps])]
        return parts + [(range_of(column[rows]), rows) for rows in ranges]
    values = known.value_counts().index[:MOST_VALUES]
    return parts + [(written(value), (column == value).fillna(False).to_numpy(dtype=bool)) for value in values]


def range_of(cells: "pd.Series[Any]") -> str:
    """Name the least and the greatest value present."""
    least, greatest = cells.min(), cells.max()
    if isinstance(least, pd.Timestamp):
        return f"{least:%Y-%m-%d} to {greatest:%Y-%m-%d}"
    return f"{amount(least)} to {amount(greatest)}"


def p_values(losses: Array, slices: list[Slice], units: Units, seed: int, weights: Array | None = None) -> Array:
    """Return, for each slice, the corrected p-value for its mean loss being no larger than that of the rest.

    Parameters
    ----------
    losses : ndarray, shape (rows,)
    units : Units
        Which rows are independent.
    seed : int
        That of the permutations, used if the rows are independent.
    weights : ndarray, shape (rows,), optional
        Weighted rows are not permuted, because each loss belongs to its weight.
    """
    masks = np.array([each.rows for each in slices], dtype=np.float64)
    if not len(masks):
        return np.zeros(0)
    losses = losses / (float(np.abs(losses).max()) or 1.0)  # whatever the unit: what follows has a least error
    if units.name == "rows" and weights is None:
        return _max_t(losses, masks, seed)
    return holm(_clustered(losses, masks, units, np.ones(len(losses)) if weights is None else weights))


def p_values_of_scores(
    score_on: Callable[[NDArray[np.bool_]], tuple[float, Spread] | None], slices: list[Slice]
) -> Array:
    """Return, for each slice, the corrected p-value for its score being no lower than that of the rest.

    Parameters
    ----------
    score_on : callable
        Returns the score on the rows of a mask and its spread; None if there are too few rows.
    """
    found = []
    for each in slices:
        inside, outside = score_on(each.rows), score_on(~each.rows)
        found.append(1.0 if inside is None or outside is None else _welch(*inside, *outside))
    return holm(found)


def _welch(score: float, spread: Spread, rest: float, spread_of_rest: Spread) -> float:
    """Return the one-sided p-value for a score being no lower than another one, on other rows."""
    variances = np.array([spread.standard_error, spread_of_rest.standard_error]) ** 2
    freedom = np.array([spread.degrees_of_freedom, spread_of_rest.degrees_of_freedom])
    total = max(float(variances.sum()), 1e-24)
    return float(
        student.sf((rest - score) / np.sqrt(total), total**2 / max(float((variances**2 / freedom).sum()), 1e-48))
    )


def _max_t(losses: Array, masks: Array, seed: int) -> Array:
    random = np.random.default_rng(seed)
    found = _t(losses[:, None], masks)[:, 0]
    largest = np.empty(PERMUTATIONS)
    for start in range(0, PERMUTATIONS, 100):
        count = min(100, PERMUTATIONS - start)
        dealt = np.column_stack([random.permutation(losses) for _ in range(count)])
        largest[start : start + count] = _t(dealt, masks).max(axis=0)
    return np.asarray((1 + (largest[None, :] >= found[:, None]).sum(axis=1)) / (PERMUTATIONS + 1), dtype=np.float64)


def _t(losses: Array, masks: Array) -> Array:
    """Return Welch's t of each slice against the rest (rows) for each set of losses (columns)."""
    size = masks.sum(axis=1, keepdims=True)
    rest = masks.shape[1] - size
    sums, squares = masks @ losses, masks @ losses**2
    mean, other = sums / size, (losses.sum(axis=0) - sums) / rest
    spread = squares / size - mean**2
    others = ((losses**2).sum(axis=0) - squares) / rest - other**2
    error = np.sqrt(np.maximum(spread, 0) / (size - 1) + np.maximum(others, 0) / (rest - 1))
    return np.asarray((mean - other) / np.maximum(error, 1e-12), dtype=np.float64)


def _clustered(losses: Array, masks: Array, units: Units, weights: Array) -> Array:
    found = []
    for mask in masks:
        inside, outside = (part / max(part.sum(), 1e-300) for part in (mask * weights, (1 - mask) * weights))
        mean, other = float(inside @ losses), float(outside @ losses)
        pulls = units.sums(inside * (losses - mean) - outside * (losses - other))
        error = float(np.sqrt(units.count / max(units.count - 1, 1) * (pulls @ pulls)))
        touched = int((units.sums(inside) > 0).sum())  # its few groups are all that its variance rests on
        found.append(float(student.sf((mean - other) / max(error, 1e-12), max(touched - 1, 1))))
    return np.array(found)
