"""Labels that are probably wrong.

Meaning: where the best cheap model is most certain, the label still says otherwise in a steady share of rows. Certainty
that stops paying is the mark of labels that were mixed up, not of a weak model, whose errors fade as it grows certain.
Does not apply: where chance decides in part of all cases; then the steady share is the truth.
To do: look at the rows named here by hand; mend the labels, and run again.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

from runner.checks import Finding, Severity
from runner.checks.material import Material

CODES = ("label-noise",)
FEWEST_ROWS = 300
FLOOR = 0.01  # of the most certain rows are labelled otherwise, at least
SURE = 0.99  # that there are so many
STEADY = 0.5  # of the errors among less certain rows: an honest model's fade faster
FAR_OFF = 8.0  # of the middle residual; in a normal one 1 of 15 million
ROWS_SHOWN = 5


def look(material: Material) -> list[Finding]:
    """Look at the rows of which the best cheap candidate is most certain."""
    scored = [each for each in material.evaluations if each.predictions is not None and each.rung != "none"]
    if not scored or scored[0].predictions is None or len(material.rows) < FEWEST_ROWS:
        return []
    predictions = scored[0].predictions
    judged = np.flatnonzero(np.isfinite(predictions.reshape(len(predictions), -1)).all(axis=1))
    target = material.rows.target[judged]
    if not material.rows.task.is_classification:
        return _of_values(scored[0].candidate, predictions[judged], target)
    return _of_classes(scored[0].candidate, predictions[judged], target)


def _of_classes(candidate: str, predictions: NDArray[np.float64], target: NDArray[np.int64]) -> list[Finding]:
    says, certain = predictions.argmax(axis=1), predictions.max(axis=1)
    order = np.argsort(-certain, kind="stable")
    wrong = (says != target)[order]
    tenth = len(order) // 10
    floor, next_ones = float(wrong[:tenth].mean()), float(wrong[tenth : 4 * tenth].mean())
    count = int(wrong[:tenth].sum())
    least = float(beta.ppf(1 - SURE, count, tenth - count + 1)) if count else 0.0
    if least < FLOOR or floor < STEADY * next_ones:
        return []
    evidence = (
        f"Of the tenth of the rows that {candidate!r} is most certain of, out of fold, {floor:.1%} have another label, "
        f"of the next three tenths {next_ones:.1%}: certainty does not pay."
    )
    advice = "Look at such rows by hand: about so many labels may be wrong, and no model will get beyond that."
    return [Finding("label-noise", Severity.WARN, (), evidence, advice, {"share": floor})]


def _of_values(candidate: str, predictions: NDArray[np.float64], target: NDArray[np.float64]) -> list[Finding]:
    left = np.abs(target - predictions)
    middle = float(np.median(left))
    far = left > FAR_OFF * middle
    share = float(far.mean())
    if middle <= 0 or share < FLOOR:
        return []
    evidence = (
        f"{int(far.sum()):,} of {len(target):,} rows ({share:.1%}) are off by more than {FAR_OFF:g} times "
        f"the middle error of {candidate!r}, out of fold."
    )
    advice = "Look at such rows by hand: values may be mistyped, or belong to other rows."
    return [Finding("label-noise", Severity.INFO, (), evidence, advice, {"share": share})]
