"""The smallest gain worth having, and what a gain is above it."""

import math
from dataclasses import replace

from runner.config import EconomicsConfig
from runner.decision.economics import unit_value
from runner.gain import Gain, minus


def worth_having(prices: EconomicsConfig, headroom: float, extra_cost: float) -> float:
    """Return the smallest gain worth having, in the metric's unit.

    Parameters
    ----------
    headroom : float
        Loss of the dummy, in the metric's unit: where no money is known, a share of it is asked for.
    extra_cost : float
        What is to be paid for the gain over the horizon. Where money is known, the gain has to bring as much; infinite
        where a gain is worth nothing.
    """
    value = unit_value(prices)
    if value is None:
        return prices.worthwhile_gain * headroom
    return extra_cost / value if value > 0 else math.inf


def surplus(gain: Gain, smallest: float, prices: EconomicsConfig, perfect: Gain | None) -> Gain:
    """Return a gain less the smallest one worth having; the bounds take in how surely both are known.

    A margin that money sets is known; one that is a share of the dummy's loss is known as surely as that loss is. Where
    no gain is worth anything, each is known to be too small.

    Parameters
    ----------
    perfect : Gain or None
        Of a perfect model over the dummy: the dummy's loss, as surely as it is known.
    """
    if smallest == math.inf:
        below = -math.inf
        return replace(gain, estimate=below, low=below, high=below, low_holds=True, high_holds=True, why=None)
    if unit_value(prices) is None and perfect is not None:
        return minus(gain, prices.worthwhile_gain, perfect)
    return replace(gain, estimate=gain.estimate - smallest, low=gain.low - smallest, high=gain.high - smallest)
