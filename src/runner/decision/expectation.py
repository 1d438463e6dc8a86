"""What to expect of a gain that the rows do not settle, how many rows would settle it, and what that is worth."""

import math
from dataclasses import dataclass

from scipy.special import ndtr

from runner.decision.stopping import PastSearches
from runner.gain import Gain, error_towards, rows_to_settle

NEAREST = 0.0005  # skill: the smallest distance from the margin for which rows are counted


@dataclass(frozen=True)
class Expectation:
    """A gain as far as it is known, in the metric's unit: a normal distribution."""

    mean: float
    sd: float


def expectation(gain: Gain, headroom: float, past: PastSearches) -> Expectation:
    """Return what to expect of a gain: the estimate, shrunk towards what past searches gained.

    It is the posterior for a normal prior (mean and variance of past gains) and a normal likelihood.
    """
    gains = past.final_gains() * headroom
    mean = float(past.weights @ gains)
    variance = float(past.weights @ (gains - mean) ** 2)
    noise = gain.standard_error**2
    if not math.isfinite(noise):
        return Expectation(mean, math.sqrt(variance))
    if noise + variance == 0:
        return Expectation(gain.estimate, 0.0)
    total = noise + variance
    return Expectation((mean * noise + gain.estimate * variance) / total, math.sqrt(noise * variance / total))


def worth_of_certainty(expected: Expectation, smallest: float, go: bool) -> float:
    r"""Return what it is worth to know a gain exactly, in the metric's unit: its expected value of perfect information.

    Who knows the gain g takes it if it is more than m, the smallest one worth having, and gets
    :math:`E \max(0, g - m)`; who acts on the verdict gets :math:`E g - m` after a GO and 0 after a NO-GO. The
    difference is what certainty is worth. For a normal g of mean :math:`\mu` and standard deviation s, with
    :math:`z = (\mu - m) / s`, integrating :math:`(g - m)` times the density from m on gives

    .. math:: E \max(0, g - m) = (\mu - m) \Phi(z) + s \varphi(z)

    (Raiffa and Schlaifer 1961, Applied Statistical Decision Theory, on linear loss under a normal distribution). More
    rows leave some doubt, so they are worth less than that as far as the verdict is concerned.

    Parameters
    ----------
    go : bool
        Whether the verdict is GO.
    """
    over = expected.mean - smallest
    if expected.sd == 0:
        return max(over, 0.0) - (over if go else 0.0)
    z = over / expected.sd
    known = over * float(ndtr(z)) + expected.sd * math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    return max(known - (over if go else 0.0), 0.0)


def needed_rows(gain: Gain, distance: float, headroom: float) -> int | None:
    """Return how many evaluation rows would settle the question; None if that is not known, or not a matter of rows.

    If neither bound can be relied on because the gain depends on a few rows, their spread does not say how many it
    takes. None are counted either for a gain that is expected to be next to what it is compared with.

    Parameters
    ----------
    distance : float
        From what it is compared with to the gain, in the metric's unit: above zero if the lower bound is to prove it.
    """
    error, towards = gain.standard_error, error_towards(gain, gain.estimate - distance)
    is_known = (gain.low_holds or gain.high_holds) and math.isfinite(gain.row_sd + towards)
    if not is_known or abs(distance) < NEAREST * headroom:
        return None
    wider = max(towards / error, 1.0) if error > 0 else 1.0
    needed = rows_to_settle(wider * gain.row_sd, distance)
    return needed if needed * error**2 > gain.row_sd**2 else None  # there are as many: a class is rare
