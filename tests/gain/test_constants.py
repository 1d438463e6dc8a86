"""A test for rows in time and for few groups: what moves slowly or differs in level is not taken for knowledge."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.signal import lfilter
from scipy.special import expit
from sklearn.metrics import get_scorer

from runner.gain import paired_gain
from runner.gain.constants import constants_p_value
from runner.metrics import Metric
from runner.task import Task

RMSE, MAE, AUC = "neg_root_mean_squared_error", "neg_mean_absolute_error", "roc_auc"
TIME = np.arange(200)


def slow(random: np.random.Generator, rows: int, memory: float) -> NDArray[np.float64]:
    """Return an AR(1) series with variance 1."""
    return np.asarray(lfilter([np.sqrt(1 - memory**2)], [1, -memory], random.standard_normal(rows + 200))[200:])


@pytest.mark.parametrize("memory", [0.0, 0.6, 0.9])
@pytest.mark.parametrize("metric", [RMSE, MAE, AUC])
def test_two_series_that_know_nothing_of_each_other_are_seldom_related(metric: str, memory: float) -> None:
    found = []
    for seed in range(200):
        random = np.random.default_rng(seed)
        target, said = slow(random, 90, memory), 0.3 * slow(random, 90, memory)
        if metric == AUC:
            target, said = (target > 0.8).astype(int), expit(said - 1.3)
            said = np.column_stack([1 - said, said])
        found.append(constants_p_value(metric, target, said, time=np.arange(90)) <= 0.05)
    assert np.mean(found) <= 0.08  # 5 % and two standard errors


@pytest.mark.parametrize("metric", [RMSE, MAE, "r2", "neg_mean_absolute_percentage_error"])
def test_what_is_known_is_found_where_a_few_rows_carry_the_variance(metric: str) -> None:
    found = []
    for seed in range(50):
        random = np.random.default_rng(seed)
        said = slow(random, 200, 0.5)
        found.append(constants_p_value(metric, said + 0.5 * random.standard_t(1.5, 200), said, time=TIME) <= 0.05)
    assert np.mean(found) >= 0.95


@pytest.mark.parametrize("classes", [2, 3])
def test_classes_that_are_known_are_found_in_few_rows(classes: int) -> None:
    random = np.random.default_rng(0)
    target = random.integers(0, classes, 60)
    said = (np.eye(classes)[target] + 1 / classes) / 2
    assert constants_p_value(AUC, target, said, time=np.arange(60)) < 0.001


def test_what_is_gained_alike_by_each_row_is_no_chance() -> None:
    turns = np.arange(64) % 2
    assert constants_p_value(AUC, turns, np.eye(2)[turns], time=np.arange(64)) < 0.001


def test_a_constant_level_is_no_knowledge_even_if_the_level_has_changed() -> None:
    random = np.random.default_rng(0)
    target = 5 + random.normal(size=100)
    assert constants_p_value(RMSE, target, np.full(100, 5.0), time=TIME[:100]) > 0.5
    assert constants_p_value(RMSE, target, 5 + 0.01 * random.normal(size=100), time=TIME[:100]) > 0.05


def test_errors_of_logarithms_are_compared_where_the_metric_judges_by_them() -> None:
    """Amounts over many orders of magnitude, predicted by their median: the mean is far above it."""
    random = np.random.default_rng(0)
    said = np.exp(2 * slow(random, 200, 0.5))
    target = said * np.exp(1.5 * random.normal(size=200))
    of_logarithms = constants_p_value("neg_root_mean_squared_log_error", target, said, time=TIME)
    of_amounts = constants_p_value(RMSE, target, said, time=TIME)
    assert of_logarithms is not None and of_amounts is not None
    assert of_logarithms < 0.01 < of_amounts


def test_a_group_is_one_observation() -> None:
    """Twelve things with a level each, told right for half of them: rows alone would prove it."""
    random, thing = np.random.default_rng(1), np.tile(np.arange(12), 40)
    level = random.normal(size=12)
    said = np.where(np.arange(12) < 6, level, random.normal(size=12))[thing]
    target = level[thing] + 0.1 * random.normal(size=480)
    alone, grouped = (constants_p_value(RMSE, target, said, None, each, np.arange(480)) for each in (None, thing))
    assert alone is not None and grouped is not None
    assert alone < 0.01 < grouped


def test_there_is_none_for_too_few_rows_groups_or_moments() -> None:
    target = np.random.default_rng(0).normal(size=100)
    assert constants_p_value(RMSE, target[:29], target[:29], time=TIME[:29]) is None
    assert constants_p_value(RMSE, target, target, time=np.zeros(100)) is None
    assert constants_p_value(RMSE, target, target, groups=np.arange(100) % 9, time=TIME[:100]) is None


@pytest.mark.parametrize("count", [3, 6])
@pytest.mark.parametrize("level", [0.0, 2.0])
@pytest.mark.parametrize("metric", [RMSE, MAE, "neg_log_loss"])
def test_of_few_groups_those_that_know_nothing_are_seldom_related(metric: str, level: float, count: int) -> None:
    """Groups of 2 to 60 rows with levels of their own, in targets and in predictions."""
    found = []
    for seed in range(200):
        random = np.random.default_rng(seed)
        group = np.repeat(np.arange(count), random.integers(2, 60, count))
        target, said = level * random.normal(size=(2, count))[:, group] + random.normal(size=(2, len(group)))
        if metric == "neg_log_loss":
            target, said = (target > 0).astype(int), np.column_stack([1 - expit(said), expit(said)])
        found.append(constants_p_value(metric, target, said, groups=group) <= 0.05)
    assert np.mean(found) <= 0.08


@pytest.mark.parametrize("told", [True, False])
def test_levels_of_few_groups_that_are_not_told_outweigh_what_is_told_inside_of_them(told: bool) -> None:
    """Patients kept aside: how each changes may be known, and where each starts not; then the mean is no worse."""
    found = []
    for seed in range(50):
        random = np.random.default_rng(seed)
        group = np.repeat(np.arange(4), [20, 60, 30, 90])
        level, other = (1 if told else 2) * random.normal(size=(2, 4))[:, group]
        said = random.normal(size=len(group))
        target = level + said + 0.5 * random.normal(size=len(group))
        said += level + 0.2 * other if told else other
        found.append(constants_p_value(RMSE, target, said, groups=group) <= 0.05)
    assert np.mean(found) >= 0.8 if told else np.mean(found) <= 0.08


def test_two_groups_show_nothing() -> None:
    target = np.random.default_rng(0).normal(size=100)
    assert constants_p_value(RMSE, target, target, groups=np.arange(100) % 2) is None


def test_it_finds_what_no_bound_can_show() -> None:
    metric, found = Metric(RMSE, Task.REGRESSION, 0, get_scorer(RMSE)), []
    for seed in range(30):
        random = np.random.default_rng(seed)
        said = slow(random, 300, 0.5)
        target = said + 0.5 * random.standard_t(1.5, 300)
        if not paired_gain(metric, target, np.zeros(300), said, time=np.arange(300)).low_holds:
            found.append(constants_p_value(RMSE, target, said, time=np.arange(300)) <= 0.05)
    assert len(found) > 20
    assert all(found)
