"""The climb: rung by rung, as long as the gates open."""

from functools import partial

from runner.checks import Finding, why_untrusted
from runner.climb import Climb
from runner.climb.blending import blend_cheap, blend_search
from runner.climb.checkup import SHARE_OF_TIME, Checkup
from runner.climb.ending import is_in_time, seconds_before_the_end, share_of_a_rung
from runner.climb.gatekeeper import (
    cpu_seconds_left,
    gate_before,
    lost_estimators,
    may_be_searched,
    spaces_to_search,
    stopping_rule,
)
from runner.climb.learning_curve import learning_curve
from runner.clock import Clock
from runner.config import Config
from runner.decision.racing import Bar, bar_of
from runner.evaluation import Evaluation
from runner.events import Checked, CurveDrawn, Evaluated, GateDecided, Listeners, RungStarted, SearchEnded
from runner.judge import Judge
from runner.ladder import NONE, PORTFOLIO, Rung
from runner.search import Limits, Search
from runner.search.lessons import families, importance

PORTFOLIO_SHARE = 0.4  # of the time left; the rest is for the search, if there is to be one


def ascend(
    climb: Climb, judge: Judge, checkup: Checkup, config: Config, clock: Clock, listeners: Listeners
) -> tuple[Finding, ...]:
    """Climb rung by rung, as long as the gates open; return the findings of the checks."""
    findings: tuple[Finding, ...] = ()
    for rung in climb.ladder:
        if rung.is_search:  # the only gate that asks whether the data can be trusted
            findings = _checked(checkup, climb, judge, config, clock, listeners)
            if why_untrusted(findings):
                climb.curve = "The data has to be mended first."
            elif not clock.interrupted:
                climb.curve = learning_curve(climb, judge, seconds_before_the_end(climb, judge, clock))
            listeners.tell(CurveDrawn(climb.curve))
        judge.record.reach(f"gate before {rung.name}")
        gate = gate_before(rung, climb, judge, findings, config, clock)
        climb.gates.append(gate)
        listeners.tell(GateDecided(gate))
        if gate.open and rung.is_blend:
            _blend(rung, climb, judge, clock, listeners)
        elif gate.open and rung.is_search:
            _search(rung, climb, judge, config, clock, listeners)
            if blended := blend_search(climb, judge.out_of_fold, partial(is_in_time, climb, judge, clock)):
                listeners.tell(Evaluated(blended))
        elif gate.open:
            climb.add(rung, _evaluate(rung, climb, judge, _deadline(rung, climb, judge, config, clock), listeners))
            clock.pace = climb.pace()
            if rung.name != NONE:  # they would delay the first model
                checkup.begin(clock.left())
    if any(rung.is_search for rung in climb.ladder):
        return findings
    return _checked(checkup, climb, judge, config, clock, listeners)


def _checked(
    checkup: Checkup, climb: Climb, judge: Judge, config: Config, clock: Clock, listeners: Listeners
) -> tuple[Finding, ...]:
    """Wait for the checks, which run alongside the cheap rungs, and announce what they found.

    Those that are late have a share of the time, or all of it if no search is to follow.
    """
    checkup.begin(clock.left())
    left = 0.0 if clock.interrupted else seconds_before_the_end(climb, judge, clock)
    a_search = may_be_searched(climb, judge, left * share_of_a_rung(judge), config)
    findings = checkup.end(climb.scored(), (SHARE_OF_TIME if a_search else 1.0) * left)
    listeners.tell(Checked(findings))
    return findings


def _deadline(rung: Rung, climb: Climb, judge: Judge, config: Config, clock: Clock) -> float:
    """Return when a rung, or a round of a search, has to end to leave time for the end; the portfolio for a search too.

    It leaves none where a search would not pay by what is known so far, as the gate before it would stay shut.
    """
    left, share = seconds_before_the_end(climb, judge, clock), share_of_a_rung(judge)
    for_a_search = left * (1 - PORTFOLIO_SHARE) * share
    if rung.name == PORTFOLIO and may_be_searched(climb, judge, for_a_search, config):
        share = PORTFOLIO_SHARE
    return clock.now() + left * share


def _evaluate(rung: Rung, climb: Climb, judge: Judge, deadline: float, listeners: Listeners) -> list[Evaluation]:
    """Evaluate the candidates of a cheap rung, side by side; those likely to be lost take no other's time."""
    listeners.tell(RungStarted(rung.name, tuple(candidate.name for candidate in rung.candidates)))
    lost = lost_estimators(climb)
    in_turn = sorted(rung.candidates, key=lambda candidate: candidate.estimator in lost)
    evaluations = []
    for evaluation in judge.evaluate(in_turn, deadline, _bar(rung, climb, judge)):
        listeners.tell(Evaluated(evaluation))
        evaluations.append(evaluation)
    return evaluations


def _bar(rung: Rung, climb: Climb, judge: Judge) -> Bar | None:
    """Return the bar for candidates of the portfolio; the rungs below have none, as each of their scores is wanted.

    Under nested folds there is none: which candidate is ended early must not depend on rows that judge it later.
    """
    if rung.name != PORTFOLIO or judge.splits.outer is not None:
        return None
    return bar_of([evaluation.fold_scores for _, evaluation in climb.pool()])


def _blend(rung: Rung, climb: Climb, judge: Judge, clock: Clock, listeners: Listeners) -> None:
    """Blend the cheap candidates, whose predictions are there already."""
    begun = clock.now()
    evaluation = blend_cheap(climb, judge.out_of_fold, partial(is_in_time, climb, judge, clock))
    climb.weighing_seconds = clock.now() - begun
    if evaluation:
        listeners.tell(RungStarted(rung.name, (evaluation.candidate,)))
        listeners.tell(Evaluated(evaluation))


def _search(rung: Rung, climb: Climb, judge: Judge, config: Config, clock: Clock, listeners: Listeners) -> None:
    """Let Optuna draw candidates until a limit of the budget is reached or no trial is worth its price."""
    limits = Limits(
        trials=config.budget.trials,
        deadline=lambda: _deadline(rung, climb, judge, config, clock),
        cpu_seconds=cpu_seconds_left(climb, judge, config),
        worth_going_on=stopping_rule(climb, judge, config),
        interrupted=lambda: clock.interrupted,
        trial_seconds=climb.trial_seconds,
        workers=judge.workers,
        now=clock.now,
    )
    adaptive = judge.splits.outer is None
    known = climb.pool() if adaptive else ()
    spaces = spaces_to_search(rung, climb)
    climb.search = search = Search(spaces, limits, config.seed, known, adaptive, rung.starts)
    listeners.tell(RungStarted(rung.name, tuple(space.family for space in spaces)))
    for trial in search.run(judge.evaluate):
        listeners.tell(Evaluated(trial.evaluation, trial.number, trial.family, trial.candidate.preparation))
    clock.pace = climb.pace()
    if search.trials:
        listeners.tell(SearchEnded(families(search), importance(search)))
