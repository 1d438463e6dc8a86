"""What has lost is ended early, and what may still win is not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.decision.racing import PLACE, Bar, bar_of

FOLDS = 5
SCORE = st.floats(-10, 10)


def raced(shift: float, seed: int) -> int:
    """Return after how many folds a candidate is ended that is better by so many scatters of the fold differences."""
    random = np.random.default_rng(seed)
    bar = Bar(tuple(random.normal(size=FOLDS) * 3), noise=1.0)
    scores = np.array(bar.scores) + random.normal(shift, 1.0, FOLDS)
    return next((done for done in range(1, FOLDS) if bar.ends(scores[:done].tolist())), FOLDS)


@pytest.mark.parametrize(("shift", "most"), [(0.0, 0.25), (0.5, 0.10), (1.0, 0.03)])
def test_what_is_as_good_is_seldom_ended(shift: float, most: float) -> None:
    assert np.mean([raced(shift, seed) < FOLDS for seed in range(400)]) < most


def test_what_would_have_won_in_the_end_is_hardly_ever_ended() -> None:
    wrong = 0
    for seed in range(2000):
        random = np.random.default_rng(seed)
        bar = Bar((0.0,) * FOLDS, noise=1.0)
        scores = random.normal(random.normal(-0.5, 1.0), 1.0, FOLDS)
        ended = any(bar.ends(scores[:done].tolist()) for done in range(1, FOLDS))
        wrong += ended and scores.mean() > 0
    assert wrong / 2000 < 0.03


def test_the_worse_it_is_the_sooner_it_ends() -> None:
    paid = [np.mean([raced(shift, seed) for seed in range(200)]) for shift in (0.0, -1.0, -2.0, -5.0)]
    assert paid == sorted(paid, reverse=True)
    assert paid[-1] == pytest.approx(1.0, abs=0.05)


@given(st.lists(SCORE, min_size=FOLDS, max_size=FOLDS), st.floats(0.001, 5), st.floats(-3, 3), st.floats(0.1, 10))
def test_neither_level_nor_unit_of_the_metric_matters(
    scores: list[float], noise: float, shift: float, unit: float
) -> None:
    bar = Bar((0.0,) * FOLDS, noise)
    other = Bar((shift,) * FOLDS, noise * unit)
    for done in range(1, FOLDS):
        first = scores[:done]
        slack = abs(np.mean(first)) > 1e-6
        if slack and bar.ends(first) != bar.ends([score * (1 + 1e-9) for score in first]):
            continue  # on the edge
        assert bar.ends(first) == other.ends([score * unit + shift for score in first]) or not slack


def test_the_last_fold_ends_nothing_and_no_fold_neither() -> None:
    bar = Bar((1.0,) * FOLDS, 0.01)
    assert not bar.ends([])
    assert not bar.ends([0.0] * FOLDS)


def test_the_bar_is_set_by_as_many_as_a_blend_has() -> None:
    known = [(level, level + 0.1, level - 0.1) for level in (0.1, 0.9, 0.5, 0.7, 0.3)]
    bar = bar_of(known)
    assert bar is not None
    assert bar.scores[0] == sorted((scores[0] for scores in known), reverse=True)[PLACE - 1]
    assert bar_of(known[: PLACE - 1]) is None


def test_the_rest_is_expected_to_go_as_the_first_folds_did() -> None:
    bar = Bar((0.5, 0.7, 0.9), 0.1)
    assert bar.expected([0.4]) == pytest.approx(0.6)
    assert bar.expected([0.4, 0.5, 0.7]) == pytest.approx(np.mean([0.4, 0.5, 0.7]))
