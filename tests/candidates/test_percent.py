"""Errors in percent, minimised in any unit."""

import numpy as np
import pytest

from runner.candidates.percent import PercentRegressor

PLAIN = {"n_estimators": 30, "objective": "regression_l1", "verbosity": -1, "n_jobs": 1}


def amounts(rows: int = 600) -> tuple[np.ndarray, np.ndarray]:
    """Return an input, and amounts with a long tail around what it says."""
    random = np.random.default_rng(0)
    features = random.normal(size=(rows, 1))
    return features, np.exp(features[:, 0] + random.normal(size=rows))


def in_percent(said: np.ndarray, target: np.ndarray) -> float:
    return float(np.mean(np.abs(said / target - 1)))


def test_what_is_said_is_low_enough_for_errors_in_percent() -> None:
    features, target = amounts()
    told, plain = (
        PercentRegressor(**PLAIN).fit(features, target),
        super(PercentRegressor, PercentRegressor(**PLAIN)).fit(features, target),
    )
    assert in_percent(told.predict(features), target) < 0.8 * in_percent(plain.predict(features), target)


def test_the_unit_does_not_matter_and_weights_do() -> None:
    features, target = amounts()
    one, other = (PercentRegressor(**PLAIN).fit(features, unit * target) for unit in (1.0, 1e-4))
    assert other.predict(features) == pytest.approx(1e-4 * one.predict(features), rel=1e-3)
    weights = np.where(target > np.median(target), 10.0, 0.1)
    heavy = PercentRegressor(**PLAIN).fit(features, target, sample_weight=weights)
    assert heavy.predict(features).mean() > one.predict(features).mean()
