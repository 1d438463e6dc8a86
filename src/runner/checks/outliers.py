"""A target with heavy tails.

Meaning: one percent of the rows carries much of the variance of the target. A score from squared errors (RMSE, R²) then
depends on these few, and varies from split to split.
Does not apply: where other than squared errors are judged; nor when the rare large values are what matters to you: then
squared errors are right, and you need more rows.
To do: correct mistyped values; judge by `evaluation.metric=mae`, or predict the logarithm. If most values are the same,
such as claims of nothing, neither helps: absolute errors reward predicting that value always. Then predict in
one run which rows have another value, and in another how large it is.
"""

import numpy as np

from runner.checks import Finding, Severity
from runner.checks.material import Material
from runner.gain.limits import usual_value
from runner.words import amount

CODES = ("target-outliers",)
FEWEST_ROWS = 100
OF_SQUARES = ("squared_error", "r2", "explained_variance")  # in the names of metrics
SHARE = 0.01  # of the rows
HEAVY, MUCH = 0.25, 0.5  # share of the squares: note, warning; a normal target has 0.08 there, an exponential one 0.22


def look(material: Material) -> list[Finding]:
    """Measure the share of the squared deviations that the most extreme percent of the rows carries."""
    rows = material.rows
    if rows.task.is_classification or len(rows) < FEWEST_ROWS:
        return []
    squares = np.sort((rows.target - rows.target.mean()) ** 2)
    few = max(round(SHARE * len(rows)), 1)
    if not squares.sum() > 0 or (share := float(squares[-few:].sum() / squares.sum())) < HEAVY:
        return []
    low, middle, high = np.quantile(rows.target, [0, 0.5, 1])
    evidence = (
        f"{few:,} of {len(rows):,} rows make up {share:.0%} of the spread of {rows.target_name!r} "
        f"(minimum {amount(low)}, median {amount(middle)}, maximum {amount(high)})."
    )
    advice = "These few decide any score of squared errors: correct typing errors, or judge by evaluation.metric=mae."
    usual = usual_value(rows.target)
    if usual is None and not any(word in material.metric.name for word in OF_SQUARES):
        return []
    if usual is not None:
        advice = (
            f"These few decide any score of squared errors, and most targets are {amount(usual)}: predict in one run "
            "which are not, and in another how large those are."
        )
    severity = Severity.WARN if share >= MUCH else Severity.INFO
    return [Finding("target-outliers", severity, (), evidence, advice, {"share": share})]
