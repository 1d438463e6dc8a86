"""The logarithm of the target: in any unit, with zeros, weights, and a mean that is right."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LinearRegression
from sklearn.tree import DecisionTreeRegressor

from runner.candidates.logarithm import LogTargetRegressor, suits
from runner.candidates.pipeline import Candidate, build


def prices(rows: int = 400, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return inputs that multiply, and what comes of them."""
    random = np.random.default_rng(seed)
    features = random.normal(size=(rows, 2))
    return features, np.exp(features @ [1.0, -0.5] + 0.5 * random.normal(size=rows))


@given(st.floats(1e-6, 1e6), st.booleans())
def test_the_unit_of_the_target_does_not_matter(unit: float, zeros: bool) -> None:
    features, target = prices()
    target = np.where(target < 0.3, 0.0, target) if zeros else target
    one, other = (LogTargetRegressor(LinearRegression()).fit(features, y) for y in (target, unit * target))
    assert other.predict(features) == pytest.approx(unit * one.predict(features), rel=1e-6)


def test_inputs_that_multiply_are_learned_better_than_by_a_line() -> None:
    (features, target), (rows, truth) = prices(), prices(seed=1)
    errors = [
        np.mean((model.fit(features, target).predict(rows) - truth) ** 2)
        for model in (LinearRegression(), LogTargetRegressor(LinearRegression()))
    ]
    assert errors[1] < 0.8 * errors[0]


def test_the_mean_of_what_was_fitted_is_right_with_weights_and_without() -> None:
    features, target = prices()
    weights = np.random.default_rng(2).integers(0, 5, len(target))
    for given_weights in (None, weights):
        model = LogTargetRegressor(LinearRegression()).fit(features, target, given_weights)
        means = [np.average(values, weights=given_weights) for values in (model.predict(features), target)]
        assert means[0] == pytest.approx(means[1])
        assert model.ratio_ > 1.05  # the exponential of a mean logarithm is too low


def test_a_weight_is_as_many_rows() -> None:
    features, target = prices(60)
    weights = np.random.default_rng(3).integers(0, 3, len(target))
    weighted = LogTargetRegressor(LinearRegression()).fit(features, target, weights)
    repeated = LogTargetRegressor(LinearRegression()).fit(features.repeat(weights, 0), target.repeat(weights))
    assert weighted.predict(features) == pytest.approx(repeated.predict(features))


def test_a_line_does_not_run_away() -> None:
    features, target = prices()
    far = LogTargetRegressor(LinearRegression()).fit(features, target).predict([[1e6, 0.0]])
    assert target.max() < far[0] < 5 * target.max()


@pytest.mark.parametrize("value", [0.0, 7.0])
def test_a_target_that_is_one_value_is_predicted(value: float) -> None:
    model = LogTargetRegressor(DecisionTreeRegressor()).fit([[0.0], [1.0]], [value, value])
    assert model.predict([[0.5]]) == pytest.approx(value)


def test_what_has_no_logarithm_is_told() -> None:
    with pytest.raises(ValueError, match="below zero"):
        LogTargetRegressor(LinearRegression()).fit([[0.0], [1.0]], [-1.0, 1.0])


@pytest.mark.parametrize(
    ("target", "suited"),
    [
        (prices()[1], True),
        (np.random.default_rng(0).poisson(0.5, 500), True),
        (np.random.default_rng(0).normal(100, 15, 500), False),
        (-prices()[1], False),
        (prices()[1] - 1.0, False),
        (np.zeros(50), False),
    ],
    ids=["prices", "counts", "normal", "debts", "below-zero", "one-value"],
)
def test_a_long_tail_of_what_is_not_negative_suits(target: np.ndarray, suited: bool) -> None:
    assert suits(target) is suited


def test_a_candidate_says_so_by_one_word() -> None:
    candidate = Candidate("log-linear", "simple", "sklearn.linear_model.Ridge", "none", {"alpha": 2.0}, target="log")
    estimator = build(candidate, 0)[-1]
    assert isinstance(estimator, LogTargetRegressor)
    assert estimator.regressor.alpha == 2.0
    assert candidate.with_params("trial", "search", {"alpha": 1.0}).target == "log"
