"""Labels that are probably wrong.

Meaning: where the best cheap model is most certain, the label still says otherwise in a steady share of rows. Certainty
that stops paying is the mark of labels that were mixed up, not of a weak model, whose errors fade as it grows certain.
That share, with its interval, is what may be wrong of all labels at the most: of rows that are mixed up at random, the
most certain have as many as any others.
Does not apply: where chance decides in part of all cases, and the steady share is the truth; nor to values.
To do: look at the rows named here by hand; mend the labels, and run again.

The rows named are those of confident learning (Northcutt, Jiang and Chuang 2021): a class other than the label is at
least as probable as it is, on average, for rows that bear its label; those most in doubt come first.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

from runner.checks import Finding, Severity
from runner.checks.material import Material

CODES = ("label-noise",)
FEWEST_ROWS = 300
FLOOR = 0.005  # of the most certain rows are labelled otherwise, at least
SURE = 0.99  # that there are so many
LEVEL = 0.9  # of the interval
STEADY, STEADIER = 0.5, 0.7  # of the errors among less certain rows; those of clean labels fade faster: note, warn
KNOWS = 0.9  # of the errors without a model are left where it is most certain: who knows little knows no labels
KNOWS_WELL = 0.35  # of all errors without a model are left: then few are left to chance
MOST = 0.2  # of errors among the less certain rows: beyond that the model is weak, whatever the labels are
NAMED = 10


def look(material: Material) -> list[Finding]:
    """Look at the rows of which the best cheap candidate is most certain."""
    scored = [each for each in material.evaluations if each.predictions is not None and each.rung != "none"]
    if not material.rows.task.is_classification or not scored or len(material.rows) < FEWEST_ROWS:
        return []
    predictions = scored[0].predictions
    assert predictions is not None
    judged = np.flatnonzero(np.isfinite(predictions.reshape(len(predictions), -1)).all(axis=1))
    predictions, target = predictions[judged], material.rows.target[judged]
    rows = material.rows.source_rows[judged[in_doubt(predictions, target)[:NAMED]]]
    return _of_classes(scored[0].candidate, predictions, target, rows)


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


def _of_classes(
    candidate: str, predictions: NDArray[np.float64], target: NDArray[np.int64], rows: NDArray[np.int64]
) -> list[Finding]:
    says, certain = predictions.argmax(axis=1), predictions.max(axis=1)
    wrong = (says != target)[np.argsort(-certain, kind="stable")]
    tenth = len(wrong) // 10
    floor, next_ones, all_errors = (float(part.mean()) for part in (wrong[:tenth], wrong[tenth : 4 * tenth], wrong))
    without_model = 1 - float(np.bincount(target).max()) / len(target)
    count = int(wrong[:tenth].sum())
    weak = next_ones > MOST or floor > KNOWS * without_model
    surely = binomtest(count, tenth, alternative="greater").proportion_ci(SURE).low  # exact: Clopper and Pearson
    if weak or surely < FLOOR or floor < STEADY * next_ones:
        return []
    interval = binomtest(count, tenth).proportion_ci(LEVEL)
    low, high = float(interval.low), float(interval.high)
    named = f" Most in doubt, counted from 0: rows {', '.join(map(str, rows))}." if len(rows) else ""
    evidence = (
        f"Of the tenth of the rows that {candidate!r} is most certain of, out of fold, {floor:.1%} ({low:.1%} to "
        f"{high:.1%}) have another label, of the next three tenths {next_ones:.1%}: certainty does not pay.{named}"
    )
    advice = f"Look at these rows by hand: up to {high:.1%} of all labels may be wrong, or chance decides as often."
    certainly = all_errors <= KNOWS_WELL * without_model and floor >= STEADIER * next_ones
    severity = Severity.WARN if certainly else Severity.INFO
    return [Finding("label-noise", severity, (), evidence, advice, {"share": floor, "low": low, "high": high})]
