"""GO or NO-GO, as a pure function of what was measured and of what it is worth.

Nothing is fitted here, so the same facts can be judged again under other economics.
"""

import math
from dataclasses import asdict, replace

from runner import words
from runner.config import EconomicsConfig
from runner.decision.economics import extra_cost, search_cost, unit_value
from runner.decision.expectation import expectation, needed_rows, worth_of_certainty
from runner.decision.facts import Block, Facts
from runner.decision.incumbency import standing
from runner.decision.reasons import Reason
from runner.decision.stakes import (
    cost_beside,
    earns_more,
    gate_before_search,
    margin,
    rows_for_a_search,
    worth_of_a_sure_search,
)
from runner.decision.stopping import PastSearches
from runner.decision.verdict import Verdict
from runner.decision.worth import surplus, worth_having
from runner.gain import Gain, minus, probability_above


def decide(facts: Facts, prices: EconomicsConfig, past: PastSearches) -> Verdict:
    """Reach the verdict by asking questions in a fixed order, so that no error rate is spent twice.

    Can the data be believed? Does anything beat no model? Was the search worth running? Does its gain pay? And is the
    result worth giving up what is used today?
    """
    if facts.block and (facts.signal is None or facts.block.reason is Reason.DATA_NOT_TRUSTWORTHY):
        return _blocked(facts.block, facts)
    verdict = _no_signal(facts, prices) or _no_search(facts, prices, past) or _weigh(facts, prices, past)
    verdict = _another_champion(verdict, facts, prices) or _against_today(verdict, facts, prices)
    return replace(verdict, signal=facts.signal.interval if facts.signal else None)


def _blocked(block: Block, facts: Facts) -> Verdict:
    lean = None if block.settled else "no-go"
    return Verdict(False, block.reason, block.sentence, block.settled, lean, facts.champion.name)


def _no_signal(facts: Facts, prices: EconomicsConfig) -> Verdict | None:
    """Return the verdict if nothing is shown to beat no model; None if something is."""
    signal = facts.signal
    if signal is None:
        return _blocked(Block(Reason.OUT_OF_BUDGET, "No candidate but the dummy has a score.", False), facts)
    if facts.has_signal:
        return None
    dearer = extra_cost(prices, facts.champion, facts.best) if facts.best else 0.0
    smallest = worth_having(prices, facts.headroom, dearer)
    over = surplus(signal, smallest, prices, facts.perfect)
    settled = over.interval.high < 0
    gained = words.gained(asdict(signal.interval), facts.metric)
    sentence = f"No model is shown to beat the dummy: the best cheap model gains {gained} over it{_limits(facts)}."
    if signal.interval.low > 0:
        sentence = f"{sentence} But its predictions are not shown to be related to the target inside of blocks of time."
    elif not signal.low_holds and signal.why:
        sentence = f"{sentence} {signal.why}"
    verdict = _blocked(Block(Reason.NO_SIGNAL, sentence, settled), facts)
    missing = smallest - signal.estimate
    distance = signal.estimate if signal.estimate > missing else -missing  # nearer a proof: of some, or of too little
    if settled or signal.interval.low > 0:
        return verdict
    return replace(verdict, rows_to_settle=needed_rows(signal, distance, facts.headroom))


def _no_search(facts: Facts, prices: EconomicsConfig, past: PastSearches) -> Verdict | None:
    """Return the verdict if no challenger was measured; None if one was."""
    if facts.gain is not None and facts.challenger is not None:
        return None
    if facts.block and facts.block.reason is Reason.NO_SIGNAL:  # the gate judged by the folds, and was wrong
        sentence = f"The search was not run. {facts.block.sentence} Yet on the rows that prove, one is shown to."
        return _blocked(Block(Reason.FORECAST_NOT_WORTH_IT, sentence, False), facts)
    if facts.block and facts.left:
        return _blocked(_little_left(facts.block, facts.left, facts, prices), facts)
    if facts.block:
        return _blocked(facts.block, facts)
    if facts.forecast is None:
        return _blocked(Block(Reason.OUT_OF_BUDGET, "The ladder has no search.", False), facts)
    gate = gate_before_search(facts, prices, past)
    worth = ", although under these prices it would be worth it: run it again with them" if gate.open else ""
    rows = None if gate.open else rows_for_a_search(facts, prices, past)
    however = " More rows to judge on would not change that." if rows == math.inf else ""
    block = Block(Reason.FORECAST_NOT_WORTH_IT, f"The search was not run{worth}. {gate.reason}{however}", False)
    needed = None if rows is None or rows == math.inf else math.ceil(rows)
    sure = None if needed is None else worth_of_a_sure_search(facts, prices, past)
    lean = "go" if gate.open else "no-go"
    return replace(_blocked(block, facts), lean=lean, rows_to_settle=needed, worth_of_certainty=sure)


def _little_left(block: Block, left: Gain, facts: Facts, prices: EconomicsConfig) -> Block:
    """Return the block of a gate that saw too little left on the folds: settled if the rows that prove show that too.

    A ranking without a fault has no spread that could show it. What is left of a perfect model's gain over the dummy is
    then known from the least that the ranking gains.
    """
    most = left
    if not left.high_holds and facts.perfect and facts.signal:
        most = minus(facts.perfect, 1.0, facts.signal)
    over = surplus(most, worth_having(prices, facts.headroom, 0.0), prices, facts.perfect)
    if over.estimate <= 0:
        return replace(block, settled=over.interval.high < 0)
    more = f"Yet on the rows that prove, {words.skill(left.estimate / facts.headroom)} is left."
    return Block(Reason.FORECAST_NOT_WORTH_IT, f"The search was not run. {block.sentence} {more}", False)


def _weigh(facts: Facts, prices: EconomicsConfig, past: PastSearches) -> Verdict:
    """Compare the measured gain with the margin, the smallest gain worth having.

    GO if the lower bound is above the margin, NO-GO if the upper bound is below it. Otherwise the rows do not settle
    the question: the lean is whether the expected gain exceeds the margin, and ``policy`` says who bears the burden of
    proof.
    """
    gain, challenger = facts.gain, facts.challenger
    assert gain is not None and challenger is not None
    smallest = margin(facts, prices)
    over = surplus(gain, smallest, prices, facts.perfect)
    proved = over.interval.low > 0
    refuted = over.interval.high < 0
    settled = proved or refuted
    expected = expectation(gain, facts.headroom, past)
    lean = "go" if expected.mean > smallest else "no-go"
    go = proved or (not settled and prices.policy == "bank" and lean == "go")
    reason = Reason.GAIN_PAYS if proved else Reason.GAIN_TOO_SMALL if refuted else Reason.WITHIN_NOISE
    value = unit_value(prices)
    extra = cost_beside(facts, challenger, prices)
    benefit = None if value is None else gain.interval.times(value).minus(extra)
    spent = search_cost(prices, facts.search_cpu_seconds)
    return Verdict(
        go=go,
        reason=reason,
        sentence=_sentence(facts, reason, smallest, over.why) + ("" if settled else _against_it(lean, gain, smallest)),
        settled=settled,
        lean=None if settled else lean,
        cheap_champion=facts.champion.name,
        challenger=challenger.name,
        gain=gain.interval,
        skill=gain.interval.times(1 / facts.headroom),
        margin=smallest if math.isfinite(smallest) else None,
        p_pays=_chance(over, smallest),
        net_benefit=benefit,
        whole_exercise_pays=None if benefit is None else bool(benefit.low > spent),
        rows_to_settle=None if settled else needed_rows(over, expected.mean - smallest, facts.headroom),
        worth_of_certainty=None if settled or value is None else value * worth_of_certainty(expected, smallest, go),
    )


def _chance(over: Gain, smallest: float) -> float | None:
    """Return the probability that the gain pays; None if a few rows decide the gain, so that nothing is known of it."""
    if not math.isfinite(smallest):
        return 0.0
    return probability_above(over, 0.0) if over.low_holds or over.high_holds else None


def _another_champion(verdict: Verdict, facts: Facts, prices: EconomicsConfig) -> Verdict | None:
    """Name the cheap model to keep if these prices, which are not the run's, ask for another than it kept."""
    more = earns_more(facts, prices) if facts.has_signal and not verdict.go else None
    if more is None or (facts.incumbent and more[0].name == facts.incumbent.contender.name):
        return None
    better, amount = more
    a_year = words.money(amount / prices.horizon_years, prices.currency)
    kept = f"Under these prices the run would have kept {better.name}, on the folds worth {a_year} a year more than"
    return replace(verdict, sentence=f"{kept} {facts.champion.name}. {verdict.sentence}", would_keep=better.name)


def _against_today(verdict: Verdict, facts: Facts, prices: EconomicsConfig) -> Verdict:
    """Keep what is used today unless a model is shown to be worth replacing it."""
    today = facts.incumbent
    if today is None or not facts.has_signal:
        return verdict
    name, searched = today.contender.name, facts.challenger.name if facts.challenger else None
    keeps_today = verdict.kept == name
    rival = searched if searched in today.gains else next(iter(today.gains), None)
    model = rival if keeps_today else verdict.kept
    stands = standing(today, model, model == searched, facts.headroom, prices, facts.metric, facts.perfect)
    verdict = replace(verdict, incumbent=stands)
    if stands.beaten is False and not keeps_today:
        return replace(
            verdict,
            go=False,
            reason=Reason.INCUMBENT_BETTER,
            sentence=stands.sentence,
            settled=True,
            lean=None,
            rows_to_settle=None,
            worth_of_certainty=None,
            cheap_champion=name,
        )
    if stands.beaten and not keeps_today:  # the first thing to know of a model that takes the place of today's
        return replace(verdict, sentence=f"{stands.sentence} {verdict.sentence}")
    if keeps_today and stands.gain is not None and not stands.beaten:
        sentence = f"{stands.sentence} {verdict.sentence}" if model != searched else stands.sentence
        return replace(verdict, reason=Reason.INCUMBENT_BETTER, sentence=sentence)
    return verdict


def _sentence(facts: Facts, reason: Reason, smallest: float, why: str | None) -> str:
    gain = facts.gain
    assert gain is not None and facts.challenger is not None
    compared = {Reason.GAIN_PAYS: ", more than", Reason.GAIN_TOO_SMALL: ", less than"}
    against = words.worth_having(smallest, gain.high - gain.low)
    gained = words.gained(asdict(gain.interval), facts.metric)
    sentence = (
        f"{facts.challenger.name} gains {gained} over {facts.champion.name}"
        f"{compared.get(reason, '; these rows cannot tell whether that is more than')} {against}"
        f"{_limits(facts) if reason is Reason.GAIN_TOO_SMALL else ''}."
    )
    if reason is not Reason.WITHIN_NOISE or why is None:
        return sentence
    if gain.why:
        return f"{sentence} {why}"
    return f"{sentence} A gain counts as a share of the dummy's loss, which these rows do not show well: {why}"


def _against_it(lean: str, gain: Gain, smallest: float) -> str:
    """Say where the lean comes from, if it is not towards what was measured."""
    return "" if (gain.estimate > smallest) == (lean == "go") else f" Past searches lean {lean}."


def _limits(facts: Facts) -> str:
    """Say for how many training rows a gain is refuted, if that is not all rows."""
    return f", as learned from {facts.learned_from:,} rows" if facts.learned_from else ""
