"""The kept model, or the best if none is kept, is worse on the rows kept aside than on the folds that chose it.

Meaning: the scores on the folds do not hold for these rows. With a time, the newest rows differ from the older ones;
without one, rows of different folds share information that the rows kept aside lack.
Does not apply: where the rows kept aside are known to be unusual, such as a single season.
To do: believe the rows kept aside. With a time, retrain often, and judge on rows that cover a full seasonal cycle.
Without one, find out what rows have in common, and name it as `dataset.group` or `dataset.time`.
"""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr

from runner import words
from runner.checks import Finding, Severity
from runner.checks.registry import FALLS_SHORT
from runner.evaluation import Evaluation
from runner.gain import Gain
from runner.judge import Judge
from runner.judge.looks import Look
from runner.judge.proof import make_proof
from runner.recalibration import Recalibration

LEVEL = 0.005  # of a false alarm, one-sided: one run in 200 warns in vain, and more where errors persist in time
WORTH_TELLING = 1.1  # times the loss on the folds: a smaller shortfall is not worth a warning, however certain
BREAK = 2.0  # times: what is less may be errors that grow and shrink slowly


def falls_short(
    judge: Judge,
    kept: Evaluation,
    dummy: Evaluation,
    looks: dict[str, Look],
    line: Recalibration | None,
    best_of: int = 1,
) -> Finding | None:
    """Return a finding when a model has a greater loss on the holdout than on the folds; None under nested folds.

    The two losses are measured on different rows, so their errors add up.

    Parameters
    ----------
    line : Recalibration or None
        The correction of its probabilities.
    best_of : int
        Of how many candidates it is the luckiest: where none beats the dummy, their order on the folds is chance.
    """
    on_holdout, on_folds = looks[kept.candidate].predictions, kept.predictions
    if judge.splits.outer or on_holdout is None or on_folds is None:
        return None
    judged = np.sort(np.concatenate([test for _, test in judge.splits.folds]))  # with a time, the newer half
    told = on_folds[judged] if line is None else line.apply(on_folds[judged])
    before = judge.proof.loss_on(judge.splits.development[judged], told)
    after = judge.proof.loss_on(judge.splits.holdout, on_holdout)
    if after.estimate <= WORTH_TELLING * before.estimate:
        return None
    if judge.dataset.time is not None and after.estimate > BREAK * before.estimate:
        after = _as_steady_as(before, after, judge, on_holdout, len(judged))
    return _finding(judge, kept, dummy, looks) if best_of * _p_value(before, after) <= LEVEL else None


def _as_steady_as(before: Gain, after: Gain, judge: Judge, predictions: NDArray[np.float64], rows: int) -> Gain:
    """Return the loss on the holdout with the error that it has if blocks of time vary as much as those of the folds.

    A break among the rows kept aside, or errors that grow from block to block, make these blocks differ, and so would
    pass for chance by their own spread. Single rows may still be far off: it is no less than the error by rows.

    Parameters
    ----------
    rows : int
        Those of the folds.
    """
    holdout, alone = judge.splits.holdout, replace(judge.dataset, time=None)
    by_rows = make_proof(alone, judge.splits, judge.metric, judge.seed).loss_on(holdout, predictions)
    steady = max(before.standard_error * math.sqrt(rows / len(holdout)), by_rows.standard_error)
    return replace(after, standard_error=min(after.standard_error, steady))


def _p_value(before: Gain, after: Gain) -> float:
    """Return the probability of such a shortfall by chance, by the t distribution with the fewer degrees of freedom."""
    error = math.hypot(before.standard_error, after.standard_error)
    if error == 0 or not math.isfinite(error):
        return 1.0
    freedom = min(before.degrees_of_freedom, after.degrees_of_freedom)
    return float(stdtr(freedom, (before.estimate - after.estimate) / error))


def _finding(judge: Judge, kept: Evaluation, dummy: Evaluation, looks: dict[str, Look]) -> Finding:
    metric, in_time = judge.metric, judge.dataset.time is not None
    kept_there, dummy_there = (words.score(metric.name, looks[one.candidate].score) for one in (kept, dummy))
    kept_before, dummy_before = (words.score(metric.name, one.score) for one in (kept, dummy))
    which = "newest rows, which were kept aside," if in_time else "rows kept aside,"
    evidence = (
        f"On the {which} {kept.candidate} is worse than on the folds, by more than chance: {metric.label} {kept_there} "
        f"against {kept_before} (no model: {dummy_there} against {dummy_before})."
    )
    if in_time:
        advice = "Trust the newest rows: the world changes. Retrain often, and judge on a whole seasonal cycle."
    else:
        advice = (
            "Trust the rows kept aside. Does something tie rows together, such as a person, a place or a moment? "
            "Then name it as dataset.group or dataset.time."
        )
    return Finding(FALLS_SHORT, Severity.WARN, (), evidence, advice)
