"""Any regressor whose predictions stay where a metric of amounts is defined."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone

from runner.candidates.fitting import WrappedRegressor, fit_weighted


class FlooredRegressor(WrappedRegressor):
    """Predicts no less than the least target seen or, if that is 0, than an equal share of the mean for each row seen.

    Logarithms, deviances and percent judge amounts. Linear models and boosting predict some below zero, and a single
    one of them would leave a model without a score, or with a poor one.
    """

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> "FlooredRegressor":
        """Fit the regressor to `y`, shape (rows,)."""
        self.regressor_ = fit_weighted(clone(self.regressor), X, y, sample_weight)
        self.least_ = float(np.min(y)) or float(np.mean(y)) / len(y)
        return self

    def predict(self, X: Any) -> NDArray[np.float64]:
        """Predict, shape (rows,)."""
        return np.maximum(np.asarray(self.regressor_.predict(X), dtype=np.float64), self.least_)
