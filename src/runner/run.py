"""The story: read, check, split, climb while it pays, confirm once, decide."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from omegaconf import OmegaConf

from runner.champion import keep
from runner.checks import Finding, check
from runner.climb import Climb
from runner.clock import Clock
from runner.config import Config
from runner.confirm import confirm
from runner.costs import Costs
from runner.document import Findings, document, ladder_table
from runner.engine import Engine, Meter
from runner.evaluation import Evaluation
from runner.events import (
    Checked,
    Confirming,
    Evaluated,
    GateDecided,
    Listeners,
    RungStarted,
    RunStarted,
    VerdictReached,
)
from runner.gatekeeper import gate_before, stopping_rule
from runner.judge import Judge
from runner.ladder import Rung, make_ladder
from runner.metrics import make_metric
from runner.reading import build, load
from runner.reconsidered import reconsidered
from runner.record import Place, Record
from runner.report.summary import summary
from runner.search import Limits, Search
from runner.splits import make_splits

if TYPE_CHECKING:
    import pandas as pd

RESERVE_SECONDS = 2.0  # for the last look, the last fit and the files


def run(
    config: Config,
    place: Place,
    listeners: Listeners,
    clock: Clock,
    frame: "pd.DataFrame | None" = None,
) -> dict[str, Any]:
    """Climb the ladder on one table and reach a verdict.

    Parameters
    ----------
    place : Place
        Finished evaluations that its folder holds already are not paid for again.
    frame : DataFrame, optional
        The table, when it is not to be read from `config.dataset.path`.

    Returns
    -------
    dict
        What verdict.json holds.

    Raises
    ------
    UserError
        When the data or the config is wrong; nothing is written then.
    """
    meter, started = Meter(), _now()
    source = (config.dataset, config.budget.rows, config.seed)
    dataset = load(*source) if frame is None else build(frame, *source)
    metric = make_metric(config.evaluation.metric, dataset)
    ladder = make_ladder(config.ladder, dataset.task)
    splits = make_splits(dataset, config.evaluation, config.seed)
    record = Record(place.folder)
    record.write("config.yaml", OmegaConf.to_yaml(OmegaConf.structured(config)))
    sizes = (len(splits.development), len(splits.holdout))
    listeners.tell(RunStarted(config, dataset, metric, place.folder, *sizes, clock.deadline))
    with Engine(config.engine, config.budget.memory_gb) as engine:
        judge = Judge(dataset, splits, metric, config.seed, engine, record)
        climb = Climb(ladder, metric, config.economics.worthwhile_gain)
        findings = ascend(climb, judge, config, clock, listeners)
        listeners.tell(Confirming(tuple(e.candidate for e in (climb.champion(), climb.challenger()) if e)))
        confirmed = confirm(climb, judge, clock.deadline)
        verdict = reconsidered(confirmed.facts, config.economics)
        if confirmed.looks:
            keep(climb.candidate(verdict.kept), dataset, place.folder, config.seed, engine, clock.deadline)
    costs = replace(sum((e.costs for e in climb.everything()), Costs()), cpu_seconds=meter.cpu_seconds())
    found = Findings(
        config=config,
        dataset=dataset,
        climb=climb,
        checks=findings,
        facts=confirmed.facts,
        verdict=verdict,
        looks=confirmed.looks,
        costs=replace(costs, wall_seconds=clock.elapsed()),
        times={"started_at": started, "finished_at": _now()},
        place=place,
    )
    content = document(found)
    record.write_json("verdict.json", content)
    record.write("summary.md", summary(content))
    record.write("ladder.csv", ladder_table(content))
    listeners.tell(VerdictReached(verdict, place.folder))
    return content


def ascend(climb: Climb, judge: Judge, config: Config, clock: Clock, listeners: Listeners) -> tuple[Finding, ...]:
    """Climb rung by rung, as long as the gates open; return what the checks found on the way."""
    findings: tuple[Finding, ...] = ()
    for place, rung in enumerate(climb.ladder):
        if place == 1:  # before anything is fitted that learns from the columns
            findings = check(judge.development, config.seed)
            listeners.tell(Checked(findings))
        gate = gate_before(rung, climb, judge, findings, config, clock)
        climb.gates.append(gate)
        listeners.tell(GateDecided(gate))
        if gate.open and rung.is_search:
            climb.search = _search(rung, climb, judge, config, clock, listeners)
        elif gate.open:
            climb.add(rung, _evaluate(rung, judge, clock, listeners))
    return findings


def _evaluate(rung: Rung, judge: Judge, clock: Clock, listeners: Listeners) -> list[Evaluation]:
    """Evaluate the candidates of a cheap rung, side by side."""
    listeners.tell(RungStarted(rung.name, tuple(candidate.name for candidate in rung.candidates)))
    evaluations = []
    for evaluation in judge.evaluate(rung.candidates, clock.deadline - RESERVE_SECONDS):
        listeners.tell(Evaluated(evaluation))
        evaluations.append(evaluation)
    return evaluations


def _search(rung: Rung, climb: Climb, judge: Judge, config: Config, clock: Clock, listeners: Listeners) -> Search:
    """Let Optuna draw candidates until a limit of the budget is near."""
    money = config.budget.money
    price = config.economics.price_per_cpu_hour
    limits = Limits(
        config.budget.trials,
        clock.deadline - RESERVE_SECONDS - climb.last_fits_seconds(),
        money / price * 3600 if money is not None and price > 0 else float("inf"),
        stopping_rule(climb, judge, config),
    )
    search = Search(rung.spaces, limits, config.seed)
    listeners.tell(RungStarted(rung.name, tuple(space.family for space in rung.spaces)))
    for trial in search.run(judge.evaluate):
        listeners.tell(Evaluated(trial.evaluation, trial.number))
    return search


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")
