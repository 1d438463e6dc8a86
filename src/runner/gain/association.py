"""Are predictions related to the target at all? A permutation test, for cases without an interval."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.gain.comparison import Metric

PERMUTATIONS = 400
ROUNDING = 1e-9  # of a loss, or of the 1 that a score ends at: sums of the same terms in another order


def association_p_value(
    metric: Metric,
    target: NDArray[Any],
    predictions: NDArray[np.float64],
    weights: NDArray[np.float64] | None,
    seed: int,
    exchanged: Sequence[NDArray[np.int64]] | None = None,
) -> float:
    """Return the probability of a score this good if predictions and rows were paired at random.

    The test is exact for independent rows, however few or heavy-tailed (Phipson and Smyth 2010: the actual pairing
    counts as one of the permutations, and so do those with the same score).

    Parameters
    ----------
    target, weights : ndarray, shape (rows,)
    predictions : ndarray, shape (rows, classes) or (rows,)
    exchanged : sequence of ndarray, shape (cases, rows of a case), optional
        Row positions. The predictions of a case stay together, and only cases of the same array are exchanged. Each row
        is a case, and like any other, if none are given.
    """
    generator = np.random.default_rng(seed)
    found = metric.score(target, predictions, weights)
    as_much = found - ROUNDING * (abs(found) if metric.name.startswith("neg_") else 1.0)
    kinds, paired, as_good = exchanged or [np.arange(len(target))[:, None]], predictions.copy(), 0
    for _ in range(PERMUTATIONS):
        for cases in kinds:
            paired[cases] = predictions[generator.permutation(cases)]
        as_good += not metric.score(target, paired, weights) < as_much  # a score that is not defined shows nothing
    return (as_good + 1) / (PERMUTATIONS + 1)


def alike(kinds: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Return single rows as cases, exchanged with those of the same kind; `kinds` has shape (rows,)."""
    return [np.flatnonzero(kinds == kind)[:, None] for kind in np.unique(kinds)]


def of_the_same_size(groups: NDArray[Any]) -> list[NDArray[np.int64]]:
    """Return groups as cases, exchanged with those of as many rows; `groups` has shape (rows,)."""
    _, codes, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    by_group = np.argsort(codes, kind="stable")
    size_of_rows = sizes[codes[by_group]]
    return [by_group[size_of_rows == size].reshape(-1, size) for size in np.unique(sizes)]
