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
        Money per year for one unit of the metric above which the verdict is GO (or, if the search was not run, above
        which it would be worth running); None if no value turns the decision.
    value_per_row, predictions_per_year : float or None
        Where it turns if predictions are given a value one by one: of one unit of the metric on one prediction, and of
        their number; with a cost matrix, of their number alone. None in older files.
    price_per_cpu_hour : float or None
        Price of compute at which the decision turns.
    worthwhile_gain : float or None
        Without prices, the smallest worthwhile gain at which the decision turns.
    """

    value_per_unit: float | None = None
    price_per_cpu_hour: float | None = None
    worthwhile_gain: float | None = None
    value_per_row: float | None = None
    predictions_per_year: float | None = None


@dataclass(frozen=True)
class Verdict:
    """Does the extra cost pay off?

    Attributes
    ----------
    sentence : str
        The reason in a sentence, with its figures.
    settled : bool
        Whether there were enough rows to be sure.
    lean : str or None
        If the verdict is not settled, ``go`` or ``no-go``: what is more likely to be right.
    challenger : str or None
        None if the search was never run.
    gain : Interval or None
        Of the challenger over the cheap champion, in the metric's unit; positive is better.
    skill : Interval or None
        The same as a share of the dummy's loss.
    signal : Interval or None
        Gain of the best cheap candidate over the dummy, in the metric's unit.
    margin : float or None
        Smallest gain worth having, in the metric's unit; None if no gain is worth anything.
    p_pays : float or None
        Probability that the gain is worth more than it costs; None if neither of its bounds holds.
    net_benefit : Interval or None
        In money over the horizon; None without prices.
    whole_exercise_pays : bool or None
        Whether the lower bound of the gain also pays for the search itself, which is already spent.
    rows_to_settle : int or None
        If the verdict is not settled, the number of evaluation rows that would settle it, including those there are; if
        no search was run, of those with which one is forecast to pay.
    worth_of_certainty : float or None
        If the verdict is not settled, what it would be worth to know the gain exactly, in money over the horizon; if no
        search was run, to know what a free one gains. None without prices.
    would_keep : str or None
        The cheap model that the run would have kept under these prices, if it kept another.
    incumbent : Standing or None
        How the model to keep, or the best of the models, compares with what is used today.
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
    worth_of_certainty: float | None = None
    break_even: BreakEven = BreakEven()
    would_keep: str | None = None
    incumbent: Standing | None = None

    @property
    def decision(self) -> str:
        """Return ``GO`` or ``NO-GO``."""
        return "GO" if self.go else "NO-GO"

    @property
    def kept(self) -> str:
        """Return the name of the candidate to keep."""
        return self.challenger if self.go and self.challenger else self.cheap_champion
