"""One look at rows that no choice has seen: is there signal, and what does the challenger gain?"""

from dataclasses import dataclass, replace

from runner import words
from runner.checks import Finding, Severity
from runner.climb import Climb
from runner.economics import Contender
from runner.evaluation import Evaluation
from runner.gain import Gain
from runner.gate import Gate
from runner.incumbency import Incumbency
from runner.judge import HoldoutLook, Judge
from runner.ladder import SEARCH
from runner.reasons import Reason
from runner.search import Search
from runner.verdict import Block, Facts
from runner.wording import counted

SETTLED_BY_A_GATE = (Reason.GAIN_TOO_SMALL, Reason.DATA_NOT_TRUSTWORTHY)
CUT_SHORT = ("time", "money")  # what may end a search before its time
NOBODY = Contender("none", "none", 0.0, 0.0)


@dataclass(frozen=True, eq=False)
class Confirmation:
    """What the holdout said: the facts of the verdict, and the looks they rest on."""

    facts: Facts
    looks: dict[str, HoldoutLook]


def confirm(climb: Climb, judge: Judge, findings: tuple[Finding, ...], deadline: float) -> Confirmation:
    """Fit the finalists on all development rows and look at the holdout once.

    The finalists are named before the look: the dummy, the best cheap candidate, the cheap champion, the challenger,
    and where there is one the incumbent with the best cheap model. So no choice is made on the holdout, and no
    correction for one is needed.
    """
    champion, dummy = climb.champion(), climb.dummy()
    if champion is None or dummy is None:
        sentence = "No candidate, not even the dummy, has a score: see the reasons in the ladder."
        return Confirmation(Facts(NOBODY, 1.0, None, block=Block(Reason.OUT_OF_BUDGET, sentence, False)), {})
    best, challenger = climb.scored()[0], climb.challenger()
    finalists = [dummy, best, champion, *([challenger] if challenger else []), *_today_and_rival(climb)]
    names = dict.fromkeys(evaluation.candidate for evaluation in finalists)
    looks = judge.look([climb.candidate(name) for name in names], deadline)
    dummy_score = looks[dummy.candidate].score
    signal = _gain(judge, looks, dummy, best) if best is not dummy else None
    facts = Facts(
        champion=judge.contender(champion),
        headroom=climb.headroom() if dummy_score is None else max(climb.metric.loss(dummy_score), 1e-12),
        signal=signal,
        signal_p=_signal_p(judge, looks[best.candidate], signal),
        block=_untrusted(findings) or _block(climb, looks, finalists),
        forecast=climb.forecast,
        challenger=judge.contender(challenger) if challenger else None,
        gain=_gain(judge, looks, champion, challenger) if challenger else None,
        search_cpu_seconds=climb.search.cpu_seconds() if climb.search else 0.0,
        incumbent=_incumbency(climb, judge, looks, finalists),
    )
    return Confirmation(facts if facts.has_signal else replace(facts, champion=judge.contender(dummy)), looks)


def _today_and_rival(climb: Climb) -> list[Evaluation]:
    """Return the incumbent and the best cheap model; nothing without an incumbent."""
    today, dummy = climb.incumbent(), climb.dummy()
    rivals = [evaluation for evaluation in climb.scored() if evaluation not in (today, dummy)]
    return [today, *rivals[:1]] if today else []


def _incumbency(
    climb: Climb, judge: Judge, looks: dict[str, HoldoutLook], finalists: list[Evaluation]
) -> Incumbency | None:
    """Compare each finalist with what is used today; the best cheap model comes first."""
    today, incumbent = climb.incumbent(), judge.dataset.incumbent
    if today is None or incumbent is None:
        return None
    models = {e.candidate: e for e in reversed(finalists) if e not in (today, climb.dummy())}
    gains = {name: gain for name, e in models.items() if (gain := _gain(judge, looks, today, e))}
    costs = {name: judge.contender(models[name]) for name in gains}
    return Incumbency(incumbent.name, judge.contender(today), gains, costs)


def _signal_p(judge: Judge, look: HoldoutLook, signal: Gain | None) -> float | None:
    """Test for signal by permutation where no interval can be given, and rows are independent."""
    if signal is None or signal.low_holds or look.predictions is None or signal.unit != "rows":
        return None
    return judge.association(judge.splits.holdout, look.predictions)


def _gain(judge: Judge, looks: dict[str, HoldoutLook], reference: Evaluation, challenger: Evaluation) -> Gain | None:
    first, second = looks[reference.candidate].predictions, looks[challenger.candidate].predictions
    if first is None or second is None:
        return None
    return judge.gain(judge.splits.holdout, first, second)


def _untrusted(findings: tuple[Finding, ...]) -> Block | None:
    """Return the check that says that the scores cannot be believed, on a ladder without a search too."""
    stops = [finding.evidence for finding in findings if finding.severity is Severity.STOP]
    return Block(Reason.DATA_NOT_TRUSTWORTHY, stops[0], True) if stops else None


def _block(climb: Climb, looks: dict[str, HoldoutLook], finalists: list[Evaluation]) -> Block | None:
    """Return what stood in the way whatever the economics: a gate's reason, a search or a look that failed."""
    shut = _shut_gate(climb)
    if shut and shut.code != Reason.FORECAST_NOT_WORTH_IT:
        return Block(Reason(shut.code), shut.reason, shut.code in SETTLED_BY_A_GATE)
    if climb.search and not climb.challenger():
        return _found_nothing(climb, climb.search)
    lost = [f"{e.candidate}: {looks[e.candidate].reason}" for e in finalists if looks[e.candidate].predictions is None]
    if lost:
        return Block(Reason.OUT_OF_BUDGET, f"The holdout could not be predicted: {' '.join(lost)}", False)
    return None


def _found_nothing(climb: Climb, search: Search) -> Block:
    """Say that the search led nowhere; settled when it was not cut short, for then this is what searching brings."""
    found, champion = climb.found(), climb.champion()
    if found is None or champion is None:
        return Block(Reason.OUT_OF_BUDGET, "No trial of the search ended with a score.", False)
    metric = climb.metric
    sentence = (
        f"The search found nothing better: after {counted(len(search.trials), 'trial')} its best, {found.candidate}, "
        f"has {metric.label} {words.score(metric.name, found.score)} on the folds, {champion.candidate} has "
        f"{words.score(metric.name, champion.score)}."
    )
    return Block(Reason.GAIN_TOO_SMALL, sentence, search.stopped_by not in CUT_SHORT)


def _shut_gate(climb: Climb) -> Gate | None:
    return next((gate for gate in climb.gates if not gate.open and gate.rung == SEARCH), None)
