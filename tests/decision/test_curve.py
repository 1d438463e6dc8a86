"""What twice the rows would bring, against laws whose answer is known."""

from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.decision.curve import Curve, fit_curve

ROWS = (100, 200, 400, 800)
TOTAL = 1000


def drawn(b: float, c: float, noise: float, generator: np.random.Generator) -> Curve:
    """Draw scores of five folds along -(1 + b n^-c): each fold is hard or easy, each fit is lucky or not."""
    law = -(1 + b * np.array(ROWS, dtype=float) ** -c)
    hardness = generator.normal(0, 0.05, (1, 5))
    luck = generator.normal(0, noise, (4, 5)) * (np.array(ROWS)[:, None] / ROWS[0]) ** -0.5
    return fit_curve("m", ROWS, law[:, None] + hardness + luck, TOTAL)


@pytest.mark.parametrize(("b", "c"), [(3.0, 0.5), (10.0, 0.9), (1.0, 0.3), (30.0, 1.2), (0.0, 0.5)])
def test_the_bounds_hold_their_level(b: float, c: float) -> None:
    generator = np.random.default_rng(0)
    truth = b * (TOTAL**-c - (2 * TOTAL) ** -c)
    found = [drawn(b, c, 0.03, generator).twice for _ in range(400)]
    assert np.mean([interval.low > truth for interval in found]) <= 0.07
    assert np.mean([interval.high < truth for interval in found]) <= 0.07


def test_a_flat_curve_is_not_said_to_fall() -> None:
    generator = np.random.default_rng(1)
    assert np.mean([drawn(0.0, 0.5, 0.03, generator).falling for _ in range(400)]) <= 0.07
    assert np.mean([drawn(3.0, 0.5, 0.03, generator).falling for _ in range(100)]) == 1.0


@given(st.floats(-15, 3).map(lambda exponent: 10**exponent), st.floats(-100, 100), st.integers(0, 2**31))
def test_unit_and_origin_of_the_score_do_not_matter(scale: float, shift: float, seed: int) -> None:
    generator = np.random.default_rng(seed)
    scores = generator.normal(0, 1, (4, 5)) + np.arange(4)[:, None]
    first, second = (fit_curve("m", ROWS, values, TOTAL) for values in (scores, scale * (scores + shift)))
    assert {k: v / scale for k, v in asdict(second.twice).items()} == pytest.approx(asdict(first.twice), rel=1e-3)
    assert first.falling == second.falling


def test_scores_without_any_spread_still_give_an_answer() -> None:
    curve = fit_curve("m", ROWS, np.tile([[0.5], [0.6], [0.65], [0.675]], 5), TOTAL)
    assert curve.falling
    assert 0 < curve.twice.low <= curve.twice.estimate <= curve.twice.high < 0.025


def test_a_curve_that_steepens_is_judged_by_its_last_doublings() -> None:
    luck = np.random.default_rng(0).normal(0, 0.002, (4, 5))
    bends, follows = (np.cumsum([0.5, *steps])[:, None] + luck for steps in ([0.01, 0.03, 0.06], [0.06, 0.04, 0.03]))
    bent, straight = (fit_curve("m", ROWS, scores, TOTAL).twice for scores in (bends, follows))
    assert bent.estimate > 0.03
    assert bent.high > 0.06  # as the last doubling brought
    assert bent.high - bent.low > 1.5 * (straight.high - straight.low)


def test_even_a_curve_without_noise_may_leave_its_law() -> None:
    curve = fit_curve("m", ROWS, np.tile([[0.5], [0.6], [0.65], [0.675]], 5), TOTAL)
    assert curve.twice.high - curve.twice.low > 0.5 * curve.twice.estimate


def test_more_rows_bring_no_more_than_is_left() -> None:
    late = -np.tile([[1.3], [1.2], [0.8], [0.0001]], 5)  # a log loss that falls to nothing with the last doubling
    unlimited, limited = (fit_curve("m", ROWS, late, TOTAL, left=left).twice for left in (np.inf, 0.0001))
    assert unlimited.estimate > 0.1
    assert (limited.low, limited.estimate, limited.high) == (0.0, 0.0001, 0.0001)  # nothing but the limit is known
    some = fit_curve("m", ROWS, late, TOTAL, left=1.2 * unlimited.estimate).twice
    assert (some.low, some.estimate) == (unlimited.low, unlimited.estimate)
    assert some.high == 1.2 * unlimited.estimate < unlimited.high
