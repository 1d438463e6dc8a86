"""At which prices would the decision turn?"""

import math
from collections.abc import Callable
from dataclasses import replace

from scipy.optimize import bisect

from runner.config import EconomicsConfig
from runner.decision.deciding import decide
from runner.decision.economics import unit_value
from runner.decision.facts import Facts
from runner.decision.stakes import gate_before_search
from runner.decision.stopping import PastSearches
from runner.decision.verdict import BreakEven

SMALLEST, LARGEST = 1e-9, 1e15  # money; the range in which a turning point is looked for


def break_even(facts: Facts, prices: EconomicsConfig, past: PastSearches) -> BreakEven:
    """Return where the decision turns as one price changes and all else stays equal.

    A verdict turns between GO and NO-GO; if the search was not run, it is the gate before the search that turns. If
    nothing is shown to beat no model, no price turns the decision.
    """

    def pays(changed: EconomicsConfig) -> bool:
        if facts.gain is not None or facts.forecast is None or facts.block is not None or not facts.has_signal:
            return decide(facts, changed, past).go
        return gate_before_search(facts, changed, past).open

    money_is_known = unit_value(prices) is not None

    def at_value(value: float) -> EconomicsConfig:
        return replace(prices, value_per_unit=value, value_per_row=None, cost_matrix=None)

    has_row_value = prices.value_per_row is not None and not prices.cost_matrix
    return BreakEven(
        value_per_unit=_turn(lambda value: pays(at_value(value))),
        value_per_row=_turn(lambda value: pays(replace(prices, value_per_row=value))) if has_row_value else None,
        predictions_per_year=_turn(lambda rows: pays(replace(prices, predictions_per_year=rows)))
        if has_row_value or prices.cost_matrix
        else None,
        price_per_cpu_hour=_turn(lambda price: pays(replace(prices, price_per_cpu_hour=price)))
        if money_is_known
        else None,
        worthwhile_gain=None if money_is_known else _turn(lambda gain: pays(replace(prices, worthwhile_gain=gain))),
    )


def _turn(pays: Callable[[float], bool]) -> float | None:
    """Return where a decision turns, by bisection on a log scale; None if it does not. It turns at most once."""
    if pays(SMALLEST) == pays(LARGEST):
        return None
    return math.exp(bisect(lambda price: pays(math.exp(price)) - 0.5, math.log(SMALLEST), math.log(LARGEST)))
