"""Which rows to use if not all can be used, for judging or for learning."""

import numpy as np
from numpy.typing import NDArray

from runner.errors import UserError

Codes = NDArray[np.int64]

FURTHEST_BACK = 10  # times the rows of the sample: what is older, such as a class that is no longer given, is past


def sample(strata: Codes, groups: Codes | None, in_time: bool, most: int, seed: int, least: int = 0) -> Codes:
    """Return the positions of at most `most` rows: the latest, whole groups, or a stratified sample.

    Parameters
    ----------
    strata : ndarray of int64, shape (rows,)
        Numbered from 0: class codes, or zeros for regression.
    groups : ndarray of int64, shape (rows,), or None
    in_time : bool
        Whether to take the latest rows; the rows are then in time order.
    least : int
        How many rows of each stratum the sample holds at least, or all that the stratum has, as far as half of the
        sample has room for them; whole groups have those that they have.
    """
    if in_time:
        return latest(strata, most, seed, least)
    return in_proportion(strata, most, seed, least) if groups is None else whole_groups(groups, most, seed)


def latest(strata: Codes, most: int, seed: int, least: int = 0) -> Codes:
    """Return the positions of the latest `most` rows, or more time thinned out, if these lack rows of a stratum."""
    counted = strata[-FURTHEST_BACK * most :]
    wanted = np.minimum(np.bincount(counted), _with_room(counted, most, least))
    begins = [np.flatnonzero(counted == code)[-count] for code, count in enumerate(wanted) if count]
    first = len(strata) - len(counted) + int(min([len(counted) - most, *begins]))
    return np.asarray(first + in_proportion(strata[first:], most, seed, least))


def whole_groups(groups: Codes, most: int, seed: int) -> Codes:
    """Return the positions of random whole groups, as many as fit into `most` rows.

    Raises
    ------
    UserError
        If fewer than two fit, since nothing could be learned from one and judged on another.
    """
    _, group, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    smallest = np.sort(sizes)[:2]
    beside = np.where(sizes == smallest[0], smallest[-1], smallest[0])  # one more group must fit too
    fitting, room = [], most
    for place in np.random.default_rng(seed).permutation(np.flatnonzero(sizes + beside <= most)):
        if sizes[place] <= room:
            fitting.append(place)
            room -= sizes[place]
    if len(fitting) < 2:
        raise UserError(
            f"budget.rows={most} has no room for two whole groups, of which the largest has {sizes.max():,} "
            "rows: raise it, or leave it out."
        )
    return np.flatnonzero(np.isin(group, fitting))


def in_proportion(strata: Codes, most: int, seed: int, least: int = 0) -> Codes:
    """Return the positions of `most` random rows with the strata in proportion, keeping every stratum if they fit.

    The rows of each stratum are shuffled and spread evenly over [0, 1); those nearest to 0 are the sample. The first
    `least` rows of each stratum, as far as half of the sample has room, come before all others, so that small strata
    have more than their share.
    """
    shuffled = np.random.default_rng(seed).permutation(len(strata))
    ordered = shuffled[np.argsort(strata[shuffled], kind="stable")]
    sizes = np.bincount(strata)
    rank = np.arange(len(strata)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    nearness = np.where(rank < _with_room(strata, most, least), 0.0, rank / np.repeat(sizes, sizes))
    return np.sort(ordered[np.argsort(nearness, kind="stable")[:most]])


def too_rare(strata: Codes, most: int, least: int) -> NDArray[np.bool_]:
    """Return which strata would have less than `least` rows in a sample in proportion, though they have more."""
    sizes = np.bincount(strata)
    return np.asarray(sizes * most < np.minimum(sizes, _with_room(strata, most, least)) * len(strata))


def _with_room(strata: Codes, most: int, least: int) -> int:
    return min(least, most // (2 * len(np.unique(strata))))


def back_to_shares(strata: Codes, of_sample: Codes) -> NDArray[np.float64]:
    """Return weights for the rows of a sample by which each stratum has the share that it has among all rows.

    A model fitted, and a score taken, with these weights estimates the same as one of a sample in proportion (Manski
    and Lerman 1977, on choice-based samples).

    Parameters
    ----------
    strata, of_sample : ndarray of int64, shape (rows,) and (rows of the sample,)

    Returns
    -------
    ndarray of float64, shape (rows of the sample,)
        Their mean is 1.
    """
    weights = np.bincount(strata)[of_sample] / np.bincount(of_sample)[of_sample]
    return np.asarray(weights / weights.mean())
