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
