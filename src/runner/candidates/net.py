"""A small neural net for regression that needs no manual scaling of the target."""

from sklearn.neural_network import MLPRegressor

from runner.candidates.unit import OfAnyScale


class NetRegressor(OfAnyScale, MLPRegressor):  # type: ignore[misc]
    """scikit-learn's small neural net for a target of any scale."""
