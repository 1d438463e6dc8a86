"""A target that inputs make by arithmetic: their sum or difference, their product or quotient.

Meaning: in every row, but for rounding, the target is made of some inputs, as all hires are of casual ones and
registered ones, a rate is of cases and people, or a stay is the time from one date to another; of a sum, one row in a
hundred may be mistyped. Who knows the parts needs no model; mostly they are counted when the target is. So is one of
two classes made of columns of 0 and 1, as one region is where none of the others is.
Does not apply: to parts that are known before the prediction is made. Where a product is the target only in rows in
which that is above 0, as a deal is worth price times units if it is won, whether it is above 0 remains to be predicted,
and that is a warning.
To do: leave the parts out, `dataset.drop`, or predict them. Known before: `dataset.acknowledged`.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.linalg import qr

from runner.checks import Finding, Severity, marks
from runner.checks.columns import is_date, is_number, may_be_blocks
from runner.checks.material import Material
from runner.config.overrides import leave_out
from runner.dataset import Dataset
from runner.task import Task
from runner.words import amount

CODES = ("target-is-a-sum", "target-is-a-product")
ROWS = 2_000
KNOWN = 0.8  # of the rows at least have the number: rows that lack one are passed over
ROWS_PER_COLUMN = 5  # fewer rows are a sum of so many columns by chance
EXACT = 1e-3  # of the target's spread: parts may have been computed in single precision
DECIMALS = 4  # at most, of numbers that may have been rounded
COARSE = 5e-2  # of the target's spread: what rounding moves further is not taken for rounded, as many sums would fit
FINE = 0.9  # of the rows at least are moved less
A_PART = 1e-2  # of the target's spread: a column that moves it less is none
SINGLE = 1e-7  # relative error of a decimal that was stored in single precision
NOTHING_NEW = 1e-6  # of a column's spread: what is left beside the other columns is rounding
MISTAKEN = 0.01  # of the rows but the usual one: so many may differ from the sum, as mistyped cells do
UNITS = {  # of times, and how many of them are a day
    "days": 1.0, "hours": 24.0, "minutes": 1440.0, "seconds": 86400.0, "weeks": 1 / 7, "months": 12 / 365.25,
    "years": 1 / 365.25,
}  # fmt: skip
MOST = 0.5  # of the targets at least are above 0: only these have a logarithm

Numbers = NDArray[np.float64]
Made = tuple[str, tuple[str, ...], str, Severity]  # in words, of which parts, and in which rows


def look(material: Material) -> list[Finding]:
    """Fit the target by least squares, and see whether each input counts once, against it once, or not at all."""
    rows = material.sample(ROWS)
    if not rows.classes:
        return _of_amount(rows)
    if rows.task is Task.MULTICLASS:
        return []
    complete, names, inputs = _known(rows, is_number)
    by_chance = may_be_blocks(marks.sizes_of_classes(rows.take(complete)))
    return [] if by_chance else _of_class(rows, names, inputs, rows.target[complete])


def _known(
    rows: Dataset, is_of_kind: Callable[["pd.Series[Any]"], bool]
) -> tuple[NDArray[np.intp], list[str], Numbers]:
    """Return the columns of a kind that few rows lack, dates as days, with the rows that lack none of them."""
    features = rows.features
    names = [str(name) for name, cells in features.items() if is_of_kind(cells) and cells.notna().mean() >= KNOWN]
    inputs = np.column_stack([np.empty((len(features), 0)), *(_as_numbers(features[name]) for name in names)])
    complete = np.flatnonzero(np.isfinite(inputs).all(axis=1))
    return complete, names, inputs[complete]


def _as_numbers(column: "pd.Series[Any]") -> Numbers:
    days = (column - pd.Timestamp(0)) / pd.Timedelta(days=1) if is_date(column) else column
    return np.asarray(days, dtype=np.float64)


def _of_class(rows: Dataset, names: list[str], inputs: Numbers, target: Numbers) -> list[Finding]:
    """See whether flags add up to the class 1, or to the other class."""
    flags = np.flatnonzero(np.isin(inputs, (0, 1)).all(axis=0))
    signs = _signs(inputs[:, flags], target, np.zeros((len(target), len(flags))), np.zeros(len(target)))
    parts = [(names[place], sign) for place, sign in zip(flags, signs, strict=True) if sign]
    if len(parts) < 2:
        return []
    offset = round(float((target - inputs[:, flags] @ signs).mean()))
    made = f"1 {_added(parts)}" if offset else _added(parts).removeprefix("+ ")
    told = f"{rows.target_name!r} is {str(rows.classes[1])!r} where {made} is 1, and nowhere else, in"
    evidence = f"{told} {len(target):,} rows looked at."
    columns = tuple(name for name, _ in parts)
    advice = leave_out(columns, "not known before the prediction is made")
    return [Finding(CODES[0], Severity.STOP, columns, evidence, advice)]


def _of_amount(rows: Dataset) -> list[Finding]:
    complete, names, inputs = _known(rows, is_number)
    target = rows.target[complete]
    added = _sum(names, inputs, target) or _time_between(rows)
    made = added or _product(names, inputs, target)
    if made is None:
        return []
    told, columns, where, severity = made
    evidence = f"{rows.target_name!r} is {told} in {where}."
    advice = leave_out(columns, "not known before the prediction is made")
    return [Finding(CODES[0 if added else 1], severity, columns, evidence, advice)]


def _sum(names: list[str], inputs: Numbers, target: Numbers) -> Made | None:
    """Return the sum of inputs that is the target; None if there is none."""
    slack, own = np.array([_rounding(column) for column in inputs.T]), _rounding(target)
    signs = _signs(inputs, target, np.broadcast_to(slack, inputs.shape), np.full(len(target), own), MISTAKEN)
    parts = [(name, sign) for name, sign in zip(names, signs, strict=True) if sign]
    holds = _holds(inputs @ signs - target, target, np.abs(signs) @ slack + own, MISTAKEN)
    if len(parts) < 2 or holds is None:
        return None
    where = f"{holds:,} of {len(target):,}" if holds < len(target) else f"each of {holds:,}"
    return _added(parts).removeprefix("+ "), tuple(name for name, _ in parts), f"{where} rows looked at", Severity.STOP


def _time_between(rows: Dataset) -> Made | None:
    """Return the time from one date to another that is the target, in some unit; None if there is none."""
    complete, names, days = _known(rows, is_date)
    if len(names) < 2:
        return None
    for unit, of_a_day in UNITS.items():
        if (made := _sum(names, days * of_a_day, rows.target[complete])) is not None:
            told, columns, where, severity = made
            return f"{told}, in {unit},", columns, where, severity
    return None


def _holds(left: Numbers, target: Numbers, rounding: Numbers | float, mistaken: float) -> int | None:
    """Return in how many rows nothing but rounding is left; None if in too few.

    How small that is depends on the spread of the target, without those that are furthest off where some may be
    mistyped: a few great ones would hide that all others are made of anything.
    """
    apart = np.abs(target - np.median(target))
    spread = target[apart <= np.quantile(apart, 1 - mistaken)].std()
    holds = np.abs(left) <= EXACT * spread + SINGLE * apart + rounding
    return int(holds.sum()) if (~holds).sum() <= mistaken * (apart > 0).sum() else None


def _added(parts: list[tuple[str, float]]) -> str:
    return " ".join(f"{'+' if sign > 0 else '-'} {name!r}" for name, sign in sorted(parts, key=lambda part: -part[1]))


def _product(names: list[str], inputs: Numbers, target: Numbers) -> Made | None:
    """Return the same for a product, which is a sum of logarithms; a factor counts as well, as of a rate per 1,000."""
    above = target > 0
    if above.sum() < max(MOST * len(target), 1):
        return None
    positive = np.flatnonzero((inputs[above] > 0).all(axis=0))
    logs, log_target = np.log(inputs[above][:, positive]), np.log(target[above])
    slack = np.array([_rounding(column) for column in inputs[:, positive].T])
    signs = _signs(logs, log_target, slack / inputs[above][:, positive], _rounding(target) / target[above])
    parts = [(names[place], sign) for place, sign in zip(positive, signs, strict=True) if sign]
    if len(parts) < 2:
        return None
    factor = float((log_target - logs @ signs).mean())
    with np.errstate(divide="ignore", invalid="ignore"):
        told = np.exp(factor) * np.prod(inputs[:, positive] ** signs, axis=1)
    least = EXACT * target.std() + _rounding(target)
    always = bool((np.abs(told - target)[~above & np.isfinite(told)] <= least).all())
    over = [repr(name) for name, sign in parts if sign > 0]
    over = over if over and abs(factor) <= EXACT else [amount(float(np.exp(factor))), *over]
    made = " / ".join([" x ".join(over), *(repr(name) for name, sign in parts if sign < 0)])
    where = f"{len(target):,} rows looked at" if always else f"the {above.sum():,} rows with more than 0"
    severity = Severity.STOP if always else Severity.WARN
    return made, tuple(name for name, _ in parts), f"each of {where}", severity


def _signs(inputs: Numbers, target: Numbers, slack: Numbers, own: Numbers, mistaken: float = 0.0) -> Numbers:
    """Return 1, -1 or 0 a column, so that the columns so counted are the target but for a constant; else all 0.

    Parameters
    ----------
    inputs, target : ndarray, shape (rows, columns) and (rows,)
    slack, own : ndarray, shape (rows, columns) and (rows,)
        By how much rounding may have moved each input and each target.
    mistaken : float
        Share of the rows in which it need not be so.
    """
    signs = np.zeros(inputs.shape[1])
    spread, moves = target.std(), inputs.std(axis=0)
    if spread == 0 or len(target) < max(ROWS_PER_COLUMN * len(signs), 1) or not moves.any():
        return signs
    centred = (inputs - inputs.mean(axis=0)) / np.where(moves > 0, moves, 1.0)
    first = 1 + NOTHING_NEW / (1 + moves.argsort().argsort())  # of hours and their square, hours
    triangle, order = qr(centred * first, mode="r", pivoting=True)
    new = np.abs(np.diag(triangle))
    kept = order[: int((new > NOTHING_NEW * new[0]).sum())]  # of columns that tell the same, one
    weights = np.linalg.lstsq(centred[:, kept], target - target.mean(), rcond=None)[0] / moves[kept]
    least = np.maximum(A_PART * spread, np.sqrt((slack[:, kept] ** 2).mean(axis=0)))
    signs[kept] = np.where(np.abs(weights) * moves[kept] > least, np.round(weights), 0.0)
    left = inputs @ signs - target
    rounding = slack @ np.abs(signs) + own
    if np.quantile(rounding, FINE) > COARSE * spread:
        rounding = np.zeros_like(rounding)
    usual = np.median(left) if mistaken else left.mean()
    exact = np.abs(signs).max() <= 1 and _holds(left - usual, target, rounding, mistaken) is not None
    return signs if exact else np.zeros_like(signs)


def _rounding(numbers: Numbers) -> float:
    """Return by how much rounding may have moved numbers: by half of their last decimal, or not if they have many."""
    for decimals in range(DECIMALS + 1):
        if np.allclose(numbers, np.round(numbers, decimals), rtol=SINGLE, atol=10.0 ** -(DECIMALS + 4)):
            return 0.5 * 10.0**-decimals
    return 0.0
