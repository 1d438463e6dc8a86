"""Labels that are probably wrong.

Meaning: among the rows that the best cheap model is most certain of, a steady share still has another label. The errors
of a weak model become rarer as it grows more certain; errors that do not are a sign of mixed-up labels. That share,
with its interval, is the most that may be wrong among all labels: labels that are mixed up at random are as frequent
among the most certain rows as anywhere else.
Does not apply: where chance decides a part of all cases, so that the steady share is real; nor to regression.
To do: inspect the rows named here by hand, correct their labels, and run again.

The rows are named by confident learning (Northcutt, Jiang and Chuang 2021): a row is in doubt when a class other than
its label is at least as probable as it is, on average, for the rows with that label. The most doubtful rows come first.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

from runner.checks import Finding, Severity
from runner.checks.material import Material
from runner.dataset import Dataset
from runner.ladder import NONE

CODES = ("label-noise",)
FEWEST_ROWS = 300
FLOOR = 0.005  # least error rate among the most certain rows
SURE = 0.99  # confidence that the error rate is above the floor
LEVEL = 0.9  # of the reported interval
STEADY, STEADIER = 0.5, 0.7  # error rate of the most certain rows over that of less certain ones: note, warning
KNOWS = 0.9  # share of the errors without a model that it makes where it is most certain: with more it is too weak
KNOWS_WELL = 0.35  # share of the errors without a model that it makes overall: with fewer, little is left to chance
MOST = 0.2  # error rate among less certain rows, above which the model is too weak to judge labels
NAMED = 10  # rows in the evidence


def look(material: Material) -> list[Finding]:
    """Look at the rows of which the best cheap candidate is most certain."""
    scored = [each for each in material.evaluations if each.predictions is not None and each.rung != NONE]
    if not material.rows.task.is_classification or not scored or len(material.rows) < FEWEST_ROWS:
        return []
    predictions = scored[0].predictions
    assert predictions is not None
    judged = np.flatnonzero(scored[0].judged)
    predictions, rows = predictions[judged], material.rows.take(judged)
    return _of_classes(scored[0].candidate, predictions, rows)


def in_doubt(predictions: NDArray[np.float64], target: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the rows whose label is probably wrong, by confident learning; those most in doubt first."""
    present = np.bincount(target, minlength=predictions.shape[1]) > 0
    usual = np.array(
        [predictions[target == code, code].mean() if present[code] else np.inf for code in range(len(present))]
    )
    likely = np.where(predictions >= usual, predictions, -1.0)
    suspect = (likely.max(axis=1) >= 0) & (likely.argmax(axis=1) != target)
    margin = predictions[np.arange(len(target)), target] - predictions.max(axis=1)
    ordered = np.argsort(margin, kind="stable")
    return np.asarray(ordered[suspect[ordered]], dtype=np.int64)


def _of_classes(candidate: str, predictions: NDArray[np.float64], rows: Dataset) -> list[Finding]:
    target, weights = rows.target, rows.weights_above_zero
    order = np.argsort(-predictions.max(axis=1), kind="stable")
    wrong = predictions.argmax(axis=1) != target
    tenth = len(wrong) // 10
    parts = order[:tenth], order[tenth : 4 * tenth], order
    floor, next_ones, all_errors = (float(np.average(wrong[part], weights=weights[part])) for part in parts)
    without_model = 1 - float(np.bincount(target, weights).max() / weights.sum())
    surest = weights[parts[0]]
    size = round(surest.sum() ** 2 / (surest @ surest))  # rows of equal weight that tell as much
    count = round(floor * size)
    weak = next_ones > MOST or floor > KNOWS * without_model
    surely = binomtest(count, size, alternative="greater").proportion_ci(SURE).low  # exact: Clopper and Pearson
    if weak or surely < FLOOR or floor < STEADY * next_ones:
        return []
    interval = binomtest(count, size).proportion_ci(LEVEL)
    low, high = float(interval.low), float(interval.high)
    doubted = rows.source_rows[in_doubt(predictions, target)[:NAMED]]
    named = f" The most doubtful rows, counted from 0: {', '.join(map(str, doubted))}." if len(doubted) else ""
    steadier = floor >= STEADIER * next_ones
    told = "it is hardly right more often" if steadier else "its errors do not become much rarer"
    evidence = (
        f"Of the tenth of the rows that {candidate!r} is most certain of, out of fold, {floor:.1%} ({low:.1%} to "
        f"{high:.1%}) have another label, against {next_ones:.1%} of the next three tenths: {told} where it is more "
        f"certain.{named}"
    )
    advice = f"Check these rows by hand: up to {high:.1%} of all labels may be wrong, or decided by chance."
    severity = Severity.WARN if all_errors <= KNOWS_WELL * without_model and steadier else Severity.INFO
    return [Finding("label-noise", severity, (), evidence, advice, {"share": floor, "low": low, "high": high})]
