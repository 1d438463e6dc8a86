"""Fitting an estimator, weighted where it takes weights, and what all that wrap a regressor have in common."""

import math
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, MetaEstimatorMixin, RegressorMixin, is_classifier
from sklearn.utils.validation import has_fit_parameter


class WrappedRegressor(MetaEstimatorMixin, RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """A regressor that fits another one.

    Parameters
    ----------
    regressor : regressor
        Unfitted.
    """

    def __init__(self, regressor: Any):
        self.regressor = regressor


def fit_weighted(estimator: Any, features: Any, target: Any, weights: Any) -> Any:
    """Fit an estimator, weighted where rows have weights and it takes them, and return it."""
    if hasattr(estimator, "early_stopping") and not _can_stop_early(estimator, target):
        estimator.set_params(early_stopping=False)
    if weights is not None and has_fit_parameter(estimator, "sample_weight"):
        return estimator.fit(features, target, sample_weight=weights)
    return estimator.fit(features, target)


def _can_stop_early(estimator: Any, target: Any) -> bool:
    """Whether there are enough rows to divide, each class alike, into those to learn from and those to stop by."""
    share = estimator.validation_fraction
    stops_by = math.ceil(len(target) * share) if isinstance(share, float) else len(target)
    if not is_classifier(estimator):
        return stops_by >= 2
    sizes = np.unique(target, return_counts=True)[1]
    return bool(sizes.min() >= 2 and stops_by >= max(2, len(sizes)))
