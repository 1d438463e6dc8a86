"""Where the decision turns, along each price alone."""

import json
from dataclasses import asdict, replace
from typing import Any

import pytest

from runner.config import EconomicsConfig
from runner.decision.break_even import break_even
from runner.decision.deciding import decide
from runner.decision.economics import Contender
from runner.decision.facts import Facts, SearchForecast, facts_of
from runner.gain import Gain
from runner.prior import past_searches
from runner.reconsidered import finite

NO_MONEY = EconomicsConfig(name="none", currency="EUR")
CHAMPION = Contender("linear", "simple", 2.0, 0.01)
CHALLENGER = Contender("lightgbm #7", "search", 20.0, 0.1)


def gain(estimate: float) -> Gain:
    return Gain(estimate, estimate - 0.02, estimate + 0.02, 0.01, 99.0, "rows", 0.1, True, True, None)


FORECAST = SearchForecast(0.01, 600.0, 12, CHALLENGER)
NOT_SEARCHED = Facts(CHAMPION, 0.5, gain(0.3), forecast=FORECAST)


def test_a_measured_gain_turns_where_its_lower_bound_is_worth_having() -> None:
    turns = break_even(replace(NOT_SEARCHED, challenger=CHALLENGER, gain=gain(0.05)), NO_MONEY, past_searches())
    assert turns.worthwhile_gain is not None
    assert abs(turns.worthwhile_gain - 0.03 / 0.5) < 1e-6


def test_a_search_turns_where_it_is_worth_more_than_any_cheap_model() -> None:
    upkeep = {"simple": 8.0, "boosting": 16.0, "blend": 24.0, "search": 24.0}
    prices = EconomicsConfig(name="priced", value_per_unit=100.0, price_per_work_hour=80.0, upkeep_hours=upkeep)
    linear, blend = (CHAMPION, 0.1), (Contender("blend", "blend", 20.0, 0.1), 0.0)
    boosting = (Contender("boosting", "boosting", 2.0, 0.1), 0.001)  # nearly as good as the blend, for less

    def turns(*rivals: tuple[Contender, float]) -> float:
        facts = replace(NOT_SEARCHED, forecast=replace(FORECAST, rivals=rivals))
        value = break_even(facts, prices, past_searches()).value_per_unit
        assert value is not None
        return value

    alone = break_even(NOT_SEARCHED, prices, past_searches()).value_per_unit
    assert alone is not None
    assert turns(linear, blend) < turns(linear, boosting, blend) < alone
    stored = finite(asdict(replace(FORECAST, rivals=(linear, boosting, blend))))
    facts = facts_of(json.loads(json.dumps(finite(asdict(NOT_SEARCHED)) | {"forecast": stored})))
    assert facts.forecast is not None
    assert facts.forecast.rivals == (linear, boosting, blend)


@pytest.mark.parametrize("given", [{"value_per_row": 0.01}, {"cost_matrix": {"good": {"bad": 1}}}])
def test_what_is_worth_something_on_each_prediction_turns_with_their_number(given: dict[str, Any]) -> None:
    prices = EconomicsConfig(
        "x", predictions_per_year=1e5, price_per_work_hour=80.0, upkeep_hours={"search": 9}, **given
    )
    facts = replace(NOT_SEARCHED, challenger=CHALLENGER, gain=gain(0.05))
    turns = break_even(facts, prices, past_searches())

    def sides(key: str) -> list[bool]:
        turn = getattr(turns, key)
        return [decide(facts, replace(prices, **{key: turn * by}), past_searches()).go for by in (0.999, 1.001)]

    assert sides("predictions_per_year") == [False, True]
    if "value_per_row" in given:
        assert sides("value_per_row") == [False, True]
    else:
        assert turns.value_per_row is None
    a_year = break_even(
        facts, replace(prices, value_per_unit=1.0, value_per_row=None, cost_matrix=None), past_searches()
    )
    assert (a_year.value_per_row, a_year.predictions_per_year) == (None, None)


def test_a_search_that_was_not_run_turns_with_its_gate_and_without_signal_nothing_turns() -> None:
    assert break_even(NOT_SEARCHED, NO_MONEY, past_searches()).worthwhile_gain is not None
    turns = break_even(replace(NOT_SEARCHED, signal=gain(0.001)), NO_MONEY, past_searches())
    assert (turns.value_per_unit, turns.worthwhile_gain) == (None, None)
