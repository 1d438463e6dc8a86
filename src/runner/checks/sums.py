"""A target that is the sum, or the difference, of inputs.

Meaning: in every row the target is made of some inputs by adding and taking away, as all hires are of casual ones and
registered ones. Who knows the parts needs no model; mostly they are counted when the target is.
Does not apply: to parts that are known before the prediction is made.
To do: leave the parts out, `dataset.drop`, or predict them. Known before: `dataset.acknowledged`.
"""

import numpy as np
from numpy.typing import NDArray

from runner.checks import Finding, Severity
from runner.checks.columns import is_number
from runner.checks.material import Material
from runner.config.overrides import as_override
from runner.words import quoted

CODES = ("target-is-a-sum",)
ROWS = 2_000
KNOWN = 0.8  # of the rows at least have the number: rows that lack one are passed over
ROWS_PER_COLUMN = 5  # fewer rows are a sum of so many columns by chance
EXACT = 1e-3  # of the target's spread: parts are rounded
A_PART = 1e-2  # of the target's spread: a column that moves it less is none


def look(material: Material) -> list[Finding]:
    """Fit the target by least squares, and see whether each input counts once, against it once, or not at all."""
    rows = material.sample(ROWS)
    names = [
        str(name) for name, column in rows.features.items() if is_number(column) and column.notna().mean() >= KNOWN
    ]
    if rows.task.is_classification or len(names) < 2:
        return []
    inputs = rows.features[names].to_numpy(np.float64)
    complete = np.isfinite(inputs).all(axis=1)
    inputs, target = inputs[complete], rows.target[complete]
    signs = _signs(inputs, target) if len(target) >= ROWS_PER_COLUMN * len(names) else np.zeros(len(names))
    parts = [(name, sign) for name, sign in zip(names, signs, strict=True) if sign]
    if len(parts) < 2:
        return []
    made = " ".join(f"{'+' if sign > 0 else '-'} {name!r}" for name, sign in sorted(parts, key=lambda part: -part[1]))
    columns = tuple(name for name, _ in parts)
    evidence = f"{rows.target_name!r} is {made.removeprefix('+ ')} in each of {len(target):,} rows looked at."
    drop = as_override("dataset.drop", columns)
    advice = f"If {quoted(columns)} are not known before the prediction is made, leave them out: {drop}."
    return [Finding(CODES[0], Severity.STOP, columns, evidence, advice)]


def _signs(inputs: NDArray[np.float64], target: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return 1, -1 or 0 a column, so that the columns so counted are the target; all 0 where they are not."""
    spread, moves = target.std(), inputs.std(axis=0)
    scale = np.where(moves > 0, moves, 1.0)
    weights = np.linalg.lstsq((inputs - inputs.mean(axis=0)) / scale, target - target.mean(), rcond=None)[0] / scale
    signs: NDArray[np.float64] = np.where(np.abs(weights) * moves > A_PART * spread, np.round(weights), 0.0)
    exact = np.abs(signs).max() <= 1 and np.abs(inputs @ signs - target).max() <= EXACT * spread
    return signs if exact else np.zeros_like(signs)
