"""Brings together what a gate has to know, and asks it."""

from dataclasses import replace

import numpy as np

from runner.checks import Finding, Severity
from runner.climb import DUMMY_RUNG, Climb
from runner.clock import Clock
from runner.config import Config
from runner.evaluation import Evaluation
from runner.gain import corrected_gain, paired_gain
from runner.gate import Gate, Stakes, ceiling_gate, search_gate
from runner.judge import Judge
from runner.ladder import Rung
from runner.prior import past_gains
from runner.verdict import Reason

LIKELY = 0.80  # on the folds a signal need only be likely: the holdout asks for proof
SEARCH_TO_DEFAULT = 1.5  # CPU of a trial over that of the default model of its family


def gate_before(
    rung: Rung, climb: Climb, judge: Judge, findings: tuple[Finding, ...], config: Config, clock: Clock
) -> Gate:
    """Decide whether to go up to `rung`: by trust, signal, what is left to win, budget and price, in this order."""
    if rung.name == DUMMY_RUNG:
        return Gate(rung.name, True, "The dummy is what all else is measured against.")
    ceiling = ceiling_gate(rung.name, climb.loss_left(), _worthwhile(config), clock.left())
    if not rung.is_search:
        return ceiling
    if stops := [finding for finding in findings if finding.severity is Severity.STOP]:
        return Gate(rung.name, False, stops[0].evidence, Reason.DATA_NOT_TRUSTWORTHY)
    if not _signal_is_likely(climb, judge):
        reason = "On the folds no cheap model is likely to beat the dummy: there is nothing to tune."
        return Gate(rung.name, False, reason, Reason.NO_SIGNAL)
    if not ceiling.open:
        return ceiling
    cpu_seconds = search_cpu_seconds(rung, climb, config.budget.trials, clock.left() * judge.workers)
    cost = cpu_seconds / 3600 * config.economics.price_per_cpu_hour
    if config.budget.trials < 1 or cpu_seconds <= 0:
        reason = f"The budget {config.budget.name!r} leaves no trial for a search."
        return _out_of_budget(rung, reason, cpu_seconds, cost)
    if config.budget.money is not None and cost > config.budget.money:
        reason = (
            f"A search would cost {config.economics.currency} {cost:.4f}; "
            f"the budget allows {config.budget.money:.4f} for the run."
        )
        return _out_of_budget(rung, reason, cpu_seconds, cost)
    return search_gate(rung.name, _stakes(climb, judge, config, cpu_seconds, cost))


def _out_of_budget(rung: Rung, reason: str, cpu_seconds: float, cost: float) -> Gate:
    shut = Gate(rung.name, False, reason, Reason.OUT_OF_BUDGET)
    return replace(shut, forecast_cpu_seconds=cpu_seconds, forecast_cost=cost)


def search_cpu_seconds(rung: Rung, climb: Climb, trials: int, cpu_seconds_left: float) -> float:
    """Forecast the CPU of a search from what the default models of its families took."""
    families = {space.candidate.name for space in rung.spaces}
    defaults = [e.costs.cpu_seconds for e in climb.evaluations if e.candidate in families and e.ok]
    one = float(np.mean(defaults)) * SEARCH_TO_DEFAULT if defaults else 0.0
    return min(one * trials, max(cpu_seconds_left, 0.0))


def _worthwhile(config: Config) -> float:
    return config.economics.worthwhile_gain


def _signal_is_likely(climb: Climb, judge: Judge) -> bool:
    """Ask the folds, with the correction for overlapping training rows, whether the best cheap model gains."""
    dummy, scored = climb.dummy(), climb.scored()
    if dummy is None or not scored or scored[0] is dummy:
        return False
    gains = np.subtract(scored[0].fold_scores, dummy.fold_scores)
    train, test = judge.splits.folds[-1]
    return corrected_gain(gains.tolist(), len(test) / len(train), level=LIKELY).low > 0


def _stakes(climb: Climb, judge: Judge, config: Config, cpu_seconds: float, cost: float) -> Stakes:
    economics, headroom = config.economics, climb.headroom()
    margin, price = economics.worthwhile_gain, economics.worthwhile_gain
    if economics.value_per_unit is not None:
        worth_of_skill = economics.value_per_unit * economics.horizon_years * headroom
        margin, price = 0.0, cost / worth_of_skill if worth_of_skill > 0 else float("inf")
    return Stakes(
        past_gains=past_gains(),
        standard_error=_standard_error(climb, judge) / headroom,
        margin=margin,
        price=price,
        cpu_seconds=cpu_seconds,
        cost=cost,
        currency=economics.currency,
        bank=economics.policy == "bank",
    )


def _standard_error(climb: Climb, judge: Judge) -> float:
    """Forecast the standard error of a gain on the holdout from two cheap models' out-of-fold predictions."""
    first, second = _two_unlike(climb)
    if first.predictions is None or second.predictions is None:
        return float("inf")
    data = judge.development
    rows = np.flatnonzero(np.isfinite(first.predictions.reshape(len(data), -1)).all(axis=1))
    gain = paired_gain(
        judge.metric,
        data.target[rows],
        first.predictions[rows],
        second.predictions[rows],
        weights=None if data.weights is None else data.weights[rows],
        groups=None if data.groups is None else data.groups[rows],
        ordered=data.time is not None,
        seed=judge.seed,
    )
    return gain.standard_error * float(np.sqrt(len(rows) / len(judge.splits.holdout)))


def _two_unlike(climb: Climb) -> tuple[Evaluation, Evaluation]:
    """Return the cheap champion and the best candidate but it: a search's winner will differ like that."""
    champion = climb.champion()
    assert champion is not None
    others = [evaluation for evaluation in climb.scored() if evaluation is not champion]
    return champion, others[0]
