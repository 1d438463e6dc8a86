"""Fitting an estimator, weighted where it takes weights."""

from typing import Any

import numpy as np
from sklearn.utils.validation import has_fit_parameter


def fit_weighted(estimator: Any, features: Any, target: Any, weights: Any) -> Any:
    """Fit an estimator, weighted where rows have weights and it takes them, and return it."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    if isinstance(estimator, HistGradientBoostingClassifier) and _has_a_lone_row(target):
        estimator.set_params(early_stopping=False)  # it would divide each class into rows to learn from and to stop by
    if weights is not None and has_fit_parameter(estimator, "sample_weight"):
        return estimator.fit(features, target, sample_weight=weights)
    return estimator.fit(features, target)


def _has_a_lone_row(target: Any) -> bool:
    """Whether one of the classes has a single row."""
    return int(np.unique(target, return_counts=True)[1].min()) < 2
