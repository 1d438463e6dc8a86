"""Is the next rung worth its price? Pure functions of numbers, called before anything is spent."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from runner import words
from runner.decision.reasons import Reason
from runner.decision.stopping import Array, PastSearches

CONFIDENCE = float(ndtri(0.95))  # a verdict proves a gain with a one-sided 95 % bound
PATIENCE = (0.0, *np.geomspace(1e-5, 3e-2, 12).tolist())  # prices of a trial for which the stopping rule is simulated


@dataclass(frozen=True)
class Gate:
    """The go or no-go before a rung.

    Attributes
    ----------
    reason : str
        One sentence with the figures.
    code : str
        ``open``, or why not: a reason code of the verdict.
    forecast_gain : float or None
        Expected gain of the rung over the best so far, as far as it would be proved, as skill.
    forecast_cost : float or None
        Price of its CPU seconds, in the currency of economics.
    provable : float or None
        Probability that the rung's gain would be proved, if it is distributed as past gains.
    """

    rung: str
    open: bool
    reason: str
    code: str = "open"
    forecast_gain: float | None = None
    forecast_cpu_seconds: float | None = None
    forecast_cost: float | None = None
    provable: float | None = None


@dataclass(frozen=True)
class Stakes:
    """What a search may gain and cost; all but the counts and the cost in money are given as skill.

    Attributes
    ----------
    standard_error : float
        Of the gain on the rows that prove.
    margin : float
        Smallest gain worth having, apart from the cost of the search.
    price : float
        Of the CPU time of a search that runs all its trials.
    trials : int
        Number of trials in such a search.
    cpu_seconds : float
        CPU seconds of such a search.
    cost : float
        Cost of the CPU time of such a search, in `currency`.
    bank : bool
        Whether the lean is acted on (``policy: bank``); otherwise only proved gains count.
    loss_left : float
        Loss of the cheap champion over that of the dummy: no search can gain more skill.
    training_price, training_cost : float
        Of one training on hired devices, which any search takes however many trials it runs.
    """

    standard_error: float
    margin: float
    price: float
    trials: int
    cpu_seconds: float
    cost: float
    currency: str
    bank: bool = False
    loss_left: float = np.inf
    training_price: float = 0.0
    training_cost: float = 0.0


def ceiling_gate(rung: str, loss_left: float, worthwhile: float, seconds_left: float) -> Gate:
    """Decide before a cheap rung whether there is anything left to gain, and time to do so.

    Parameters
    ----------
    loss_left : float
        Loss of the best candidate so far over the loss of the dummy: no model can gain more skill.
    worthwhile : float
        Smallest gain worth having, as skill; 0 if prices are known, which are taken into account later.
    """
    if seconds_left <= 0:
        return Gate(rung, False, "The budget's time is used up.", Reason.OUT_OF_BUDGET)
    if loss_left < worthwhile or loss_left <= 0:
        left = f"{words.skill(loss_left)}, less than the {words.share(worthwhile)} worth having"
        reason = f"Too little is left to win on the folds: {left}."
        if loss_left <= 0:
            reason = "Nothing is left to win on the folds: the best model so far makes no mistakes there."
        return Gate(rung, False, reason, Reason.GAIN_TOO_SMALL, forecast_gain=loss_left)
    left = words.share(min(loss_left, 1.0))
    reason = f"Cheap, and {left} of the way to a perfect model is left to win."
    return Gate(rung, True, reason)


def search_gate(rung: str, stakes: Stakes, past: PastSearches) -> Gate:
    r"""Decide before the search whether the option to search, and to stop when it no longer pays, is worth its price.

    The rule of `stopping` would have ended past search j after :math:`t_j` trials, with a gain of which :math:`a_j`
    would be acted on. The gate opens if the mean over past searches of :math:`a_j - c t_j` is above d for at least one
    of a few patiences of the rule, c being the price of a trial and d that of a training on hired devices. The
    patiences do not depend on c, so the value falls with the price, and the gate turns only once. What is forecast of a
    search that is begun is what the rule of patience c would have brought and cost, as that ends it.
    """
    price_of_a_trial = stakes.price / max(stakes.trials, 1)
    if not np.isfinite(price_of_a_trial + stakes.training_price):
        reason = "A gain is worth nothing under these economics, so no search is worth its price."
        cost = stakes.cost + stakes.training_cost
        return Gate(rung, False, reason, Reason.FORECAST_NOT_WORTH_IT, 0.0, stakes.cpu_seconds, cost, 0.0)
    counted = acted_on(past, stakes)
    options = [_option(past, stakes, counted.stops(patience)) for patience in PATIENCE]
    best = max(options, key=lambda option: option.net(price_of_a_trial))
    worth_it = best.net(price_of_a_trial) > stakes.training_price
    as_run = _option(past, stakes, counted.stops(price_of_a_trial))
    told = as_run if worth_it and as_run.net(price_of_a_trial) > stakes.training_price else best
    forecast, provable, trials = told.gain, told.provable, told.trials
    price = price_of_a_trial * trials + stakes.training_price
    part = trials / max(stakes.trials, 1)
    cpu_seconds, cost = stakes.cpu_seconds * part, stakes.cost * part + stakes.training_cost
    gained, spent = words.share(forecast), words.share(price)
    more = ("barely more" if gained == spent else "more") if worth_it else "no more"
    reason = (
        f"Judging by {past.whose}, a search brings a gain that these rows can {'support' if stakes.bank else 'prove'} "
        f"in {words.chance(provable)} of cases: on average {gained} of the way to a perfect model, "
        f"{more} than its price of {spent} ({words.cpu(cpu_seconds)}, {words.money(cost, stakes.currency)})."
    )
    code = "open" if worth_it else Reason.FORECAST_NOT_WORTH_IT
    return Gate(rung, worth_it, reason, code, forecast, cpu_seconds, cost, provable)


@dataclass(frozen=True)
class _Option:
    """What past searches would have brought if stopped with one patience, on average over the tables."""

    gain: float  # as far as it is acted on
    provable: float
    trials: float

    def net(self, price_of_a_trial: float) -> float:
        """Return the gain less the price of the trials."""
        return self.gain - price_of_a_trial * self.trials


def _option(past: PastSearches, stakes: Stakes, stops: NDArray[np.int64]) -> _Option:
    stops = np.minimum(stops, max(stakes.trials, 1))
    gains = np.minimum(past.capped[np.arange(len(stops)), stops - 1], stakes.loss_left)
    chances, mean = _chances(gains, stakes), past.weights
    provable = min(float(mean @ chances), 1.0)  # weights may add up to a little more than 1
    return _Option(float(mean @ (gains * chances)), provable, float(mean @ stops))


def acted_on(past: PastSearches, stakes: Stakes) -> PastSearches:
    r"""Return past searches with their gains weighted by the probability that they would be acted on here.

    With the standard error :math:`\sigma` that the verdict will have and the margin m, a gain g is acted on with
    probability :math:`\Phi((g - m)/\sigma - z_{.95})` (without the last term under ``policy: bank``). A gain that is
    not acted on brings nothing; nor does it cost anything if it is negative.
    """
    return past.with_gains(past.capped * _chances(past.capped, stakes))


def _chances(gains: Array, stakes: Stakes) -> Array:
    burden = 0.0 if stakes.bank else CONFIDENCE
    chances: Array = ndtr((gains - stakes.margin) / max(stakes.standard_error, 1e-9) - burden)
    return chances
