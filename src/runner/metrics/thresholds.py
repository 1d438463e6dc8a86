"""The probability at and above which the positive one of two classes is decided."""

import numpy as np
from numpy.typing import NDArray


def threshold_of(costs: NDArray[np.float64] | None) -> float:
    """Return the probability at and above which the positive one of two classes is decided.

    Parameters
    ----------
    costs : ndarray, shape (2, 2), or None
        Cost of taking a true class (row) for another (column); zero on the diagonal.
    """
    return 0.5 if costs is None else float(costs[0, 1] / (costs[0, 1] + costs[1, 0]))


def threshold_of_hits(positive: NDArray[np.float64]) -> float:
    """Return the threshold of greatest expected F1, and so of the greatest Jaccard index, if probabilities are right.

    Of rows in falling order of their probabilities, the first k are called positive for which twice the sum of theirs
    over k and the sum of all is greatest (Lipton, Elkan and Naryanaswamy 2014). One half if no row may be positive.

    Parameters
    ----------
    positive : ndarray, shape (rows,)
        Probabilities of the positive class.
    """
    falling = np.sort(positive)[::-1]
    hits, called = np.cumsum(falling), np.arange(1, len(falling) + 1)
    if not len(falling) or hits[-1] <= 0:
        return 0.5
    last = np.flatnonzero(np.append(falling[1:] < falling[:-1], True))  # rows that are alike are called alike
    best = last[np.argmax(hits[last] / (called[last] + hits[-1]))]
    return float(falling[best] / 2 if best == len(falling) - 1 else (falling[best] + falling[best + 1]) / 2)
