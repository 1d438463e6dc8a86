"""Regressors of scikit-learn for a target of any scale."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import HuberRegressor
from sklearn.neural_network import MLPRegressor


class OfAnyScale:
    """Fits the target at mean 0 and scale 1, so that penalties and tolerances mean the same in euros and in cents.

    scikit-learn's TransformedTargetRegressor does the same, but does not announce in its signature that it takes sample
    weights, so that it would get none here.
    """

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Any:
        """Fit on the scaled target."""
        values = np.asarray(y, dtype=np.float64)
        self.target_mean_, self.target_scale_ = float(values.mean()), float(values.std()) or 1.0
        scaled = (values - self.target_mean_) / self.target_scale_
        return super().fit(X, scaled, sample_weight=sample_weight)  # type: ignore[misc]

    def predict(self, X: Any) -> NDArray[np.float64]:
        """Predict in the target's unit."""
        scaled: NDArray[np.float64] = super().predict(X)  # type: ignore[misc]
        return scaled * self.target_scale_ + self.target_mean_


class NetRegressor(OfAnyScale, MLPRegressor):  # type: ignore[misc]
    """scikit-learn's small neural net, whose penalty and steps suit a target of scale 1."""


class HuberOfAnyScale(OfAnyScale, HuberRegressor):  # type: ignore[misc]
    """scikit-learn's HuberRegressor, whose solver stops too early where the target is in the millions."""
