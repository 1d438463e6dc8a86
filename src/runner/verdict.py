"""GO or NO-GO, with the reason and the figures behind it. Pure functions of numbers."""

from dataclasses import dataclass, replace
from enum import StrEnum


class Reason(StrEnum):
    """Why the verdict is what it is; stable codes that scripts may test."""

    GAIN_PAYS = "gain-pays"
    GAIN_TOO_SMALL = "gain-too-small"
    WITHIN_NOISE = "within-noise"
    FORECAST_NOT_WORTH_IT = "forecast-not-worth-it"
    NO_SIGNAL = "no-signal"
    DATA_NOT_TRUSTWORTHY = "data-not-trustworthy"
    INCUMBENT_BETTER = "incumbent-better"
    OUT_OF_BUDGET = "out-of-budget"


@dataclass(frozen=True)
class Interval:
    """An estimate between two one-sided 95 % bounds."""

    estimate: float
    low: float
    high: float

    def times(self, factor: float) -> "Interval":
        """Return the interval in another unit; a factor is above zero."""
        return Interval(self.estimate * factor, self.low * factor, self.high * factor)

    def minus(self, amount: float) -> "Interval":
        """Return the interval shifted down."""
        return Interval(self.estimate - amount, self.low - amount, self.high - amount)


@dataclass(frozen=True)
class Verdict:
    """Does the extra cost pay off?

    Attributes
    ----------
    go : bool
    reason : Reason
    sentence : str
        The reason in a sentence with its figures.
    settled : bool
        Whether the rows were enough to say so.
    lean : str or None
        ``go`` or ``no-go``: what to do meanwhile, when not settled.
    cheap_champion : str
    challenger : str or None
        None when the search was never run.
    gain : Interval or None
        Of the challenger over the cheap champion, in the metric's unit, positive is better.
    skill : Interval or None
        The same as a share of the dummy's loss.
    signal : Interval or None
        Of the cheap champion over the dummy, in the metric's unit.
    p_pays : float or None
        Probability that the gain is worth more than it costs.
    net_benefit : Interval or None
        In money over the horizon; None when economics gives no value.
    rows_to_settle : int or None
        Evaluation rows that would settle it, when it is not.
    """

    go: bool
    reason: Reason
    sentence: str
    settled: bool
    lean: str | None
    cheap_champion: str
    challenger: str | None = None
    gain: Interval | None = None
    skill: Interval | None = None
    signal: Interval | None = None
    p_pays: float | None = None
    net_benefit: Interval | None = None
    rows_to_settle: int | None = None

    @property
    def decision(self) -> str:
        """Return ``GO`` or ``NO-GO``."""
        return "GO" if self.go else "NO-GO"

    @property
    def kept(self) -> str:
        """Return the name of the candidate to keep."""
        return self.challenger if self.go and self.challenger else self.cheap_champion


@dataclass(frozen=True)
class Measured:
    """A gain as it was measured on rows that chose nothing.

    Attributes
    ----------
    interval : Interval
        In the metric's unit.
    p_above : float
        Probability that the true gain is above the margin.
    low_holds, high_holds : bool
        Whether that bound may be used: with few rows of a class, few groups or heavy tails it may not.
    why : str or None
        Why not, in a sentence.
    rows_to_settle : int or None
    shrunk : float
        The gain to expect, drawn towards the gains of past searches.
    """

    interval: Interval
    p_above: float
    shrunk: float
    low_holds: bool = True
    high_holds: bool = True
    why: str | None = None
    rows_to_settle: int | None = None


@dataclass(frozen=True)
class Terms:
    """What a gain must be to be worth having.

    Attributes
    ----------
    margin : float
        Smallest gain worth having, in the metric's unit.
    headroom : float
        Loss of the dummy, in the metric's unit: what one of skill is.
    value : float or None
        Money over the horizon for one unit of the metric.
    bank : bool
        Act on the lean (``policy: bank``).
    """

    margin: float
    headroom: float
    value: float | None = None
    bank: bool = False


def no_go(reason: Reason, sentence: str, champion: str, *, settled: bool = True) -> Verdict:
    """Return a NO-GO that needs no challenger."""
    return Verdict(False, reason, sentence, settled, None if settled else "no-go", champion)


def no_signal(signal: Measured | None, champion: str, terms: Terms) -> Verdict | None:
    """Ask first whether anything beats no model at all; None when something does.

    Parameters
    ----------
    signal : Measured or None
        Of the best cheap candidate over the dummy; None when no candidate but the dummy has a score.
    """
    if signal is None:
        return no_go(Reason.NO_SIGNAL, "No candidate but the dummy has a score.", champion, settled=False)
    bounds = signal.interval
    if signal.low_holds and bounds.low > 0:
        return None
    settled = signal.high_holds and bounds.high < terms.margin
    if not signal.low_holds:
        sentence = f"Nothing is shown to beat no model: {signal.why}"
    else:
        sentence = (
            f"Nothing beats no model: the best cheap model gains {bounds.estimate:+.4f} "
            f"({bounds.low:+.4f} to {bounds.high:+.4f}) over the dummy on rows that it had not seen."
        )
    verdict = no_go(Reason.NO_SIGNAL, sentence, champion, settled=settled)
    return replace(verdict, signal=bounds, rows_to_settle=None if settled else signal.rows_to_settle)


def weigh(gain: Measured, champion: str, challenger: str, terms: Terms) -> Verdict:
    """Compare a measured gain with the smallest one worth having.

    GO when the lower bound is above the margin, NO-GO when the upper bound is below. Between them the rows do not
    settle it: the lean is the sign of what is to be expected, and ``policy`` says who carries the burden of proof.
    """
    bounds, margin = gain.interval, terms.margin
    proved = gain.low_holds and bounds.low > margin
    refuted = gain.high_holds and bounds.high < margin
    lean = "go" if gain.shrunk > margin else "no-go"
    settled = proved or refuted
    go = proved or (not settled and terms.bank and lean == "go")
    if proved:
        reason, words = Reason.GAIN_PAYS, "more than"
    elif refuted:
        reason, words = Reason.GAIN_TOO_SMALL, "less than"
    else:
        reason, words = Reason.WITHIN_NOISE, "not to be told from"
    sentence = (
        f"{challenger} gains {bounds.estimate:+.4f} ({bounds.low:+.4f} to {bounds.high:+.4f}) over {champion}, "
        f"{words} the {margin:.4f} worth having."
    )
    if not settled and gain.why:
        sentence += f" {gain.why}"
    return Verdict(
        go,
        reason,
        sentence,
        settled,
        None if settled else lean,
        champion,
        challenger,
        bounds,
        bounds.times(1 / terms.headroom),
        None,
        gain.p_above,
        None if terms.value is None else bounds.minus(margin).times(terms.value),
        None if settled else gain.rows_to_settle,
    )
