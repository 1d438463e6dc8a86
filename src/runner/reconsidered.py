"""The verdict on given facts under given economics, with the prices at which it would turn."""

from dataclasses import replace

from runner.config import EconomicsConfig
from runner.decision.breakeven import break_even
from runner.decision.deciding import decide
from runner.decision.facts import Facts
from runner.decision.verdict import Verdict
from runner.prior import SHIPPED, past_searches


def reconsidered(facts: Facts, prices: EconomicsConfig, prior: str = SHIPPED) -> Verdict:
    """Reach the verdict and say where it would turn; nothing is fitted."""
    past = past_searches(prior)
    return replace(decide(facts, prices, past), break_even=break_even(facts, prices, past))
