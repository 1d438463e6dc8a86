"""Are predictions related to the target at all? Tests for cases without an interval."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.gain.comparison import Metric
from runner.gain.constants import constants_p_value
from runner.gain.limits import ORDERED_CLASSES
from runner.gain.units import LEAST_GROUPS, make_units
from runner.gain.within import within_groups_p_value
from runner.words import is_an_error

Array = NDArray[np.float64]
PERMUTATIONS = 400
ROUNDING = 1e-9  # of a loss, or of the 1 that a score ends at: sums of the same terms in another order


def association_p_value(
    metric: Metric,
    target: NDArray[Any],
    predictions: Array,
    weights: Array | None,
    seed: int,
    groups: NDArray[Any] | None = None,
    time: NDArray[Any] | None = None,
) -> float | None:
    """Return the probability of a score this good if predictions and rows were paired at random.

    The classes of a group are exchanged as a whole, with those of a group of the same size. Of values, each group is
    one case, with its means; means of few rows vary more, so groups are exchanged with others of about their size,
    within a factor of two.

    Where few groups can be exchanged, each is one observation of whether predictions and targets go together inside of
    it (rankings), or of how much better the predictions are than a constant. What goes together inside of groups may
    still be far off in their levels: for a ranking that is no loss, for other metrics it is.

    In time, whatever moves slowly would seem to be related, and one level be better than another for long. There, each
    block of time is an observation of whether predictions and targets go together inside of it, for any metric: whether
    the levels are right as well is for the gain to tell. With groups as well, what is alike by chance in a group is so
    in each of its blocks, so groups have to show it too, each as one observation.

    Parameters
    ----------
    target, weights : ndarray, shape (rows,)
        Class codes, or values; positive.
    predictions : ndarray, shape (rows, classes) or (rows,)
    groups : ndarray, shape (rows,), optional
        Rows of a group depend on each other.
    time : ndarray, shape (rows,), optional
        Ascending.

    Returns
    -------
    float or None
        None if there are too few groups, moments or rows in time.
    """
    if time is not None:
        *others, blocks = make_units(len(target), groups, time)
        if all(units.count >= LEAST_GROUPS for units in others):
            inside = within_groups_p_value(target, predictions, blocks.codes, weights, groups)
            if inside is not None:
                return inside
        return constants_p_value(metric.name, target, predictions, weights, groups, time)
    if groups is None:
        return _exchanged_p_value(metric, target, predictions, weights, seed, [np.arange(len(target))[:, None]])
    _, codes, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    about = sizes if metric.task.is_classification else np.log2(sizes).astype(np.int64)
    with_others = int((np.bincount(about)[about] > 1).sum())
    if with_others < max(LEAST_GROUPS, len(sizes) / 2):
        ranks = metric.name in ORDERED_CLASSES
        if ranks and (inside := within_groups_p_value(target, predictions, groups, weights)) is not None:
            return inside
        return constants_p_value(metric.name, target, predictions, weights, groups)
    if metric.task.is_classification:
        return _exchanged_p_value(metric, target, predictions, weights, seed, _of_the_same_size(codes, sizes))
    seen, said = (np.bincount(codes, values) / sizes for values in (target, predictions))
    alike = [np.flatnonzero(about == kind)[:, None] for kind in np.unique(about)]
    return _exchanged_p_value(metric, seen, said, None, seed, alike)


def _exchanged_p_value(
    metric: Metric,
    target: NDArray[Any],
    predictions: Array,
    weights: Array | None,
    seed: int,
    exchanged: Sequence[NDArray[np.int64]],
) -> float:
    """Return the p-value of a permutation test.

    It is exact for independent cases, however few or heavy-tailed (Phipson and Smyth 2010: the actual pairing counts as
    one of the permutations, and so do those with the same score).

    Parameters
    ----------
    exchanged : sequence of ndarray, shape (cases, rows of a case)
        Row positions. The predictions of a case stay together, and only cases of the same array are exchanged.
    """
    generator = np.random.default_rng(seed)
    found = metric.score(target, predictions, weights)
    as_much = found - ROUNDING * (abs(found) if is_an_error(metric.name) else 1.0)
    paired, as_good = predictions.copy(), 0
    for _ in range(PERMUTATIONS):
        for cases in exchanged:
            paired[cases] = predictions[generator.permutation(cases)]
        as_good += not metric.score(target, paired, weights) < as_much  # a score that is not defined shows nothing
    return (as_good + 1) / (PERMUTATIONS + 1)


def _of_the_same_size(codes: NDArray[np.int64], sizes: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Return groups as cases, exchanged with those of as many rows.

    Parameters
    ----------
    codes : ndarray of int64, shape (rows,)
    sizes : ndarray of int64, shape (groups,)
    """
    by_group = np.argsort(codes, kind="stable")
    size_of_rows = sizes[codes[by_group]]
    return [by_group[size_of_rows == size].reshape(-1, size) for size in np.unique(sizes)]
