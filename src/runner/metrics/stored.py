"""The usual metrics of stored predictions, which are computed thousands of times in one run, where blends are weighed.

They are scikit-learn's, whose functions check the same arrays anew each time: on small folds, this takes many times as
long as the score itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils import assert_all_finite

from runner.gain import labels, ranks
from runner.gain.rows import MEANS, PROBABILITY_MEANS, Losses
from runner.task import Task

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


def roc_auc(target: NDArray[Any], positive: Array) -> float:
    """Return the area under the ROC curve; NaN without rows of both classes.

    Parameters
    ----------
    target : ndarray of bool, or of 0 and 1, shape (rows,)
    positive : ndarray, shape (rows,)
        Probabilities of the positive class.
    """
    is_positive = target == 1
    if is_positive.all() or not is_positive.any():
        return float("nan")
    return ranks.roc_auc(positive, is_positive, np.full(len(target), 1 / len(target)))[0]


def _of_ranks(name: str, target: NDArray[np.int64], said: Array, weights: Array | None) -> float:
    """Return a ranking metric of the rows that have weight; NaN if a class has none of them."""
    counts = np.ones(len(target)) if weights is None else weights
    kept = counts > 0
    found = ranks.rank_score(name, target[kept], said[kept], counts[kept] / counts.sum())
    return float("nan") if found is None else found[0]


def _average_precision(target: NDArray[np.int64], said: Array, weights: Array | None) -> float:
    """Return the precision at each threshold, averaged over the positive rows; of one class 1 or, if negative, 0."""
    score = _of_ranks("average_precision", target, said, weights)
    return float(np.average(target, weights=weights)) if np.isnan(score) else score


def _of_labels(name: str, target: NDArray[np.int64], said: Array, weights: Array | None) -> float:
    shares = np.ones(len(target)) if weights is None else weights
    return labels.label_score(name, target, said, shares / shares.sum())


def _mean(losses: Losses, target: NDArray[Any], said: Array, weights: Array | None) -> float:
    return -float(np.average(losses(target, said), weights=weights))


def _log_loss(target: NDArray[np.int64], said: Array, weights: Array | None) -> float:
    """Return minus the log loss, but 0 where no row is wrong."""
    score = _mean(PROBABILITY_MEANS["neg_log_loss"], target, said, weights)
    return score if score < -np.finfo(np.float64).eps else 0.0


def _rmse(target: Array, said: Array, weights: Array | None) -> float:
    return -float(np.sqrt(-_mean(MEANS["neg_mean_squared_error"], target, said, weights)))


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


OF_VALUES: dict[str, Score] = {
    "neg_root_mean_squared_error": _rmse,
    **{
        name: partial(_mean, MEANS[name])
        for name in ("neg_mean_squared_error", "neg_mean_absolute_error", "neg_mean_absolute_percentage_error")
    },
}
OF_CLASSES: dict[str, Score] = {
    "neg_log_loss": _log_loss,
    "neg_brier_score": partial(_mean, PROBABILITY_MEANS["neg_brier_score"]),
    **{name: partial(_of_ranks, name) for name in ("roc_auc_ovr", "roc_auc_ovr_weighted")},
    "roc_auc_ovo": _one_against_one,
    "roc_auc_ovo_weighted": partial(_one_against_one, by_rows=True),
    **{name: partial(_of_labels, name) for name, (_, average) in labels.NAMES.items() if average != "binary"},
}
OF_TWO_CLASSES: dict[str, Score] = {
    "roc_auc": partial(_of_ranks, "roc_auc"),
    "average_precision": _average_precision,
    **{name: partial(_of_labels, name) for name, (_, average) in labels.NAMES.items() if average == "binary"},
}


def stored_scorer(name: str, task: Task) -> StoredScorer | None:
    """Return the scorer of a usual metric of a task; None if it is none of them."""
    known = OF_CLASSES if task.is_classification else OF_VALUES
    function = known.get(name) or (OF_TWO_CLASSES.get(name) if task is Task.BINARY else None)
    return function and StoredScorer(function)
