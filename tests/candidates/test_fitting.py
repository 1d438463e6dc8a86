"""An estimator is fitted whatever the classes have of rows."""

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from runner.candidates.fitting import fit_weighted


def test_a_class_of_one_row_does_not_end_a_model_that_stops_early() -> None:
    features = np.random.default_rng(0).normal(size=(101, 2))
    target = np.append(np.repeat([0, 1], 50), 2)
    model = HistGradientBoostingClassifier(max_iter=3, early_stopping=True)  # as it does by itself from 10,000 rows on
    assert fit_weighted(model, features, target, None).predict_proba(features).shape == (101, 3)
