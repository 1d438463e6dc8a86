"""By how much a mean over blocks of time varies more than the blocks show, if neighbours are alike."""

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import toeplitz

from runner.gain.units import Units

Array = NDArray[np.float64]
MOST = 0.99  # of a correlation, as the error of a mean has no bound at 1


def variance_factor(blocks: Units, halves: Units, contributions: Array) -> float:
    """Return the variance of the mean, over what is expected of its estimate from the blocks.

    That estimate takes blocks as independent. Where errors move slowly, neighbouring blocks are alike: all of them may
    lie on one side of what is true in the long run. So the halves of the blocks are taken for an autoregression of
    first order, whose coefficient is corrected for the few halves there are (Kendall 1954); both variances follow from
    it. Without memory, the factor is mostly 1 or little more.

    Parameters
    ----------
    blocks, halves : Units
        Of the same rows, in order of time; at least two blocks.
    contributions : ndarray, shape (halves,)
        To the error of the mean; their sum is zero.

    Returns
    -------
    float
        At least 1.
    """
    if not contributions.any():
        return 1.0
    count = halves.count
    found = float(contributions[1:] @ contributions[:-1] / (contributions @ contributions))
    memory = min(max(found + (1 + 3 * found) / count, 0.0), MOST)
    alike = toeplitz(memory ** np.arange(count))
    _, first = np.unique(halves.codes, return_index=True)
    members = (blocks.codes[first] == np.arange(blocks.count)[:, None]).astype(float)
    about_mean = members - members.mean(axis=1, keepdims=True)  # of a block's sum, without its share of the whole
    shown = blocks.count / (blocks.count - 1) * float(((about_mean @ alike) * about_mean).sum())
    return max(float(alike.sum()) / shown, 1.0)
