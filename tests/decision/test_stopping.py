"""When one more trial is worth its price: never for a price that is too high, never for what past searches lost."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.decision.stopping import FIRST_LOOK, PastSearches, spread, value_of_going_on
from runner.prior import past_searches

SHIPPED = past_searches()
LOSSES = st.lists(st.floats(0, 2), min_size=4, max_size=30)
PRICES = st.floats(0, 0.01)


def steady(gain: float) -> PastSearches:
    """Return searches whose leader gains the same with each trial."""
    gains = np.tile(gain * np.arange(1, 21), (3, 1))
    return PastSearches(("a", "b", "c"), gains, np.tile(np.linspace(0.4, 0.8, 20), (3, 1)))


@given(LOSSES, PRICES, PRICES, st.booleans())
def test_a_higher_price_never_makes_it_worth_more(losses: list[float], low: float, more: float, as_usual: bool) -> None:
    cheap = value_of_going_on(SHIPPED, losses, low, 20, as_usual)
    assert value_of_going_on(SHIPPED, losses, low + more, 20, as_usual) <= cheap


@given(LOSSES, LOSSES)
def test_as_usual_nothing_hangs_on_the_losses_of_this_search(first: list[float], second: list[float]) -> None:
    many = min(len(first), len(second))
    told = [value_of_going_on(SHIPPED, losses[:many], 1e-4, 20, as_usual=True) for losses in (first, second)]
    assert told[0] == told[1]


@pytest.mark.parametrize(("gain", "goes_on"), [(0.001, True), (0.0, False), (-0.001, False)])
def test_where_past_searches_gained_by_each_trial_it_goes_on(gain: float, goes_on: bool) -> None:
    assert (value_of_going_on(steady(gain), [0.4, 0.5, 0.6, 0.7], 1e-6, 10) > 0) is goes_on


def test_a_search_whose_trials_differ_more_has_more_to_win() -> None:
    narrow, wide = [0.50, 0.51, 0.52, 0.53], [0.3, 0.5, 0.7, 0.9]
    assert spread(wide) > spread(narrow)
    values = [value_of_going_on(steady(0.001), losses, 0.0, 10) for losses in (narrow, wide)]
    assert values[0] < values[1]


def test_beyond_the_longest_past_search_nothing_is_expected() -> None:
    assert value_of_going_on(steady(0.01), [0.5, 0.6] * 10, 0.0, 10) == 0
    assert value_of_going_on(steady(0.01), [0.5, 0.6], 0.0, 0) == 0


def test_no_table_has_a_say_in_when_its_own_search_stops() -> None:
    changed = PastSearches(SHIPPED.tables, SHIPPED.gains.copy(), SHIPPED.losses)
    own = np.array(SHIPPED.tables) == "credit-g"
    changed.gains[own] += np.linspace(0, 0.1, SHIPPED.gains.shape[1])
    assert (SHIPPED.stops(0.0001)[own] == changed.stops(0.0001)[own]).all()
    assert (SHIPPED.stops(0.0001) <= changed.stops(0.0001))[~own].all()


@pytest.mark.parametrize("price", [0.0, 0.00001, 0.0003, 0.003])
def test_a_past_search_stops_where_the_rule_would_have_ended_it_had_it_learned_from_other_tables(price: float) -> None:
    length = SHIPPED.gains.shape[1]
    for search in (0, 12, 30):
        kept = np.array(SHIPPED.tables) != SHIPPED.tables[search]
        tables = tuple(np.array(SHIPPED.tables)[kept].tolist())
        others = PastSearches(tables, SHIPPED.gains[kept], SHIPPED.losses[kept], SHIPPED.weights[kept])
        losses = SHIPPED.losses[search]
        looks = range(FIRST_LOOK, length)
        ends = (done for done in looks if value_of_going_on(others, losses[:done].tolist(), price, length - done) <= 0)
        assert SHIPPED.stops(price)[search] == next(ends, length)
