"""Are predictions related to the target inside of groups, or of blocks of time, that cannot be exchanged?"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr
from scipy.stats import rankdata

Array = NDArray[np.float64]
FEWEST_GROUPS = 2  # for a spread; with one degree of freedom, the mean must be 6.3 standard errors from zero


def within_groups_p_value(
    target: NDArray[Any],
    predictions: Array,
    groups: NDArray[Any],
    weights: Array | None = None,
    across: NDArray[Any] | None = None,
) -> float | None:
    """Return the probability of predictions and targets so much related inside of groups, if they are not.

    Each group is one observation of the covariance between its targets and what is predicted, about its own means, so
    that neither what the groups' levels are nor whatever drifts in a group seems to be told. The t test over groups is
    valid for few of them, and where they vary unequally (Ibragimov and Müller 2010). Ranks are taken, as a few rows of
    a heavy tail would decide.

    Parameters
    ----------
    target : ndarray, shape (rows,)
        Class codes if `predictions` are of classes, else values.
    predictions : ndarray, shape (rows, classes) or (rows,)
    groups : ndarray, shape (rows,)
        Groups, or blocks of time.
    weights : ndarray, shape (rows,), optional
        Positive. They weigh the rows of a group; each group counts once.
    across : ndarray, shape (rows,), optional
        Other groups, with rows in several of the first ones, as patients have in blocks of time.

    Returns
    -------
    float or None
        With groups across, the greater of two: each of them is then one observation of the same covariances, as what is
        alike by chance in a group is so in each block. None if targets and predictions both vary in fewer than two
        groups.
    """
    weights = np.ones(len(target)) if weights is None else weights
    _, first, codes = np.unique(groups, return_index=True, return_inverse=True)
    totals = np.bincount(codes, weights)

    def means(values: Array) -> Array:
        return np.asarray(np.bincount(codes, weights * values) / totals)

    def differ(values: Array) -> NDArray[np.bool_]:
        return np.asarray(np.bincount(codes, values != values[first][codes]) > 0)

    together, varies = np.zeros(len(target)), np.zeros(len(totals), dtype=bool)
    classes = range(predictions.shape[1]) if predictions.ndim == 2 else [None]
    for each in classes:
        seen = rankdata(target) if each is None else (target == each).astype(float)
        said = rankdata(predictions if each is None else predictions[:, each])
        varies |= differ(seen) & differ(said)
        together += (seen - means(seen)[codes]) * (said - means(said)[codes])
    if int(varies.sum()) < FEWEST_GROUPS:
        return None
    inside = varies[codes]
    return max(
        _p_value(together[inside], weights[inside], units[inside]) for units in (codes, across) if units is not None
    )


def _p_value(together: Array, weights: Array, groups: NDArray[Any]) -> float:
    """Return the p-value of the t test over the means of the groups."""
    codes = np.unique(groups, return_inverse=True)[1]
    means = np.bincount(codes, weights * together) / np.bincount(codes, weights)
    count = len(means)
    if count < FEWEST_GROUPS:
        return 1.0
    mean, error = means.mean(), means.std(ddof=1) / np.sqrt(count)
    if error == 0:  # each group shows the same: the t would be infinite, a test of signs is not
        return float(0.5**count) if mean > 0 else 1.0
    return float(stdtr(count - 1, -mean / error))
