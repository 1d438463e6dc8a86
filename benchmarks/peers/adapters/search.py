"""The runner's search stage, run to the end of its budget; it keeps the leader on the folds, without gates or verdict.

The climb is the product's own (`runner.climb.ascent`), with three changes: the gate before the search is always open,
and time kept for it, the search is not stopped when it no longer pays, and there are no checks and no learning curve,
which serve the verdict. All rows are used for development, as the peers do: neither rows nor time are kept aside for a
last look.
"""

import math
import time
from typing import Any
from unittest.mock import Mock, patch

import numpy as np

from benchmarks.peers.adapters.runner import overrides
from benchmarks.peers.adapters.served import first_model, served
from benchmarks.peers.handed import KEPT, Job, given, hand_back
from runner.candidates.pipeline import Candidate
from runner.climb import Climb
from runner.climb.ascent import ascend
from runner.climb.ending import cpu_seconds_of_the_end, seconds_to_fit
from runner.clock import Clock
from runner.config.compose import composed
from runner.decision.gate import Gate
from runner.engine import Call, Engine, warm
from runner.events import Listeners
from runner.judge import Judge
from runner.ladder import Rung, make_ladder, suited
from runner.metrics import make_metric
from runner.model import keep
from runner.reading import load
from runner.record import Record
from runner.splits import Splits, make_folds

MANY = 1_000_000  # trials: it is the time that ends the search
BETWEEN_SECONDS = 1.0  # between the last trial and the last fit


def seconds_of_the_last_fit(climb: Climb, judge: Judge, blend: Candidate | None = None) -> float:
    """Forecast the wall seconds of the end, which has no look here."""
    _, fit = cpu_seconds_of_the_end(climb, judge, blend)
    return BETWEEN_SECONDS + climb.weighing_seconds + climb.pace() * fit


OPEN: dict[str, Any] = {
    "gate_before": lambda rung, *_: open_gate(rung),
    "may_be_searched": lambda climb, _judge, seconds, _config: 0 < climb.trial_seconds() < seconds,
    "stopping_rule": lambda *_: lambda _scores: True,
    "learning_curve": lambda *_: "Not drawn here.",
}


def main() -> None:
    warm()
    with Engine(composed(["dataset.path=x", "dataset.target=y"]).engine, 8.0) as engine:
        list(engine.run([Call(math.sqrt, (1.0,))], time.monotonic() + 60))  # the peers have their libraries by now too
        search(given(), engine)


def search(job: Job, engine: Engine) -> None:
    """Climb to the end of the budget, and keep the leader on the folds."""
    begun, clock, folder = time.time(), Clock(job.seconds), job.out / KEPT
    config = composed([*overrides(vars(job), job.paths[0]), f"budget.trials={MANY}", "budget.fit_seconds=null"])
    dataset = load(config.dataset, None, job.seed)
    rows = np.arange(len(dataset))
    splits = Splits(rows, rows[:0], make_folds(dataset, config.evaluation.folds, job.seed))
    metric, ladder = make_metric(None, dataset), suited(make_ladder(config.ladder, dataset.task), dataset.target)
    judge = Judge(dataset, splits, metric, job.seed, engine, Record(job.out))
    climb = Climb(ladder, metric, config.economics, judge.contender)
    with (
        patch.multiple("runner.climb.ascent", **OPEN),
        patch("runner.climb.ending.seconds_of_the_end", seconds_of_the_last_fit),
    ):
        ascend(climb, judge, Mock(end=lambda *_given: ()), config, clock, Listeners())
    found = [one for one in (*climb.scored(), climb.found()) if one is not None]
    best = max(found, key=lambda one: one.score or -math.inf)
    stand_ins = [(one, clock.deadline) for one in climb.scored() if not climb.is_blend(one)]
    for one, deadline in [(best, clock.closing), *stand_ins]:  # as the product does where the time is short
        candidate = climb.candidate(one.candidate)
        in_time = clock.now() + seconds_to_fit(climb, judge, candidate, len(judge.dataset)) < deadline
        if in_time and keep(candidate, dataset, folder, job.seed, engine, deadline):
            break
    used, (predict, name) = job.elapsed(), served(job, folder)
    trials = len(climb.search.trials) if climb.search else 0
    hand_back(job, used, predict, None, first_model(job.out, begun), f"{name} after {trials} trials")


def open_gate(rung: Rung) -> Gate:
    return Gate(rung.name, True, "Measured to the end of the budget.")


if __name__ == "__main__":
    main()
