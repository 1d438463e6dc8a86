"""Relations inside of groups, where each group is one observation."""

import numpy as np
import pytest
from numpy.typing import NDArray

from runner.gain.within import within_groups_p_value

SIZES = (4, 90, 15, 33)
GROUPS = np.repeat(np.arange(len(SIZES)), SIZES)


def probabilities(score: NDArray[np.float64]) -> NDArray[np.float64]:
    positive = 1 / (1 + np.exp(-score))
    return np.column_stack([1 - positive, positive])


@pytest.mark.parametrize("is_classified", [True, False])
@pytest.mark.parametrize("drifts", [True, False])
@pytest.mark.parametrize("count", [2, 4])
def test_groups_that_know_nothing_are_seldom_related(is_classified: bool, drifts: bool, count: int) -> None:
    """Levels and drifts of the groups are large: were rows independent, they would seem to be related nearly always."""
    found = []
    for seed in range(400):
        random = np.random.default_rng(seed)
        moment = np.concatenate([np.linspace(-1, 1, size) for size in SIZES]) if drifts else np.zeros(len(GROUPS))
        level, slope = random.normal(size=(2, 2, len(SIZES)))
        seen, said = level[:, GROUPS] + 2 * slope[:, GROUPS] * moment + random.normal(size=(2, len(GROUPS)))
        pair = ((seen > 0).astype(int), probabilities(said)) if is_classified else (seen, said)
        chosen = np.isin(GROUPS, np.arange(count))
        p_value = within_groups_p_value(pair[0][chosen], pair[1][chosen], GROUPS[chosen])
        found.append(p_value is not None and p_value <= 0.05)
    assert np.mean(found) <= 0.08


@pytest.mark.parametrize("is_classified", [True, False])
def test_what_is_known_is_found_in_four_groups_of_unlike_size_and_level(is_classified: bool) -> None:
    found = []
    for seed in range(40):
        random = np.random.default_rng(seed)
        said, noise = random.normal(size=(2, len(GROUPS)))
        seen = said + noise + random.normal(size=len(SIZES))[GROUPS]
        pair = ((seen > 0).astype(int), probabilities(said)) if is_classified else (np.exp(2 * seen), said)
        p_value = within_groups_p_value(*pair, GROUPS)
        found.append(p_value is not None and p_value <= 0.05)
    assert np.mean(found) >= 0.7


def test_predictions_that_are_wrong_in_each_group_prove_nothing() -> None:
    seen = np.random.default_rng(0).normal(size=len(GROUPS))
    assert (within_groups_p_value(seen, -seen, GROUPS) or 0) > 0.95


@pytest.mark.parametrize(("groups", "p_value"), [(3, 0.5**3), (6, 0.5**6)])
def test_groups_that_are_all_told_alike_are_as_many_signs(groups: int, p_value: float) -> None:
    turns = np.arange(20 * groups) % 2
    places = np.repeat(np.arange(groups), 20)
    assert within_groups_p_value(turns, np.eye(2)[turns], places) == p_value
    assert within_groups_p_value(turns, np.eye(2)[1 - turns], places) == 1.0


def test_there_is_none_unless_two_groups_vary() -> None:
    seen = np.random.default_rng(0).normal(size=len(GROUPS))
    by_group = np.round(0.1 * GROUPS, 1)
    assert within_groups_p_value(by_group, seen, GROUPS) is None
    assert within_groups_p_value(seen, by_group, GROUPS) is None
    assert within_groups_p_value(seen[GROUPS < 1], seen[GROUPS < 1], GROUPS[GROUPS < 1]) is None


def test_a_group_across_all_blocks_that_alone_varies_shows_nothing() -> None:
    said = np.arange(40) % 4
    assert within_groups_p_value(said, said, np.arange(40) // 4, across=np.zeros(40)) == 1.0
