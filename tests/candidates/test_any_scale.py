"""A target in cents is learned as one in euros is."""

from typing import Any

import numpy as np
import pytest
from lightgbm import LGBMRegressor
from sklearn.linear_model import RidgeCV
from sklearn.metrics import r2_score
from sklearn.tree import DecisionTreeRegressor

from runner.candidates.any_scale import HuberOfAnyScale, NetRegressor, RescaledRegressor, is_off_scale


def test_the_unit_of_the_target_does_not_matter() -> None:
    random = np.random.default_rng(0)
    features = random.normal(size=(200, 3))
    target = features[:, 0] + 0.1 * random.normal(size=200)
    euros, cents = (
        NetRegressor(hidden_layer_sizes=[8], max_iter=20, random_state=0).fit(features, values)
        for values in (target, 100 * target + 5000)
    )
    assert cents.predict(features) == pytest.approx(100 * euros.predict(features) + 5000)
    assert np.corrcoef(euros.predict(features), target)[0, 1] > 0.3


@pytest.mark.parametrize("unit", [1e-8, 1.0, 1e9])
def test_outliers_do_not_bend_the_median_in_any_unit(unit: float) -> None:
    random = np.random.default_rng(0)
    features = random.normal(size=(1000, 3))
    noise = random.lognormal(sigma=1.5, size=1000)  # of median 1, and of mean 3.1
    target = unit * (features[:, 0] + noise)
    predicted = HuberOfAnyScale(epsilon=1.0, max_iter=1000).fit(features, target).predict(features) / unit
    assert np.abs(predicted - features[:, 0] - 1).mean() < 0.2


@pytest.mark.parametrize(("spread", "mean"), [(1e-12, 0.0), (1.0, 1e9), (1e20, 0.0)])
@pytest.mark.parametrize("kind", [DecisionTreeRegressor(max_depth=4), RidgeCV(), LGBMRegressor(verbosity=-1)])
def test_small_differences_and_great_numbers_are_learned_as_others_are(kind: Any, spread: float, mean: float) -> None:
    random = np.random.default_rng(0)
    features = random.normal(size=(500, 3)).astype(np.float32)
    target = mean + spread * (features[:, 0] + 0.1 * random.normal(size=500))
    assert is_off_scale(target)
    model = RescaledRegressor(kind).fit(features, target)
    assert r2_score((target - mean) / spread, (model.predict(features) - mean) / spread) > 0.85


def test_the_leaves_of_a_tree_are_in_the_unit_of_the_target() -> None:
    target = np.repeat([1e9, 1e9 + 4.0], 50)
    model = RescaledRegressor(DecisionTreeRegressor()).fit(target[:, None] - 1e9, target)
    assert model.tree_.value[1:].ravel() == pytest.approx([1e9, 1e9 + 4], abs=1e-6)
    assert model.predict([[0.0], [4.0]]) == pytest.approx([1e9, 1e9 + 4], abs=1e-6)


@pytest.mark.parametrize("values", [np.arange(100.0), 2000 + np.arange(30.0), 1e6 * np.arange(50.0), np.ones(9)])
def test_usual_targets_are_on_scale(values: np.ndarray) -> None:
    assert not is_off_scale(values)
