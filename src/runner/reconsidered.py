"""The verdict on given facts under given economics, with the prices at which it would turn."""

from dataclasses import replace

from runner.breakeven import break_even
from runner.config import EconomicsConfig
from runner.prior import SHIPPED, past_searches
from runner.verdict import Facts, Verdict, decide


def reconsidered(facts: Facts, prices: EconomicsConfig, prior: str = SHIPPED) -> Verdict:
    """Reach the verdict and say where it would turn; nothing is fitted."""
    past = past_searches(prior)
    return replace(decide(facts, prices, past), break_even=break_even(facts, prices, past))
