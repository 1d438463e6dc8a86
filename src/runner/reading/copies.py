"""Rows that are copies of others, and whether they were recorded twice or are different cases that look alike.

Of people in a table of few columns of few values each, many look alike, and more are alike in all columns but one or
two. Rows that were recorded twice have no such near relations: those that are alike in half of the columns are alike in
all. To leave the former out would bias a model; to judge by the latter rewards learning by heart. A state that comes
back, such as a machine at rest, with zeros everywhere, is no copy either: it is one or a few rows, there very often.
Nor are cases of the same inputs with outcomes of their own, as a customer is there each month, or products that are
sold again: of the former rare outcomes would become frequent, and of the latter little would be left.
"""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

SHARE = 0.01  # of the rows, from which on copies matter
MOST = 0.5  # of the rows: where more are copies, what comes back is a kind of thing, as a product with its price
FEWEST = 10  # different rows that are there again
MOST_OF_ONE = 0.5  # share of the copies that may be of one row
SURE = 0.9  # how far alike in half of the columns means alike in all
LOOK_ALIKES = 0.2  # share of the disagreement that chance would bring: rows with more of it are different cases
ROWS = 50_000  # are enough to tell
DIVISIONS = 4  # of the columns into halves
SEED = 0
RECORDED_TWICE = "rows alike in half of the columns are alike in all, so these were recorded twice"

Hashes = NDArray[np.uint64]


def were_recorded_twice(rows: pd.DataFrame, target: str) -> bool:
    """Whether there are copies worth a word, and the rows show that they do not only look alike.

    Parameters
    ----------
    rows : DataFrame, shape (rows, columns)
        In plain form, with the target, and without what only numbers the rows.
    target : str
        The target's column.
    """
    count = rows.shape[1]
    times = np.unique(hashes_of(rows), return_counts=True)[1]
    copies = times[times > 1] - 1
    if count < 2 or not SHARE * len(rows) <= copies.sum() <= MOST * len(rows):
        return False
    if len(copies) < FEWEST or copies.max() > MOST_OF_ONE * copies.sum():
        return False
    if look_alike(hashes_of(rows.drop(columns=target)), rows[target].to_numpy()):
        return False
    hashes = np.column_stack([pd.util.hash_pandas_object(rows[[name]], index=False) for name in rows.columns])
    hashes *= 2 * np.arange(count, dtype=np.uint64) + 3  # so that two columns with their values exchanged differ
    random = np.random.default_rng(SEED)
    alike = []
    for order in (random.permutation(count) for _ in range(DIVISIONS)):
        half, rest = order[: count // 2], order[count // 2 :]
        alike += [_alike(hashes, half, rest), _alike(hashes, rest, half)]
    return bool(np.median(alike) >= SURE)


def hashes_of(rows: pd.DataFrame) -> Hashes:
    """Return a hash of each row."""
    return np.asarray(pd.util.hash_pandas_object(rows, index=False), dtype=np.uint64)


def look_alike(inputs: Hashes, target: NDArray[Any]) -> bool:
    """Whether rows of the same inputs are different cases: copies agree in the target, look-alikes only by chance."""
    values = pd.factorize(target, use_na_sentinel=False)[0]
    frame = pd.DataFrame({"inputs": inputs, "value": values})
    twins = frame[frame["inputs"].duplicated(keep=False)]
    if twins.empty:
        return False
    agree = twins.groupby(["inputs", "value"]).size().groupby("inputs").max()
    apart = 1 - float(agree.sum()) / len(twins)
    by_chance = 1 - float(np.bincount(values).max()) / len(values)
    return apart > LOOK_ALIKES * by_chance


def _alike(hashes: Hashes, half: NDArray[np.int64], rest: NDArray[np.int64]) -> float:
    """Return how much more often than any two rows those that are alike in half of the columns are so in the rest.

    That is 0 for chance and 1 for always. Each set of rows that are alike in the half counts once, however large.
    """
    inputs, others = (hashes[:, part].sum(axis=1) for part in (half, rest))
    by_chance = float(np.square(np.unique(others, return_counts=True)[1] / len(hashes)).sum())
    some = inputs % (1 + len(hashes) // ROWS) == 0  # whole sets of a long table
    sizes = pd.DataFrame({"half": inputs[some], "rest": others[some]}).value_counts()
    pairs, total = (sizes * (sizes - 1)).groupby("half").sum(), sizes.groupby("half").sum()
    several = total[total > 1]
    if several.empty or by_chance >= 1:
        return 0.0
    share = float((pairs[several.index] / (several * (several - 1))).mean())
    return (share - by_chance) / (1 - by_chance)
