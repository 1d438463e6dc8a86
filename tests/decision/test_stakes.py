"""What is at stake in a search: its trials cost CPU time, and one of its models is trained on what is hired for it."""

import pytest

from runner.config import EconomicsConfig
from runner.decision.economics import Contender
from runner.decision.facts import Facts, SearchForecast
from runner.decision.stakes import gate_before_search, stakes_of_search
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
