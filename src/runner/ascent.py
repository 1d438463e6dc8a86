"""The way up: rung by rung, as long as the gates open."""

from runner.blending import blend
from runner.checks import Finding
from runner.checkup import Checkup
from runner.climb import Climb
from runner.clock import Clock
from runner.config import Config
from runner.evaluation import Evaluation
from runner.events import Checked, Evaluated, GateDecided, Listeners, RungStarted
from runner.gatekeeper import gate_before, stopping_rule
from runner.judge import Judge
from runner.ladder import Rung
from runner.search import Limits, Search

RESERVE_SECONDS = 3.5  # for the last look, the last fit, the files and the report


def ascend(
    climb: Climb, judge: Judge, checkup: Checkup, config: Config, clock: Clock, listeners: Listeners
) -> tuple[Finding, ...]:
    """Climb rung by rung, as long as the gates open; return what the checks found on the way."""
    findings: tuple[Finding, ...] = ()
    checkup.begin(clock.left())
    for rung in climb.ladder:
        if rung.is_search:  # the only rung whose gate asks whether the data can be believed
            findings = _checked(checkup, climb, listeners)
        gate = gate_before(rung, climb, judge, findings, config, clock)
        climb.gates.append(gate)
        listeners.tell(GateDecided(gate))
        if gate.open and rung.is_blend:
            _blend(rung, climb, judge, listeners)
        elif gate.open and rung.is_search:
            climb.search = _search(rung, climb, judge, config, clock, listeners)
            _blend_search(rung, climb, judge, listeners)
        elif gate.open:
            climb.add(rung, _evaluate(rung, judge, clock.deadline - _reserve(climb), listeners))
    return findings if any(rung.is_search for rung in climb.ladder) else _checked(checkup, climb, listeners)


def _checked(checkup: Checkup, climb: Climb, listeners: Listeners) -> tuple[Finding, ...]:
    """Wait for the checks, which run beside the cheap rungs, and tell what they found."""
    findings = checkup.end(climb.scored())
    listeners.tell(Checked(findings))
    return findings


def _reserve(climb: Climb) -> float:
    """Return the seconds to keep for the end of the run."""
    return RESERVE_SECONDS + climb.last_fits_seconds()


def _evaluate(rung: Rung, judge: Judge, deadline: float, listeners: Listeners) -> list[Evaluation]:
    """Evaluate the candidates of a cheap rung, side by side."""
    listeners.tell(RungStarted(rung.name, tuple(candidate.name for candidate in rung.candidates)))
    evaluations = []
    for evaluation in judge.evaluate(rung.candidates, deadline):
        listeners.tell(Evaluated(evaluation))
        evaluations.append(evaluation)
    return evaluations


def _blend(rung: Rung, climb: Climb, judge: Judge, listeners: Listeners) -> None:
    """Blend the cheap candidates, which are paid for."""
    if len(pool := climb.pool()) > 1:
        candidate, evaluation = blend(rung.name, rung.name, pool, judge)
        climb.blends.append(candidate)
        climb.evaluations.append(evaluation)
        listeners.tell(RungStarted(rung.name, (candidate.name,)))
        listeners.tell(Evaluated(evaluation))


def _blend_search(rung: Rung, climb: Climb, judge: Judge, listeners: Listeners) -> None:
    """Blend the trials of the search with the cheap candidates; a blend without a trial is not the search's."""
    if climb.search and climb.search.best():
        candidate, evaluation = blend(f"{rung.name}-blend", rung.name, climb.pool(), judge)
        if any(member.rung == rung.name for member, _ in candidate.members):
            climb.blends.append(candidate)
            climb.blended_search = evaluation
            listeners.tell(Evaluated(evaluation))


def _search(rung: Rung, climb: Climb, judge: Judge, config: Config, clock: Clock, listeners: Listeners) -> Search:
    """Let Optuna draw candidates until a limit of the budget is near."""
    money = config.budget.money
    price = config.economics.price_per_cpu_hour
    limits = Limits(
        config.budget.trials,
        clock.deadline - _reserve(climb),
        money / price * 3600 if money is not None and price > 0 else float("inf"),
        stopping_rule(climb, judge, config),
    )
    search = Search(rung.spaces, limits, config.seed)
    listeners.tell(RungStarted(rung.name, tuple(space.family for space in rung.spaces)))
    for trial in search.run(judge.evaluate):
        listeners.tell(Evaluated(trial.evaluation, trial.number))
    return search
