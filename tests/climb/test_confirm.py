"""One look at the holdout: by finalists that were named before it, and what it says goes into the facts."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from runner.checks import Finding, Severity
from runner.climb import Climb
from runner.climb.confirm import confirm
from runner.decision.economics import Contender
from runner.decision.facts import SearchForecast
from runner.decision.gate import Gate
from runner.decision.reasons import Reason
from runner.engine import Engine
from runner.evaluation import Status
from runner.judge import Judge, looks
from runner.record import Record
from runner.search import Limits, Search, Trial


def later() -> float:
    return time.monotonic() + 150


@pytest.fixture(scope="module")
def situation(climbed: Callable[[int], tuple[Climb, Judge]]) -> tuple[Climb, Judge]:
    """Return a climb with a trial of a search."""
    climb, judge = climbed(300)
    trial = climb.candidate("lightgbm").with_params("lightgbm #0", "search", {"n_estimators": 15})
    (evaluation,) = judge.evaluate([trial], later())
    lucky = replace(evaluation, fold_scores=tuple(score + 0.2 for score in evaluation.fold_scores))
    climb.search = Search((), Limits(1, later), 0, trials=[Trial(0, "lightgbm", trial, lucky)])
    return climb, judge


def test_the_finalists_are_those_named_before(situation: tuple[Climb, Judge]) -> None:
    climb, judge = situation
    confirmed = confirm(climb, judge, (), later())
    champion = climb.champion()
    assert champion is not None
    assert confirmed.looks.keys() == {"dummy", climb.scored()[0].candidate, champion.candidate, "lightgbm #0"}
    facts = confirmed.facts
    assert (facts.champion.name, facts.challenger and facts.challenger.name) == (champion.candidate, "lightgbm #0")
    assert facts.block is None


def test_gains_are_those_of_the_holdout_scores(situation: tuple[Climb, Judge]) -> None:
    climb, judge = situation
    confirmed = confirm(climb, judge, (), later())
    scores = {name: look.score or 0.0 for name, look in confirmed.looks.items()}
    facts, best = confirmed.facts, climb.scored()[0].candidate
    assert facts.gain is not None
    assert facts.signal is not None
    assert facts.gain.estimate == pytest.approx(scores["lightgbm #0"] - scores[facts.champion.name])
    assert facts.signal.estimate == pytest.approx(scores[best] - scores["dummy"])
    assert facts.headroom == pytest.approx(1 - scores["dummy"])


def test_the_holdout_is_looked_at_once(situation: tuple[Climb, Judge], monkeypatch: pytest.MonkeyPatch) -> None:
    climb, judge = situation
    calls: list[Any] = []
    monkeypatch.setattr("runner.climb.confirm.look", lambda *given: calls.append(given) or looks.look(*given))
    confirm(climb, judge, (), later())
    assert len(calls) == 1


def test_targets_of_the_holdout_have_no_say_in_who_is_named(
    situation: tuple[Climb, Judge], engine: Engine, tmp_path: Path
) -> None:
    climb, judge = situation
    target = judge.dataset.target.copy()
    rows = judge.splits.holdout
    target[rows] = np.random.default_rng(0).permutation(target[rows])
    shuffled = replace(judge.dataset, target=target)
    other = Judge(shuffled, judge.splits, judge.metric, 0, engine, Record(tmp_path))
    confirmed, again = confirm(climb, judge, (), later()), confirm(climb, other, (), later())
    assert confirmed.looks.keys() == again.looks.keys()
    for name, look in confirmed.looks.items():
        np.testing.assert_array_equal(look.predictions, again.looks[name].predictions)


@pytest.mark.parametrize(
    ("stopped_by", "timed_out", "settled"),
    [("trials", 0, True), ("rule", 1, True), ("rule", 2, False), ("time", 0, False)],
)
def test_a_search_that_found_nothing_better_has_brought_nothing(
    situation: tuple[Climb, Judge], stopped_by: str, timed_out: int, settled: bool
) -> None:
    climb, judge = situation
    assert climb.search is not None
    trial = climb.search.trials[0]
    worse = replace(trial, evaluation=replace(trial.evaluation, fold_scores=(0.4,) * 5))
    lost = replace(trial, evaluation=replace(trial.evaluation, status=Status.TIMED_OUT, fold_scores=()))
    search = replace(climb.search, trials=[worse, *[lost] * timed_out], stopped_by=stopped_by)
    facts = confirm(replace(climb, search=search), judge, (), later()).facts
    assert (facts.challenger, facts.gain) == (None, None)
    assert facts.block is not None
    assert (facts.block.reason, facts.block.settled) == (Reason.GAIN_TOO_SMALL, settled)
    assert "lightgbm #0" in facts.block.sentence


@pytest.mark.parametrize(
    ("ends", "reason", "settled", "told"),
    [
        ("ppp", Reason.GAIN_TOO_SMALL, True, "nothing better: each of 3 trials was clearly worse on the first folds"),
        (
            "ppt",
            Reason.GAIN_TOO_SMALL,
            True,
            "of 3 trials, 2 proved clearly worse on the first folds than the best before, 1",
        ),
        (
            "ptt",
            Reason.OUT_OF_BUDGET,
            False,
            "1 proved clearly worse on the first folds than the best before, 2 timed out.",
        ),
        ("tt", Reason.OUT_OF_BUDGET, False, "No trial of the search ended with a score: 2 timed out."),
    ],
)
def test_of_a_search_without_a_score_it_is_said_how_its_trials_ended(
    situation: tuple[Climb, Judge], ends: str, reason: Reason, settled: bool, told: str
) -> None:
    climb, judge = situation
    assert climb.search is not None
    trial, status = climb.search.trials[0], {"p": Status.PRUNED, "t": Status.TIMED_OUT}
    trials = [replace(trial, evaluation=replace(trial.evaluation, status=status[end], fold_scores=())) for end in ends]
    search = replace(climb.search, trials=trials, stopped_by="rule")
    block = confirm(replace(climb, search=search), judge, (), later()).facts.block
    assert block is not None
    assert (block.reason, block.settled) == (reason, settled)
    assert told in block.sentence


def test_a_search_that_comes_as_near_as_can_be_written_is_said_to_have_as_much(
    situation: tuple[Climb, Judge],
) -> None:
    climb, judge = situation
    champion = climb.champion()
    assert champion is not None
    for behind, told in ((1e-6, f" on the folds, as {champion.candidate} has."), (0.1, f", {champion.candidate} has ")):
        (trial,) = climb.trials
        folds = tuple(score - behind for score in champion.fold_scores)
        trailing = replace(trial, evaluation=replace(trial.evaluation, fold_scores=folds))
        search = Search((), Limits(1, later), 0, trials=[trailing])
        block = confirm(replace(climb, search=search, blended_search=None), judge, (), later()).facts.block
        assert block is not None
        assert "found nothing better" in block.sentence
        assert told in block.sentence


def test_without_a_dummy_there_is_nothing_to_say(situation: tuple[Climb, Judge]) -> None:
    climb, judge = situation
    for left in ((), ("linear",)):
        bare = replace(climb, evaluations=[e for e in climb.evaluations if e.candidate in left], search=None)
        confirmed = confirm(bare, judge, (), later())
        assert confirmed.looks == {}
        assert confirmed.facts.block is not None
        assert (confirmed.facts.block.reason, confirmed.facts.block.settled) == (Reason.OUT_OF_BUDGET, False)


@pytest.mark.parametrize(
    ("code", "settled"),
    [(Reason.DATA_NOT_TRUSTWORTHY, True), (Reason.GAIN_TOO_SMALL, False), (Reason.OUT_OF_BUDGET, False)],
)
def test_a_shut_gate_is_a_block(situation: tuple[Climb, Judge], code: Reason, settled: bool) -> None:
    climb, judge = situation
    shut = replace(climb, search=None, gates=[Gate("search", False, "Because.", code)])
    confirmed = confirm(shut, judge, (), later())
    facts, block = confirmed.facts, confirmed.facts.block
    assert block is not None
    assert (block.reason, block.sentence, block.settled) == (code, "Because.", settled)
    assert (facts.left is not None) == (code is Reason.GAIN_TOO_SMALL)
    if facts.left:
        best = confirmed.looks[climb.scored()[0].candidate].score
        assert facts.left.estimate == pytest.approx(1 - (best or 0.0))


def test_where_the_dummy_leads_on_the_folds_that_is_said(situation: tuple[Climb, Judge]) -> None:
    climb, judge = situation
    worse = [e if e.rung == "none" else replace(e, fold_scores=(0.4,) * 5) for e in climb.evaluations]
    facts = confirm(replace(climb, evaluations=worse, search=None), judge, (), later()).facts
    assert (facts.signal, facts.champion.name) == (None, "dummy")
    assert facts.block is not None
    assert (facts.block.reason, facts.block.settled) == (Reason.NO_SIGNAL, False)
    assert "better than the dummy" in facts.block.sentence


def test_a_check_that_stops_is_a_block_with_or_without_a_search(situation: tuple[Climb, Judge]) -> None:
    climb, judge = situation
    stop = Finding("target-leak", Severity.STOP, ("x",), "'x' gives it away.", "Drop it.")
    for given in (climb, replace(climb, search=None)):
        block = confirm(given, judge, (replace(stop, severity=Severity.WARN), stop), later()).facts.block
        assert block is not None
        assert (block.reason, block.sentence, block.settled) == (Reason.DATA_NOT_TRUSTWORTHY, stop.evidence, True)


def test_a_gate_that_found_it_too_dear_is_no_block(situation: tuple[Climb, Judge]) -> None:
    """Under other economics the same facts may be worth a search."""
    climb, judge = situation
    shut = replace(climb, search=None, gates=[Gate("search", False, "Dear.", Reason.FORECAST_NOT_WORTH_IT)])
    assert confirm(shut, judge, (), later()).facts.block is None


def test_what_was_forecast_stays_what_the_folds_showed(situation: tuple[Climb, Judge]) -> None:
    climb, judge = situation
    scored = [replace(e, fold_scores=(0.2,) * 5) if e.rung == "none" else e for e in climb.evaluations]
    own = replace(climb, evaluations=scored, search=None)
    forecast = SearchForecast(0.04, 60.0, 12, Contender("search", "search", 1.0, 0.1), 0.5, headroom=own.headroom())
    facts = confirm(replace(own, forecast=forecast), judge, (), later()).facts
    assert (facts.headroom_on_folds, facts.headroom) == (pytest.approx(0.8), 0.5)
    assert facts.forecast == forecast


def test_no_time_for_the_look_is_out_of_budget(situation: tuple[Climb, Judge], engine: Engine, tmp_path: Path) -> None:
    climb, judge = situation
    judge = Judge(judge.dataset, judge.splits, judge.metric, 0, engine, Record(tmp_path))  # nothing is found there
    nothing_left = Gate("search", False, "Because.", Reason.GAIN_TOO_SMALL)
    for each in (climb, replace(climb, search=None, gates=[nothing_left])):
        facts = confirm(each, judge, (), time.monotonic() - 1).facts
        assert facts.block is not None
        assert (facts.block.reason, facts.block.settled) == (Reason.OUT_OF_BUDGET, False)
        assert "could not be predicted" in facts.block.sentence
        assert "\n" not in facts.block.sentence
        assert facts.gain is None


def test_a_finalist_that_cannot_be_scored_where_it_counts_is_told_of_once(
    situation: tuple[Climb, Judge], monkeypatch: pytest.MonkeyPatch
) -> None:
    climb, judge = situation

    def no_logarithm(*_given: Any) -> float:
        raise ValueError("Targets have values below zero.")

    monkeypatch.setattr(judge.proof, "score", no_logarithm)
    confirmed = confirm(climb, judge, (), later())
    assert all(look.predictions is None for look in confirmed.looks.values())
    assert (confirmed.facts.signal, confirmed.facts.gain) == (None, None)
    assert confirmed.facts.block is not None
    assert confirmed.facts.block.sentence.count("linear: its score cannot be computed (ValueError: Targets have") == 1
