r"""When is one more trial not worth its price? Learned from past searches, on rows that chose nothing.

With :math:`G_j(t)` the gain of past search j after t trials and :math:`s_{j,t}` the spread of its losses by then, the
gain to expect of k more trials is, in units of the spread, a ratio of sums (so that a search with next to no spread
does not count without bound):

.. math:: h(t, k) = \sum_j w_j [G_j(t + k) - G_j(t)] / \sum_j w_j s_{j,t}

A search of spread :math:`s_t` goes on while :math:`\max_k \{ s_t h(t, k) - c k \} > 0`, with c the price of a trial.
Where past searches led astray on the folds, h is below zero: over-tuning is priced in.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

FIRST_LOOK = 4  # trials before the first decision: fewer say nothing about the spread
LARGEST_GAIN = 0.1  # one table that gains a third must not speak for all others


@dataclass(frozen=True, eq=False)
class PastSearches:
    """Searches that were run to their end.

    Attributes
    ----------
    tables : tuple of str, one a search
        A table may be there at several sizes; it counts once.
    gains : ndarray, shape (searches, trials)
        Gain of the leader on the folds over the cheap champion after each trial, on rows that chose neither, as
        skill. It can fall: what leads on the folds need not be better.
    losses : ndarray, shape (searches, trials)
        Loss of each trial on the folds over the dummy's; NaN where it failed.
    counts : ndarray, shape (searches,), or None
        What each search counts; such that each table counts once, when None.
    whose : str
        How a gate speaks of them.
    """

    tables: tuple[str, ...]
    gains: Array
    losses: Array
    counts: Array | None = None
    whose: str = "past searches"

    @cached_property
    def capped(self) -> Array:
        """Gains, none larger than `LARGEST_GAIN` either way."""
        return np.clip(self.gains, -LARGEST_GAIN, LARGEST_GAIN)

    @cached_property
    def weights(self) -> Array:
        """Weight of each search, such that each table counts once if nothing else is said; their sum is 1."""
        if self.counts is None:
            shares = 1 / np.array([self.tables.count(table) for table in self.tables], dtype=np.float64)
        else:
            shares = self.counts
        weights: Array = shares / shares.sum()
        return weights

    @cached_property
    def spreads(self) -> Array:
        """Spread of the losses of each search by each trial, shape (searches, trials)."""
        trials = range(1, self.losses.shape[1] + 1)
        return np.array([[spread(losses[:done]) for done in trials] for losses in self.losses])

    def with_gains(self, gains: Array) -> "PastSearches":
        """Return the same searches with other gains."""
        others = replace(self, gains=gains)
        others.__dict__["spreads"] = self.spreads  # of the losses alone, and slow: found once for all
        return others

    def final_gains(self) -> Array:
        """Return the gain of each search at its end."""
        final: Array = self.capped[:, -1]
        return final

    def stops(self, price_of_a_trial: float) -> NDArray[np.int64]:
        """Return after how many trials the rule, learned from the other tables, would have stopped each search."""
        names = np.array(self.tables)
        others = self.weights * (names[:, None] != names)  # (searches, searches): what each may learn from
        gains, spreads = others @ self.capped, others @ self.spreads
        searches, trials = self.gains.shape
        stopped = np.full(searches, trials)
        for done in range(trials - 1, FIRST_LOOK - 1, -1):  # backwards, so that the first stop is what stays
            scale = self.spreads[:, done - 1] / np.maximum(spreads[:, done - 1], 1e-12)
            more = np.arange(1, trials - done + 1)
            values = scale[:, None] * (gains[:, done:] - gains[:, done - 1 : done]) - price_of_a_trial * more
            stopped[values.max(axis=1) <= 0] = done
        return stopped


def spread(losses: Sequence[float] | Array) -> float:
    """Return the standard deviation of the better half of the losses: how much is still in the draw."""
    given = np.asarray(losses, dtype=np.float64)
    finite = np.sort(given[np.isfinite(given)])
    better = finite[: max(2, (len(finite) + 1) // 2)]
    return float(np.std(better)) if len(better) >= 2 else 0.0


def value_of_going_on(
    past: PastSearches, losses: Sequence[float], price_of_a_trial: float, trials_left: int, as_usual: bool = False
) -> float:
    """Return the best net value that any number of further trials is expected to bring, as skill.

    Parameters
    ----------
    losses : sequence of float
        Of the trials so far on the folds, over the dummy's; NaN where one failed.
    price_of_a_trial : float
        As skill.
    as_usual : bool
        Take the spread of past searches for that of this one, where rows that judge have a part in its losses: a search
        must not be as long as suits them.

    Returns
    -------
    float
        Not positive: stop. Beyond the length of past searches nothing is known, and so nothing is expected.
    """
    done = len(losses)
    length = past.gains.shape[1]
    if done >= length or trials_left < 1:
        return 0.0
    width = float(past.weights @ past.spreads[:, done - 1])
    if width <= 0:
        return 0.0
    end = min(length, done + trials_left)
    progress = past.weights @ (past.capped[:, done:end] - past.capped[:, done - 1 : done])
    values = (1.0 if as_usual else spread(losses) / width) * progress - price_of_a_trial * np.arange(1, end - done + 1)
    return float(values.max())
