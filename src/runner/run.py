"""One run, from the table to the verdict: read, check, split, climb while it pays, confirm once, decide."""

import math
from dataclasses import replace
from itertools import takewhile
from typing import Any

import pandas as pd

from runner.checks import acknowledged
from runner.climb import Climb
from runner.climb.ascent import ascend
from runner.climb.checkup import Checkup
from runner.climb.confirm import confirm
from runner.climb.ending import seconds_to_fit
from runner.climb.finalists import decision_rule
from runner.climb.gatekeeper import cpu_seconds_so_far, cpu_seconds_unspent
from runner.clock import LAST_SECONDS, Clock, timestamp
from runner.config import Config, compose
from runner.costs import Costs
from runner.document import RunResult, document, ladder_table
from runner.engine import Engine, check_backend, cool
from runner.errors import UserError
from runner.events import Confirming, Listeners, RunStarted, VerdictReached
from runner.folders import LADDER, MEMORY, SUMMARY, TRIALS, VERDICT
from runner.insight import look_closer
from runner.judge import Judge
from runner.memory import looks_before, memory
from runner.model import keep
from runner.plan import make_plan
from runner.prior import past_searches
from runner.readable import write_rules
from runner.reconsidered import reach_verdict
from runner.record import Place, Record
from runner.report import results
from runner.report.page import try_report
from runner.report.scores import judged_score
from runner.report.summary import summary
from runner.search.lessons import trials_table
from runner.stopwatch import Meter


def run(
    config: Config,
    place: Place,
    listeners: Listeners,
    clock: Clock,
    frame: pd.DataFrame | None = None,
    *,
    is_last: bool = False,
) -> dict[str, Any]:
    """Climb the ladder on one table and reach a verdict.

    Parameters
    ----------
    place : Place
        Where the run is kept; finished evaluations in its folder are not paid for again.
    frame : DataFrame, optional
        The table, if it should not be read from `config.dataset.path`.
    is_last : bool
        Whether no other run follows in this process, so that the server of workers can end with the last fit.

    Returns
    -------
    dict
        The content of verdict.json.

    Raises
    ------
    UserError
        If the data or the config is wrong; nothing is written then.
    """
    meter, started = Meter(), timestamp()
    check_backend(config.engine.backend)  # checked before anything is written, like a missing prior
    known = acknowledged.read(config.dataset.acknowledged)
    plan = make_plan(config, frame)
    past = past_searches(config.prior, plan.dataset.fingerprint)
    record = Record(place.folder, clock)
    with record.held(), Engine(config.engine, config.budget.memory_gb, meter, clock) as engine:
        record.begin(compose.as_yaml(config), place.command)
        listeners.tell(RunStarted(config, plan.dataset, plan.metric, place.folder, plan.design, clock))
        seconds = config.budget.fit_seconds or math.inf
        judge = Judge(plan.dataset, plan.splits, plan.metric, config.seed, engine, record, seconds)
        climb = Climb(plan.ladder, plan.metric, config.economics, judge.contender)
        findings = ascend(climb, judge, Checkup(judge, known), config, clock, listeners)
        listeners.tell(Confirming(tuple(e.candidate for e in (climb.champion(), climb.challenger()) if e)))
        confirmed = confirm(climb, judge, findings, clock.end_of_last_look)
        verdict = reach_verdict(confirmed.facts, config.economics, past)
        model = _kept(verdict.kept, climb, judge, clock) if confirmed.looks else None
        readable = write_rules(climb.readable(), judge, place.folder, clock.deadline)
        until = end_of_closer_look(clock, cpu_seconds_unspent(climb, judge, config))
        insight = look_closer(judge, climb, confirmed.looks, verdict.kept, until)
    if is_last:
        cool()
    spent = sum((evaluation.costs for evaluation in climb.everything()), Costs())
    found = RunResult(
        config=config,
        place=place,
        plan=plan,
        climb=climb,
        checks=(*findings, *acknowledged.acknowledge(insight.findings, known)),
        past=past,
        confirmed=confirmed,
        verdict=verdict,
        insight=insight,
        model=model,
        readable=readable,
        costs=replace(spent, cpu_seconds=cpu_seconds_so_far(climb, judge), wall_seconds=clock.elapsed()),
        times={"started_at": started, "finished_at": timestamp()},
    )
    content = _written(found, record)
    listeners.tell(_reached(found, content))
    try_report(record.folder, clock.left() / clock.pace)
    return content


def end_of_closer_look(clock: Clock, cpu_seconds: float) -> float:
    """Return until when to look for what the verdict does not need: at once where the run was asked to end.

    CPU seconds, as the budget's money still buys, take as long on the clock: of that time `look_closer` uses half, and
    fits two models side by side at most.
    """
    if clock.interrupted:
        return clock.now()
    return min(clock.deadline - clock.pace * LAST_SECONDS, clock.now() + max(cpu_seconds, 0.0))


def _kept(name: str, climb: Climb, judge: Judge, clock: Clock) -> str | None:
    """Refit the candidate that the verdict keeps on all rows or, if time is short, the best one that it suffices for.

    Returns
    -------
    str or None
        The name of the refitted candidate; None if there was no time for any.
    """
    for each, deadline in [(name, clock.closing), *((one, clock.deadline) for one in _stand_ins(name, climb))]:
        needed = seconds_to_fit(climb, judge, climb.candidate(each), len(judge.dataset))
        if clock.now() + needed < deadline and _is_kept(each, climb, judge, deadline):
            return each
    return None


def _stand_ins(name: str, climb: Climb) -> list[str]:
    """Return the single models that beat no model on the folds, best first: what takes the place of a model is one."""
    dummy, aside = climb.dummy(), climb.incumbent()
    better = takewhile(lambda evaluation: evaluation is not dummy, climb.scored())
    return [e.candidate for e in better if e.candidate != name and e is not aside and not climb.is_blend(e)]


def _is_kept(name: str, climb: Climb, judge: Judge, deadline: float) -> bool:
    rule = decision_rule(climb, judge, name)
    return keep(climb.candidate(name), judge.dataset, judge.record.folder, judge.seed, judge.engine, deadline, rule)


def _reached(found: RunResult, content: dict[str, Any]) -> VerdictReached:
    """Return the event of the verdict: a model that took the place of the one to keep is not to be used as that."""
    verdict, model = found.verdict, found.model
    is_usable = model == verdict.kept and results.is_usable(content)
    score = judged_score(content, model or verdict.kept)
    return VerdictReached(verdict, found.place.folder, found.costs, score, model, is_usable)


def _written(found: RunResult, record: Record) -> dict[str, Any]:
    """Write the results, for programs and for people; return the content of verdict.json."""
    content, verdict = document(found), found.verdict
    remembered = memory(content, found.climb)
    content["looks_before"] = looks_before(remembered, found.place.folder) if remembered else 0
    try:
        _write_files(content, remembered, found, record)
    except UserError as error:  # the outcome of the run is not lost with its files
        raise UserError(f"{verdict.decision}: {verdict.sentence} But {error}") from error
    return content


def _write_files(content: dict[str, Any], remembered: dict[str, Any] | None, found: RunResult, record: Record) -> None:
    """Write the files of a run; verdict.json comes last, so its presence means that the run finished."""
    record.write(SUMMARY, summary(content))
    record.write(LADDER, ladder_table(content))
    if found.climb.search:
        record.write(TRIALS, trials_table(found.climb.search))
    if remembered is not None:
        record.write_json(MEMORY, remembered)
    record.write_json(VERDICT, content)
