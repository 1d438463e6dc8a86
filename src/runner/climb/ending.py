"""A forecast of what the end of a run takes: the weights of a blend, the last look, and the last fit.

It rests on what the candidates took on the folds, in proportion to the rows. It counts CPU seconds, which depend little
on what else the machine is doing, and converts them to wall seconds by the pace of the latest evaluations. Each
candidate is charged for the preparation of its columns as if it were alone, but at the end each form is prepared once.
"""

from collections.abc import Iterable

import numpy as np

from runner.candidates.blend import POOL
from runner.candidates.pipeline import Candidate
from runner.climb import Climb
from runner.climb.finalists import roles
from runner.evaluation import Evaluation
from runner.judge import Judge

BLENDED = 4  # candidates in a typical blend
AROUND_SECONDS = 2.5  # of other work around the last look and the last fit


def seconds_of_the_end(climb: Climb, judge: Judge) -> float:
    """Forecast the wall seconds of the end, which a search must leave."""
    looks = climb.pace() * _look_cpu_seconds(climb, judge) / judge.workers
    return AROUND_SECONDS + looks + blend_and_fit_seconds(climb, judge)


def cpu_seconds_of_the_end(climb: Climb, judge: Judge) -> float:
    """Forecast the CPU seconds of the last look and the last fit."""
    return _look_cpu_seconds(climb, judge) + _fit_cpu_seconds(climb, judge)


def blend_and_fit_seconds(climb: Climb, judge: Judge) -> float:
    """Forecast the wall seconds of weighting a blend, as long as the last one took, and of the dearest last fit."""
    return climb.weighing_seconds + climb.pace() * _fit_cpu_seconds(climb, judge)


def seconds_to_keep(climb: Climb, judge: Judge, candidate: Candidate) -> float:
    """Forecast the wall seconds of fitting a candidate on all rows."""
    return climb.pace() * _on_all_rows(climb, judge, candidate.singles)


def share_of_a_rung(judge: Judge) -> float:
    """Return the share of the time left that a rung may take, as its winners have to be fitted on all rows afterwards.

    Its candidates run side by side on the folds, but one after the other when a blend of them is kept.
    """
    on_the_folds = sum(len(train) for train, _ in judge.splits.folds)
    return on_the_folds / (on_the_folds + judge.workers * len(judge.dataset))


def _look_cpu_seconds(climb: Climb, judge: Judge) -> float:
    """Forecast the fits of all possible finalists: the present leaders, and the members of a blend to come."""
    singles = [single for finalist in _finalists(climb) for single in finalist.singles]
    rows = sum(len(train) for train, _ in judge.proof.folds) / len(judge.dataset)
    return rows * _on_all_rows(climb, judge, [*singles, *_to_be_blended(climb)])


def _fit_cpu_seconds(climb: Climb, judge: Judge) -> float:
    """Forecast the fit on all rows of the dearest model that may be kept."""
    possible = [_to_be_blended(climb), *(finalist.singles for finalist in _finalists(climb))]
    return max(_on_all_rows(climb, judge, singles) for singles in possible)


def _finalists(climb: Climb) -> list[Candidate]:
    return [climb.candidate(evaluation.candidate) for evaluation in roles(climb).values()]


def _to_be_blended(climb: Climb) -> list[Candidate]:
    """Return the dearest candidates that a blend to come may have, as many as in a typical one."""
    best = sorted(climb.pool(), key=lambda item: -(item[1].score or 0.0))[:POOL]
    dearest = sorted(best, key=lambda item: -item[1].costs.own_cpu_seconds)[:BLENDED]
    return [candidate for candidate, _ in dearest]


def _on_all_rows(climb: Climb, judge: Judge, singles: Iterable[Candidate]) -> float:
    """Forecast the CPU seconds of fitting candidates on all rows: each once, and each form of the columns once."""
    known: dict[str, Evaluation] = {}
    forms: dict[str, float] = {}
    for single in singles:
        if evaluation := climb.evaluation(single.name):
            known[single.name] = evaluation
            forms[single.preparation] = max(forms.get(single.preparation, 0.0), evaluation.costs.prepare_seconds)
    on_the_folds = sum(evaluation.costs.own_cpu_seconds for evaluation in known.values()) + sum(forms.values())
    trained_on = float(np.sum([len(train) for train, _ in judge.splits.folds]))
    return on_the_folds * len(judge.dataset) / trained_on
