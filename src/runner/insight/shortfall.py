"""The kept model is worse on the rows kept aside than on the folds that chose it, by more than chance.

Meaning: the folds promised what these rows do not keep. Where rows have a time, the newest of them are another world;
where they have none, rows of the folds know of each other what rows kept aside do not.
Does not apply: where the rows kept aside are known to be odd, such as a season of their own.
To do: believe the rows kept aside. With a time: retrain often, and judge on rows of a whole turn of the season.
Without one: look for what rows share, and name it as dataset.group or dataset.time.
"""

import math

import numpy as np
from scipy.special import stdtr

from runner import words
from runner.checks import Finding, Severity
from runner.checks.registry import FALLS_SHORT
from runner.evaluation import Evaluation
from runner.gain import Gain
from runner.judge import Judge
from runner.looks import Look
from runner.recalibration import Recalibration

LEVEL = 0.005  # of a false alarm, one-sided: of 200 runs in which all is well one warns at most
WORTH_TELLING = 1.1  # times the loss on the folds: a smaller slip is no news however sure


def falls_short(
    judge: Judge, kept: Evaluation, dummy: Evaluation, looks: dict[str, Look], line: Recalibration | None
) -> Finding | None:
    """Return a finding when a model lost more on the holdout than on the folds; None under nested folds, which are it.

    The two losses are of different rows, so that their errors add up.

    Parameters
    ----------
    line : Recalibration or None
        What was done to its probabilities.
    """
    on_holdout, on_folds = looks[kept.candidate].predictions, kept.predictions
    if judge.splits.outer or on_holdout is None or on_folds is None:
        return None
    judged = np.sort(np.concatenate([test for _, test in judge.splits.folds]))  # of a time, the newer half
    told = on_folds[judged] if line is None else line.apply(on_folds[judged])
    before = judge.proof.loss_on(judge.splits.development[judged], told)
    after = judge.proof.loss_on(judge.splits.holdout, on_holdout)
    if after.estimate <= WORTH_TELLING * before.estimate or _p_value(before, after) > LEVEL:
        return None
    return _finding(judge, kept, dummy, looks)


def _p_value(before: Gain, after: Gain) -> float:
    """Return the probability of such a slip by chance, by the t law of the fewer degrees of freedom."""
    error = math.hypot(before.standard_error, after.standard_error)
    if error == 0 or not math.isfinite(error):
        return 1.0
    freedom = min(before.degrees_of_freedom, after.degrees_of_freedom)
    return float(stdtr(freedom, (before.estimate - after.estimate) / error))


def _finding(judge: Judge, kept: Evaluation, dummy: Evaluation, looks: dict[str, Look]) -> Finding:
    metric, in_time = judge.metric, judge.dataset.time is not None
    kept_there, dummy_there = (words.score(metric.name, looks[one.candidate].score) for one in (kept, dummy))
    kept_before, dummy_before = (words.score(metric.name, one.score) for one in (kept, dummy))
    which = "newest rows, which were kept aside," if in_time else "rows kept aside"
    evidence = (
        f"On the {which} {kept.candidate} is worse than on the folds, by more than chance: {metric.label} {kept_there} "
        f"against {kept_before}; no model has {dummy_there} against {dummy_before}."
    )
    if in_time:
        advice = "Believe the newest rows: the world moves. Retrain often, and judge on a whole turn of the season."
    else:
        advice = (
            "Believe the rows kept aside. Does something tie rows together, such as a person, a place or a moment? "
            "Then name it: dataset.group or dataset.time."
        )
    return Finding(FALLS_SHORT, Severity.WARN, (), evidence, advice)
