"""Probabilities put right: only where they are shown to be wrong, and without turning the order of the rows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit, logit

from runner.recalibration import Recalibration, recalibration


def drawn(rows: int, slope: float, shift: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    odds = random.normal(-1, 1.5, rows)
    said = expit(slope * odds + shift)
    return np.column_stack([1 - said, said]), (random.uniform(size=rows) < expit(odds)).astype(int)


def test_over_confidence_is_undone() -> None:
    found = recalibration(*drawn(5000, 2.0, 0.7), None)
    assert found is not None
    assert found.slope == pytest.approx(0.5, abs=0.05)
    assert found.shift == pytest.approx(-0.35, abs=0.1)


def test_what_is_right_is_left_alone_in_nineteen_of_twenty_tables() -> None:
    touched = sum(recalibration(*drawn(500, 1.0, 0.0, seed), None) is not None for seed in range(200))
    assert touched / 200 <= 0.05 + 2 * (0.05 * 0.95 / 200) ** 0.5


def test_rows_without_a_prediction_do_not_count() -> None:
    said, came = drawn(2000, 2.0, 0.0)
    gaps = np.concatenate([said, np.full((50, 2), np.nan)])
    assert recalibration(gaps, np.concatenate([came, np.ones(50, int)]), None) == recalibration(said, came, None)


@pytest.mark.parametrize("said", [np.full((300, 2), 0.5), drawn(300, -1.0, 0.0)[0]])
def test_nothing_is_learned_of_a_constant_or_of_a_falling_line(said: np.ndarray) -> None:
    assert recalibration(said, drawn(300, 1.0, 0.0)[1], None) is None


def test_a_rare_class_teaches_nothing() -> None:
    said, came = drawn(300, 3.0, 0.0)
    came[np.flatnonzero(came)[9:]] = 0
    assert recalibration(said, came, None) is None


@given(st.floats(0.1, 5), st.floats(-5, 5), st.lists(st.floats(0.001, 0.999), min_size=2, max_size=20, unique=True))
def test_the_order_of_the_rows_stays_and_rows_sum_to_one(slope: float, shift: float, said: list[float]) -> None:
    positive = np.sort(said)
    told = Recalibration(slope, shift).apply(np.column_stack([1 - positive, positive]))
    assert (np.diff(told[:, 1]) >= 0).all()
    assert told.sum(axis=1) == pytest.approx(1)
    assert told[:, 1] == pytest.approx(expit(slope * logit(positive) + shift))
