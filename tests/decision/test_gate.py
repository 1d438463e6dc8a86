"""The gate: what it says holds together, and a higher price never opens what was shut."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runner.decision.gate import Gate, Stakes, acted_on, ceiling_gate, search_gate
from runner.decision.reasons import Reason
from runner.decision.stopping import FIRST_LOOK, PastSearches
from runner.prior import past_searches

many = settings(max_examples=60, deadline=None)
errors = st.floats(0.0001, 0.2)
margins = st.floats(-0.05, 0.1)
prices = st.floats(0.0, 0.2)
trials = st.integers(1, 60)
SHIPPED = past_searches()


def stakes(**changes: object) -> Stakes:
    given = {
        "standard_error": 0.01,
        "margin": 0.01,
        "price": 0.01,
        "trials": 12,
        "cpu_seconds": 120.0,
        "cost": 0.5,
        "currency": "EUR",
    }
    return Stakes(**(given | changes))


def gate(past: PastSearches = SHIPPED, **changes: object) -> Gate:
    return search_gate("search", stakes(**changes), past)


def steady(gain: float, length: int = 24, tables: int = 6) -> PastSearches:
    """Return past searches that all brought the same gain, little by little."""
    random = np.random.default_rng(0)
    gains = np.tile(np.linspace(0, gain, length), (tables, 1))
    losses = 0.5 + random.normal(scale=0.05, size=(tables, length))
    return PastSearches(tuple(f"table {number}" for number in range(tables)), gains, losses)


@many
@given(errors, margins, prices, st.floats(1.0, 20.0), trials, st.booleans())
def test_a_higher_price_never_opens_a_shut_gate(
    error: float, margin: float, price: float, times: float, count: int, bank: bool
) -> None:
    given = {"standard_error": error, "margin": margin, "trials": count, "bank": bank}
    cheap, dear = gate(**given, price=price), gate(**given, price=price * times)
    assert cheap.open or not dear.open


@many
@given(errors, margins, st.floats(0.0, 0.2), prices, trials, st.booleans())
def test_a_higher_margin_never_opens_a_shut_gate_where_searches_gain(
    error: float, margin: float, more: float, price: float, count: int, bank: bool
) -> None:
    given = {"standard_error": error, "price": price, "trials": count, "bank": bank}
    low = gate(steady(0.05), margin=margin, **given)
    high = gate(steady(0.05), margin=margin + more, **given)
    assert low.open or not high.open


@many
@given(errors, margins, prices, st.integers(1, FIRST_LOOK))
def test_what_need_only_lean_is_acted_on_more_often_than_what_must_be_proved(
    error: float, margin: float, price: float, count: int
) -> None:
    """So many trials are run in either case: the rule has not looked yet, which may end one search sooner."""
    given = {"standard_error": error, "margin": margin, "price": price, "trials": count}
    prove, bank = gate(**given), gate(**given, bank=True)
    assert prove.provable is not None
    assert bank.provable is not None
    assert 0 <= prove.provable <= bank.provable <= 1


@many
@given(errors, margins, prices, trials, st.booleans())
def test_a_gate_gives_its_figures_and_its_reason(
    error: float, margin: float, price: float, count: int, bank: bool
) -> None:
    result = gate(standard_error=error, margin=margin, price=price, trials=count, bank=bank)
    assert result.code == ("open" if result.open else Reason.FORECAST_NOT_WORTH_IT)
    assert result.forecast_gain is not None
    assert np.isfinite(result.forecast_gain)
    assert result.forecast_cpu_seconds is not None
    assert 0 < result.forecast_cpu_seconds < 120.001
    assert result.forecast_cost == pytest.approx(0.5 * result.forecast_cpu_seconds / 120.0)
    assert "\n" not in result.reason
    assert result.reason.endswith(".")


def test_a_free_search_that_gains_surely_is_open_and_a_dear_one_shut() -> None:
    assert gate(steady(0.05), price=0.0, standard_error=0.001).open
    assert not gate(steady(0.05), price=0.5, standard_error=0.001).open


def test_a_gain_that_is_written_like_its_price_is_called_barely_more() -> None:
    told = [gate(steady(0.05), standard_error=0.001, price=price) for price in np.linspace(0.02, 0.03, 100)]
    written = [re.search(r"average (.+ %) of the way .* price of (.+ %) \(", each.reason) for each in told]
    alike = [each.open and bool(found) and found[1] == found[2] for each, found in zip(told, written, strict=True)]
    assert any(alike)
    assert ["barely more than" in each.reason for each in told] == alike


def test_a_training_on_hired_devices_is_paid_once_whatever_the_number_of_trials() -> None:
    for trials in (4, 12, 24):
        given = {"standard_error": 0.001, "price": 0.0, "trials": trials, "cost": 0.0, "training_cost": 61_440.0}
        free, paid = (gate(steady(0.05), training_price=price, **given) for price in (0.0, 0.06))
        assert free.forecast_cost == paid.forecast_cost == 61_440.0
        assert not paid.open
        assert "its price of 6.0 % " in paid.reason
    assert gate(steady(0.05), training_price=0.01, **given).open


def test_what_cannot_be_proved_is_not_worth_a_price() -> None:
    assert not gate(steady(0.05), standard_error=float("inf"), price=0.01).open
    assert not gate(steady(0.05), standard_error=0.5, price=0.01).open
    assert gate(steady(0.05), standard_error=0.5, margin=0.0, price=0.01, bank=True).open


def test_searches_that_lead_astray_shut_it_at_any_price() -> None:
    assert not gate(steady(-0.02), price=0.0, bank=True).open


def test_where_a_gain_is_worth_nothing_it_is_shut() -> None:
    shut = gate(price=float("inf"), margin=float("inf"))
    assert (shut.open, shut.code) == (False, Reason.FORECAST_NOT_WORTH_IT)
    assert "\n" not in shut.reason


@pytest.mark.parametrize("price", [0.0, 0.001, 0.02])
def test_a_search_that_is_begun_is_forecast_to_take_as_long_as_the_rule_lets_it_run(price: float) -> None:
    at_stake = stakes(standard_error=0.003, margin=0.0, price=price, trials=100, cpu_seconds=100.0)
    opened = search_gate("search", at_stake, SHIPPED)
    assert opened.open
    trials = acted_on(SHIPPED, at_stake).stops(price / 100)
    assert opened.forecast_cpu_seconds == pytest.approx(SHIPPED.weights @ trials)


@many
@given(errors, st.floats(0.0, 0.1), st.booleans())
def test_no_search_is_forecast_to_gain_more_than_is_left(error: float, left: float, bank: bool) -> None:
    told = gate(standard_error=error, margin=-0.05, price=0.0, bank=bank, loss_left=left)
    assert (told.forecast_gain or 0.0) <= left + 1e-12


@pytest.mark.parametrize(
    ("left", "worthwhile", "seconds", "code"),
    [
        (0.5, 0.01, 10.0, "open"),
        (0.5, 0.01, 0.0, Reason.OUT_OF_BUDGET),
        (0.5, 0.01, -3.0, Reason.OUT_OF_BUDGET),
        (0.005, 0.01, 10.0, Reason.GAIN_TOO_SMALL),
        (0.01, 0.01, 10.0, "open"),
        (3.0, 0.01, 10.0, "open"),
        (0.005, 0.0, 10.0, "open"),
        (0.0, 0.0, 10.0, Reason.GAIN_TOO_SMALL),
    ],
)
def test_a_cheap_rung_needs_time_and_something_to_win(
    left: float, worthwhile: float, seconds: float, code: str
) -> None:
    result = ceiling_gate("tree", left, worthwhile, seconds)
    assert (result.rung, result.open, result.code) == ("tree", code == "open", code)
    assert "\n" not in result.reason


@many
@given(st.floats(0.0, 5.0), st.floats(0.0, 1.0), st.floats(-100.0, 1000.0), st.floats(0.0, 1.0))
def test_asking_for_more_never_opens_a_cheap_gate(left: float, worthwhile: float, seconds: float, more: float) -> None:
    less = ceiling_gate("tree", left, worthwhile, seconds)
    assert less.open or not ceiling_gate("tree", left, worthwhile + more, seconds).open
