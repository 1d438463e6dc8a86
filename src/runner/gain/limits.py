"""When an interval cannot be relied on, and a sentence that says why."""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.gain import labels, ranks
from runner.gain.result import Gain
from runner.gain.units import LEAST_GROUPS, LEAST_MOMENTS, Units
from runner.words import amount, counted

LEAST_ROWS = 20
LEAST_ORDERED_ROWS = 200  # twenty per block; with nine, bounds missed an AR(1) of 0.6 in 9 % of samples instead of 5 %
LEAST_OF_A_CLASS = 20
FEW_OF_A_CLASS = 0.5  # of an equal share of the rows: else the rows are few, and not those of one class
LEAST_CARRIERS = 10  # effective number of rows that carry the variance, in regression
FEW_ROWS = 15 * LEAST_CARRIERS  # squares of normal errors have a kurtosis of 15: fewer rows show no heavy tail
LEAST_CARRIERS_OF_CLASSES = 5  # in classification: a log loss is not bounded, but its tail is thin
GREATEST = "neg_max_error"
ORDERED_CLASSES = (*ranks.NAMES, "roc_auc_ovo", "roc_auc_ovo_weighted")


@dataclass(frozen=True)
class Limit:
    """Which bounds a verdict may rest on.

    Attributes
    ----------
    why : str or None
        A sentence, if one of them does not hold.
    """

    low_holds: bool = True
    high_holds: bool = True
    why: str | None = None

    def __and__(self, other: "Limit") -> "Limit":
        """Return the bounds that both allow, with the first reason."""
        holds = (self.low_holds and other.low_holds, self.high_holds and other.high_holds)
        return Limit(*holds, self.why or other.why)


def within(gain: Gain, limit: Limit, name: str, *, over_none: bool) -> Gain:
    """Return a gain in a metric of this name, perhaps over no model, with the bounds that a limit allows."""
    allowed = Limit(gain.low_holds, gain.high_holds) & limit
    holds, why = (allowed.low_holds, allowed.high_holds), limit.why or gain.why
    return replace(gain, low_holds=holds[0], high_holds=holds[1], why=why, most=_most(name, over_none))


def _most(name: str, over_none: bool) -> float:
    """Return the most that two scores can differ by: where one ranks nothing, half of an area under the ROC curve."""
    if over_none and name.startswith("roc_auc"):
        return 0.5
    if name in ("matthews_corrcoef", "neg_brier_score"):
        return 2.0
    return 1.0 if name in (*labels.NAMES, *ORDERED_CLASSES, "top_k_accuracy") else math.inf


def count_limit(name: str, units: list[Units], classes: NDArray[np.int64] | None) -> Limit:
    """Return the limit that is due to too few rows, groups or members of a class.

    A greatest error is that of a single row, however many there are, and samples drawn from them have it too often to
    show how it varies (Bickel and Freedman 1981).

    Parameters
    ----------
    name : str
        The metric's name.
    classes : ndarray of int64, shape (rows,), or None
        Class codes; None for regression.
    """
    if name == GREATEST:
        why = "A greatest error is that of a single row, too few for an interval: judge by evaluation.metric=mae."
        return Limit(False, False, why)
    rows = len(units[0].codes)
    counts = [(rows, LEAST_ROWS, "rows")]
    for unit in units:
        if unit.name == "groups":
            counts.append((unit.count, LEAST_GROUPS, "groups"))
        if unit.name == "blocks":
            counts += [(unit.count, LEAST_MOMENTS, "moments"), (rows, LEAST_ORDERED_ROWS, "rows in time")]
    if classes is not None and name in ORDERED_CLASSES:
        counts.append((int(np.bincount(classes).min()), LEAST_OF_A_CLASS, "rows of the rarest class"))
    for count, least, what in counts:
        if count < least:
            why = f"There are too few {what} for an interval: {count}, and {least} are needed."
            return Limit(False, False, why)
    return Limit()


def few_limit(name: str, units: list[Units], classes: NDArray[np.int64] | None, standard_error: float) -> Limit:
    """Return the limit that is due to too few rows, groups or members of a class, or to models that decide alike.

    If decisions are compared, for instance by their costs, two models that decide alike on these rows may still differ
    on others, so a standard error of 0 proves nothing. This does not apply to rankings and to regression.
    """
    limit = count_limit(name, units, classes)
    if limit.why is not None or standard_error > 0 or classes is None or name in ORDERED_CLASSES:
        return limit
    why = "Both decide alike on all of these rows, which does not show how they differ on others."
    return Limit(False, False, why)


def tail_limit(
    name: str,
    contributions: NDArray[np.float64],
    target: NDArray[Any],
    bounded: bool,
    weights: NDArray[np.float64] | None = None,
) -> Limit:
    """Return the limit that is due to a heavy tail: a mean that depends on a few rows also depends on rows not seen.

    With squared errors of a lognormal target, the bound on the side of the tail was measured to miss in 7 to 27 % of
    samples instead of 5 %, and in 6 to 26 % with the correction for skewness. There are two signs of this. If fewer
    than ten rows carry the variance, (sum c^2)^2 / sum c^4 < 10, neither bound can be relied on. If the top 1 % of rows
    carry more than half of the variance, the bound on their side cannot.

    Parameters
    ----------
    name : str
        The metric's name.
    contributions : ndarray, shape (rows,)
        What each row contributes to the error of the gain.
    target : ndarray, shape (rows,)
        Class codes, or values.
    bounded : bool
        Whether the loss of a row is bounded in practice (classification), so that 1 % of the rows with half of the
        variance indicates a rare class and not a tail.
    weights : ndarray, shape (rows,), optional
        Of the rows: where a few have nearly all, no other metric helps.
    """
    squares = contributions**2
    total = float(squares.sum())
    if total == 0 or name in labels.NAMES:
        return Limit()
    carriers = total**2 / float(squares @ squares)
    if carriers < (least := LEAST_CARRIERS_OF_CLASSES if bounded else LEAST_CARRIERS):
        rests = f"The gain rests on {counted(round(carriers), 'row')}, too few for an interval"
        if weights is not None and weights.sum() ** 2 / (weights @ weights) < least:
            return Limit(False, False, f"{rests}: so few have nearly all of the weight, which dataset.weight gives.")
        return Limit(False, False, f"{rests}: {_advice(name, target, bounded)}")
    top = math.ceil(0.01 * len(squares))
    if bounded or float(np.partition(squares, -top)[-top:].sum()) <= total / 2:
        return Limit()
    right = float((contributions**3).sum()) > 0
    side = "upper" if right else "lower"
    why = (
        f"1 % of the rows carry more than half of the spread of the gain, so its {side} bound "
        f"cannot be trusted: {_advice(name, target, bounded)}"
    )
    return Limit(low_holds=right, high_holds=not right, why=why)


def usual_value(target: NDArray[Any]) -> float | None:
    """Return the value that more than half of the targets have, as amounts of nothing; None if there is none.

    It is their median, so that absolute errors reward predicting it always.
    """
    values, counts = np.unique(target, return_counts=True)
    return float(values[counts.argmax()]) if 2 * counts.max() > len(target) else None


def _advice(name: str, target: NDArray[Any], bounded: bool) -> str:
    if bounded:
        counts = np.bincount(target)
        is_rare = counts.min() < min(LEAST_OF_A_CLASS, FEW_OF_A_CLASS * counts.mean())
        return f"more rows{' of the rarest class' if is_rare else ''} are needed."
    if (usual := usual_value(target)) is not None:
        rest = "predict in one run which are not, and in another how large those are."
        return f"most targets are {amount(usual)}, so {rest}"
    if len(target) < FEW_ROWS:
        return "judge on more rows." if "absolute" in name else "judge on more rows, or by evaluation.metric=mae."
    ways = ["predict the target on a log scale"] if target.min() >= 0 else []
    ways = [*ways, "judge on more rows"] if "absolute" in name else ["judge by evaluation.metric=mae", *ways]
    return f"{', or '.join(ways)}."
