"""The story: read, check, split, climb while it pays, confirm once, decide."""

import math
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from omegaconf import OmegaConf

from runner.ascent import ascend
from runner.candidates.incumbent import incumbent_candidate
from runner.champion import MODEL, keep
from runner.checks import acknowledged
from runner.checkup import Checkup
from runner.climb import Climb
from runner.clock import Clock
from runner.config import Config
from runner.confirm import confirm
from runner.costs import Costs
from runner.design import divide
from runner.document import Findings, document, ladder_table
from runner.engine import Engine, Meter
from runner.events import Confirming, Listeners, RunStarted, VerdictReached
from runner.finalists import correction
from runner.insight import look_closer
from runner.judge import Judge
from runner.ladder import make_ladder, with_incumbent
from runner.lessons import trials_table
from runner.memory import MEMORY, memory
from runner.metrics import make_metric
from runner.money import money_metric
from runner.prior import past_searches
from runner.readable import write_rules
from runner.reading import build, load
from runner.reconsidered import reconsidered
from runner.record import Place, Record
from runner.report.page import try_report
from runner.report.summary import summary

if TYPE_CHECKING:
    import pandas as pd

LAST_SECONDS = 2.0  # of the budget, for the files and the report


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
    past_searches(config.prior)  # one that is not there is told before anything is written
    known = acknowledged.read(config.dataset.acknowledged)
    source = (config.dataset, config.budget.rows, config.seed)
    dataset = load(*source) if frame is None else build(frame, *source)
    matrix = config.economics.cost_matrix
    metric = money_metric(dataset, matrix) if matrix else make_metric(config.evaluation.metric, dataset)
    ladder = make_ladder(config.ladder, dataset.task)
    if dataset.incumbent:
        ladder = with_incumbent(ladder, incumbent_candidate(dataset, metric))
    splits, design = divide(dataset, config, ladder)
    record = Record(place.folder)
    record.write("config.yaml", OmegaConf.to_yaml(OmegaConf.structured(config)))
    sizes = (len(splits.development), len(splits.holdout))
    listeners.tell(RunStarted(config, dataset, metric, place.folder, *sizes, clock.deadline, design))
    with Engine(config.engine, config.budget.memory_gb) as engine:
        judge = Judge(dataset, splits, metric, config.seed, engine, record, config.budget.fit_seconds or math.inf)
        climb = Climb(ladder, metric, config.economics, judge.contender)
        findings = ascend(climb, judge, Checkup(judge, known), config, clock, listeners)
        listeners.tell(Confirming(tuple(e.candidate for e in (climb.champion(), climb.challenger()) if e)))
        confirmed = confirm(climb, judge, findings, clock.closing)
        verdict = reconsidered(confirmed.facts, config.economics, config.prior)
        line = correction(climb, judge, verdict.kept)
        kept = bool(confirmed.looks) and keep(
            climb.candidate(verdict.kept),
            dataset,
            place.folder,
            config.seed,
            engine,
            clock.closing,
            metric.costs,
            line,
        )
        rules = write_rules(climb.readable(), judge, place.folder, clock.deadline)
        insight = look_closer(judge, climb, confirmed.looks, verdict.kept, clock.deadline - LAST_SECONDS)
    costs = replace(sum((e.costs for e in climb.everything()), Costs()), cpu_seconds=meter.cpu_seconds())
    found = Findings(
        config=config,
        dataset=dataset,
        climb=climb,
        checks=(*findings, *insight.findings),
        insight=insight,
        facts=confirmed.facts,
        verdict=verdict,
        looks=confirmed.looks,
        design=design,
        chosen=confirmed.chosen,
        costs=replace(costs, wall_seconds=clock.elapsed()),
        times={"started_at": started, "finished_at": _now()},
        place=place,
        model=MODEL if kept else None,
        rules=rules,
    )
    content = document(found)
    record.write_json("verdict.json", content)
    record.write("summary.md", summary(content))
    record.write("ladder.csv", ladder_table(content))
    if climb.search:
        record.write("trials.csv", trials_table(climb.search))
    if (remembered := memory(content, dataset, climb.search.trials if climb.search else [], metric.loss)) is not None:
        record.write_json(MEMORY, remembered)
    try_report(place.folder, clock.left())
    listeners.tell(VerdictReached(verdict, place.folder))
    return content


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")
