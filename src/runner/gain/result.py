"""A gain with its two one-sided bounds, and what follows from it."""

import math
from dataclasses import dataclass, replace

from scipy.special import ndtri, stdtr, stdtrit

from runner.gain.interval import Interval

LEVEL = 0.95  # of each one-sided bound
POWER = 0.8
SLIGHT = 0.1  # share of a squared distance up to which an unreliable bound may enter another bound


@dataclass(frozen=True)
class Gain:
    """By how much the challenger is better, between two one-sided bounds.

    Attributes
    ----------
    estimate, low, high : float
        In the metric's unit; positive is better. A bound that cannot be computed is infinite.
    degrees_of_freedom : float
        Of the t distribution from which the bounds come.
    unit : str
        The independent units: ``rows``, ``groups``, ``blocks`` (of neighbours in time) or ``folds``.
    row_sd : float
        Standard deviation of the contribution of one row, such that n rows have a standard error of ``row_sd /
        sqrt(n)``; it includes dependence within groups or in time. For `corrected_gain`, that of one fold's gain.
    low_holds, high_holds : bool
        Whether a verdict may rest on this bound: GO on `low`, NO-GO on `high`.
    why : str or None
        A sentence, if a bound cannot be relied on.
    most : float
        The most that two scores of the metric can differ by.
    """

    estimate: float
    low: float
    high: float
    standard_error: float
    degrees_of_freedom: float
    unit: str
    row_sd: float
    low_holds: bool = True
    high_holds: bool = True
    why: str | None = None
    most: float = math.inf

    @classmethod
    def without_bounds(cls, estimate: float, unit: str, why: str) -> "Gain":
        """Return a gain of which nothing but the estimate is known."""
        return cls(estimate, -math.inf, math.inf, math.inf, 1.0, unit, math.inf, False, False, why)

    @property
    def interval(self) -> Interval:
        """Return the estimate between its bounds, none beyond what can be; a bound that does not hold is infinite."""
        low = max(self.low, -self.most) if self.low_holds else -math.inf
        high = min(self.high, self.most) if self.high_holds else math.inf
        return Interval(self.estimate, low, high)

    def at_least(self, low: float | None) -> "Gain":
        """Return the gain with a lower bound that holds; as it is if there is none, or one that shows nothing.

        So a test can still show whether anything is gained (`Facts.has_signal`).
        """
        if low is None or low <= 0:
            return self
        return replace(self, low=low, low_holds=True, why=None if self.high_holds else self.why)

    def beyond(self, chance: float) -> "Gain":
        """Return the gain with a lower bound that counts from what a model that knows nothing is expected to gain."""
        return replace(self, low=self.low - chance)

    def towards_zero(self, share: float) -> "Gain":
        """Return the gain with this share of a bound that says by how much at least the better model is better.

        Which of the two is better stays as certain as it was.
        """
        low = self.low * share if self.low > 0 else self.low
        high = self.high * share if self.high < 0 else self.high
        return replace(self, low=low, high=high)


def minus(gain: Gain, share: float, whole: Gain) -> Gain:
    """Return a gain minus a share of another gain that is estimated as well, such as that of a perfect model.

    The bounds come from the method of variance estimates recovery (Zou and Donner 2008): the distance of each from the
    estimate combines the distances of the two bounds that it consists of, as if they were independent. The two gains
    are mostly correlated positively, so the interval is rather too wide. A bound that contributes more than slightly to
    another one must hold as well: a share of a squared error that depends on a few rows is not a known margin.

    Parameters
    ----------
    share : float
        Not negative; infinite if no gain is worth anything.
    """
    if share == 0:
        return gain
    estimate = gain.estimate - share * whole.estimate
    below, above = gain.estimate - gain.low, gain.high - gain.estimate
    more, less = share * (whole.high - whole.estimate), share * (whole.estimate - whole.low)
    low_holds = whole.high_holds or more**2 <= SLIGHT * below**2
    high_holds = whole.low_holds or less**2 <= SLIGHT * above**2
    return replace(
        gain,
        estimate=estimate,
        low=estimate - math.hypot(below, more),
        high=estimate + math.hypot(above, less),
        standard_error=math.hypot(gain.standard_error, share * whole.standard_error),
        row_sd=math.hypot(gain.row_sd, share * whole.row_sd),
        low_holds=gain.low_holds and low_holds,
        high_holds=gain.high_holds and high_holds,
        why=gain.why or (None if low_holds and high_holds else whole.why),
    )


def bounds(
    estimate: float, standard_error: float, degrees_of_freedom: float, skewness: float = 0.0, level: float = LEVEL
) -> tuple[float, float]:
    """Return two one-sided bounds, each of which holds with probability `level`.

    For a skewed estimate, the plain t bound misses too often on the side of the tail. That bound is moved out by the
    first Cornish-Fisher term of the studentised mean, (2 t^2 + 1) / 6 times the skewness of the estimate (Johnson 1978;
    Hall 1992, section 3.4). The other bound is not moved in, as these authors do: with discrete losses it was then
    measured to miss up to twice as often as it should.
    """
    if not math.isfinite(standard_error):
        return -math.inf, math.inf
    t = float(stdtrit(degrees_of_freedom, level))
    shift = (2 * t * t + 1) / 6 * skewness
    low = estimate - standard_error * (t + max(-shift, 0.0))
    high = estimate + standard_error * (t + max(shift, 0.0))
    return low, high


def p_value(gain: Gain) -> float:
    """Return the probability of so large a gain by chance alone; it is 0.05 where the lower bound is 0.

    The bound was moved out by the skewness of the estimate, and for other levels is taken to move as far. Where it was
    moved towards zero as well (`Gain.towards_zero`), the probability is rather too great. Where it does not hold,
    nothing is shown: 1.
    """
    if not gain.low_holds or math.isinf(gain.standard_error):
        return 1.0
    if gain.standard_error == 0:  # each unit gains the same: the t would be infinite, a test of signs is not
        return float(0.5 ** (gain.degrees_of_freedom + 1)) if gain.low > 0 else 1.0
    distance = gain.low / gain.standard_error + float(stdtrit(gain.degrees_of_freedom, LEVEL))
    return float(stdtr(gain.degrees_of_freedom, -distance))


def probability_above(gain: Gain, margin: float) -> float:
    """Return the probability that the true gain exceeds `margin`: the t distribution around the estimate, flat prior.

    On each side it is as wide as the bound there says, so that it is 95 % where the lower bound is `margin`. It is one
    half if the bounds are infinite, that is if nothing is known.
    """
    distance, error = gain.estimate - margin, error_towards(gain, margin)
    if error == 0:
        return 1.0 if distance > 0 else 0.0
    return float(stdtr(gain.degrees_of_freedom, distance / error))


def error_towards(gain: Gain, margin: float) -> float:
    """Return the standard error as the bound on the side of `margin` has it: greater where that was moved out."""
    width = gain.estimate - gain.low if gain.estimate > margin else gain.high - gain.estimate
    return width / float(stdtrit(gain.degrees_of_freedom, LEVEL))


def rows_to_settle(row_sd: float, distance: float) -> int:
    """Return how many rows a one-sided test at 95 % needs to detect a true `distance` with a probability of 80 %.

    n = (z_95 + z_80)^2 (row_sd / distance)^2 = 6.18 (row_sd / distance)^2.

    Parameters
    ----------
    row_sd : float
        Standard deviation of a row's contribution, as in `Gain.row_sd`.
    distance : float
        Between the true gain and the margin, in the same unit; not zero, and its sign does not matter.
    """
    return math.ceil(float(ndtri(LEVEL) + ndtri(POWER)) ** 2 * (row_sd / distance) ** 2)
