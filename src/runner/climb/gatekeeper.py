"""Collects what the gate before a rung needs to know, and returns its decision."""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from runner import words
from runner.checks import Finding, why_untrusted
from runner.climb import Climb
from runner.climb.ending import cpu_seconds_of_the_end, seconds_before_the_end, share_of_a_rung
from runner.clock import Clock
from runner.config import Config, EconomicsConfig
from runner.decision.economics import Contender, compute_cost, search_cost, unit_value
from runner.decision.facts import Facts, SearchForecast
from runner.decision.gate import Gate, acted_on, ceiling_gate
from runner.decision.reasons import Reason
from runner.decision.stakes import gate_before_search, stakes_of_search
from runner.decision.stopping import PastSearches, value_of_going_on
from runner.evaluation import Evaluation, Status
from runner.judge import Judge
from runner.ladder import NONE, Rung, Space
from runner.prior import past_searches

LIKELY = 0.80  # level at which the folds must show a signal; proof is required later
TRIAL_TO_DEFAULT = 1.5  # CPU of a trial on all folds over that of its family's default model
FITTED = 0.5  # of a trial's CPU, on average, where trials that are clearly worse are ended early
LOST = {Status.FAILED, Status.TIMED_OUT, Status.OUT_OF_MEMORY}  # ends that a trial of the same estimator would share


def gate_before(
    rung: Rung, climb: Climb, judge: Judge, findings: tuple[Finding, ...], config: Config, clock: Clock
) -> Gate:
    """Decide whether to climb `rung`: check trust in the data, signal, gain left, budget and price, in that order."""
    if rung.name == NONE:
        return Gate(rung.name, True, "The dummy is what everything else is measured against.")
    if clock.interrupted:
        return Gate(rung.name, False, "The run was asked to stop here (Ctrl-C).", Reason.OUT_OF_BUDGET)
    ceiling = _out_of_money(rung, climb, judge, config) or ceiling_gate(
        rung.name, climb.loss_left(), _least(config.economics), clock.left()
    )
    if not rung.is_search:
        return ceiling
    if evidence := why_untrusted(findings):
        return Gate(rung.name, False, evidence, Reason.DATA_NOT_TRUSTWORTHY)
    if lost := _nothing_but_the_dummy(climb):
        return Gate(rung.name, False, lost, Reason.OUT_OF_BUDGET)
    if not signal_is_likely(climb, judge):
        reason = "On the folds, no cheap model is likely to beat the dummy: there is nothing to tune."
        return Gate(rung.name, False, reason, Reason.NO_SIGNAL)
    if not ceiling.open:
        return ceiling
    climb.forecast = forecast_search(rung, climb, judge, config)
    gate = _forecast_gate(rung, climb, judge, climb.forecast, config)
    left = seconds_before_the_end(climb, judge, clock) * share_of_a_rung(judge)
    if not gate.open or climb.trial_seconds() < left:
        return gate
    allowed = f"{config.budget.name}, {words.duration(config.budget.seconds)}"
    enough = _seconds_for_a_search(climb, judge, climb.forecast, clock)
    reason = (
        f"A search is forecast to pay, but too little of the budget's time ({allowed}) is left for one trial; "
        f"{words.counted(climb.forecast.trials, 'trial')} would take about budget.seconds={enough}."
    )
    return replace(gate, open=False, reason=reason, code=Reason.OUT_OF_BUDGET)


def _seconds_for_a_search(climb: Climb, judge: Judge, forecast: SearchForecast, clock: Clock) -> int:
    """Forecast the seconds of a budget that would leave time for all trials, rounded up to two digits."""
    of_trials = climb.pace() * forecast.cpu_seconds / judge.workers / share_of_a_rung(judge)
    seconds = clock.seconds - seconds_before_the_end(climb, judge, clock) + of_trials
    unit: int = 10 ** max(math.floor(math.log10(seconds)) - 1, 0)
    return math.ceil(seconds / unit) * unit


def _forecast_gate(rung: Rung, climb: Climb, judge: Judge, forecast: SearchForecast, config: Config) -> Gate:
    """Decide on a search by what it is forecast to gain and to cost, whatever time is left."""
    return _too_dear(rung, climb, judge, forecast, config) or gate_before_search(
        _facts_so_far(climb, judge, forecast), config.economics, _past(judge, config)
    )


def forecast_search(rung: Rung, climb: Climb, judge: Judge, config: Config) -> SearchForecast:
    """Forecast a search with all its trials, from the default models of its families.

    The decision must not depend on how busy the machine is, so the trials are those that the budget allows. Time or
    money may later end the search before that.
    """
    defaults = _defaults(rung, climb)
    of_default = TRIAL_TO_DEFAULT * (FITTED if judge.splits.outer is None else 1.0)
    one = float(np.mean([e.costs.cpu_seconds for e in defaults])) * of_default if defaults else 0.0
    trials = config.budget.trials
    costs = [judge.contender(e) for e in defaults]
    challenger = Contender(
        rung.name,
        rung.name,
        float(np.mean([c.fit_cpu_seconds for c in costs])) if costs else 0.0,
        float(np.mean([c.predict_seconds for c in costs])) if costs else 0.0,
    )
    at_most = climb.loss_of(climb.champion())  # all that is left to gain over it
    rivals = tuple((judge.contender(e), climb.loss_of(e) - climb.loss_left()) for e in climb.scored())
    error, headroom = _standard_error(climb, judge), climb.headroom()
    return SearchForecast(error, one * trials, trials, challenger, at_most, rivals, headroom)


def _defaults(rung: Rung, climb: Climb) -> list[Evaluation]:
    """Return the evaluations with a score of the models that a search starts from."""
    return [e for e in _tried_defaults(rung, climb) if e.ok]


def may_be_searched(climb: Climb, judge: Judge, seconds: float, config: Config) -> bool:
    """Whether to keep time for a search: a trial fits into the wall seconds, and by what is known one would pay."""
    if climb.trial_seconds() >= seconds or not signal_is_likely(climb, judge):
        return False
    for rung in climb.ladder:
        if rung.is_search and _defaults(rung, climb):
            forecast = forecast_search(rung, climb, judge, config)
            if _forecast_gate(rung, climb, judge, forecast, config).open:
                return True
    return False


def lost_estimators(climb: Climb) -> set[str]:
    """Return the estimators that had no time or memory, or failed, each time so far."""
    ended: dict[str, set[Status]] = {}
    for evaluation in climb.evaluations:
        ended.setdefault(climb.candidate(evaluation.candidate).estimator, set()).add(evaluation.status)
    return {estimator for estimator, ends in ended.items() if ends <= LOST}


def spaces_to_search(rung: Rung, climb: Climb) -> tuple[Space, ...]:
    """Return the spaces to draw from: not those of estimators that were lost each time so far.

    A space in which a start lies is among them, as an earlier search has found something there.
    """
    lost = lost_estimators(climb)
    started = {start.family for start in rung.starts}
    return tuple(s for s in rung.spaces if s.candidate.estimator not in lost or s.family in started)


def _tried_defaults(rung: Rung, climb: Climb) -> list[Evaluation]:
    """Return the evaluations, with a score or without, of the models that a search starts from."""
    families = {space.candidate.name for space in rung.spaces}
    return [e for e in climb.evaluations if e.candidate in families]


def cpu_seconds_left(climb: Climb, judge: Judge, config: Config) -> float:
    """Return the CPU seconds that the budget's money still buys, less those for the end; infinite without a limit."""
    unspent = cpu_seconds_unspent(climb, judge, config)
    return unspent - sum(cpu_seconds_of_the_end(climb, judge)) if math.isfinite(unspent) else unspent


def cpu_seconds_unspent(climb: Climb, judge: Judge, config: Config) -> float:
    """Return the CPU seconds that the budget's money still buys; infinite without a limit."""
    money, a_second = config.budget.money, compute_cost(config.economics, 1.0)
    if money is None or a_second <= 0:
        return math.inf
    return money / a_second - cpu_seconds_so_far(climb, judge)


def cpu_seconds_so_far(climb: Climb, judge: Judge) -> float:
    """Return the CPU seconds that the run has taken; of a resumed run's earlier part, only evaluations are known."""
    return max(judge.engine.meter.cpu_seconds(), climb.cpu_seconds())


def stopping_rule(climb: Climb, judge: Judge, config: Config) -> Callable[[list[float]], bool]:
    """Return a function that takes the scores so far and says whether further trials are worth their price."""
    assert climb.forecast is not None
    stakes = stakes_of_search(_facts_so_far(climb, judge, climb.forecast), config.economics)
    past, trials, headroom = acted_on(_past(judge, config), stakes), stakes.trials, climb.headroom()
    price, as_usual = stakes.price / max(trials, 1), judge.splits.outer is not None

    def worth_going_on(scores: list[float]) -> bool:
        losses = [climb.metric.loss(score) / headroom for score in scores]
        return value_of_going_on(past, losses, price, trials - len(losses), as_usual=as_usual) > 0

    return worth_going_on


def _past(judge: Judge, config: Config) -> PastSearches:
    return past_searches(config.prior, judge.dataset.fingerprint)


def _least(prices: EconomicsConfig) -> float:
    """Return the smallest loss that must be left, as skill; 0 with prices, which are taken into account later."""
    return prices.worthwhile_gain if unit_value(prices) is None else 0.0


def _out_of_money(rung: Rung, climb: Climb, judge: Judge, config: Config) -> Gate | None:
    if cpu_seconds_left(climb, judge, config) > 0:
        return None
    return Gate(rung.name, False, "The budget's money is used up.", Reason.OUT_OF_BUDGET)


def _too_dear(rung: Rung, climb: Climb, judge: Judge, forecast: SearchForecast, config: Config) -> Gate | None:
    """Return a shut gate if the budget does not allow a single trial of a search; else None."""
    prices = config.economics
    one = search_cost(prices, forecast.cpu_seconds / max(forecast.trials, 1))
    left = compute_cost(prices, cpu_seconds_left(climb, judge, config))
    if not _defaults(rung, climb):
        reason = f"None of the models that a search starts from has a score. {_why_none(rung, climb)}".rstrip()
    elif forecast.trials < 1:
        reason = f"budget.trials={config.budget.trials} allows no trial of a search."
    elif config.budget.money is not None and one > left:
        reason = (
            f"One trial of a search would cost {prices.currency} {words.quantity(one)}; "
            f"the budget has {prices.currency} {words.quantity(left)} left."
        )
    else:
        return None
    cost = search_cost(prices, forecast.cpu_seconds)
    shut = Gate(rung.name, False, reason, Reason.OUT_OF_BUDGET)
    return replace(shut, forecast_cpu_seconds=forecast.cpu_seconds, forecast_cost=cost)


def _why_none(rung: Rung, climb: Climb) -> str:
    """Say why the last of the models that a search starts from has no score, or why its rung was not climbed."""
    if tried := [e for e in _tried_defaults(rung, climb) if e.reason]:
        return f"{tried[-1].candidate}: {tried[-1].reason}"
    return _first_shut(climb)


def _first_shut(climb: Climb) -> str:
    """Return the reason of the first gate that stayed shut; empty if none did."""
    return next((gate.reason for gate in climb.gates if not gate.open), "")


def _facts_so_far(climb: Climb, judge: Judge, forecast: SearchForecast) -> Facts:
    champion = climb.champion()
    assert champion is not None
    return Facts(judge.contender(champion), climb.headroom(), None, forecast=forecast)


def _nothing_but_the_dummy(climb: Climb) -> str | None:
    """Return the reason if no cheap model has a score, which does not mean that there is no signal; else None."""
    models = [evaluation for evaluation in climb.evaluations if evaluation.rung != NONE]
    if any(evaluation.ok for evaluation in models):
        return None
    told = f"{models[-1].candidate}: {models[-1].reason}" if models else _first_shut(climb)
    return f"No cheap model has a score. {told}".rstrip()


def signal_is_likely(climb: Climb, judge: Judge) -> bool:
    """Whether, on the folds, the best cheap model is likely to beat the dummy, corrected for shared training rows.

    A single fold does not show its spread: there, to be better is enough. In time, folds share a level that has moved
    as well, so there the test is asked that decides on the rows that prove.
    """
    dummy, scored = climb.dummy(), climb.scored()
    if dummy is None or not scored or scored[0] is dummy:
        return False
    best = scored[0]
    if judge.proof.is_adrift and best.predictions is not None:
        rows = np.flatnonzero(best.judged)
        p_value = judge.proof.association_on(judge.splits.development[rows], best.predictions[rows])
        if p_value is not None:
            return p_value <= 1 - LIKELY
    gain = judge.likely_gain(dummy, best, LIKELY)
    return (gain.low if gain.low_holds else gain.estimate) > 0


def _standard_error(climb: Climb, judge: Judge) -> float:
    """Forecast the standard error of a gain on the proof rows from two cheap models' out-of-fold predictions."""
    first, second = _two_unlike(climb)
    if first.predictions is None or second is None or second.predictions is None:
        return math.inf
    rows = np.flatnonzero(first.judged)
    gain = judge.proof.gain_on(judge.splits.development[rows], first.predictions[rows], second.predictions[rows])
    return judge.proof.error_here(gain.standard_error, len(rows))


def _two_unlike(climb: Climb) -> tuple[Evaluation, Evaluation | None]:
    """Return the cheap champion and the best other candidate, as the winner of a search will differ similarly."""
    champion = climb.champion()
    assert champion is not None
    return champion, next((evaluation for evaluation in climb.scored() if evaluation is not champion), None)
