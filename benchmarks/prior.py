"""Measure, trial by trial, what searches gain on rows that were not used to choose: the gate's prior.

python -m benchmarks.prior TABLES OUT.json [--sizes 500 2000] [--seeds 0 1] [--trials 100] [--workers 2]

TABLES has one folder per table (data.parquet, card.yaml); controls and simulated tables are left out. On a part of each
table, of the given size, the cheap rungs are climbed and the search is run to its end. The rows kept aside (up to
10,000) are the truth: after each round of trials, the challenger so far (the best trial, or a blend that contains
trials) is fitted on the development rows and scored there, as is the cheap champion. Results are stored as soon as they
are there, so a run that was cut short can be continued.
"""

import argparse
import json
import tempfile
import time
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.machine import machine
from benchmarks.tables import observed_tables
from runner import sampling
from runner.candidates.pipeline import Candidate
from runner.climb import Climb
from runner.climb.blending import blend, in_cheap_blend
from runner.climb.gatekeeper import signal_is_likely
from runner.config import DatasetConfig, EngineConfig
from runner.config.compose import composed
from runner.dataset import Dataset
from runner.engine import Engine, warm
from runner.errors import UserError
from runner.judge import Judge
from runner.judge.looks import look
from runner.ladder import Rung, make_ladder, suited
from runner.metrics import make_metric
from runner.reading import load
from runner.record import Record
from runner.search import ROUND, Limits, Search
from runner.splits import Rows, Splits, make_folds, split_off

TRUTH_ROWS = 10_000
FOLDS = 5
FOREVER = 1e9


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tables", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[500, 2000])
    parser.add_argument("--trials", type=int, default=100)
    parser.add_argument("--workers", type=int, default=None)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    options = parser.parse_args()
    warm()
    content = json.loads(options.out.read_text()) if options.out.exists() else {"tables": []}
    done = {(entry["name"], entry["size"], entry["seed"]) for entry in content["tables"]}
    for seed, size, table in product(options.seeds, options.sizes, observed_tables(options.tables)):
        if (table.name, size, seed) not in done:
            try:
                entry = measure(table, size, options.trials, options.workers, seed)
            except UserError as error:  # too few groups in so few rows
                print(f"{table.name} at {size} rows is left out: {error}")
                entry = None
            if entry:
                content["tables"].append(entry)
                content["machine"] = machine(seed)
                options.out.write_text(json.dumps(content, indent=1) + "\n")
                print(json.dumps({k: entry[k] for k in ("name", "rows", "seed", "champion", "gain", "cpu_seconds")}))


def measure(table: DatasetConfig, size: int, trials: int, workers: int | None, seed: int) -> dict[str, Any] | None:
    """Search one table at one size to the end; return None if it is too small for that size or shows no signal."""
    dataset = load(table, None, seed)
    development, truth = split_off(dataset, 0.5, seed)
    if len(development) < 0.6 * size:
        return None
    development, truth = part(dataset, development, size, seed), part(dataset, truth, TRUTH_ROWS, seed)
    config = composed([f"dataset.path={table.path}", "dataset.target=x"])
    splits = Splits(development, truth, make_folds(dataset.take(development), FOLDS, seed))
    ladder = suited(make_ladder(config.ladder, dataset.task), dataset.target)
    metric = make_metric(None, dataset)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, Engine(EngineConfig(workers=workers), 8.0) as engine:
        judge = Judge(dataset, splits, metric, seed, engine, Record(Path(folder)))
        climb = Climb(ladder, metric, config.economics, judge.contender)
        for rung in ladder:
            if rung.is_blend:
                candidate, evaluation = blend(rung.name, rung.name, climb.pool(), judge.out_of_fold)
                climb.blends.append(candidate)
                climb.evaluations.append(evaluation)
            elif rung.is_search:
                if not signal_is_likely(climb, judge):  # the gate would have stayed shut, whatever a search had found
                    return None
                climb.search = search(rung, climb, judge, trials, seed)
            else:
                climb.add(rung, list(judge.evaluate(rung.candidates, begun + FOREVER)))
        return {"name": table.name, "size": size, "seed": seed, **gains(climb, judge)}


def part(dataset: Dataset, rows: Rows, most: int, seed: int) -> Rows:
    """Return a part of the rows: the latest ones (time), whole groups, or a random sample."""
    if len(rows) <= most:
        return rows
    groups = None if dataset.groups is None else dataset.groups[rows]
    return rows[sampling.sample(dataset.strata[rows], groups, dataset.time is not None, most, seed)]


def search(rung: Rung, climb: Climb, judge: Judge, trials: int, seed: int) -> Search:
    """Run all trials, without a deadline."""
    done = Search(rung.spaces, Limits(trials, lambda: time.monotonic() + FOREVER), seed, climb.pool())
    for _ in done.run(judge.evaluate):
        pass
    return done


def gains(climb: Climb, judge: Judge) -> dict[str, Any]:
    """Score the champion and the challengers on the truth; return the challenger's gain after each round."""
    champion, dummy, found = climb.champion(), climb.dummy(), climb.search
    assert champion is not None
    assert dummy is not None
    assert found is not None
    trials, climb.search = found.trials, None
    cheap = climb.pool()
    challengers = []  # who trails the champion on the folds is no challenger: the search has found nothing
    for end in range(ROUND, len(trials) + ROUND, ROUND):
        pool = [(trial.candidate, trial.evaluation) for trial in trials[:end] if trial.evaluation.ok]
        contenders = [*pool, blend("blend", "search", cheap + pool, judge.out_of_fold, in_cheap_blend(climb))]
        leader = max(contenders, key=lambda item: item[1].score or 0.0)
        challengers.append(leader if (leader[1].score or 0.0) > (champion.score or 0.0) else None)
    leading = [leader[0] for leader in challengers if leader is not None]
    truth = Truth(judge, [dummy_of(climb), climb.candidate(champion.candidate), *leading])
    headroom = climb.metric.loss(truth.score(dummy_of(climb)))
    reference = truth.score(climb.candidate(champion.candidate))
    by_round = [0.0 if one is None else (truth.score(one[0]) - reference) / headroom for one in challengers]
    last = challengers[-1]
    claimed = 0.0 if last is None else (last[1].score or 0.0) - (champion.score or 0.0)
    return {
        "rows": len(judge.development),
        "features": judge.dataset.features.shape[1],
        "task": str(judge.dataset.task),
        "champion": champion.candidate,
        "champion_skill": round(1 - climb.metric.loss(reference) / headroom, 4),
        "challenger": None if last is None else last[0].name,
        "gain": round(by_round[-1], 6),
        "claimed": round(claimed / climb.headroom(), 6),
        "gains": [round(gain, 6) for gain in np.repeat(by_round, ROUND)[: len(trials)].tolist()],
        "losses": [
            None if t.expected is None else round(climb.metric.loss(t.expected) / climb.headroom(), 6) for t in trials
        ],
        "trial_cpu": [round(t.evaluation.costs.cpu_seconds, 3) for t in trials],
        "ladder_cpu": round(sum(e.costs.cpu_seconds for e in climb.evaluations if e.rung != "blend"), 2),
        "cpu_seconds": round(found.cpu_seconds(), 2),
    }


def dummy_of(climb: Climb) -> Candidate:
    return climb.ladder[0].candidates[0]


class Truth:
    """Predictions of the truth by candidates that are fitted on all development rows, each once."""

    def __init__(self, judge: Judge, candidates: list[Candidate]):
        single = {one.name: one for candidate in candidates for one, _ in members(candidate)}
        self._judge = judge
        self._looks = look(judge, [single], time.monotonic() + FOREVER)

    def score(self, candidate: Candidate) -> float:
        """Score a candidate, or a blend by the mean of its members."""
        parts = members(candidate)
        predictions = [self._looks[one.name].predictions for one, _ in parts]
        mean = np.average(np.array(predictions), axis=0, weights=[weight for _, weight in parts])
        return self._judge.proof.score(mean)


def members(candidate: Candidate) -> tuple[tuple[Candidate, float], ...]:
    return candidate.members or ((candidate, 1.0),)


if __name__ == "__main__":
    main()
