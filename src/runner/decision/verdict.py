"""Does the extra cost pay off? The answer, its reason, and the figures behind it."""

from dataclasses import dataclass

from runner.decision.incumbency import Standing
from runner.decision.reasons import Reason
from runner.gain.interval import Interval


@dataclass(frozen=True)
class BreakEven:
    """Where the decision would turn, everything else being equal.

    Attributes
    ----------
    value_per_unit : float or None
        Money a year for one unit of the metric from which on it is GO (or, where the search was not run, from which
        on it would be worth running); None when no value turns it.
    price_per_cpu_hour : float or None
        Likewise, of compute.
    worthwhile_gain : float or None
        Where no money is known: the smallest worthwhile gain at which it turns.
    """

    value_per_unit: float | None = None
    price_per_cpu_hour: float | None = None
    worthwhile_gain: float | None = None


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
        Of the best cheap candidate over the dummy, in the metric's unit.
    margin : float or None
        Smallest gain worth having, in the metric's unit; None when no gain is worth anything.
    p_pays : float or None
        Probability that the gain is worth more than it costs.
    net_benefit : Interval or None
        In money over the horizon; None when economics gives no value.
    whole_exercise_pays : bool or None
        Whether the gain's lower bound also pays for the search itself, which is spent.
    rows_to_settle : int or None
        Evaluation rows that would settle it, when it is not: in all, those that judge already among them.
    break_even : BreakEven
    incumbent : Standing or None
        How the model to keep, or the best of the models, stands to what is used today.
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
    margin: float | None = None
    p_pays: float | None = None
    net_benefit: Interval | None = None
    whole_exercise_pays: bool | None = None
    rows_to_settle: int | None = None
    break_even: BreakEven = BreakEven()
    incumbent: Standing | None = None

    @property
    def decision(self) -> str:
        """Return ``GO`` or ``NO-GO``."""
        return "GO" if self.go else "NO-GO"

    @property
    def kept(self) -> str:
        """Return the name of the candidate to keep."""
        return self.challenger if self.go and self.challenger else self.cheap_champion
