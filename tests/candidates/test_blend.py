"""Weights of a blend: greedy choices, with replacement."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from runner.candidates.blend import greedy_weights

STEPS = 12
TRUTH = np.linspace(-1.0, 1.0, 8)


def score(mean: np.ndarray) -> float:
    return -float(np.mean(np.abs(mean - TRUTH)))


def test_two_that_are_worse_in_equal_parts_are_mixed_in_unequal_ones() -> None:
    """Too high by 1 and too low by 3: half of each is no better than the first alone, three to one is without error."""
    assert greedy_weights(score, [TRUTH + 1.0, TRUTH - 3.0], STEPS) == [3, 1]


@given(st.lists(arrays(float, 8, elements=st.floats(-2.0, 2.0)), min_size=1, max_size=5))
def test_a_blend_scores_at_least_as_well_as_each_alone(predictions: list[np.ndarray]) -> None:
    counts = greedy_weights(score, predictions, STEPS)
    assert 1 <= sum(counts) <= STEPS
    blended = score(np.average(predictions, axis=0, weights=counts))
    assert blended >= max(map(score, predictions)) - 1e-12


def test_who_adds_nothing_is_left_out() -> None:
    assert greedy_weights(score, [TRUTH, TRUTH + 1.0], STEPS) == [1, 0]
