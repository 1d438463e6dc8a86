"""Before a search the gate asks for trust, signal, something to win, budget and price, in this order."""

import copy
import math
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest

from runner.candidates.pipeline import Candidate
from runner.checks import Finding, Severity
from runner.climb import Climb
from runner.climb.ending import cpu_seconds_of_the_end, seconds_of_the_end, share_of_a_rung
from runner.climb.gatekeeper import (
    cpu_seconds_left,
    cpu_seconds_so_far,
    cpu_seconds_unspent,
    forecast_search,
    gate_before,
    signal_is_likely,
    spaces_to_search,
)
from runner.clock import CLOSING_SECONDS, Clock
from runner.config import Config
from runner.decision.economics import compute_cost
from runner.decision.gate import Gate
from runner.decision.reasons import Reason
from runner.evaluation import Status
from runner.judge import Judge
from runner.judge.proof import HoldoutProof
from runner.ladder import Rung, Start
from runner.metrics import make_metric
from runner.splits import Splits
from runner.task import Task

LEAK = Finding("target-leak", Severity.STOP, ("x",), "'x' alone takes away 99 % of the loss.", "Drop it.")
WARNING = replace(LEAK, severity=Severity.WARN)
PAYS = ("economics.value_per_unit=1000000", "budget.trials=6")
Ask = Callable[..., Gate]


@pytest.fixture(scope="module")
def situation(climbed: Callable[[int], tuple[Climb, Judge]]) -> tuple[Climb, Judge]:
    """Return a climb that stands before its search."""
    return climbed(300)


@pytest.fixture
def ask(situation: tuple[Climb, Judge], small: Callable[..., Config]) -> Ask:
    """Return a function that asks the gate before a rung, by default the search."""
    whole, judge = situation

    def gate(
        *overrides: str,
        findings: tuple[Finding, ...] = (),
        seconds: float = 100.0,
        only: tuple[str, ...] = (),
        flat: bool = False,
        gates: tuple[Gate, ...] = (),
        at: int = -1,
    ) -> Gate:
        evaluations = [e for e in whole.evaluations if not only or e.candidate in only]
        if flat and (dummy := whole.dummy()):  # no model is better than none
            evaluations = [replace(e, fold_scores=dummy.fold_scores) for e in evaluations]
        climb = replace(whole, evaluations=evaluations, gates=list(gates))
        config = small("dataset=credit-g", *overrides)
        return gate_before(climb.ladder[at], climb, judge, findings, config, Clock(seconds))

    return gate


def test_a_search_that_pays_is_open(ask: Ask) -> None:
    gate = ask(*PAYS)
    assert (gate.open, gate.code, gate.rung) == (True, "open", "search")
    assert gate.forecast_cpu_seconds is not None
    assert gate.forecast_cpu_seconds > 0


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"findings": (LEAK,)}, Reason.DATA_NOT_TRUSTWORTHY),
        ({"flat": True}, Reason.NO_SIGNAL),
        ({"only": ("dummy",)}, Reason.OUT_OF_BUDGET),
        ({"seconds": 0.0}, Reason.OUT_OF_BUDGET),
    ],
    ids=["leak", "no signal", "no model", "no time"],
)
def test_a_shut_gate_says_why(ask: Ask, given: dict[str, Any], code: Reason) -> None:
    gate = ask(*PAYS, **given)
    assert (gate.open, gate.code) == (False, code)
    assert "\n" not in gate.reason


@pytest.mark.parametrize(
    ("overrides", "code", "part"),
    [
        (("budget.trials=0",), Reason.OUT_OF_BUDGET, "no trial"),
        (("budget.money=0.0000001",), Reason.OUT_OF_BUDGET, "budget's money is used up"),
        (("economics.value_per_unit=0.000001",), Reason.FORECAST_NOT_WORTH_IT, ""),
        (("economics.value_per_unit=0",), Reason.FORECAST_NOT_WORTH_IT, ""),
        (("economics.value_per_unit=null", "economics.worthwhile_gain=0.9"), Reason.GAIN_TOO_SMALL, ""),
    ],
    ids=["trials", "money", "value", "no value", "nothing to win"],
)
def test_budget_and_price_shut_it(ask: Ask, overrides: tuple[str, ...], code: Reason, part: str) -> None:
    gate = ask(*PAYS, *overrides)
    assert (gate.open, gate.code) == (False, code)
    assert part in gate.reason


def test_time_that_is_too_short_matters_only_where_a_search_would_pay(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Climb, "trial_seconds", lambda _climb: 2000.0)
    short = ask(*PAYS)
    assert (short.open, short.code) == (False, Reason.OUT_OF_BUDGET)
    assert short.reason.startswith("A search is forecast to pay, but too little of the budget's time")
    more = ask(*PAYS, "budget.trials=600")
    assert more.forecast_cpu_seconds is not None
    told = [re.search(r"; (\d+) trials would take about budget.seconds=(\d+)\.$", g.reason) for g in (short, more)]
    (few, little), (many, much) = [(int(found[1]), int(found[2])) for found in told if found]
    assert (few, many) == (6, 600)
    assert 0 < little < 100 + 6 / 600 * (much - 100) + 10  # a hundred seconds were given, of which few were left
    assert much >= more.forecast_cpu_seconds / 2  # on two workers


def test_a_search_begins_where_one_trial_can_end_before_the_last_look(
    situation: tuple[Climb, Judge], ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Climb, "trial_seconds", lambda _climb: 20.0)
    around = CLOSING_SECONDS + seconds_of_the_end(*situation)
    one = 20.0 / share_of_a_rung(situation[1])
    assert ask(*PAYS, seconds=around + one + 1.0).open
    shut = ask(*PAYS, seconds=around + one - 1.0)
    assert (shut.open, shut.code) == (False, Reason.OUT_OF_BUDGET)
    assert "is left for one trial" in shut.reason


def test_money_is_of_the_whole_run_and_buys_energy_as_well(situation: tuple[Climb, Judge], small: Any) -> None:
    climb, judge = situation
    own = replace(climb, gates=[])
    prices = ("economics.price_per_cpu_hour=0", "economics.watts_per_core=1000", "economics.price_per_kwh=36")
    config = small("dataset=credit-g", *prices, "budget.money=20")  # a cent a second
    left = cpu_seconds_left(own, judge, config)
    assert 0 < left < 2000 - max(climb.cpu_seconds(), sum(cpu_seconds_of_the_end(climb, judge)))
    assert cpu_seconds_unspent(own, judge, config) - left == pytest.approx(
        sum(cpu_seconds_of_the_end(own, judge)), abs=1
    )
    assert cpu_seconds_left(own, judge, small("dataset=credit-g", *prices)) == math.inf
    used_up = small("dataset=credit-g", *prices, f"budget.money={0.01 * climb.cpu_seconds()}")
    shut = [gate_before(rung, own, judge, (), used_up, Clock(100.0)) for rung in climb.ladder[1:]]
    assert {(gate.open, gate.code) for gate in shut} == {(False, Reason.OUT_OF_BUDGET)}


def test_where_money_is_known_a_small_gain_is_for_the_price_to_refuse(ask: Ask) -> None:
    assert ask("economics.worthwhile_gain=0.9", *PAYS, at=1).open
    assert not ask("economics.worthwhile_gain=0.9", at=1).open


def test_a_search_that_has_no_model_to_start_from_says_so(ask: Ask) -> None:
    gate = ask(*PAYS, only=("dummy", "tree", "linear"))
    assert (gate.open, gate.code) == (False, Reason.OUT_OF_BUDGET)
    assert "starts from" in gate.reason


def test_it_says_what_came_of_the_models_that_a_search_starts_from(situation: tuple[Climb, Judge], small: Any) -> None:
    climb, judge = situation
    late = [
        replace(e, status=Status.TIMED_OUT, reason="5 folds would take 9 s.") if e.candidate == "lightgbm" else e
        for e in climb.evaluations
    ]
    gate = gate_before(
        climb.ladder[-1], replace(climb, evaluations=late, gates=[]), judge, (), small("dataset=credit-g", *PAYS),
        Clock(100.0),
    )  # fmt: skip
    assert (gate.open, gate.code) == (False, Reason.OUT_OF_BUDGET)
    assert gate.reason.endswith("lightgbm: 5 folds would take 9 s.")


def test_trust_is_asked_for_first_and_signal_before_the_budget(ask: Ask) -> None:
    assert ask(findings=(LEAK,), only=("dummy",), seconds=0.0).code == Reason.DATA_NOT_TRUSTWORTHY
    assert ask(flat=True, seconds=0.0).code == Reason.NO_SIGNAL


def test_a_single_fold_shows_a_signal_by_what_is_better(situation: tuple[Climb, Judge], small: Any) -> None:
    whole, judge = situation
    first = [replace(e, fold_scores=e.fold_scores[:1]) for e in whole.evaluations]
    climb = replace(whole, evaluations=first, gates=[])
    assert gate_before(climb.ladder[-1], climb, judge, (), small("dataset=credit-g", *PAYS), Clock(100.0)).open


@pytest.mark.parametrize("knows", [True, False])
def test_in_time_a_level_that_has_moved_is_no_signal_to_search_for(situation: tuple[Climb, Judge], knows: bool) -> None:
    """By how much each fold gains, a signal would be likely in all of these, and in hardly any that is one."""
    whole, judge = situation
    rows, likely = len(judge.development), []
    for seed in range(20):
        noise, said = np.random.default_rng(seed).normal(size=(2, rows))
        target = 10 + noise + (said if knows else 0)
        data = replace(judge.development, task=Task.REGRESSION, target=target, time=np.arange(rows), classes=())
        splits = Splits(np.arange(rows), np.arange(0), ())
        in_time = copy.copy(judge)
        in_time.splits, in_time.proof = splits, HoldoutProof(data, splits, make_metric(None, data), 0)
        gains = (-1.0, 3.0) if knows else (1.0, 1.1)
        none, best = (e for e in whole.evaluations if e.candidate in ("dummy", "tree"))
        none = replace(none, fold_scores=(0.0, 0.0), predictions=np.zeros(rows))
        climb = replace(whole, evaluations=[none, replace(best, fold_scores=gains, predictions=said)])
        likely.append(signal_is_likely(climb, in_time))
    assert np.mean(likely) >= 0.9 if knows else np.mean(likely) <= 0.4


def test_where_no_model_has_a_score_that_is_not_called_no_signal(situation: tuple[Climb, Judge], small: Any) -> None:
    climb, judge = situation
    skipped = [
        e if e.rung == "none" else replace(e, status=Status.SKIPPED, reason="the time was used up.")
        for e in climb.evaluations
    ]
    short = replace(climb, evaluations=skipped, gates=[])
    gate = gate_before(climb.ladder[-1], short, judge, (), small("dataset=credit-g"), Clock(100.0))
    assert (gate.open, gate.code) == (False, Reason.OUT_OF_BUDGET)
    assert "the time was used up" in gate.reason


def test_where_no_model_was_tried_the_gate_that_kept_them_out_is_told(ask: Ask) -> None:
    money = Gate("tree", False, "The budget's money is used up.", Reason.OUT_OF_BUDGET)
    gate = ask("budget.money=0", only=("dummy",), gates=(money,))
    assert (gate.code, gate.reason) == (money.code, f"No cheap model has a score. {money.reason}")


def test_a_warning_shuts_nothing(ask: Ask) -> None:
    assert ask(*PAYS, findings=(WARNING,)).open


def test_the_dummy_is_always_let_in(ask: Ask) -> None:
    assert ask(seconds=0.0, findings=(LEAK,), at=0).open


def test_a_cheap_rung_needs_time(ask: Ask) -> None:
    assert ask(at=1).open
    assert ask(at=1, seconds=-1.0).code == Reason.OUT_OF_BUDGET


def test_a_dearer_machine_never_opens_it(ask: Ask) -> None:
    opened = [ask(*PAYS, "economics.value_per_unit=100", f"economics.price_per_cpu_hour={p}").open for p in (0, 1, 1e6)]
    assert opened == sorted(opened, reverse=True)
    assert opened[-1] is False


def test_a_rung_of_ones_own_without_dummy_is_no_signal(ask: Ask) -> None:
    assert ask(*PAYS, only=("tree", "linear")).code == Reason.NO_SIGNAL


def test_a_rung_is_what_the_ladder_calls_a_search(situation: tuple[Climb, Judge]) -> None:
    assert situation[0].ladder[-1].is_search
    assert not Rung("simple", (Candidate("a", "simple", "x.Y", "none"),)).is_search


def test_a_run_that_goes_on_has_taken_what_was_evaluated_before_it(situation: tuple[Climb, Judge]) -> None:
    climb, judge = situation
    first, *others = climb.evaluations
    dear = replace(climb, evaluations=[replace(first, costs=replace(first.costs, cpu_seconds=1e6)), *others])
    assert cpu_seconds_so_far(dear, judge) >= 1e6
    assert cpu_seconds_so_far(replace(climb, evaluations=[]), judge) == pytest.approx(
        judge.engine.meter.cpu_seconds(), abs=1.0
    )


def test_a_trial_that_the_money_does_not_buy_is_told_in_figures_above_zero(
    situation: tuple[Climb, Judge], small: Any
) -> None:
    climb, judge = situation
    dear = [replace(e, costs=replace(e.costs, cpu_seconds=100.0)) for e in climb.evaluations]
    begun, config = replace(climb, evaluations=dear, gates=[]), small("dataset=credit-g", *PAYS)
    seconds = cpu_seconds_so_far(begun, judge) + sum(cpu_seconds_of_the_end(begun, judge)) + 2.0
    config.budget.money = compute_cost(config.economics, seconds)
    gate = gate_before(begun.ladder[-1], begun, judge, (), config, Clock(10_000.0))
    assert re.fullmatch(r"One trial of a search would cost EUR 0.001; the budget has EUR 0.0000\d+ left.", gate.reason)
    assert " 0.0000 left" not in gate.reason


def test_trials_that_are_ended_early_are_forecast_to_take_half_of_what_they_take_on_all_folds(
    situation: tuple[Climb, Judge], small: Any
) -> None:
    climb, judge = situation
    nested, config = copy.copy(judge), small("dataset=credit-g", *PAYS)
    nested.splits = replace(judge.splits, outer=Mock())  # there all trials are fitted on all folds
    half, whole = (forecast_search(climb.ladder[-1], climb, each, config).cpu_seconds for each in (judge, nested))
    assert 0 < half == pytest.approx(whole / 2)


def test_a_search_draws_from_no_estimator_that_was_only_lost(situation: tuple[Climb, Judge]) -> None:
    whole, _ = situation
    *_, search = whole.ladder
    space = search.spaces[0]

    def drawn(default: Status, other: Status, *starts: Start) -> bool:
        ends = {space.candidate.name: default, "other": other}
        evaluations = [replace(e, status=ends.get(e.candidate, e.status)) for e in whole.evaluations]
        evaluations.append(replace(evaluations[0], candidate="other", status=other))
        more = Rung("portfolio", (replace(space.candidate, name="other"),))
        climb = replace(whole, ladder=(more, *whole.ladder), evaluations=evaluations)
        return space in spaces_to_search(replace(search, starts=starts), climb)

    lost, known = Status.TIMED_OUT, Start(space.family, space.candidate.preparation, {})
    assert not drawn(lost, lost)
    assert not drawn(Status.OUT_OF_MEMORY, Status.FAILED)
    assert drawn(lost, Status.OK)
    assert drawn(lost, Status.SKIPPED)
    assert drawn(lost, lost, known)
