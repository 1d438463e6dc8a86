"""The metrics that are usual, of stored predictions: thousands of times in one run, where blends are weighed.

They are scikit-learn's, whose functions check the same arrays anew each time, which on small folds takes longer than
the score itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils import assert_all_finite

from runner.gain.rows import PROBABILITY_MEANS

Array = NDArray[np.float64]
Score = Callable[[NDArray[Any], Array, Array | None], float]


@dataclass(frozen=True)
class StoredScorer:
    """A function of target, predictions and weights, with the signature of a scikit-learn scorer."""

    function: Score

    def __call__(
        self, _model: Any, predictions: Array, target: NDArray[Any], sample_weight: Array | None = None
    ) -> float:
        """Return the score; greater is better."""
        assert_all_finite(predictions)
        return self.function(target, predictions, sample_weight)


def roc_auc(target: NDArray[Any], positive: Array, weights: Array | None = None) -> float:
    """Return the area under the ROC curve; NaN without rows of both classes.

    Parameters
    ----------
    target : ndarray of bool, or of 0 and 1, shape (rows,)
    positive : ndarray, shape (rows,)
        Probabilities of the positive class.
    weights : ndarray, shape (rows,), optional
    """
    order = np.argsort(-positive, kind="stable")
    ranked = positive[order]
    last = np.append(ranked[1:] != ranked[:-1], True)  # of equal predictions
    shares = np.ones(len(target)) if weights is None else weights
    true, false = (np.cumsum((shares * each)[order])[last] for each in (target, 1 - target))
    if not (true[-1] and false[-1]):
        return float("nan")
    return float(np.trapezoid(np.append(0.0, true) / true[-1], np.append(0.0, false) / false[-1]))


def _of_two_classes(target: NDArray[np.int64], said: Array, weights: Array | None) -> float:
    return roc_auc(target, said[:, 1], weights)


def _log_loss(target: NDArray[np.int64], said: Array, weights: Array | None) -> float:
    """Return minus the log loss, but 0 where no row is wrong."""
    loss = float(np.average(PROBABILITY_MEANS["neg_log_loss"](target, said), weights=weights))
    return 0.0 if loss <= np.finfo(np.float64).eps else -loss


def _rmse(target: Array, said: Array, weights: Array | None) -> float:
    return -float(np.sqrt(np.average((target - said) ** 2, weights=weights)))


def _one_against_one(target: NDArray[np.int64], said: Array, weights: Array | None, *, by_rows: bool = False) -> float:
    """Return the mean area over all pairs of classes and the probabilities of either; NaN if a class has no row."""
    if weights is not None:
        raise ValueError("areas of one class against one take no weights")
    areas, rows = [], []
    for pair in combinations(range(said.shape[1]), 2):
        of_pair = np.isin(target, pair)
        seen, told = target[of_pair], said[of_pair]
        areas.append(np.mean([roc_auc((seen == each).astype(int), told[:, each]) for each in pair]))
        rows.append(len(seen))
    return float(np.average(areas, weights=rows if by_rows else None))


BINARY: dict[str, Score] = {"roc_auc": _of_two_classes}
ANY: dict[str, Score] = {
    "neg_log_loss": _log_loss,
    "neg_root_mean_squared_error": _rmse,
    "roc_auc_ovo": _one_against_one,
    "roc_auc_ovo_weighted": partial(_one_against_one, by_rows=True),
}


def stored_scorer(name: str, is_binary: bool) -> StoredScorer | None:
    """Return the scorer of a usual metric; None if it is none of them."""
    function = (BINARY if is_binary else {}).get(name) or ANY.get(name)
    return function and StoredScorer(function)
