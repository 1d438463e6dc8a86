"""Inputs that earn nothing: one more fit on the folds, without all of them.

Meaning: the columns whose shuffling cost nothing were left out together, and the score stayed within its noise. This is
checked after the verdict, for the kept model.
Does not apply: where a column must be an input for reasons other than its gain.
To do: leave them out of the next model, if it takes effort to obtain, clean or explain them.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from runner import words
from runner.candidates.pipeline import Candidate
from runner.checks import Finding, Severity
from runner.checks.registry import UNUSED_INPUTS
from runner.dataset import Dataset
from runner.engine import Call, SecondsLeft
from runner.evaluation import Evaluation
from runner.evaluation.evaluate import cross_validate
from runner.gain import corrected_gain
from runner.insight.earnings import Earning
from runner.judge import Judge
from runner.metrics import Metric
from runner.splits import Fold, plain_folds
from runner.words import counted, few

NAMED = 5
LEVEL = 0.8  # of the lower bound above which they earn something together: no proof is required


def idle_inputs(earned: Sequence[Earning], columns: int) -> tuple[str, ...]:
    """Return the columns that earn nothing; none of them if that is all columns, as no input would be left."""
    idle = tuple(each.name for each in earned if not each.earns)
    return idle if len(idle) < columns else ()


def folds_without(judge: Judge) -> tuple[Fold, ...]:
    """Return the folds of all fits that `unused_inputs` makes: twice as many where the model was judged on others."""
    return plain_folds(judge.splits, judge.development, judge.seed) * (2 if judge.splits.outer else 1)


def unused_inputs(
    judge: Judge, candidate: Candidate, full: Evaluation | None, idle: tuple[str, ...], deadline: float
) -> Finding | None:
    """Return a finding when all columns that earn nothing can be left out, and the score stays within its noise."""
    folds = plain_folds(judge.splits, judge.development, judge.seed)
    todo: list[tuple[str, ...]] = [idle]
    if judge.splits.outer:  # with all columns it was judged on other folds
        todo.append(())
    shared = judge.engine.share(judge.development, "without.pkl")
    calls = [
        Call(without, (candidate, shared, names, folds, judge.metric, judge.seed, SecondsLeft())) for names in todo
    ]
    ended = {number: outcome.value for number, outcome in judge.engine.run(calls, deadline)}
    reduced, full = ended[0], ended.get(1, full)
    if reduced is None or full is None or not (reduced.ok and full.ok):
        return None
    train, test = folds[-1]
    lost = np.subtract(full.fold_scores, reduced.fold_scores).tolist()
    if corrected_gain(lost, len(test) / len(train), LEVEL).low > 0:  # together they earn something
        return None
    return _finding(judge, candidate, idle, reduced, full)


def without(
    candidate: Candidate,
    dataset: Dataset,
    columns: Sequence[str],
    folds: Sequence[Fold],
    metric: Metric,
    seed: int,
    seconds: float,
) -> Evaluation:
    """Evaluate a candidate without some columns; runs in a worker."""
    fewer = replace(dataset, features=dataset.features.drop(columns=list(columns)))
    return cross_validate(candidate, fewer, folds, metric, seed, seconds)


def _finding(
    judge: Judge, candidate: Candidate, idle: tuple[str, ...], evaluation: Evaluation, full: Evaluation
) -> Finding:
    metric, columns = judge.metric, judge.dataset.features.shape[1]
    add, them, they_cost = ("adds", "it", "it costs") if len(idle) == 1 else ("add", "them", "they cost")
    return Finding(
        UNUSED_INPUTS,
        Severity.INFO,
        idle,
        f"{len(idle)} of {counted(columns, 'input')} {add} nothing: without {them}, {candidate.name} has "
        f"{metric.label} {words.score(metric.name, evaluation.score)} against "
        f"{words.score_and_error(metric.name, full.fold_scores)} on the folds.",
        f"Leave {them} out of the next model, if {they_cost} anything: {few(idle, NAMED)}.",
    )
