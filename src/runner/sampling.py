"""Which rows to use if not all can be used, for judging or for learning."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from runner.errors import UserError

Codes = NDArray[np.int64]

FEWEST_ROWS = 10  # five folds, each judged on two rows; with fewer, the spread of a score is unknown
FEW_OF_A_CLASS = 100  # rows: a holdout of a fifth then has the 20 that an interval needs
ENOUGH_OF_A_CLASS = 1_000  # rows: with those of a holdout, ROC AUC is known to some 0.02
ENOUGH_GROUPS = 34  # a holdout of 30 % then has the ten that an interval needs
FURTHEST_BACK = 10  # times the rows of the sample: what is older, such as a class that is no longer given, is past


@dataclass(frozen=True, eq=False)
class Sample:
    """The rows of a table that are used.

    Attributes
    ----------
    rows : ndarray of int64, shape (rows of the sample,)
        Their positions.
    weights : ndarray of float64, shape (rows of the sample,), or None
        If there is more of rare classes than their share: what brings them back to it.
    note : str or None
        What a person should know of it.
    """

    rows: Codes
    weights: NDArray[np.float64] | None = None
    note: str | None = None


def draw(strata: Codes, groups: Codes | None, in_time: bool, most: int | None, seed: int, least: int) -> Sample:
    """Use all rows, or a sample of `most` rows with at least `least` of each class.

    Groups so large that few of them fit are not kept whole: as many as can be are learned from and judged by, with some
    rows of each.

    Parameters are those of `sample`.

    Raises
    ------
    UserError
        If the sample is too small to learn from and to judge on.
    """
    if most is None or most >= len(strata):
        return Sample(np.arange(len(strata)))
    if most < FEWEST_ROWS:
        raise UserError(f"budget.rows={most} is too few to learn from and to judge on: give {FEWEST_ROWS}.")
    if groups is not None and len(np.unique(groups)) * most < ENOUGH_GROUPS * len(groups):
        groups = None
    rows = sample(strata, groups, in_time, most, seed, least)
    first = rows[0] if in_time else 0
    rare = too_rare(strata[first:], most, least)
    cells, weighted = strata, bool(rare.any())
    if groups is not None and not in_time:
        kinds = _kinds(strata, groups, rare)
        cells, weighted = strata * (kinds.max() + 1) + kinds, bool(np.ptp(kinds))
    note = f"Judged on {len(rows):,} of {len(strata):,} rows (budget.rows){_of_the_rarest(strata, rows, weighted)}"
    return Sample(rows, back_to_shares(cells[first:], cells[rows]) if weighted else None, note)


def _of_the_rarest(strata: Codes, rows: Codes, weighted: bool) -> str:
    """Say how many rows a sample has of the rarest class, if it has more than its share or few of many."""
    sizes = np.bincount(strata)
    rarest = int(sizes.argmin())
    count = int((strata[rows] == rarest).sum())
    there = f"{count:,} of {sizes[rarest]:,} rows of the rarest class"
    is_few = len(sizes) > 1 and count < min(FEW_OF_A_CLASS, sizes[rarest])
    on_all = "budget.rows=null judges on all rows."
    if weighted:
        return f", with {there}; weights bring each class back to its share.{f' {on_all}' if is_few else ''}"
    return f". They hold {there}: {on_all}" if is_few else "."


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
        How many rows the sample is to hold of each stratum (or all that there are, as far as half of it has room),
        where in proportion it would hold less than half of them.
    """
    if in_time:
        return latest(strata, most, seed, least)
    if groups is None:
        return in_proportion(strata, most, seed, least)
    return whole_groups(strata, groups, most, seed, least)


def latest(strata: Codes, most: int, seed: int, least: int = 0) -> Codes:
    """Return the positions of the latest `most` rows, or more time thinned out, if these lack rows of a stratum."""
    counted = strata[-FURTHEST_BACK * most :]
    wanted = _wanted(counted, most, least)
    lacking = 2 * np.bincount(counted[-most:], minlength=len(wanted)) < wanted
    begins = [np.flatnonzero(counted == code)[-wanted[code]] for code in np.flatnonzero(lacking)]
    first = len(strata) - len(counted) + int(min([len(counted) - most, *begins]))
    return np.asarray(first + in_proportion(strata[first:], most, seed, least))


def whole_groups(strata: Codes, groups: Codes, most: int, seed: int, least: int = 0) -> Codes:
    """Return the positions of random whole groups, as many as fit into `most` rows.

    As in `in_proportion`, groups of each kind (`_kinds`) are shuffled and spread evenly over [0, 1), and those nearest
    to 0 are the sample. The first groups of a kind, up to `least` rows of its rare stratum, come before all others.

    Raises
    ------
    UserError
        If fewer than two fit, since nothing could be learned from one and judged on another.
    """
    _, group, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    smallest = np.sort(sizes)[:2]
    beside = np.where(sizes == smallest[0], smallest[-1], smallest[0])  # one more group must fit too
    fitting, room = [], most
    for place in _in_turn(strata, group, most, seed, least):
        if sizes[place] <= room and sizes[place] + beside[place] <= most:
            fitting.append(place)
            room -= sizes[place]
    if len(fitting) < 2:
        raise UserError(f"{most} rows have no room for two whole groups, the largest of which has {sizes.max()} rows.")
    return np.flatnonzero(np.isin(group, fitting))


def _in_turn(strata: Codes, group: Codes, most: int, seed: int, least: int) -> Codes:
    """Return the groups, numbered from 0, in the order in which they come into a sample."""
    is_rare = too_rare(strata, most, least)
    kinds = _kinds(strata, group, is_rare)
    sizes, rare = np.bincount(group), np.bincount(group, strata == kinds)
    kind = kinds[np.unique(group, return_index=True)[1]]
    wanted, room = np.append(_wanted(strata, most, least), 0), most // (2 * max(int(is_rare.sum()), 1))
    shuffled = np.random.default_rng(seed).permutation(len(sizes))
    nearness = np.empty(len(sizes))
    for one in np.unique(kind):
        mine = shuffled[kind[shuffled] == one]
        before, rare_before = (np.cumsum(counts[mine]) - counts[mine] for counts in (sizes, rare))
        is_first = (rare_before < wanted[one]) & (before < room)
        nearness[mine] = np.where(is_first, 0.0, before / sizes[mine].sum())
    return np.asarray(shuffled[np.argsort(nearness[shuffled], kind="stable")])


def _kinds(strata: Codes, groups: Codes, is_rare: NDArray[np.bool_]) -> Codes:
    """Return, for each row, the rarest of the rare strata of which its group has rows; else the number of strata."""
    sizes, (_, group) = np.bincount(strata), np.unique(groups, return_inverse=True)
    kinds = np.full(group.max() + 1, len(sizes))
    for stratum in sorted(np.flatnonzero(is_rare), key=lambda stratum: -sizes[stratum]):
        kinds[group[strata == stratum]] = stratum
    return np.asarray(kinds[group])


def in_proportion(strata: Codes, most: int, seed: int, least: int = 0) -> Codes:
    """Return the positions of `most` random rows with the strata in proportion, keeping every stratum if they fit.

    The rows of each stratum are shuffled and spread evenly over [0, 1); those nearest to 0 are the sample. The first
    `least` rows of a stratum that is too rare come before all others, so that it has more than its share.
    """
    shuffled = np.random.default_rng(seed).permutation(len(strata))
    ordered = shuffled[np.argsort(strata[shuffled], kind="stable")]
    sizes = np.bincount(strata)
    rank = np.arange(len(strata)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    first = np.where(too_rare(strata, most, least), _wanted(strata, most, least), 0)
    nearness = np.where(rank < np.repeat(first, sizes), 0.0, rank / np.repeat(sizes, sizes))
    return np.sort(ordered[np.argsort(nearness, kind="stable")[:most]])


def too_rare(strata: Codes, most: int, least: int) -> NDArray[np.bool_]:
    """Return of which strata a sample in proportion would hold less than half of the rows that it is to hold."""
    return np.asarray(2 * np.bincount(strata) * most < _wanted(strata, most, least) * len(strata))


def _wanted(strata: Codes, most: int, least: int) -> Codes:
    """Return how many rows of each stratum a sample is to hold at least: all together at most half of it."""
    sizes = np.bincount(strata)
    return np.asarray(np.minimum(sizes, min(least, most // (2 * int(np.count_nonzero(sizes))))))


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
