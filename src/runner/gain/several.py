"""Correction for several tests at once: the level then holds for the chance of any false finding."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def holm(p_values: Sequence[float] | Array) -> Array:
    """Return p-values corrected for their number (Holm 1979), in the order given.

    Parameters
    ----------
    p_values : array-like, shape (tests,)

    Returns
    -------
    ndarray, shape (tests,)
        Those at or below a level are found at that level over all tests together.
    """
    found = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(found)
    corrected = np.empty_like(found)
    steps: Array = np.maximum.accumulate(found[order] * np.arange(len(found), 0, -1))
    corrected[order] = np.minimum(steps, 1.0)
    return corrected
