"""The way up: what is begun, and what is ended before it has cost all that it could."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from runner.checks import Finding, Severity
from runner.climb import Climb
from runner.climb.ascent import PORTFOLIO_SHARE, ascend
from runner.climb.checkup import SHARE_OF_TIME
from runner.climb.ending import seconds_before_the_end, share_of_a_rung
from runner.clock import Clock
from runner.config import CandidateConfig
from runner.evaluation import Status
from runner.events import Listeners
from runner.ladder import Rung

LEAK = Finding("target-leak", Severity.STOP, ("x",), "'x' alone tells the target.", "Drop it.")
TREE = "sklearn.tree.DecisionTreeRegressor"
CANDIDATES = {
    "dummy": CandidateConfig(rung="none", regressor="sklearn.dummy.DummyRegressor", preparation="none"),
    **{
        f"tree-of-{depth}": CandidateConfig("tree", regressor=TREE, preparation="ordinal", params={"max_depth": depth})
        for depth in (2, 3, 4, 5)
    },
    "one-more": CandidateConfig("portfolio", regressor=TREE, preparation="ordinal", params={"min_samples_leaf": 20}),
    "mean": CandidateConfig("portfolio", regressor="sklearn.dummy.DummyRegressor", preparation="ordinal"),
}


@pytest.mark.slow
@pytest.mark.parametrize(("design", "expected"), [("holdout", "pruned"), ("nested", "ok")])
def test_of_the_portfolio_what_has_lost_is_ended_early_but_where_all_rows_judge(
    design: str, expected: str, small, run_here, tmp_path: Path
) -> None:
    config = small("dataset=abalone", "budget.rows=1000", f"evaluation.design={design}", "engine.workers=2")
    ladder = replace(config.ladder, rungs=["none", "tree", "portfolio"], candidates=CANDIDATES, search={})
    content = run_here(replace(config, ladder=ladder), tmp_path / "run").content
    found: dict[str, Any] = {candidate["name"]: candidate for candidate in content["candidates"]}
    assert found["one-more"]["status"] == "ok"
    assert found["mean"]["status"] == expected
    if expected == "pruned":
        assert found["mean"]["score"] is None
        assert 0 < len(found["mean"]["fold_scores"]) < len(found["one-more"]["fold_scores"])
        assert "clearly worse" in found["mean"]["reason"]
    assert content["cheap_champion"] != "mean"


def test_after_an_interrupt_nothing_is_fitted_but_the_dummy(climbed, small) -> None:
    climb, judge = climbed(200)
    own, clock = Climb(climb.ladder, climb.metric, climb.prices, climb.contender), Clock(1000.0)
    clock.interrupted = True
    ascend(own, judge, Mock(end=lambda *_given: ()), small("dataset=credit-g"), clock, Listeners())
    assert [evaluation.rung for evaluation in own.evaluations] == ["none"]
    assert [gate.open for gate in own.gates] == [True] + [False] * (len(own.ladder) - 1)
    assert own.curve == Climb.curve


@pytest.mark.parametrize(
    ("has_defaults", "trial_seconds", "value", "follows"),
    [(True, 1.0, 1e7, True), (True, 900.0, 1e7, False), (False, 1.0, 1e7, False), (True, 1.0, 1e-3, False)],
)
def test_the_portfolio_leaves_time_for_a_search_only_where_one_can_follow_and_is_forecast_to_pay(
    climbed, small, has_defaults: bool, trial_seconds: float, value: float, follows: bool, monkeypatch
) -> None:
    whole, judge = climbed(200)
    *rungs, search = whole.ladder
    more = replace(rungs[1].candidates[0], name="more", rung="portfolio")
    ladder = (*rungs, replace(rungs[1], name="portfolio", candidates=(more,)), search)
    starts = {space.candidate.name for space in search.spaces}
    shares: dict[str, float] = {}
    clock = Clock(1000.0)

    def evaluate(candidates: Any, deadline: float, _bar: Any) -> Any:
        shares[candidates[0].rung] = (deadline - clock.now()) / seconds_before_the_end(own, judge, clock)
        found = [
            whole.evaluation(candidate.name) for candidate in candidates if has_defaults or candidate.name not in starts
        ]
        yield from (evaluation for evaluation in found if evaluation)

    own = Climb(ladder, whole.metric, whole.prices, whole.contender)
    monkeypatch.setattr(judge, "evaluate", evaluate)
    monkeypatch.setattr(own, "trial_seconds", lambda: trial_seconds)
    checkup = Mock(end=Mock(return_value=(LEAK,)))
    ascend(own, judge, checkup, small("dataset=credit-g", f"economics.value_per_unit={value}"), clock, Listeners())
    assert clock.pace == own.pace()
    (_, for_checks), _ = checkup.end.call_args
    of_checks = SHARE_OF_TIME if follows else 1.0
    assert for_checks == pytest.approx(of_checks * seconds_before_the_end(own, judge, clock), abs=30)
    expected = PORTFOLIO_SHARE if follows else share_of_a_rung(judge)
    assert shares["portfolio"] == pytest.approx(expected, abs=0.01)


def test_models_of_a_kind_that_had_no_time_have_their_turn_after_the_others(climbed, small, monkeypatch) -> None:
    whole, judge = climbed(200)
    none, first, *_ = whole.ladder
    lost, *others = (whole.candidate(e.candidate) for e in whole.evaluations if e.rung == "boosting")
    again = [replace(candidate, name=f"more of {candidate.name}", rung="portfolio") for candidate in (lost, *others)]
    ladder = (none, replace(first, name="boosting", candidates=(lost, *others)), Rung("portfolio", tuple(again)))
    asked: dict[str, list[str]] = {}

    def evaluate(candidates: Any, _deadline: float, _bar: Any) -> Any:
        asked[candidates[0].rung] = [candidate.name for candidate in candidates]
        for candidate in candidates:
            found = whole.evaluation(candidate.name)
            if found:
                yield replace(found, status=Status.TIMED_OUT, fold_scores=()) if candidate is lost else found

    monkeypatch.setattr(judge, "evaluate", evaluate)
    own = Climb(ladder, whole.metric, whole.prices, whole.contender)
    ascend(own, judge, Mock(end=lambda *_given: ()), small("dataset=credit-g"), Clock(1000.0), Listeners())
    assert asked["boosting"] == [lost.name, *(each.name for each in others)]
    assert asked["portfolio"] == [*(f"more of {each.name}" for each in others), f"more of {lost.name}"]
