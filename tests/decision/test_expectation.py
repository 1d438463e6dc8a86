"""What to expect of a gain, what it is worth to be sure of it, and how many rows that takes."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm, t

from runner.decision.expectation import Expectation, expectation, needed_rows, worth_of_certainty
from runner.gain import Gain
from runner.prior import past_searches


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


@pytest.mark.parametrize("mean", [-0.03, -0.001, 0.004, 0.02, 0.2])
@pytest.mark.parametrize("go", [False, True])
def test_certainty_is_worth_what_numeric_integration_says(mean: float, go: bool) -> None:
    smallest, belief = 0.004, norm(mean, 0.01)
    known, _ = quad(lambda gain: (gain - smallest) * belief.pdf(gain), smallest, mean + 0.2, points=[mean])
    acted_on = mean - smallest if go else 0.0
    worth = worth_of_certainty(Expectation(mean, 0.01), smallest, go)
    assert worth == pytest.approx(known - acted_on, abs=1e-9)


def test_what_is_certain_already_is_worth_nothing_more_but_to_act_on_it() -> None:
    sure = Expectation(0.02, 0.0)
    assert (worth_of_certainty(sure, 0.01, go=True), worth_of_certainty(sure, 0.03, go=False)) == (0.0, 0.0)
    assert worth_of_certainty(sure, 0.01, go=False) == pytest.approx(0.01)


def test_an_expectation_is_what_is_left_of_many_gains_by_those_that_measured_the_same() -> None:
    """Draw gains as past searches had them, measure each, and keep those whose measure is near the one at hand."""
    past, generator = past_searches(), np.random.default_rng(0)
    gains = past.final_gains() * 0.5
    mean = float(past.weights @ gains)
    sd = float(np.sqrt(past.weights @ (gains - mean) ** 2))
    true = generator.normal(mean, sd, 2_000_000)
    near = np.abs(generator.normal(true, 0.01) - 0.015) < 0.001
    expected = expectation(Gain(0.015, 0.0, 0.03, 0.01, 99.0, "rows", 0.1), 0.5, past)
    assert expected.mean == pytest.approx(true[near].mean(), abs=2e-4)
    assert expected.sd == pytest.approx(true[near].std(), rel=0.02)
