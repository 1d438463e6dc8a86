"""When is one more trial not worth its price? Learned from past searches, on rows that chose nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FIRST_LOOK = 4  # trials before the first decision: fewer say nothing about the spread


@dataclass(frozen=True, eq=False)
class PastSearch:
    """One search that was run to its end.

    Attributes
    ----------
    table : str
    gains : ndarray, shape (trials,)
        Gain of the leader on the folds over the cheap champion after each trial, on rows that chose neither, as
        skill. It can fall: what leads on the folds need not be better.
    losses : ndarray, shape (trials,)
        Loss of each trial on the folds over the dummy's; NaN where it failed.
    """

    table: str
    gains: NDArray[np.float64]
    losses: NDArray[np.float64]

    def spread(self, trials: int) -> float:
        """Return the spread of the first trials' losses."""
        return spread(self.losses[:trials])


def spread(losses: Sequence[float] | NDArray[np.float64]) -> float:
    """Return the standard deviation of the better half of the losses: how much is still in the draw."""
    finite = np.sort(np.asarray(losses, dtype=float)[np.isfinite(losses)])
    better = finite[: max(2, (len(finite) + 1) // 2)]
    return float(np.std(better)) if len(better) >= 2 else 0.0


def expected_progress(past: Sequence[PastSearch], done: int, more: int) -> float:
    r"""Return the gain to expect of more trials, in units of the spread.

    With :math:`G_j(t)` the gain of past search j after t trials and :math:`s_{j,t}` its spread by then,

    .. math:: h(t, k) = \sum_j [G_j(t + k) - G_j(t)] / \sum_j s_{j,t}

    A ratio of sums, so that a search with next to no spread does not count without bound. Where past searches
    led astray on the folds, it is below zero.
    """
    known = [search for search in past if len(search.gains) >= done + more]
    spreads = sum(search.spread(done) for search in known)
    if spreads <= 0:
        return 0.0
    return float(sum(search.gains[done + more - 1] - search.gains[done - 1] for search in known) / spreads)


def value_of_going_on(
    past: Sequence[PastSearch], losses: Sequence[float], price_of_a_trial: float, trials_left: int
) -> float:
    r"""Return the best net value that any number of further trials is expected to bring, as skill.

    .. math:: \max_{1 \le k \le T - t} \{ s_t h(t, k) - c k \}

    Parameters
    ----------
    losses : sequence of float
        Of the trials so far on the folds, over the dummy's; NaN where one failed.
    price_of_a_trial : float
        As skill.

    Returns
    -------
    float
        Not positive: stop.
    """
    done = len(losses)
    width = spread(losses)
    values = [
        width * expected_progress(past, done, more) - price_of_a_trial * more for more in range(1, trials_left + 1)
    ]
    return max(values, default=0.0)


def trials_until_stop(past: Sequence[PastSearch], search: PastSearch, price_of_a_trial: float) -> int:
    """Return after how many trials the rule, learned from the others, would have stopped a past search."""
    others = [other for other in past if other.table != search.table]
    total = len(search.gains)
    for done in range(FIRST_LOOK, total):
        losses = search.losses[:done].tolist()
        if value_of_going_on(others, losses, price_of_a_trial, total - done) <= 0:
            return done
    return total
