"""What is at stake in a search: its trials cost CPU time, and one of its models is trained on what is hired for it."""

import math
from dataclasses import replace

import pytest

from runner.config import EconomicsConfig
from runner.decision.deciding import decide
from runner.decision.economics import Contender
from runner.decision.facts import Facts, SearchForecast
from runner.decision.stakes import gate_before_search, rows_for_a_search, stakes_of_search, worth_of_a_sure_search
from runner.gain import Gain
from runner.prior import past_searches

LINEAR = Contender("linear", "simple", 1.0, 0.01)
HIRED = EconomicsConfig("x", value_per_unit=1e6, device_hours=7680.0, price_per_device_hour=8.0)


@pytest.mark.parametrize("trials", [12, 200])
def test_hired_devices_are_paid_for_one_training_however_many_trials_are_planned(trials: int) -> None:
    forecast = SearchForecast(0.005, 3600.0, trials, Contender("search", "search", 10.0, 0.1))
    facts = Facts(LINEAR, 0.5, None, forecast=forecast)
    at_stake = stakes_of_search(facts, HIRED)
    assert (at_stake.cost, at_stake.training_cost) == (0.05, 61_440.0)
    assert at_stake.training_price == pytest.approx(61_440 / 500_000)
    gate = gate_before_search(facts, HIRED, past_searches())
    assert not gate.open
    assert gate.forecast_cost is not None
    assert gate.forecast_cost >= 61_440.0


@pytest.mark.parametrize("prices", [HIRED, EconomicsConfig("y", value_per_unit=1e4), EconomicsConfig("none")])
def test_the_gate_says_what_it_said_in_the_run_whatever_the_rows_that_prove_show_of_the_dummy(
    prices: EconomicsConfig,
) -> None:
    searched = Contender("search", "search", 10.0, 0.1)
    forecast = SearchForecast(0.005, 3600.0, 12, searched, rivals=((LINEAR, 0.0),), headroom=0.5)
    facts = [Facts(LINEAR, headroom, None, forecast=forecast) for headroom in (0.5, 0.3, 0.8)]
    in_the_run, *afterwards = [gate_before_search(each, prices, past_searches()) for each in facts]
    assert afterwards == [in_the_run] * 2


def judged_by(rows: float) -> Facts:
    """Return the facts of a table of which so many rows judge: errors fall with their root."""
    signal = Gain(0.3, 0.2, 0.4, 0.5 / rows**0.5, 99.0, "rows", 0.5)
    forecast = SearchForecast(
        0.2 / rows**0.5, 36.0, 40, Contender("search", "search", 10.0, 0.1), rivals=((LINEAR, 0.0),)
    )
    return Facts(LINEAR, 0.5, signal, forecast=forecast)


def opens(facts: Facts, prices: EconomicsConfig) -> bool:
    return gate_before_search(facts, prices, past_searches()).open


def test_with_the_rows_that_a_search_needs_its_gate_opens_and_with_fewer_it_does_not() -> None:
    prices = EconomicsConfig("none")
    needed = rows_for_a_search(judged_by(100), prices, past_searches())
    assert needed is not None
    assert (opens(judged_by(1.02 * needed), prices), opens(judged_by(0.98 * needed), prices)) == (True, False)


def test_with_more_rows_a_search_takes_longer_and_may_cost_more_than_it_brings() -> None:
    dear = EconomicsConfig(
        "x", value_per_unit=1e4, price_per_cpu_hour=1e3, price_per_work_hour=50.0, upkeep_hours={"search": 1.0}
    )
    assert (opens(judged_by(300), dear), opens(judged_by(1000), dear)) == (False, True)
    assert rows_for_a_search(judged_by(300), dear, past_searches()) == math.inf


def test_no_number_of_rows_brings_more_than_a_sure_search_is_worth() -> None:
    past = past_searches()
    for upkeep in (0.0, 20.0, 200.0):
        prices = EconomicsConfig("x", value_per_unit=1e5, price_per_work_hour=1.0, upkeep_hours={"search": upkeep})
        sure = worth_of_a_sure_search(judged_by(300), prices, past)
        assert sure is not None
        for rows in (300, 30_000, 3_000_000_000):
            gate = gate_before_search(judged_by(rows), prices, past)
            assert gate.forecast_gain is not None
            assert gate.provable is not None
            assert gate.forecast_gain * 0.5 * 1e5 - gate.provable * upkeep <= sure + 1.0
    ends = past.capped.max(axis=1)
    assert worth_of_a_sure_search(judged_by(300), EconomicsConfig("y", value_per_unit=1e5), past) == pytest.approx(
        0.5 * 1e5 * float(past.weights @ ends.clip(0.0)), rel=0.01
    )
    assert worth_of_a_sure_search(judged_by(300), EconomicsConfig("none"), past) is None


def test_a_shut_gate_that_more_rows_would_open_says_what_they_may_be_worth() -> None:
    prices, past = replace(HIRED, value_per_unit=1e8, retrainings_per_year=0.0), past_searches()
    verdict = decide(judged_by(300), prices, past)
    assert verdict.rows_to_settle is not None
    assert verdict.worth_of_certainty == worth_of_a_sure_search(judged_by(300), prices, past)
    assert decide(judged_by(300), replace(prices, value_per_unit=1e5), past).worth_of_certainty is None


def test_no_number_of_rows_makes_a_search_pay_of_which_no_gain_is_worth_its_price() -> None:
    dear = EconomicsConfig("none", worthwhile_gain=0.5)
    assert rows_for_a_search(judged_by(100), dear, past_searches()) == math.inf
    unknown = replace(judged_by(100), signal=Gain.without_bounds(0.3, "rows", "A few rows decide it."))
    assert rows_for_a_search(unknown, EconomicsConfig("none"), past_searches()) is None
