"""An estimator is fitted whatever the classes have of rows."""

from typing import Any

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.neural_network import MLPClassifier

from runner.candidates.any_scale import NetRegressor
from runner.candidates.fitting import fit_weighted

NET: dict[str, Any] = {"hidden_layer_sizes": [4], "max_iter": 3, "early_stopping": True}
BOOSTING = HistGradientBoostingClassifier(max_iter=3, early_stopping=True)


@pytest.mark.parametrize("model", [BOOSTING, MLPClassifier(**NET)])
@pytest.mark.parametrize("sizes", [(50, 50, 1), (50, 1), (4, 4), (3, 3, 3, 3)])
def test_too_few_rows_to_stop_by_end_no_classifier(model: Any, sizes: tuple[int, ...]) -> None:
    target = np.repeat(np.arange(len(sizes)), sizes)
    features = np.random.default_rng(0).normal(size=(len(target), 2))
    found = fit_weighted(model, features, target, None).predict_proba(features)
    assert found.shape == (len(target), len(sizes))


def test_too_few_rows_to_stop_by_end_no_regressor() -> None:
    features = np.random.default_rng(0).normal(size=(8, 2))
    assert np.isfinite(fit_weighted(NetRegressor(**NET), features, features[:, 0], None).predict(features)).all()


def test_a_model_stops_early_where_there_are_rows_to_stop_by() -> None:
    features = np.random.default_rng(0).normal(size=(100, 2))
    assert fit_weighted(NetRegressor(**NET), features, features[:, 0], np.ones(100)).early_stopping
