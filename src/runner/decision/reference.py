"""Which cheap model must the challenger beat? A pure function of scores and prices."""

from collections.abc import Sequence
from dataclasses import dataclass

from runner.config import EconomicsConfig
from runner.decision.economics import Contender, unit_value, yearly_cost


@dataclass(frozen=True)
class Option:
    """A cheap candidate as the choice sees it.

    Attributes
    ----------
    place : int
        Of its rung in the ladder: its cost class.
    score : float
        On the folds, greater is better.
    contender : Contender
        What it costs to have.
    """

    place: int
    score: float
    contender: Contender


def cheap_champion(options: Sequence[Option], headroom: float, prices: EconomicsConfig) -> int:
    """Return the position of the cheap champion.

    Where no money is known, the best of the cheapest rung within one smallest worthwhile gain of the best of all.
    Where it is, the one that brings most: what its score is worth, less what it costs to retrain, to serve and to keep
    up. So a gain that is worth little keeps a model that costs little.

    Parameters
    ----------
    options : sequence of Option
        At least one.
    headroom : float
        Loss of the dummy, in the metric's unit.
    """
    value = unit_value(prices)
    positions = range(len(options))
    if value is not None:
        worth = [value * o.score - yearly_cost(prices, o.contender) * prices.horizon_years for o in options]
        return max(positions, key=lambda i: (worth[i], -options[i].place, options[i].score))
    enough = max(o.score for o in options) - prices.worthwhile_gain * headroom
    near = [i for i in positions if options[i].score >= enough]
    return min(near, key=lambda i: (options[i].place, -options[i].score))
