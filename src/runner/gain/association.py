"""Are predictions related to the target at all? A permutation test, for cases without an interval."""

import numpy as np
from numpy.typing import NDArray

from runner.gain.comparison import Metric

PERMUTATIONS = 400
ROUNDING = 1e-9  # of a loss, or of the 1 that a score ends at: sums of the same terms in another order


def association_p_value(
    metric: Metric,
    target: NDArray[np.float64],
    predictions: NDArray[np.float64],
    weights: NDArray[np.float64] | None,
    seed: int,
    alike: NDArray[np.int64] | None = None,
) -> float:
    """Return the probability of a score this good if predictions and rows were paired at random.

    The test is exact for independent rows, however few or heavy-tailed (Phipson and Smyth 2010: the actual pairing
    counts as one of the permutations, and so do those with the same score).

    Parameters
    ----------
    target, weights : ndarray, shape (rows,)
    predictions : ndarray, shape (rows, classes) or (rows,)
    alike : ndarray, shape (rows,), optional
        Only rows with the same number are exchanged; for rows of which some vary more than others.
    """
    generator = np.random.default_rng(seed)
    found = metric.score(target, predictions, weights)
    as_much = found - ROUNDING * (abs(found) if metric.name.startswith("neg_") else 1.0)
    kinds = np.zeros(len(target), dtype=np.int64) if alike is None else alike
    kind_by_kind, paired, as_good = np.argsort(kinds, kind="stable"), np.empty_like(predictions), 0
    for _ in range(PERMUTATIONS):
        drawn = generator.permutation(len(target))
        paired[kind_by_kind] = predictions[drawn[np.argsort(kinds[drawn], kind="stable")]]
        as_good += metric.score(target, paired, weights) >= as_much
    return (as_good + 1) / (PERMUTATIONS + 1)
