"""Predictions of amounts end where amounts do."""

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression

from runner.candidates.floored import FlooredRegressor
from runner.candidates.pipeline import Candidate, build

FEATURES = np.arange(10.0)[:, None]


@pytest.mark.parametrize(("least", "floor"), [(2.0, 2.0), (0.0, 0.45), (-0.5, -0.5)])
def test_no_prediction_is_below_the_amounts_seen(least: float, floor: float) -> None:
    target = np.maximum(np.arange(10.0), least) if least else np.arange(10.0)
    target[0] = least
    said = FlooredRegressor(LinearRegression()).fit(FEATURES, target).predict([[-100.0], [9.0]])
    assert said[0] == pytest.approx(floor)
    assert said[1] > 8


def test_weights_are_passed_on() -> None:
    target, weights = np.arange(10.0), np.repeat([1.0, 0.0], 5)
    target[5:] = 50.0
    said = FlooredRegressor(LinearRegression()).fit(FEATURES, target, sample_weight=weights).predict([[9.0]])
    assert said == pytest.approx([9.0])


def test_a_tree_stays_readable_and_the_dummy_free() -> None:
    for name, floored in (("sklearn.tree.DecisionTreeRegressor", False), ("sklearn.linear_model.Ridge", True)):
        model = build(Candidate("x", "y", name, "none", floored=True), 0)
        assert isinstance(model[-1], FlooredRegressor) == floored
