"""What is at stake under given prices: the smallest gain worth having, what a search costs, and the gate before it."""

import math
from dataclasses import replace

import numpy as np
from scipy.optimize import bisect

from runner.config import EconomicsConfig
from runner.decision.economics import Contender, compute_cost, device_cost, extra_cost, unit_value
from runner.decision.facts import Facts
from runner.decision.gate import Gate, Stakes, search_gate
from runner.decision.reference import Option, cheap_champion
from runner.decision.stopping import PastSearches
from runner.decision.worth import worth_having

MOST_ROWS = math.log(1000.0)  # times those of today, as a logarithm: more rows are no way to settle a question
LEAST = 1e-9  # of the worth of a skill of 1: what differs by less differs by rounding


def margin(facts: Facts, prices: EconomicsConfig) -> float:
    """Return the smallest gain of the challenger over the cheap champion that is worth having, in the metric's unit."""
    challenger = facts.challenger or (facts.forecast.challenger if facts.forecast else facts.champion)
    return worth_having(prices, facts.headroom, cost_beside(facts, challenger, prices))


def cost_beside(facts: Facts, challenger: Contender, prices: EconomicsConfig) -> float:
    """Return how much more the challenger costs than the cheap champion, over the horizon.

    Under other prices than the run's, another cheap candidate may earn more than its champion. A gain over the champion
    must then be worth that, too: the challenger is to beat what these prices would keep.
    """
    more = earns_more(facts, prices)
    return extra_cost(prices, facts.champion, challenger, on_devices=True) + (more[1] if more else 0.0)


def earns_more(facts: Facts, prices: EconomicsConfig) -> tuple[Contender, float] | None:
    """Return the cheap candidate that earns most under these prices, and how much more than the run's champion.

    None if it is the champion, as it is under the run's own prices, or if it is not known what a gain is worth.
    """
    value = unit_value(prices)
    trails = {rival.name: (rival, behind) for rival, behind in facts.forecast.rivals} if facts.forecast else {}
    if value is None or facts.champion.name not in trails:
        return None
    headroom = facts.headroom_on_folds
    options = [Option(0, -behind * headroom, rival) for rival, behind in trails.values()]
    best = options[cheap_champion(options, headroom, prices)].contender
    (champion, behind), (_, ahead) = trails[facts.champion.name], trails[best.name]
    more = value * (behind - ahead) * headroom - extra_cost(prices, champion, best)
    return (best, more) if more > LEAST * value * headroom else None


def gate_before_search(facts: Facts, prices: EconomicsConfig, past: PastSearches) -> Gate:
    """Return the decision of the gate before the search, under these prices."""
    return search_gate("search", stakes_of_search(facts, prices), past)


def rows_for_a_search(facts: Facts, prices: EconomicsConfig, past: PastSearches) -> float | None:
    """Return on how many rows to judge, so that a search whose gate is shut is forecast to be worth its price.

    The spread of a gain falls with the root of the rows, and a trial on more rows takes longer by as much. What past
    searches gained stays the same, and so does the least that is worth having.

    Returns
    -------
    float or None
        Infinite if not even `MOST_ROWS` are enough; None if it is not known how many rows the spread is that of.
    """
    now, priced = stakes_of_search(facts, prices), unit_value(prices) is not None

    def pays(log_times: float) -> bool:
        times = math.exp(log_times)
        price = now.price * times if priced else now.price
        more = replace(now, standard_error=now.standard_error / math.sqrt(times), price=price)
        return search_gate("search", more, past).open

    if not pays(MOST_ROWS):
        return math.inf
    signal = facts.signal
    if signal is None or not 0 < signal.standard_error * signal.row_sd < math.inf:
        return None
    judging = (signal.row_sd / signal.standard_error) ** 2
    return judging * math.exp(bisect(lambda times: pays(times) - 0.5, 0.0, MOST_ROWS, xtol=0.01))


def worth_of_a_sure_search(facts: Facts, prices: EconomicsConfig, past: PastSearches) -> float | None:
    """Return what a search would be worth, in money, if it cost nothing and its gain were known; None without prices.

    By the gains of past searches, each ended where it was best, no number of rows to judge one on is worth more.
    """
    value, stakes = unit_value(prices), stakes_of_search(facts, prices)
    if value is None or not math.isfinite(stakes.margin):
        return None
    over = np.minimum(past.capped.max(axis=1), stakes.loss_left) - stakes.margin
    return value * facts.headroom_on_folds * float(past.weights @ np.maximum(over, 0.0))


def stakes_of_search(facts: Facts, prices: EconomicsConfig) -> Stakes:
    """Return what a search may gain and cost under these prices, as the gate sees it: from the folds alone.

    So the run's own prices ask for no search that its gate has refused.
    """
    assert facts.forecast is not None
    forecast, value = facts.forecast, unit_value(prices)
    facts = replace(facts, headroom=facts.headroom_on_folds)
    return Stakes(
        standard_error=forecast.standard_error / facts.headroom,
        margin=_least_of_a_search(facts, prices) / facts.headroom,
        price=_price(facts, prices, compute_cost(prices, forecast.cpu_seconds)),
        trials=forecast.trials,
        cpu_seconds=forecast.cpu_seconds,
        cost=compute_cost(prices, forecast.cpu_seconds),
        currency=prices.currency,
        bank=prices.policy == "bank",
        loss_left=forecast.loss_left,
        training_price=0.0 if value is None else _price(facts, prices, device_cost(prices)),
        training_cost=device_cost(prices),
    )


def _least_of_a_search(facts: Facts, prices: EconomicsConfig) -> float:
    """Return the smallest gain worth having over the best cheap candidate, from which past searches are counted.

    With prices, the cheap champion may be far behind that, as it costs less. What a search finds must be worth more
    than any cheap candidate, and part of the way from those that trail is covered already.
    """
    forecast = facts.forecast
    assert forecast is not None
    if unit_value(prices) is None or not forecast.rivals:
        return margin(facts, prices)

    def over(rival: Contender, trails: float) -> float:
        more = extra_cost(prices, rival, forecast.challenger, on_devices=True)
        return worth_having(prices, facts.headroom, more) - trails * facts.headroom

    return max(over(rival, trails) for rival, trails in forecast.rivals)


def _price(facts: Facts, prices: EconomicsConfig, cost: float) -> float:
    """Return a cost as skill: over the value of a skill of 1.

    Without prices, a whole search is taken to cost one smallest worthwhile gain.
    """
    value = unit_value(prices)
    if value is None:
        return prices.worthwhile_gain
    return cost / (value * facts.headroom) if value > 0 else math.inf
