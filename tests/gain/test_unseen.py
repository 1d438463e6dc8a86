"""Errors that a sample lacks: bounds of what is gained keep their level under heavy tails, and lose little without."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import get_scorer

from runner.gain import OuterLook, nested_gain, paired_gain
from runner.gain.units import make_units
from runner.gain.unseen import beyond, tail_index
from runner.metrics import Metric
from runner.task import Task

Array = NDArray[np.float64]
Noise = Callable[[np.random.Generator, int], Array]
RMSE, R2, RMSLE, MSE = (
    Metric(name, Task.REGRESSION, 0, get_scorer(name))
    for name in ("neg_root_mean_squared_error", "r2", "neg_root_mean_squared_log_error", "neg_mean_squared_error")
)


def normal(random: np.random.Generator, rows: int) -> Array:
    return random.standard_normal(rows)


def pareto(random: np.random.Generator, rows: int) -> Array:
    return (random.pareto(2.5, rows) - 1 / 1.5) / math.sqrt(2.5 / (1.5**2 * 0.5))


def half_told(random: np.random.Generator, rows: int, noise: Noise) -> tuple[Array, Array, Array]:
    """Half of what varies is told by x: the RMSE falls from sqrt 2 to about 1."""
    x = random.standard_normal(rows)
    return x + noise(random, rows), np.zeros(rows), 0.95 * x


@pytest.mark.parametrize(("noise", "given"), [(normal, 195), (pareto, 30)])
def test_the_lower_bound_of_an_rmse_holds_whatever_the_tail(noise: Noise, given: int) -> None:
    """Under Pareto noise, 36 of the 51 bounds that are given missed the truth when no errors were reckoned with."""
    random, truth, found, missed = np.random.default_rng(0), math.sqrt(2) - math.sqrt(1.0025), 0, 0
    for _ in range(200):
        gain = paired_gain(RMSE, *half_told(random, 300, noise))
        found += gain.low_holds
        missed += gain.low_holds and gain.low > truth
    assert found >= given
    assert missed <= 16  # of 200 where 10 may miss: two standard errors above


@pytest.mark.parametrize("metric", [RMSE, R2], ids=["rmse", "r2"])
def test_under_normal_noise_hardly_anything_is_lost(metric: Metric) -> None:
    random, kept = np.random.default_rng(1), []
    for _ in range(30):
        target, none, told = half_told(random, 1000, normal)
        gain = paired_gain(metric, target, none, told)
        without = gain.estimate - 1.6464 * gain.standard_error  # t, 999 degrees of freedom
        kept.append(gain.low / without)
    assert 0.98 < np.mean(kept) < 1.005


def test_which_model_is_better_stays_as_certain_as_it_was() -> None:
    target, none, told = half_told(np.random.default_rng(2), 400, pareto)
    for metric in (RMSE, R2):
        gain, squared = (paired_gain(each, target, none, told) for each in (metric, MSE))
        assert 0 < gain.low < 0.8 * (gain.estimate - 1.65 * gain.standard_error)
        assert squared.low > 0
        worse = paired_gain(metric, target, told, none)
        assert (worse.low, worse.high) == pytest.approx((-gain.high, -gain.low))


def test_mean_errors_and_perfect_models_are_as_they_were() -> None:
    target, none, told = half_told(np.random.default_rng(3), 400, pareto)
    gain = paired_gain(MSE, target, none, told)
    assert gain.low == pytest.approx(gain.estimate - 1.6487 * gain.standard_error, rel=1e-3)
    whole = paired_gain(RMSE, target, none, target, perfect=True)
    assert whole.low == pytest.approx(whole.estimate - 1.6487 * whole.standard_error, rel=1e-3)


def test_weights_mean_repeated_rows_and_their_unit_does_not_matter() -> None:
    target, none, told = (np.abs(each) for each in half_told(np.random.default_rng(4), 200, pareto))
    for metric in (RMSE, R2, RMSLE):
        plain = paired_gain(metric, target, none, told)
        assert paired_gain(metric, target, none, told, weights=np.full(200, 3.0)).low == pytest.approx(plain.low)
        zero = np.concatenate([np.ones(200), np.zeros(1)])
        more = [np.append(each, 50.0) for each in (target, none, told)]
        assert paired_gain(metric, *more, weights=zero).low == pytest.approx(plain.low)


def test_a_group_is_unseen_as_a_whole() -> None:
    parts = np.random.default_rng(5).pareto(1.5, 200)
    alone, paired = (make_units(200, groups, None)[0] for groups in (None, np.arange(200) // 2))
    assert beyond(np.full(200, 0.01), alone) == 0.0  # all alike: no tail
    assert beyond(parts, alone) == pytest.approx(beyond(7 * parts, alone) / 7)
    assert beyond(parts, paired) > beyond(parts, alone)


@pytest.mark.parametrize(("shape", "index"), [(3.0, 1 / 3), (1.5, 2 / 3)])
def test_the_tail_index_is_rather_above_the_true_one(shape: float, index: float) -> None:
    random = np.random.default_rng(6)
    found = [tail_index(random.pareto(shape, 1000)) for _ in range(200)]
    assert np.quantile(found, 0.05) < index < np.quantile(found, 0.2)
    assert np.median(found) < index + 0.3


@pytest.mark.parametrize("values", [np.zeros(50), np.ones(50), np.append(np.zeros(49), 1.0), np.arange(4.0)])
def test_without_large_values_that_differ_there_is_no_tail(values: Array) -> None:
    assert tail_index(values) == -math.inf


def test_nested_folds_reckon_with_unseen_errors_too() -> None:
    random, truth, missed, shares = np.random.default_rng(7), math.sqrt(2) - math.sqrt(1.0025), 0, []
    for _ in range(40):
        target, none, told = half_told(random, 300, pareto)
        parts = [(repeat, part) for repeat in range(2) for part in np.array_split(random.permutation(300), 5)]
        looks = [OuterLook(repeat, part, none[part], told[part]) for repeat, part in parts]
        gain = nested_gain(RMSE, target, looks)
        missed += gain.low_holds and gain.low > truth
        shares.append(gain.low / (gain.estimate - 1.65 * gain.standard_error))
    assert missed <= 4
    assert np.median(shares) < 0.8
