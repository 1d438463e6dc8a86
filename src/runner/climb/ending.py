"""A forecast of what the end of a run takes: the weights of a blend, the last look, and the last fit.

It rests on what the present leaders took on the folds, in proportion to the rows; whoever is still to be tried has to
leave time for its own last fit (`share_of_a_rung`). It counts CPU seconds, which depend little on what else the machine
is doing, and converts them to wall seconds by the pace of the latest evaluations. Each candidate is charged for the
preparation of its columns as if it were alone, but at the end each form is prepared once.
"""

from collections.abc import Iterable
from itertools import chain

from runner.candidates.pipeline import Candidate
from runner.climb import Climb
from runner.climb.blending import members_on_one_fold
from runner.climb.finalists import roles
from runner.clock import Clock
from runner.evaluation import Evaluation
from runner.judge import Judge

AROUND_SECONDS = 1.0  # at pace 1, of other work around the last look and the last fit


def seconds_of_the_end(climb: Climb, judge: Judge, blend: Candidate | None = None) -> float:
    """Forecast the wall seconds of the end, which a search must leave; with the blend that is kept, once it is known.

    A blend is weighed for as long as the last one was; under nested folds also for each outer fold, together as long.
    """
    weighing = climb.weighing_seconds * (2 if judge.splits.outer else 1)
    looks, fit = cpu_seconds_of_the_end(climb, judge, blend)
    return weighing + climb.pace() * (AROUND_SECONDS + looks / judge.workers + fit)


def seconds_before_the_end(climb: Climb, judge: Judge, clock: Clock) -> float:
    """Return the wall seconds that are left for anything else; 0 if there are none."""
    return max(clock.closing - clock.now() - seconds_of_the_end(climb, judge), 0.0)


def is_in_time(climb: Climb, judge: Judge, clock: Clock, blend: Candidate) -> bool:
    """Whether there is time to look at a blend and to fit it on all rows."""
    return clock.now() + seconds_of_the_end(climb, judge, blend) < clock.closing


def cpu_seconds_of_the_end(climb: Climb, judge: Judge, blend: Candidate | None = None) -> tuple[float, float]:
    """Forecast the CPU seconds of the looks at all who lead and a blend, and of the dearest last fit.

    Without a blend, one of the best is weighed for the forecast, and any who leads may be fitted.
    """
    members = blend.singles if blend else members_on_one_fold(climb, judge.out_of_fold)
    finalists = [climb.candidate(evaluation.candidate).singles for evaluation in roles(climb).values()]
    rows = sum(len(train) for train, _ in judge.proof.folds) / len(judge.dataset)
    looks = rows * _on_all_rows(climb, judge, [*members, *chain.from_iterable(finalists)])
    last = (members,) if blend else (members, *finalists)
    return looks, max(_on_all_rows(climb, judge, singles) for singles in last)


def seconds_to_fit(climb: Climb, judge: Judge, candidate: Candidate, rows: int) -> float:
    """Forecast the wall seconds of fitting a candidate on so many rows, at once or in several fits."""
    return climb.pace() * _on_all_rows(climb, judge, candidate.singles) * rows / len(judge.dataset)


def share_of_a_rung(judge: Judge) -> float:
    """Return the share of the time left that a rung may take, as its winners have to be fitted on all rows afterwards.

    Its candidates run side by side on the folds, but one after the other when a blend of them is kept.
    """
    on_the_folds = _rows_of_all_fits(judge)
    return on_the_folds / (on_the_folds + judge.workers * len(judge.dataset))


def _on_all_rows(climb: Climb, judge: Judge, singles: Iterable[Candidate]) -> float:
    """Forecast the CPU seconds of fitting candidates on all rows: each once, and each form of the columns once."""
    known: dict[str, Evaluation] = {}
    forms: dict[str, float] = {}
    for single in singles:
        if evaluation := climb.evaluation(single.name):
            known[single.name] = evaluation
            forms[single.preparation] = max(forms.get(single.preparation, 0.0), evaluation.costs.prepare_seconds)
    on_the_folds = sum(evaluation.costs.own_cpu_seconds for evaluation in known.values()) + sum(forms.values())
    return on_the_folds * len(judge.dataset) / _rows_of_all_fits(judge)


def _rows_of_all_fits(judge: Judge) -> int:
    return sum(len(train) for train, _ in judge.splits.folds)
