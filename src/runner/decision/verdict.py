"""GO or NO-GO: a pure function of what was measured and of what it is worth.

Nothing is fitted here, so the same facts can be judged again under other economics.
"""

import math
from dataclasses import asdict, dataclass, replace

from runner import words
from runner.decision.economics import Contender, Prices, extra_cost, search_cost, unit_value
from runner.decision.gate import Gate, Stakes, search_gate
from runner.decision.incumbency import Incumbency, Standing, standing
from runner.decision.reasons import Reason
from runner.decision.stopping import PastSearches
from runner.gain import Gain, probability_above, rows_to_settle
from runner.gain.interval import Interval

LEVEL = 0.05
NEGLIGIBLE = 0.001  # of the width of an interval: said to be nothing
NEAREST = 0.005  # skill: a gain nearer than that to the margin is not worth telling from it


@dataclass(frozen=True)
class Block:
    """What keeps the search from being run, or its result from being believed, whatever the economics."""

    reason: Reason
    sentence: str
    settled: bool


@dataclass(frozen=True)
class SearchForecast:
    """What a search was expected to take, before it began.

    Attributes
    ----------
    standard_error : float
        That its gain would have where it is proved, in the metric's unit.
    cpu_seconds : float
        To its last trial.
    trials : int
    challenger : Contender
        What a model from it would cost to have.
    """

    standard_error: float
    cpu_seconds: float
    trials: int
    challenger: Contender


@dataclass(frozen=True)
class Facts:
    """All that a verdict rests on, apart from the economics.

    Attributes
    ----------
    champion : Contender
        The cheap champion.
    headroom : float
        Loss of the dummy, in the metric's unit: what one of skill is.
    signal : Gain or None
        Of the best cheap candidate over the dummy, where it is proved; None when only the dummy has a score.
    signal_p : float or None
        Where the interval's lower side is not offered: the p-value of a permutation test that the predictions know
        anything of the target; None when it was not needed, or rows depend on each other.
    block : Block or None
    forecast : SearchForecast or None
        None when the ladder has no search.
    challenger : Contender or None
        None when the search was not run.
    gain : Gain or None
        Of the challenger over the champion, on the holdout or the outer folds.
    search_cpu_seconds : float
        What the search took.
    learned_from : int or None
        Rows that the models were fitted on whose gain is told, where nested folds judge: what is refuted is refuted of
        so many rows, as all rows may teach more. None for a holdout.
    incumbent : Incumbency or None
        What is used today, when the data set says so and it has a score.
    """

    champion: Contender
    headroom: float
    signal: Gain | None
    signal_p: float | None = None
    block: Block | None = None
    forecast: SearchForecast | None = None
    challenger: Contender | None = None
    gain: Gain | None = None
    search_cpu_seconds: float = 0.0
    learned_from: int | None = None
    incumbent: Incumbency | None = None

    @property
    def has_signal(self) -> bool:
        """Whether something is shown to beat no model."""
        if self.signal is None:
            return False
        if self.signal.low_holds:
            return self.signal.low > 0
        return self.signal_p is not None and self.signal_p <= LEVEL and self.signal.estimate > 0


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
        Evaluation rows that would settle it, when it is not.
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


def decide(facts: Facts, prices: Prices, past: PastSearches) -> Verdict:
    """Reach the verdict in a fixed order, so that no error rate is spent twice.

    First whether the data can be believed, then whether anything beats no model, then whether the search was worth
    running, then whether its gain pays, and last whether all that is worth leaving what is used today.
    """
    if facts.block and (facts.signal is None or facts.block.reason is Reason.DATA_NOT_TRUSTWORTHY):
        return _blocked(facts.block, facts)
    verdict = _no_signal(facts, prices) or _no_search(facts, prices, past) or _weigh(facts, prices, past)
    verdict = _against_today(verdict, facts, prices)
    return replace(verdict, signal=facts.signal.interval if facts.signal else None)


def margin(facts: Facts, prices: Prices) -> float:
    """Return the smallest gain worth having, in the metric's unit.

    With a known value, what the challenger costs more over the horizon; infinite when the value is zero. Without, a
    share of the dummy's loss.
    """
    value = unit_value(prices)
    if value is None:
        return prices.worthwhile_gain * facts.headroom
    challenger = facts.challenger or (facts.forecast.challenger if facts.forecast else facts.champion)
    return extra_cost(prices, facts.champion, challenger) / value if value > 0 else math.inf


def search_price(facts: Facts, prices: Prices) -> float:
    """Return the price of a whole search, as skill: its money over what one of skill is worth.

    Where no money is known, a search has to gain one smallest worthwhile gain to be worth its price.
    """
    assert facts.forecast is not None
    value = unit_value(prices)
    if value is None:
        return prices.worthwhile_gain
    return search_cost(prices, facts.forecast.cpu_seconds) / (value * facts.headroom) if value > 0 else math.inf


def gate_before_search(facts: Facts, prices: Prices, past: PastSearches) -> Gate:
    """Ask the gate before the search, under these economics."""
    assert facts.forecast is not None
    forecast = facts.forecast
    stakes = Stakes(
        standard_error=forecast.standard_error / facts.headroom,
        margin=margin(facts, prices) / facts.headroom,
        price=search_price(facts, prices),
        trials=forecast.trials,
        cpu_seconds=forecast.cpu_seconds,
        cost=search_cost(prices, forecast.cpu_seconds),
        currency=prices.currency,
        bank=prices.policy == "bank",
    )
    return search_gate("search", stakes, past)


def _blocked(block: Block, facts: Facts) -> Verdict:
    lean = None if block.settled else "no-go"
    return Verdict(False, block.reason, block.sentence, block.settled, lean, facts.champion.name)


def _no_signal(facts: Facts, prices: Prices) -> Verdict | None:
    """Ask whether anything beats no model at all; None when something does."""
    signal = facts.signal
    if signal is None:
        return _blocked(Block(Reason.NO_SIGNAL, "No candidate but the dummy has a score.", False), facts)
    if facts.has_signal:
        return None
    smallest = prices.worthwhile_gain * facts.headroom
    settled = signal.high_holds and signal.high < smallest
    if signal.low_holds:
        gained = words.interval(asdict(signal.interval))
        sentence = (
            f"Nothing is shown to beat no model: the best cheap model gains {gained} over the dummy{_limits(facts)}."
        )
    else:
        sentence = f"Nothing is shown to beat no model: {signal.why}"
    verdict = _blocked(Block(Reason.NO_SIGNAL, sentence, settled), facts)
    return verdict if settled else replace(verdict, rows_to_settle=_rows(signal, smallest, facts.headroom))


def _no_search(facts: Facts, prices: Prices, past: PastSearches) -> Verdict | None:
    """Return the verdict where no challenger was measured; None when one was."""
    if facts.gain is not None and facts.challenger is not None:
        return None
    if facts.block:
        return _blocked(facts.block, facts)
    if facts.forecast is None:
        return _blocked(Block(Reason.OUT_OF_BUDGET, "The ladder has no search.", False), facts)
    gate = gate_before_search(facts, prices, past)
    if gate.open:
        sentence = f"The search was not run, and under these economics it would be worth it. {gate.reason}"
    else:
        sentence = f"The search was not run. {gate.reason}"
    return _blocked(Block(Reason.FORECAST_NOT_WORTH_IT, sentence, False), facts)


def _weigh(facts: Facts, prices: Prices, past: PastSearches) -> Verdict:
    """Compare the measured gain with the smallest one worth having.

    GO when the lower bound is above the margin, NO-GO when the upper bound is below. Between them the rows do not
    settle it: the lean is the sign of what is to be expected, and ``policy`` says who carries the burden of proof.
    """
    gain, challenger = facts.gain, facts.challenger
    assert gain is not None
    assert challenger is not None
    smallest = margin(facts, prices)
    proved = gain.low_holds and gain.low > smallest
    refuted = gain.high_holds and gain.high < smallest
    settled = proved or refuted
    expected = shrunk(gain, facts.headroom, past)
    lean = "go" if expected > smallest else "no-go"
    go = proved or (not settled and prices.policy == "bank" and lean == "go")
    reason = Reason.GAIN_PAYS if proved else Reason.GAIN_TOO_SMALL if refuted else Reason.WITHIN_NOISE
    value = unit_value(prices)
    benefit = None if value is None else gain.interval.times(value).minus(_extra(facts, prices))
    spent = search_cost(prices, facts.search_cpu_seconds)
    return Verdict(
        go=go,
        reason=reason,
        sentence=_sentence(facts, reason, smallest, gain),
        settled=settled,
        lean=None if settled else lean,
        cheap_champion=facts.champion.name,
        challenger=challenger.name,
        gain=gain.interval,
        skill=gain.interval.times(1 / facts.headroom),
        margin=smallest if math.isfinite(smallest) else None,
        p_pays=probability_above(gain, smallest) if math.isfinite(smallest) else 0.0,
        net_benefit=benefit,
        whole_exercise_pays=None if benefit is None else bool(gain.low_holds and benefit.low > spent),
        rows_to_settle=None if settled else _rows(gain, smallest, facts.headroom, expected),
    )


def _against_today(verdict: Verdict, facts: Facts, prices: Prices) -> Verdict:
    """Keep what is used today where no model is shown to be worth leaving it for."""
    today = facts.incumbent
    if today is None or not facts.has_signal:
        return verdict
    name, searched = today.contender.name, facts.challenger.name if facts.challenger else None
    keeps_today = verdict.kept == name
    rival = searched if searched in today.gains else next(iter(today.gains), None)
    model = rival if keeps_today else verdict.kept
    stands = standing(today, model, model == searched, facts.headroom, prices)
    verdict = replace(verdict, incumbent=stands)
    if stands.beaten is False and not keeps_today:
        keep = {"go": False, "settled": True, "lean": None, "rows_to_settle": None, "cheap_champion": name}
        return replace(verdict, reason=Reason.INCUMBENT_BETTER, sentence=stands.sentence, **keep)  # type: ignore[arg-type]
    if keeps_today and stands.gain is not None and not stands.beaten:
        sentence = f"{stands.sentence} {verdict.sentence}" if model != searched else stands.sentence
        return replace(verdict, reason=Reason.INCUMBENT_BETTER, sentence=sentence)
    return verdict


def _extra(facts: Facts, prices: Prices) -> float:
    assert facts.challenger is not None
    return extra_cost(prices, facts.champion, facts.challenger)


def _sentence(facts: Facts, reason: Reason, smallest: float, gain: Gain) -> str:
    assert facts.challenger is not None
    compared = {Reason.GAIN_PAYS: "more than", Reason.GAIN_TOO_SMALL: "less than"}
    against = f"the {words.quantity(smallest)} worth having" if math.isfinite(smallest) else "what it costs"
    if abs(smallest) < NEGLIGIBLE * (gain.high - gain.low) < math.inf:
        against = "nothing (it costs no more to have)"
    sentence = (
        f"{facts.challenger.name} gains {words.interval(asdict(gain.interval))} over {facts.champion.name}, "
        f"{compared.get(reason, 'which these rows do not tell from')} {against}"
        f"{_limits(facts) if reason is Reason.GAIN_TOO_SMALL else ''}."
    )
    return f"{sentence} {gain.why}" if reason is Reason.WITHIN_NOISE and gain.why else sentence


def _limits(facts: Facts) -> str:
    """Say of how many rows a gain is refuted, where it is not of all."""
    return f", as learned from {facts.learned_from:,} rows" if facts.learned_from else ""


def shrunk(gain: Gain, headroom: float, past: PastSearches) -> float:
    """Return the gain to expect, in the metric's unit: the estimate, drawn towards what past searches gained.

    The mean of the posterior from a normal prior (mean and variance of past gains) and a normal likelihood.
    """
    gains = past.final_gains() * headroom
    mean = float(past.weights @ gains)
    variance = float(past.weights @ (gains - mean) ** 2)
    noise = gain.standard_error**2
    if not math.isfinite(noise):
        return mean
    return (mean * noise + gain.estimate * variance) / (noise + variance) if noise + variance > 0 else gain.estimate


def _rows(gain: Gain, smallest: float, headroom: float, expected: float | None = None) -> int | None:
    """Return the evaluation rows that would settle it; None where it is not for want of that many."""
    if not (math.isfinite(gain.row_sd) and math.isfinite(smallest)):
        return None
    distance = abs((gain.estimate if expected is None else expected) - smallest)
    needed = rows_to_settle(gain.row_sd, max(distance, NEAREST * headroom))
    return needed if needed * gain.standard_error**2 > gain.row_sd**2 else None  # fewer than there are: a rare class
