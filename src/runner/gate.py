"""Is the next rung worth its price? Pure functions of numbers, asked before anything is spent."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from runner.verdict import Reason

CONFIDENCE = float(norm.ppf(0.95))  # a verdict proves a gain with a one-sided 95 % bound


@dataclass(frozen=True)
class Gate:
    """The go or no-go before a rung.

    Attributes
    ----------
    rung : str
    open : bool
    reason : str
        One sentence with the figures.
    code : str
        ``open``, or why not: a reason code of the verdict.
    forecast_gain : float or None
        What the rung is expected to bring over the best so far and to prove, as skill.
    forecast_cpu_seconds : float or None
    forecast_cost : float or None
        The price of those CPU seconds, in the currency of economics.
    provable : float or None
        Probability that the rung's gain, drawn from past gains, would be proved on the holdout.
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
    """What a search may bring and take, all of it known before it begins.

    Attributes
    ----------
    past_gains : ndarray, shape (searches,)
        Gains over the best cheap candidate that searches brought on rows that chose nothing, as skill.
    standard_error : float
        That the gain will have on the holdout, as skill.
    margin : float
        Smallest gain worth having once it is there, as skill.
    price : float
        Of the search, as skill: money over the money that one unit of skill is worth.
    cpu_seconds : float
        Forecast.
    cost : float
        Their price, in `currency`.
    bank : bool
        Whether the lean is acted on (``policy: bank``); else only what is proved counts.
    """

    past_gains: NDArray[np.float64]
    standard_error: float
    margin: float
    price: float
    cpu_seconds: float
    cost: float
    currency: str
    bank: bool = False


def ceiling_gate(rung: str, loss_left: float, worthwhile: float, seconds_left: float) -> Gate:
    """Decide before a cheap rung: is anything left to win, and any time to win it in?

    Parameters
    ----------
    loss_left : float
        Loss of the best candidate so far over the loss of the dummy: no model can gain more skill.
    worthwhile : float
        Smallest gain worth having, as skill.
    """
    if seconds_left <= 0:
        return Gate(rung, False, "The time of the budget is used up.", Reason.OUT_OF_BUDGET)
    if loss_left < worthwhile:
        reason = (
            f"Nothing is left to win: a perfect model would gain {loss_left:.2%} of the dummy's loss, "
            f"less than the {worthwhile:.2%} worth having."
        )
        return Gate(rung, False, reason, Reason.GAIN_TOO_SMALL, forecast_gain=loss_left)
    reason = f"Cheap, with {seconds_left:.0f} s left and at most {loss_left:.0%} of the dummy's loss to win."
    return Gate(rung, True, reason)


def search_gate(rung: str, stakes: Stakes) -> Gate:
    r"""Decide before the search: will what it brings, as far as it can be proved, be worth its price?

    With past gains :math:`g_j`, the standard error :math:`\sigma` that the verdict will have and the margin
    :math:`m`, a gain is acted on with probability :math:`p_j = \Phi((g_j - m)/\sigma - z_{.95})` (without the
    last term under ``policy: bank``). The gate opens when the mean of :math:`g_j p_j` exceeds the price.
    """
    gains = stakes.past_gains
    burden = 0.0 if stakes.bank else CONFIDENCE
    acted_on = norm.cdf((gains - stakes.margin) / max(stakes.standard_error, 1e-9) - burden)
    forecast, provable = float(np.mean(gains * acted_on)), float(np.mean(acted_on))
    worth_it = forecast > stakes.price
    reason = (
        f"Past searches brought {np.mean(gains):.2%} of the dummy's loss on average; on these rows a gain would be "
        f"{'acted on' if stakes.bank else 'proved'} with probability {provable:.0%}, which leaves {forecast:.2%} "
        f"to expect against a price of {stakes.price:.2%} ({stakes.cpu_seconds:.0f} CPU s, "
        f"{stakes.currency} {stakes.cost:.4f})."
    )
    code = "open" if worth_it else Reason.FORECAST_NOT_WORTH_IT
    return Gate(rung, worth_it, reason, code, forecast, stakes.cpu_seconds, stakes.cost, provable)
