"""Regressors for a target of any scale."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.linear_model import HuberRegressor
from sklearn.neural_network import MLPRegressor

from runner.candidates.fitting import WrappedRegressor, fit_weighted

PLAIN = (1e-5, 1e10)  # spreads: trees take a variance below 2e-16 for none, and single precision ends at 3e38
FAR = 1e4  # spreads from 0: in single precision, as linear models and LightGBM keep it, few digits are left


def is_off_scale(target: NDArray[np.float64]) -> bool:
    """Whether regressors would lose differences of a target: it varies little around a great number, or in a tiny unit.

    Parameters
    ----------
    target : ndarray, shape (rows,)
    """
    spread = float(target.std())
    return spread > 0 and (not PLAIN[0] <= spread <= PLAIN[1] or abs(float(target.mean())) > FAR * spread)


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


class RescaledRegressor(WrappedRegressor):
    """Fits any regressor to the target at mean 0 and scale 1."""

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> "RescaledRegressor":
        """Fit to `y`, shape (rows,); the leaves of a single tree are put back into its unit, for its rules."""
        values = np.asarray(y, dtype=np.float64)
        self.mean_, self.scale_ = float(values.mean()), float(values.std()) or 1.0
        scaled = (values - self.mean_) / self.scale_
        self.regressor_ = fit_weighted(clone(self.regressor), X, scaled, sample_weight)
        if hasattr(self.regressor_, "tree_"):
            self.tree_ = self.regressor_.tree_
            self.tree_.value[:] = self._in_the_unit(self.tree_.value)  # this writes into the tree
            self.mean_, self.scale_ = 0.0, 1.0
        return self

    def predict(self, X: Any) -> NDArray[np.float64]:
        """Predict in the target's unit, shape (rows,)."""
        return self._in_the_unit(np.asarray(self.regressor_.predict(X), dtype=np.float64))

    def _in_the_unit(self, scaled: NDArray[np.float64]) -> NDArray[np.float64]:
        return scaled * self.scale_ + self.mean_
