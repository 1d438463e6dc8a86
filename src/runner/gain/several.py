"""Correction for several tests at once, so that the level is the probability of any false finding."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def holm(p_values: Sequence[float] | Array) -> Array:
    """Return p-values corrected for the number of tests (Holm 1979), in the given order.

    Parameters
    ----------
    p_values : array-like, shape (tests,)

    Returns
    -------
    ndarray, shape (tests,)
        Rejecting those at or below a level keeps the family-wise error rate at that level.
    """
    found = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(found)
    corrected = np.empty_like(found)
    steps: Array = np.maximum.accumulate(found[order] * np.arange(len(found), 0, -1))
    corrected[order] = np.minimum(steps, 1.0)
    return corrected
