"""The median of a long-tailed target is found in any unit."""

import numpy as np
import pytest

from runner.candidates.huber import HuberOfAnyScale


@pytest.mark.parametrize("unit", [1e-8, 1.0, 1e9])
def test_outliers_do_not_bend_it_in_any_unit(unit: float) -> None:
    random = np.random.default_rng(0)
    features = random.normal(size=(1000, 3))
    noise = random.lognormal(sigma=1.5, size=1000)  # of median 1, and of mean 3.1
    target = unit * (features[:, 0] + noise)
    predicted = HuberOfAnyScale(epsilon=1.0, max_iter=1000).fit(features, target).predict(features) / unit
    assert np.abs(predicted - features[:, 0] - 1).mean() < 0.2
