"""A permutation test, held against the exact law where that can be counted."""

import numpy as np
import pytest
from scipy.signal import lfilter
from scipy.special import expit
from scipy.stats import hypergeom
from sklearn.metrics import get_scorer

from runner.gain import association_p_value
from runner.metrics import Metric
from runner.task import Task


@pytest.mark.parametrize("name", ["neg_log_loss", "neg_brier_score"])
@pytest.mark.parametrize("seed", range(2))
def test_pairings_that_score_the_same_count_whatever_order_they_are_summed_in(name: str, seed: int) -> None:
    """Two levels of probability and two positives: a score is how many positives have the higher one."""
    random = np.random.default_rng(seed)
    target = random.permutation(np.repeat([0, 1], [58, 2]))
    said = random.choice([0.05, 0.3], 60, p=[0.6, 0.4])
    metric = Metric(name, Task.BINARY, 2, get_scorer(name))
    found = association_p_value(metric, target, np.column_stack([1 - said, said]), None, seed)
    high = said == 0.3
    exact = hypergeom.sf(high[target == 1].sum() - 1, 60, high.sum(), 2)
    assert found == pytest.approx(exact, abs=0.08)  # of 400 permutations: three standard errors


def test_a_constant_prediction_knows_nothing() -> None:
    target = np.random.default_rng(0).lognormal(0.0, 2.0, 30)
    metric = Metric("r2", Task.REGRESSION, 0, get_scorer("r2"))
    assert association_p_value(metric, target, np.full(30, 0.3), None, 0) == 1.0


def test_a_score_that_is_not_defined_shows_nothing() -> None:
    metric = Metric("r2", Task.REGRESSION, 0, get_scorer("r2"))
    assert association_p_value(metric, np.ones(1), np.ones(1), None, 0) == 1.0


AUC = Metric("roc_auc", Task.BINARY, 2, get_scorer("roc_auc"))
SIZES = np.repeat([1, 400], [10, 20])  # of groups
GROUPS = np.repeat(np.arange(30), SIZES)


def test_groups_of_few_rows_are_not_exchanged_with_large_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """Means of one row vary more than those of hundreds: exchanged, large values would seem to be told."""
    metric, found = Metric("neg_mean_squared_error", Task.REGRESSION, 0, get_scorer("neg_mean_squared_error")), []
    monkeypatch.setattr("runner.gain.association.PERMUTATIONS", 59)  # the least of which three make 5 %
    for seed in range(100):
        seen, said = np.random.default_rng(seed).normal(size=(2, 30)) / np.sqrt(SIZES)
        p_value = association_p_value(metric, seen[GROUPS], 0.5 * said[GROUPS], None, 0, GROUPS)
        found.append(p_value is not None and p_value <= 0.05)
    assert np.mean(found) <= 0.1


def ranked(said: np.ndarray) -> np.ndarray:
    chance = expit(said)
    return np.column_stack([1 - chance, chance])


@pytest.mark.parametrize("memory", [0.0, 0.9, 1.0])
def test_in_time_two_series_that_know_nothing_of_each_other_are_seldom_related(memory: float) -> None:
    found = []
    for seed in range(300):
        steps = np.random.default_rng(seed).standard_normal((2, 300))
        moves, said = lfilter([1.0], [1.0, -memory], steps)[:, -90:]
        target = (moves > np.median(moves)).astype(int)
        found.append(association_p_value(AUC, target, ranked(said), None, 0, time=np.arange(90)) <= 0.05)
    assert np.mean(found) <= 0.08  # 5 % and two standard errors


def test_in_time_a_level_that_holds_for_long_is_no_knowledge() -> None:
    """A bound of the gain finds something in most of such series: the level has moved since the rows learned from."""
    squared, found = Metric("neg_mean_squared_error", Task.REGRESSION, 0, get_scorer("neg_mean_squared_error")), []
    for seed in range(300):
        target, said = np.random.default_rng(seed).standard_normal((2, 300)).cumsum(axis=1)
        found.append(association_p_value(squared, target, said, None, 0, time=np.arange(300)) <= 0.05)
    assert np.mean(found) <= 0.08  # 5 % and two standard errors


def test_in_time_a_ranking_is_found_whatever_its_probabilities_are() -> None:
    """An AUC of 0.9 whose probabilities are all far too low is worse than a constant by any score but a ranking's."""
    found = []
    for seed in range(50):
        random = np.random.default_rng(seed)
        target = random.integers(0, 2, 100)
        said = ranked(0.5 * target + 0.3 * random.standard_normal(100) - 4)
        found.append(association_p_value(AUC, target, said, None, 0, time=np.arange(100)) <= 0.05)
    assert np.mean(found) >= 0.95


def panel(random: np.random.Generator, groups: int, *, knows: bool) -> tuple[np.ndarray, ...]:
    """Return targets and predictions of patients over 20 visits, in order of time, with their groups and moments."""
    time, group = np.repeat(np.arange(20), groups), np.tile(np.arange(groups), 20)
    level, said = random.standard_normal((2, groups))[:, group] + random.standard_normal((2, groups * 20))
    seen = level + random.standard_normal((20, groups)).cumsum(axis=0).ravel() / 3 + time / 5
    return seen + (1.5 * said if knows else 0), said, group, time


def share_found(groups: int, panels: int, *, knows: bool) -> float:
    """Return in which share of panels a relation is shown."""
    squared = Metric("neg_mean_squared_error", Task.REGRESSION, 0, get_scorer("neg_mean_squared_error"))
    drawn = (panel(np.random.default_rng(seed), groups, knows=knows) for seed in range(panels))
    p_values = [association_p_value(squared, seen, said, None, 0, group, time) for seen, said, group, time in drawn]
    assert None not in p_values
    return float(np.mean(np.array(p_values, dtype=float) <= 0.05))


@pytest.mark.parametrize("groups", [12, 40])
def test_what_is_alike_by_chance_in_groups_is_so_in_each_block_of_time(groups: int) -> None:
    """With blocks alone as observations, 30 % of such panels would seem to be told."""
    assert share_found(groups, 300, knows=False) <= 0.08  # 5 % and two standard errors


@pytest.mark.parametrize("groups", [12, 40])
def test_in_a_panel_knowledge_is_found_while_levels_move(groups: int) -> None:
    assert share_found(groups, 40, knows=True) >= 0.9


def test_of_few_groups_in_time_nothing_is_said() -> None:
    seen, said, group, time = panel(np.random.default_rng(0), 9, knows=True)
    assert association_p_value(AUC, (seen > 2).astype(int), ranked(said), None, 0, group, time) is None
