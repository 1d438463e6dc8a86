r"""When is one more trial not worth its price? Learned from past searches, on rows that were not used to choose.

Let :math:`G_j(t)` be the gain of past search j after t trials, and :math:`s_{j,t}` the spread of its losses by then.
The expected gain of k more trials, in units of the spread, is a ratio of sums (so that searches with almost no spread
do not dominate):

.. math:: h(t, k) = \sum_j w_j [G_j(t + k) - G_j(t)] / \sum_j w_j s_{j,t}

A search with spread :math:`s_t` goes on while :math:`\max_k \{ s_t h(t, k) - c k \} > 0`, where c is the price of a
trial. Where past searches over-tuned to their folds, h is negative, so over-tuning is priced in.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

FIRST_LOOK = 4  # trials before the first decision: fewer say nothing about the spread
LARGEST_GAIN = 0.1  # skill: gains are capped, so that a single table does not determine the mean


@dataclass(frozen=True, eq=False)
class PastSearches:
    """Searches that ran all their trials.

    Attributes
    ----------
    tables : tuple of str, one per search
        A table may occur at several sizes.
    gains : ndarray, shape (searches, trials)
        Gain over the cheap champion of the trial that leads on the folds, after each trial, as skill, on rows that were
        used to choose neither. It can fall, as the leader on the folds need not be better.
    losses : ndarray, shape (searches, trials)
        Loss of each trial on the folds over that of the dummy; NaN if it failed.
    counts : ndarray, shape (searches,), or None
        How much each search counts; if None, each table counts once.
    whose : str
        What a gate calls them in a sentence.
    """

    tables: tuple[str, ...]
    gains: Array
    losses: Array
    counts: Array | None = None
    whose: str = "past searches"

    @cached_property
    def capped(self) -> Array:
        """The gains, limited to `LARGEST_GAIN` in both directions."""
        return np.clip(self.gains, -LARGEST_GAIN, LARGEST_GAIN)

    @cached_property
    def weights(self) -> Array:
        """The weight of each search; they sum to 1, and each table counts once unless `counts` says otherwise."""
        if self.counts is None:
            shares = 1 / np.array([self.tables.count(table) for table in self.tables], dtype=np.float64)
        else:
            shares = self.counts
        weights: Array = shares / shares.sum()
        return weights

    @cached_property
    def spreads(self) -> Array:
        """The spread of the losses of each search up to each trial, shape (searches, trials)."""
        trials = range(1, self.losses.shape[1] + 1)
        return np.array([[spread(losses[:done]) for done in trials] for losses in self.losses])

    def with_gains(self, gains: Array) -> "PastSearches":
        """Return the same searches with other gains."""
        others = replace(self, gains=gains)
        others.__dict__["spreads"] = self.spreads  # slow to compute, and the same, as they depend on the losses alone
        return others

    def final_gains(self) -> Array:
        """Return the gain of each search after its last trial."""
        final: Array = self.capped[:, -1]
        return final

    @cached_property
    def rates(self) -> Array:
        """The most that a further trial was expected to bring on average, had the rule learned from other tables.

        Shape (searches, looks): after `FIRST_LOOK` trials, and after each one that follows but the last.
        """
        names = np.array(self.tables)
        others = self.weights * (names[:, None] != names)  # (searches, searches): those of other tables
        gains, spreads = others @ self.capped, others @ self.spreads
        searches, trials = self.gains.shape
        rates = np.empty((searches, max(trials - FIRST_LOOK, 0)))
        for look, done in enumerate(range(FIRST_LOOK, trials)):
            more = np.arange(1, trials - done + 1)
            best = ((gains[:, done:] - gains[:, done - 1 : done]) / more).max(axis=1)
            rates[:, look] = self.spreads[:, done - 1] / np.maximum(spreads[:, done - 1], 1e-12) * best
        return rates

    def stops(self, price_of_a_trial: float) -> NDArray[np.int64]:
        """Return after how many trials the rule would have stopped each search, had it learned from other tables."""
        searches, trials = self.gains.shape
        ends = np.column_stack([self.rates <= price_of_a_trial, np.full(searches, True)])
        stopped: NDArray[np.int64] = np.minimum(FIRST_LOOK + ends.argmax(axis=1), trials)
        return stopped


def spread(losses: Sequence[float] | Array) -> float:
    """Return the standard deviation of the better half of the losses, which shows how much more trials may vary."""
    given = np.asarray(losses, dtype=np.float64)
    finite = np.sort(given[np.isfinite(given)])
    better = finite[: max(2, (len(finite) + 1) // 2)]
    return float(np.std(better)) if len(better) >= 2 else 0.0


def value_of_going_on(
    past: PastSearches, losses: Sequence[float], price_of_a_trial: float, trials_left: int, as_usual: bool = False
) -> float:
    """Return the greatest net value that any number of further trials is expected to bring, as skill.

    Parameters
    ----------
    losses : sequence of float
        Losses of the trials so far on the folds, over that of the dummy; NaN for failed trials.
    price_of_a_trial : float
        As skill.
    trials_left : int
        That the budget allows.
    as_usual : bool
        Use the spread of past searches instead of that of this one: under nested folds, rows that judge contribute to
        its losses, and must not determine its length.

    Returns
    -------
    float
        If it is not positive, the search should stop. Beyond the length of past searches, no gain is expected.
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
