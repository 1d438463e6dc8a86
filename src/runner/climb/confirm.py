"""One look at rows that were not used to choose: is there any signal, and what does the challenger gain?"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from runner import words
from runner.checks import Finding, why_untrusted
from runner.climb import Climb
from runner.climb.finalists import BEST, CHALLENGER, CHAMPION, DUMMY, Finalists, name_finalists
from runner.decision.economics import Contender
from runner.decision.facts import Block, Facts
from runner.decision.gate import Gate
from runner.decision.incumbency import Incumbency
from runner.decision.reasons import Reason
from runner.evaluation import Evaluation, Status
from runner.gain import Gain
from runner.judge import Judge
from runner.judge.looks import Look, look
from runner.ladder import SEARCH
from runner.recalibration import Recalibration
from runner.search import Search
from runner.words import counted

NOBODY = Contender("none", "none", 0.0, 0.0)


@dataclass(frozen=True, eq=False)
class Confirmation:
    """The facts of the verdict, and the looks at the rows that prove on which they rest.

    Attributes
    ----------
    chosen : dict
        How often each candidate was champion and challenger of an outer fold; empty for a holdout.
    """

    facts: Facts
    looks: dict[str, Look]
    chosen: dict[str, dict[str, int]] = field(default_factory=dict)


def confirm(climb: Climb, judge: Judge, findings: tuple[Finding, ...], deadline: float) -> Confirmation:
    """Fit the finalists and look, once, at the rows that prove.

    The finalists are named before the look: the dummy, the best cheap candidate, the cheap champion, the challenger,
    and with an incumbent also that and the best cheap model. So no choice is made on those rows, and no correction for
    a choice is needed.
    """
    finalists = name_finalists(climb, judge)
    if finalists is None:
        sentence = "No candidate, not even the dummy, has a score: see the reasons in the ladder."
        return Confirmation(Facts(NOBODY, 1.0, None, block=Block(Reason.OUT_OF_BUDGET, sentence, False)), {})
    named = finalists.roles
    dummy, champion, best, challenger = named[DUMMY], named[CHAMPION], named[BEST], named.get(CHALLENGER)
    looks = _corrected(judge, look(judge, finalists.picks, deadline), finalists)
    dummy_score = looks[dummy.candidate].score
    headroom = climb.headroom() if dummy_score is None else climb.metric.headroom(dummy_score)
    signal = _gain(judge, looks, dummy, best) if best is not dummy else None
    facts = Facts(
        champion=judge.contender(champion),
        headroom=headroom,
        signal=signal,
        best=judge.contender(best) if best is not dummy else None,
        signal_p=_signal_p(judge, looks[best.candidate], signal),
        block=_untrusted(findings) or _block(climb, judge, looks, list(named.values())),
        forecast=climb.forecast,
        challenger=judge.contender(challenger) if challenger else None,
        gain=_gain(judge, looks, champion, challenger) if challenger else None,
        perfect=_perfect(judge, looks[dummy.candidate]),
        search_cpu_seconds=climb.search.cpu_seconds() if climb.search else 0.0,
        learned_from=len(judge.proof.folds[0][0]) if judge.splits.outer else None,
        left=_left(climb, judge, looks[best.candidate]),
        incumbent=_incumbency(climb, judge, looks, list(named.values())),
        metric=climb.metric.label,
    )
    facts = facts if facts.has_signal else replace(facts, champion=judge.contender(dummy))
    return Confirmation(facts, looks, finalists.chosen() if judge.splits.outer else {})


def _corrected(judge: Judge, looks: dict[str, Look], finalists: Finalists) -> dict[str, Look]:
    """Return the looks, with corrected probabilities where costs are weighed and they were shown to be wrong."""
    told = {}
    for name, one in looks.items():
        lines = [corrections[name] for corrections in finalists.corrections]
        told[name] = one if one.predictions is None or not any(lines) else _put_right(one, lines, judge)
    return told


def _put_right(one: Look, lines: Sequence[Recalibration | None], judge: Judge) -> Look:
    """Return a look with the probabilities of each fold corrected by that fold's line."""
    assert one.predictions is not None
    parts = zip(lines, judge.proof.parts(one.predictions), strict=True)
    said = np.concatenate([line.apply(part) if line else part for line, part in parts])
    return replace(one, predictions=said, score=judge.proof.score(said))


def _incumbency(climb: Climb, judge: Judge, looks: dict[str, Look], finalists: list[Evaluation]) -> Incumbency | None:
    """Compare each finalist with what is used today, the best cheap model first."""
    today, incumbent = climb.incumbent(), judge.dataset.incumbent
    if today is None or incumbent is None:
        return None
    models = {e.candidate: e for e in reversed(finalists) if e not in (today, climb.dummy())}
    gains = {name: gain for name, e in models.items() if (gain := _gain(judge, looks, today, e))}
    costs = {name: judge.contender(models[name]) for name in gains}
    return Incumbency(incumbent.name, judge.contender(today), gains, costs)


def _signal_p(judge: Judge, best: Look, signal: Gain | None) -> float | None:
    """Return the p-value of a test for signal; None if a lower bound tells it, or no test is possible."""
    told = signal is None or (signal.low_holds and not judge.proof.is_adrift)
    if told or best.predictions is None:
        return None
    return judge.proof.association(best.predictions)


def _gain(judge: Judge, looks: dict[str, Look], reference: Evaluation, challenger: Evaluation) -> Gain | None:
    first, second = looks[reference.candidate].predictions, looks[challenger.candidate].predictions
    if first is None or second is None:
        return None
    return judge.proof.gain(first, second)


def _perfect(judge: Judge, dummy: Look) -> Gain | None:
    """Return what a perfect model would gain over the dummy: its bounds tell how surely one of skill is known."""
    return None if dummy.predictions is None else judge.proof.loss(dummy.predictions)


def _left(climb: Climb, judge: Judge, best: Look) -> Gain | None:
    """Return what is left to win over the best cheap model, if the gate judged by the folds that it is too little."""
    shut = _shut_gate(climb)
    if shut is None or shut.code != Reason.GAIN_TOO_SMALL or best.predictions is None:
        return None
    return judge.proof.loss(best.predictions)


def _untrusted(findings: tuple[Finding, ...]) -> Block | None:
    """Return a block if a check says that the scores cannot be believed."""
    evidence = why_untrusted(findings)
    return Block(Reason.DATA_NOT_TRUSTWORTHY, evidence, True) if evidence else None


def _block(climb: Climb, judge: Judge, looks: dict[str, Look], finalists: list[Evaluation]) -> Block | None:
    """Return what prevents an answer whatever the prices: a look that failed, a shut gate, or a search that did."""
    looked = {e.candidate: looks[e.candidate] for e in finalists}  # a finalist may have several roles
    if lost := [f"{name}: {one.reason}" for name, one in looked.items() if one.predictions is None]:
        where = judge.proof.where.capitalize()
        return Block(Reason.OUT_OF_BUDGET, f"{where} could not be predicted: {' '.join(lost)}", False)
    shut = _shut_gate(climb)
    if shut and shut.code != Reason.FORECAST_NOT_WORTH_IT:
        return Block(Reason(shut.code), shut.reason, shut.code == Reason.DATA_NOT_TRUSTWORTHY)
    if climb.search and not climb.challenger():
        return _found_nothing(climb, climb.search)
    if len(climb.scored()) > 1 and climb.scored()[0] is climb.dummy():  # of a ladder without a search: no gate says so
        return Block(Reason.NO_SIGNAL, "On the folds, no model scores better than the dummy.", False)
    return None


def _found_nothing(climb: Climb, search: Search) -> Block:
    """Return the block of a search that found nothing better; it is settled if the search was not cut short."""
    found, champion = climb.found(), climb.champion()
    if found is None or champion is None:
        return _without_a_score(search)
    name, label = climb.metric.name, climb.metric.label
    best, cheap = words.score(name, found.score), words.score(name, champion.score)
    compared = f", {champion.candidate} has {cheap}" if best != cheap else f", as {champion.candidate} has"
    sentence = (
        f"The search found nothing better: after {counted(len(search.trials), 'trial')} its best, {found.candidate}, "
        f"has {label} {best} on the folds{compared}."
    )
    return Block(Reason.GAIN_TOO_SMALL, sentence, not search.was_cut_short)


def _without_a_score(search: Search) -> Block:
    """Return the block of a search no trial of which has a score; where most were clearly worse, that is an answer."""
    ends = Counter(trial.evaluation.status for trial in search.trials)
    lost = ends.pop(Status.PRUNED, 0)
    others = [f"{count:,} {status}" for status, count in ends.items()]
    if not lost:
        told = f": {', '.join(others)}" if others else ""
        return Block(Reason.OUT_OF_BUDGET, f"No trial of the search ended with a score{told}.", False)
    worse = "clearly worse on the first folds than the best before"
    all_lost = f"each of {counted(lost, 'trial')} was {worse}"
    most_lost = f"of {counted(len(search.trials), 'trial')}, {', '.join([f'{lost:,} proved {worse}', *others])}"
    sentence = f"The search found nothing better: {most_lost if others else all_lost}."
    settled = not search.was_cut_short
    return Block(Reason.OUT_OF_BUDGET if others and not settled else Reason.GAIN_TOO_SMALL, sentence, settled)


def _shut_gate(climb: Climb) -> Gate | None:
    return next((gate for gate in climb.gates if not gate.open and gate.rung == SEARCH), None)
