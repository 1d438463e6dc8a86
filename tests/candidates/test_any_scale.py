"""A target in cents is learned as one in euros is."""

import numpy as np
import pytest

from runner.candidates.any_scale import HuberOfAnyScale, NetRegressor


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
