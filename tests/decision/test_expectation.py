"""How many rows would settle a question follows from the bound that is to prove it."""

import pytest
from scipy.stats import t

from runner.decision.expectation import needed_rows
from runner.gain import Gain


@pytest.mark.parametrize(("distance", "more"), [(0.01, 4), (-0.01, 1)])
def test_a_lower_bound_that_is_twice_as_far_takes_four_times_the_rows_where_it_is_to_prove(
    distance: float, more: int
) -> None:
    half = 0.01 * t.ppf(0.95, 99)
    plain, moved = (Gain(0.02, 0.02 - far * half, 0.02 + half, 0.01, 99.0, "rows", 0.1) for far in (1, 2))
    few, many = (needed_rows(gain, distance, 0.5) for gain in (plain, moved))
    assert few is not None
    assert many == pytest.approx(more * few, abs=more)


def test_a_gain_near_the_margin_takes_the_rows_of_its_distance_and_none_are_told_for_next_to_nothing() -> None:
    half = 0.01 * t.ppf(0.95, 99)
    gain = Gain(0.0, -half, half, 0.01, 99.0, "rows", 0.1)
    far, near = (needed_rows(gain, distance, 0.5) for distance in (0.01, 0.001))
    assert near == pytest.approx(100 * far, rel=0.01)
    assert needed_rows(gain, 0.0001, 0.5) is None
