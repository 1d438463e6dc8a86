"""The smallest gain worth having, and by how much a gain exceeds it."""

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
        Loss of the dummy, in the metric's unit; without prices, the gain must be a share of it.
    extra_cost : float
        What the gain costs over the horizon; with prices, the gain must be worth as much.

    Returns
    -------
    float
        Infinite if a gain has no value.
    """
    value = unit_value(prices)
    if value is None:
        return prices.worthwhile_gain * headroom
    return extra_cost / value if value > 0 else math.inf


def surplus(gain: Gain, smallest: float, prices: EconomicsConfig, perfect: Gain | None) -> Gain:
    """Return a gain less the smallest one worth having; the bounds include the uncertainty of both.

    A smallest gain from prices is known exactly; one that is a share of the dummy's loss is as uncertain as that loss.
    If no gain is worth anything, every gain is known to be too small.

    Parameters
    ----------
    perfect : Gain or None
        Of a perfect model over the dummy, which is the dummy's loss with its uncertainty.
    """
    if smallest == math.inf:
        below = -math.inf
        return replace(gain, estimate=below, low=below, high=below, low_holds=True, high_holds=True, why=None)
    if unit_value(prices) is None and perfect is not None:
        return minus(gain, prices.worthwhile_gain, perfect)
    return replace(gain, estimate=gain.estimate - smallest, low=gain.low - smallest, high=gain.high - smallest)
