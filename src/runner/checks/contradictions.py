"""The same inputs with different targets.

Meaning: rows agree in every input and differ in the target, so no model can be right on all of them. That limits every
score, and no tuning can lift the limit.
Does not apply: where chance decides part of the outcome (the same patient twice, ill only once); then the limit is
real.
To do: look for a column that would distinguish these rows, or for labels that were assigned inconsistently.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from runner.checks import Finding, Severity
from runner.checks.material import Material
from runner.reading.copies import hashes_of
from runner.words import amount

CODES = ("same-inputs-different-targets",)
SHARE = 0.01  # share of rows with such a twin, from which on it is reported
LEAST = 0.001  # share of the possible improvement that the limit takes away; a lower limit is none
MUCH = 0.25  # share of the possible improvement that the limit takes away, from which on it is a warning


def look(material: Material) -> list[Finding]:
    """Find rows with equal inputs and different targets, and score the best possible prediction."""
    rows = material.rows
    same = pd.factorize(hashes_of(rows.features))[0]
    torn = _torn(same, rows.target)
    share = float(torn.mean())
    if share < SHARE:
        return []
    weights = rows.weights_above_zero
    best = _best(same, rows.target, len(rows.classes), weights)
    score = material.metric.score(rows.target, best, rows.weights)
    if rows.classes:
        missed = float(np.average(best.argmax(axis=1) != rows.target, weights=weights))
        lost = missed / (1 - float(np.bincount(rows.target, weights).max() / weights.sum()))
        plain, said = 1 - missed, "the shares of the classes among such rows"
        ceiling = f"accuracy {plain:.1%}"
    else:
        spread = np.average((rows.target - np.average(rows.target, weights=weights)) ** 2, weights=weights)
        lost = float(np.average((rows.target - best) ** 2, weights=weights) / max(spread, 1e-300))
        plain, said = 1 - lost, "the mean of such rows"
        ceiling = f"R² {plain:.3f}"
    if lost < LEAST:
        return []
    shown = material.metric.for_people(score)
    evidence = (
        f"{int(torn.sum()):,} of {len(rows):,} rows ({share:.1%}) have the same inputs as another row, but another "
        f"target: over all rows, no model can exceed {ceiling}; to predict {said} gives {material.metric.label} "
        f"{amount(shown)}."
    )
    advice = "Look for a column that tells these rows apart; without one, no tuning gets past that limit."
    severity = Severity.WARN if lost >= MUCH else Severity.INFO
    figures = {"share": share, "ceiling": plain, "score": score}
    return [Finding(CODES[0], severity, (), evidence, advice, figures)]


def _torn(same: NDArray[np.int64], target: NDArray[np.generic]) -> NDArray[np.bool_]:
    """Return for each row whether another row with the same inputs has a different target."""
    values = pd.factorize(target)[0]
    pairs = pd.DataFrame({"same": same, "value": values}).drop_duplicates()
    kinds = np.bincount(pairs["same"])
    return np.asarray(kinds[same] > 1)


def _best(
    same: NDArray[np.int64], target: NDArray[np.generic], classes: int, weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the best prediction from the inputs alone: the share of each class among twins, or their mean."""
    sizes = np.bincount(same, weights)
    if not classes:
        means: NDArray[np.float64] = np.bincount(same, weights * np.asarray(target, dtype=np.float64)) / sizes
        return means[same]
    table = np.eye(classes)[np.asarray(target, dtype=np.int64)]
    shares = np.stack([np.bincount(same, weights * column) / sizes for column in table.T], axis=1)
    return np.asarray(shares[same])
