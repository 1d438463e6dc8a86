"""Noise is not taken for a change more often than is promised, and a change is seen."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.suite.noise import paired_drop, rise, shift, together, unpaired_drop

SCORES = st.lists(st.floats(-10, 10), min_size=5, max_size=5)


def test_luck_on_the_same_folds_is_not_taken_for_a_drop_more_often_than_promised() -> None:
    random = np.random.default_rng(0)
    accepted = random.normal(0.8, 0.02, (4000, 5))
    luck = 0.15 * accepted.std(axis=1, ddof=1, keepdims=True) * random.normal(size=(4000, 5))
    p_values = np.array([paired_drop(a + d, a, 0.15, 8).p_value for a, d in zip(accepted, luck, strict=True)])
    for level in (0.05, 0.01, 0.001):
        assert np.mean(p_values <= level) <= level + 2 * np.sqrt(level / 4000)


def test_luck_larger_than_expected_is_still_held_nearly() -> None:
    random = np.random.default_rng(1)
    accepted = random.normal(0.8, 0.02, (4000, 5))
    luck = 0.3 * accepted.std(axis=1, ddof=1, keepdims=True) * random.normal(size=(4000, 5))
    p_values = np.array([paired_drop(a + d, a, 0.15, 8).p_value for a, d in zip(accepted, luck, strict=True)])
    assert np.mean(p_values <= 0.001) <= 0.01


def test_new_rows_are_not_taken_for_a_drop_more_often_than_promised() -> None:
    random = np.random.default_rng(2)
    nights = random.normal(0.8, 0.02, (4000, 2, 5))
    p_values = np.array([unpaired_drop(now, before).p_value for now, before in nights])
    assert np.mean(p_values <= 0.01) <= 0.012


@given(now=SCORES, before=SCORES)
def test_a_rise_of_the_score_is_no_drop(now: list[float], before: list[float]) -> None:
    for change in (paired_drop(now, before, 0.15, 8), unpaired_drop(now, before)):
        assert 0 <= change.p_value <= 1
        if change.amount < -1e-9:
            assert change.p_value >= 0.5
        elif change.amount > 1e-9:
            assert change.p_value <= 0.5


def test_costs_are_compared_as_ratios() -> None:
    assert rise(13, 10, 0.045).amount == pytest.approx(0.3)
    assert rise(13, 10, 0.045).p_value < 1e-6
    assert rise(1300, 1000, 0.045).p_value == pytest.approx(rise(13, 10, 0.045).p_value)
    assert rise(10, 13, 0.045).p_value > 0.99


def test_a_verdict_moves_either_way() -> None:
    assert shift(0.99, 0.5, 0.2).p_value == pytest.approx(shift(0.5, 0.99, 0.2).p_value)
    assert shift(1.0, 0.0, 0.2).p_value == pytest.approx(0.0)


def test_many_small_changes_add_up() -> None:
    assert together([0.1] * 12) < 1e-4
    assert together([0.5] * 12) == pytest.approx(0.5)
    assert together([0.02, 1.0]) > 0.02
