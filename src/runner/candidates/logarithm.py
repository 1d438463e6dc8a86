"""Any regressor, fitted to the logarithm of the target, for amounts whose inputs multiply rather than add."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import skew
from sklearn.base import clone

from runner.candidates.fitting import WrappedRegressor, fit_weighted

SKEWED = 1.0  # skewness from which a distribution is called highly skewed (Bulmer 1979, Principles of Statistics)
BEYOND = 1.0  # how far above the greatest logarithm seen a prediction may go: exp magnifies linear extrapolation


def suits(target: NDArray[np.float64]) -> bool:
    """Whether a target suits the logarithm: it is never negative, and has a long tail.

    Parameters
    ----------
    target : ndarray, shape (rows,)
    """
    return bool(target.min() >= 0 and target.max() > target.min() and skew(target) >= SKEWED)


class LogTargetRegressor(WrappedRegressor):
    """Fits the logarithm of the target, and predicts the target's mean.

    The exponential of a mean logarithm is below the mean, so predictions are multiplied by a factor that makes them
    right on average for the training rows (ratio estimator: Snowdon 1991, Canadian Journal of Forest Research 21(5)).
    If there are zeros, the smallest positive value is added before the logarithm, so that a change of unit has no
    effect.
    """

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> "LogTargetRegressor":
        """Fit to the logarithm of `y`, shape (rows,).

        Raises
        ------
        ValueError
            If a value is negative.
        """
        values = np.asarray(y, dtype=np.float64)
        if values.min() < 0:
            raise ValueError("the target has values below zero, which have no logarithm")
        self.offset_ = 0.0 if values.min() > 0 else float(min(values[values > 0], default=1.0))
        logarithms = np.log(values + self.offset_)
        self.highest_ = float(logarithms.max()) + BEYOND
        self.regressor_ = fit_weighted(clone(self.regressor), X, logarithms, sample_weight)
        self.ratio_ = 1.0
        fitted = float(np.average(self.predict(X), weights=sample_weight))
        self.ratio_ = float(np.average(values, weights=sample_weight)) / fitted if fitted > 0 else 1.0
        return self

    def predict(self, X: Any) -> NDArray[np.float64]:
        """Predict in the target's own unit, shape (rows,)."""
        logarithms = np.minimum(self.regressor_.predict(X), self.highest_)
        amounts: NDArray[np.float64] = (np.exp(logarithms) - self.offset_) * self.ratio_
        return amounts
