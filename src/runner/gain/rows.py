"""Metrics that are a mean over the rows, or a function of such means.

All arrays have shape (rows,), except probabilities, with shape (rows, classes); shares are weights that sum to one.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import xlogy

Array = NDArray[np.float64]
Losses = Callable[[NDArray[Any], Array], Array]


def _squared(target: Array, predicted: Array) -> Array:
    return (target - predicted) ** 2


def _squared_log(target: Array, predicted: Array) -> Array:
    return _squared(np.log1p(target), np.log1p(predicted))


def _absolute(target: Array, predicted: Array) -> Array:
    return np.abs(target - predicted)


def _absolute_percentage(target: Array, predicted: Array) -> Array:
    return _absolute(target, predicted) / np.maximum(np.abs(target), np.finfo(float).eps)


def _poisson(target: Array, predicted: Array) -> Array:
    said = np.where(predicted == 0, np.finfo(np.float64).tiny, predicted)  # no error where nothing comes of it
    return np.asarray(2 * (xlogy(target, target / said) - target + said))


def _gamma(target: Array, predicted: Array) -> Array:
    return 2 * (np.log(predicted / target) + target / predicted - 1)


def _log(target: NDArray[np.int64], predicted: Array) -> Array:
    eps = float(np.finfo(predicted.dtype).eps)
    return -np.log(np.clip(predicted[np.arange(len(target)), target], eps, 1 - eps))


def _brier(target: NDArray[np.int64], predicted: Array) -> Array:
    classes = predicted.shape[1]
    losses = ((predicted - np.eye(classes)[target]) ** 2).sum(axis=1)
    return np.asarray(losses / 2 if classes == 2 else losses)  # scikit-learn halves it for two classes


MEANS: dict[str, Losses] = {
    "neg_mean_squared_error": _squared,
    "neg_mean_squared_log_error": _squared_log,
    "neg_mean_absolute_error": _absolute,
    "neg_mean_absolute_percentage_error": _absolute_percentage,
    "neg_mean_poisson_deviance": _poisson,
    "neg_mean_gamma_deviance": _gamma,
}
PROBABILITY_MEANS: dict[str, Losses] = {"neg_log_loss": _log, "neg_brier_score": _brier}
ROOTS: dict[str, Losses] = {
    "neg_root_mean_squared_error": _squared,
    "neg_root_mean_squared_log_error": _squared_log,
}
EXPLAINED: dict[str, Losses] = {
    "r2": _squared,
    "explained_variance": _squared,
    "d2_absolute_error_score": _absolute,
}
PROBABILITY_EXPLAINED: dict[str, Losses] = {"d2_log_loss_score": _log, "d2_brier_score": _brier}


def losses_of_values(metric: str) -> Losses:
    """Return the losses of rows that are nearest to a metric of values: squared, of the logarithms, or absolute."""
    if "absolute" in metric:
        return _absolute
    return _squared_log if "squared_log" in metric else _squared


def mean_influence(losses: Array, shares: Array) -> Array:
    """Return the influence values of the negative mean loss."""
    return shares @ losses - losses


def root_influence(losses: Array, shares: Array) -> Array:
    """Return the influence values of the negative root of the mean loss, by the delta method."""
    mean = float(shares @ losses)
    return (mean - losses) / (2 * np.sqrt(mean)) if mean > 0 else np.zeros_like(losses)


def losses_of_none(losses: Losses, target: NDArray[Any], predicted: Array, shares: Array) -> Array:
    """Return the losses of the constant answer with the least mean loss: the shares of classes, the median or the mean.

    Its shape is that of `predicted`, of which nothing else is used.
    """
    if predicted.ndim == 2:
        constant = np.bincount(target, shares, predicted.shape[1])
    elif losses is _absolute:
        constant = np.quantile(target, 0.5, weights=shares, method="inverted_cdf")
    else:
        constant = shares @ target
    return losses(target, np.broadcast_to(constant, predicted.shape))


def explained_influence(losses: Losses, target: NDArray[Any], predicted: Array, shares: Array) -> Array | None:
    """Return the influence values of 1 - (mean loss) / (mean loss of the best constant), as R² and other D² are.

    The constant is best for these very rows: where it moves with them, its mean loss, at its least, does not. None for
    a constant target, which leaves nothing to explain.
    """
    of_model, of_none = losses(target, predicted), losses_of_none(losses, target, predicted, shares)
    least = float(shares @ of_none)
    if least == 0:
        return None
    unexplained = float(shares @ of_model) / least
    return np.asarray((unexplained * of_none - of_model) / least)
