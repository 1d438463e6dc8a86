"""Which cheap model must the challenger beat? A pure function of scores and prices."""

from collections.abc import Sequence
from dataclasses import dataclass

from runner.config import EconomicsConfig
from runner.decision.economics import Contender, unit_value, yearly_cost


@dataclass(frozen=True)
class Option:
    """A cheap candidate to choose the champion from.

    Attributes
    ----------
    place : int
        Position of its rung in the ladder, which is its cost class.
    score : float
        On the folds; greater is better.
    contender : Contender
        Its costs.
    """

    place: int
    score: float
    contender: Contender


def cheap_champion(options: Sequence[Option], headroom: float, prices: EconomicsConfig) -> int:
    """Return the position of the cheap champion.

    Without prices, it is the best candidate of the cheapest rung that comes within one smallest worthwhile gain of the
    best of all. With prices, it is the candidate that earns most: the value of its score, less the costs of retraining,
    serving and upkeep. A small gain then does not justify a costlier model.

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
