"""The probability at and above which the positive one of two classes is decided."""

import numpy as np
from numpy.typing import NDArray

from runner.gain.labels import table_scores

Array = NDArray[np.float64]


def threshold_of(costs: Array | None) -> float:
    """Return the probability at and above which the positive one of two classes is decided.

    Parameters
    ----------
    costs : ndarray, shape (2, 2), or None
        Cost of taking a true class (row) for another (column); zero on the diagonal.
    """
    return 0.5 if costs is None else float(costs[0, 1] / (costs[0, 1] + costs[1, 0]))


def best_threshold(metric: str, positive: Array, weights: Array | None = None) -> float:
    """Return the threshold of the greatest score that is to be expected, if probabilities are right.

    Of rows in falling order of their probabilities, the first k are called positive for which the metric of the
    expected confusion table is greatest (for F1: Lipton, Elkan and Naryanaswamy 2014).

    Parameters
    ----------
    metric : str
        One of `runner.gain.labels.NAMES`.
    positive : ndarray, shape (rows,)
        Probabilities of the positive class.
    weights : ndarray, shape (rows,), or None
    """
    falling = np.argsort(-positive)
    edges = np.concatenate([[1.0], positive[falling], [0.0]])
    cuts = np.flatnonzero(edges[:-1] != edges[1:])  # rows that are alike are called alike
    counts = np.ones(len(positive)) if weights is None else weights[falling]
    of_classes = np.stack([1 - edges[1:-1], edges[1:-1]]) * counts / counts.sum()
    called = np.pad(of_classes.cumsum(axis=1), ((0, 0), (1, 0))).take(cuts, axis=1)
    not_called = of_classes.sum(axis=1, keepdims=True) - called
    best = cuts[np.argmax(table_scores(metric, np.stack([not_called, called], axis=1)))]
    return float((edges[best] + edges[best + 1]) / 2)
