"""What else a run can report once the verdict stands. Nothing here can change the verdict or lose it."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner import words
from runner.candidates.pipeline import Candidate
from runner.checks import Finding
from runner.climb import Climb
from runner.climb.ending import seconds_to_fit
from runner.climb.finalists import correction
from runner.dataset import Dataset
from runner.engine import Call
from runner.errors import in_a_line
from runner.evaluation import Evaluation
from runner.insight.earnings import MOST_COLUMNS, MOST_ROWS, REPEATS, ROWS_TO_CHOOSE, Earning, earnings
from runner.insight.predictions import write_predictions
from runner.insight.shortfall import falls_short
from runner.insight.slices import MOST_COLUMNS as MOST_SLICED
from runner.insight.unused import folds_without, idle_inputs, unused_inputs
from runner.insight.weak import weak
from runner.judge import Judge
from runner.judge.looks import Look
from runner.ladder import NONE
from runner.recalibration import Recalibration
from runner.splits import Fold

SHARE_OF_TIME = 0.5  # of the time that is left when the verdict stands
LEAST_SECONDS = 1.0  # with less time left, nothing more is fitted
LEAST_WEAKNESS = 0.01  # of the dummy's loss, as the smallest gain worth having without prices
SPARE = 1.5  # of the time that fits are forecast to take


@dataclass
class Insight:
    """What was learned after the verdict.

    Attributes
    ----------
    notes : list of str
        What could not be found out and why, one sentence each.
    """

    weak: dict[str, Any] | None = None
    columns: list[dict[str, Any]] | None = None
    findings: tuple[Finding, ...] = ()
    notes: list[str] = field(default_factory=list)


def look_closer(judge: Judge, climb: Climb, looks: dict[str, Look], kept: str, deadline: float) -> Insight:
    """Find where the kept model is weak and what its columns earn, on rows that it has not seen.

    Parameters
    ----------
    kept : str
        Name of the candidate that the verdict keeps.
    deadline : float
        The end of the whole run, on its clock.
    """
    insight = Insight()
    if not looks:  # not even the dummy has a score
        return insight
    _try("The predictions were not stored", lambda: _store(judge, climb, looks), insight)
    look = looks.get(kept)
    if look is None or look.predictions is None:
        insight.notes.append(f"Where {kept} is weak is not known: it has no predictions of rows that judge.")
        return insight
    said, rows = _once(judge, look.predictions)
    least = LEAST_WEAKNESS * climb.headroom()
    insight.weak = _try(
        f"Where {kept} is weak is not known", lambda: weak(rows, said, judge.metric, judge.seed, least), insight
    )
    _try(f"Whether {kept} falls short is not known", lambda: _compare(judge, climb, kept, looks, insight), insight)
    now = judge.engine.clock.now()
    until = now + SHARE_OF_TIME * (deadline - now)
    _try(
        f"What {kept} gains from each column is not known",
        lambda: _columns(judge, climb, kept, until, insight),
        insight,
    )
    if insight.weak and (columns := rows.features.shape[1]) > MOST_SLICED:
        insight.notes.append(f"Where {kept} is weak was looked for in the first {MOST_SLICED} of {columns:,} columns.")
    return insight


def _folds(judge: Judge) -> list[Fold]:
    """Return the folds that prove, each row in one of them: for nested folds, those of the first repeat."""
    outer = judge.splits.outer
    return list(judge.proof.folds)[: outer.folds if outer else 1]


def _once(judge: Judge, predictions: NDArray[np.float64]) -> tuple[NDArray[np.float64], Dataset]:
    """Return one prediction per proof row, and those rows, in table order."""
    rows, first = np.unique(judge.proof.rows, return_index=True)
    return predictions[first], judge.dataset.take(rows)


def _store(judge: Judge, climb: Climb, looks: dict[str, Look]) -> None:
    if all(look.predictions is None for look in looks.values()):
        return
    finalists = [found for name in looks if (found := climb.evaluation(name))]
    write_predictions(judge, finalists, looks)


def _compare(judge: Judge, climb: Climb, kept: str, looks: dict[str, Look], insight: Insight) -> None:
    model, dummy, best_of = climb.evaluation(kept), climb.dummy(), 1
    scored = climb.scored()
    if model is dummy:  # none is kept: did the one that was to beat the dummy lose on these rows what it had?
        model, best_of = scored[0], len(scored)
    if model is None or dummy is None or model is dummy:
        return
    finding = falls_short(judge, model, dummy, looks, correction(climb, judge, model.candidate), best_of)
    insight.findings += (finding,) if finding else ()


def _columns(judge: Judge, climb: Climb, kept: str, until: float, insight: Insight) -> None:
    candidate, full = climb.candidate(kept), climb.evaluation(kept)
    if full is None or full.rung == NONE or candidate.is_incumbent:
        return
    forecast = LEAST_SECONDS + _fit_seconds(climb, judge, candidate, _folds(judge)) + _predict_seconds(judge, full)
    if (left := until - judge.engine.clock.now()) < forecast:
        needed, there = words.duration(forecast), words.duration(max(left, 0.0))
        time = f"it would have taken about {needed}, and {there} were left for it"
        insight.notes.append(f"What {kept} gains from each column was not measured: {time}.")
        return
    line = correction(climb, judge, kept)
    found = _earned(judge, candidate, line, until, insight)
    insight.columns = [
        {
            "name": each.name,
            "gain": asdict(each.gain),
            "earns": each.earns,
            "p_value": each.p_value,
            "alike": list(each.alike),
        }
        for each in sorted(found, key=lambda each: -each.gain.estimate)
    ]
    _say_what_was_left_out(judge, found, insight)
    idle = idle_inputs(found, judge.dataset.features.shape[1])
    if idle and until - judge.engine.clock.now() > _fit_seconds(climb, judge, candidate, folds_without(judge)):
        finding = unused_inputs(judge, candidate, full, idle, until)
        insight.findings += (finding,) if finding else ()
    elif idle:
        insight.notes.append("Leaving out inputs was not tried: too little time was left.")


def _fit_seconds(climb: Climb, judge: Judge, candidate: Candidate, folds: Sequence[Fold]) -> float:
    """Forecast the wall seconds of one fit per fold, with some to spare."""
    return SPARE * seconds_to_fit(climb, judge, candidate, sum(len(train) for train, _ in folds))


def _predict_seconds(judge: Judge, full: Evaluation) -> float:
    """Forecast the wall seconds of the predictions with each column shuffled."""
    columns = judge.dataset.features.shape[1]
    rows = min(sum(len(test) for _, test in _folds(judge)), MOST_ROWS)
    measuring = REPEATS * min(columns, MOST_COLUMNS) * max(rows / 1000, 0.2 * len(_folds(judge)))
    choosing = columns * ROWS_TO_CHOOSE / 1000 if columns > MOST_COLUMNS else 0.0
    return judge.engine.clock.pace * (measuring + choosing) * (full.costs.predict_seconds or 0.0)


def _earned(
    judge: Judge, candidate: Candidate, line: Recalibration | None, until: float, insight: Insight
) -> list[Earning]:
    shared = judge.engine.share(judge.dataset, "insight.pkl")
    call = Call(earnings, (candidate, shared, _folds(judge), judge.metric, judge.seed, line))
    (_, outcome), *_ = judge.engine.run([call], until)
    if outcome.value is None:
        insight.notes.append(f"What the model gains from each column is not known: {outcome.reason}")
        return []
    found: list[Earning] = outcome.value
    return found


def _say_what_was_left_out(judge: Judge, found: list[Earning], insight: Insight) -> None:
    columns, rows = judge.dataset.features.shape[1], sum(len(test) for _, test in _folds(judge))
    if found and columns > MOST_COLUMNS:
        insight.notes.append(
            f"Only {MOST_COLUMNS} of {columns:,} columns were measured: those that move the predictions most."
        )
    if found and rows > MOST_ROWS:
        insight.notes.append(f"Columns were measured on {MOST_ROWS:,} of {rows:,} rows that judge.")
    alike = [each for each in found if each.alike and not each.earns]
    if alike:
        insight.notes.append(
            f"{alike[0].name} goes along with {alike[0].alike[0]}: each may seem useless because the other is there."
        )


def _try(what: str, part: Callable[[], Any], insight: Insight) -> Any:
    """Return what a part finds; if it fails, note the failure and go on."""
    try:
        return part()
    except Exception as error:  # optional: it must never lose the verdict
        insight.notes.append(f"{what} ({in_a_line(error)}).")
        return None
