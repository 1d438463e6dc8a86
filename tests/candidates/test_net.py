"""A target in cents is learned as one in euros is."""

import numpy as np
import pytest

from runner.candidates.net import NetRegressor


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
