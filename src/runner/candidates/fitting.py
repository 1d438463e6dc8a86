"""Fitting an estimator, weighted where it takes weights."""

from typing import Any

from sklearn.utils.validation import has_fit_parameter


def fit_weighted(estimator: Any, features: Any, target: Any, weights: Any) -> Any:
    """Fit an estimator, weighted where rows have weights and it takes them, and return it."""
    if weights is not None and has_fit_parameter(estimator, "sample_weight"):
        return estimator.fit(features, target, sample_weight=weights)
    return estimator.fit(features, target)
