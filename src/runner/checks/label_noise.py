"""Labels that are probably wrong.

Meaning: where the best cheap model is most certain, the label still says otherwise in a steady share of rows. Certainty
that stops paying is the mark of labels that were mixed up, not of a weak model, whose errors fade as it grows certain.
Does not apply: where chance decides in part of all cases, and the steady share is the truth; nor to values.
To do: look at the rows named here by hand; mend the labels, and run again.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

from runner.checks import Finding, Severity
from runner.checks.material import Material

CODES = ("label-noise",)
FEWEST_ROWS = 300
FLOOR = 0.005  # of the most certain rows are labelled otherwise, at least
SURE = 0.99  # that there are so many
STEADY, STEADIER = 0.5, 0.7  # of the errors among less certain rows; those of clean labels fade faster: note, warn
LEARNED, LEARNED_WELL = 0.9, 0.35  # of the errors without a model are left: a model that knows little knows no labels
MOST = 0.2  # of errors among the less certain rows: beyond that the model is weak, whatever the labels are


def look(material: Material) -> list[Finding]:
    """Look at the rows of which the best cheap candidate is most certain."""
    scored = [each for each in material.evaluations if each.predictions is not None and each.rung != "none"]
    if (
        not material.rows.task.is_classification
        or not scored
        or scored[0].predictions is None
        or len(material.rows) < FEWEST_ROWS
    ):
        return []
    predictions = scored[0].predictions
    judged = np.flatnonzero(np.isfinite(predictions.reshape(len(predictions), -1)).all(axis=1))
    target = material.rows.target[judged]
    return _of_classes(scored[0].candidate, predictions[judged], target)


def _of_classes(candidate: str, predictions: NDArray[np.float64], target: NDArray[np.int64]) -> list[Finding]:
    says, certain = predictions.argmax(axis=1), predictions.max(axis=1)
    wrong = (says != target)[np.argsort(-certain, kind="stable")]
    tenth = len(wrong) // 10
    floor, next_ones, all_errors = (float(part.mean()) for part in (wrong[:tenth], wrong[tenth : 4 * tenth], wrong))
    without_model = 1 - float(np.bincount(target).max()) / len(target)
    count = int(wrong[:tenth].sum())
    least = float(beta.ppf(1 - SURE, count, tenth - count + 1)) if count else 0.0
    weak = next_ones > MOST or all_errors > LEARNED * without_model
    if weak or least < FLOOR or floor < STEADY * next_ones:
        return []
    evidence = (
        f"Of the tenth of the rows that {candidate!r} is most certain of, out of fold, {floor:.1%} have another label, "
        f"of the next three tenths {next_ones:.1%}: certainty does not pay."
    )
    advice = "Look at such rows by hand: about so many labels may be wrong, or chance decides as often."
    certainly = all_errors <= LEARNED_WELL * without_model and floor >= STEADIER * next_ones
    severity = Severity.WARN if certainly else Severity.INFO
    return [Finding("label-noise", severity, (), evidence, advice, {"share": floor})]
