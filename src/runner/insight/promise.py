"""The score that a classifier's own probabilities promise: what it would be on outcomes drawn from them.

Where its inputs tell little of the outcome, a true model scores less than elsewhere, too: the ROC AUC within a narrow
range of the strongest input, or the log loss of rows near one half. Such a model promises no more. One that is surer
than it should be promises more than comes.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.metrics import Metric

Array = NDArray[np.float64]
DRAWS = 16  # some 2 ms each, 10 ms with many classes, for each of at most ten slices
SHORT = 2.0  # standard deviations of the drawn scores below their mean


def promised(
    target: NDArray[Any], probabilities: Array, metric: Metric, weights: Array | None, seed: int
) -> tuple[float | None, bool]:
    """Return the mean score on drawn outcomes, None if there is none, and whether the true score falls short of it.

    Parameters
    ----------
    target : ndarray, shape (rows,)
        Class codes.
    probabilities : ndarray, shape (rows, classes)
    weights : ndarray, shape (rows,), optional
    """
    random = np.random.default_rng(seed)
    below = probabilities.cumsum(axis=1)[:, :-1]  # the last class takes what rounding leaves
    drawn = ((random.uniform(size=(len(target), 1)) > below).sum(axis=1) for _ in range(DRAWS))
    scores = [metric.score_or_none(outcome, probabilities, weights) for outcome in drawn]
    known, score = [each for each in scores if each is not None], metric.score_or_none(target, probabilities, weights)
    if score is None or len(known) < DRAWS / 2:
        return None, False
    return float(np.mean(known)), bool(score < np.mean(known) - SHORT * np.std(known))
