"""A linear model that outliers do not bend, for a target in any unit."""

from sklearn.linear_model import HuberRegressor

from runner.candidates.unit import OfAnyScale


class HuberOfAnyScale(OfAnyScale, HuberRegressor):  # type: ignore[misc]
    """scikit-learn's HuberRegressor, whose solver stops too early where the target is in the millions."""
