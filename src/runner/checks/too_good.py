"""A score that is too good to be true.

Meaning: a cheap model is almost perfect out of fold. Reality is rarely that simple; usually an input was recorded after
the outcome, or test rows are also among the training rows.
Does not apply: to targets that follow from the inputs by a rule (a code, a formula); then no model is needed.
To do: find out how each of the strongest inputs is known before the prediction is made.
"""

from runner.checks import Finding, Severity
from runner.checks.material import Material
from runner.ladder import NONE
from runner.words import amount

CODES = ("score-too-good",)
PERFECT = 0.99  # share of the dummy's loss that is removed


def look(material: Material) -> list[Finding]:
    """Compare the best cheap candidate with the dummy."""
    scored = [each for each in material.evaluations if each.score is not None]
    dummy = next((each for each in scored if each.rung == NONE), None)
    if not scored or dummy is None or dummy.score is None or scored[0].score is None:
        return []
    metric, best = material.metric, scored[0]
    loss = metric.loss(dummy.score)
    left = metric.loss(scored[0].score) / loss if loss > 0 else 1.0
    of_squares = "root" in metric.name
    skill = 1 - left**2 if of_squares else 1 - left  # an R² of 0.99 is an RMSE of a tenth of the dummy's
    if skill < PERFECT:
        return []
    shown = metric.for_people(scored[0].score)
    evidence = (
        f"{best.candidate!r} removes {skill:.1%} of the dummy's {'squared error' if of_squares else 'loss'}: "
        f"{metric.label} {amount(shown)} on the folds."
    )
    advice = "Make sure that the strongest inputs are known before the prediction is made."
    return [Finding("score-too-good", Severity.WARN, (), evidence, advice, {"skill": skill})]
