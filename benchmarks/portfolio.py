"""Choose the few configurations that together do best on many tables: the ladder's portfolio.

python -m benchmarks.portfolio measure TABLES FOLDER [--rows 800] [--workers 1]
python -m benchmarks.portfolio choose FOLDER [--most 8]

`measure` evaluates each configuration of portfolio_pool.yaml and of the default ladder on a part of each table: on
three folds of the development rows, and once on rows kept aside (the truth). A table's results are stored in FOLDER as
soon as they are there. `choose` is greedy: it always adds the configuration that lowers the mean loss on the truth
most, where a portfolio is represented by the candidate that leads on the folds. For each table, a portfolio chosen on
the other tables is compared with the rungs below it alone, by skill on the truth, as is the portfolio that ships.
"""

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from benchmarks.machine import machine
from benchmarks.prior import part
from benchmarks.tables import observed_tables
from runner.candidates.pipeline import Candidate
from runner.config import CandidateConfig, DatasetConfig, EngineConfig
from runner.config.compose import composed
from runner.dataset import Dataset
from runner.engine import Engine, warm
from runner.errors import UserError
from runner.evaluation import Evaluation
from runner.judge import Judge
from runner.ladder import make_ladder, suited
from runner.metrics import make_metric
from runner.reading import load
from runner.record import Record
from runner.splits import Splits, make_folds, split_off

POOL = Path(__file__).with_name("portfolio_pool.yaml")
FOLDS, TRUTH_ROWS, FIT_SECONDS = 3, 3000, 120.0
LEAST_ROWS = 100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    verbs = parser.add_subparsers(dest="verb", required=True)
    measuring = verbs.add_parser("measure")
    measuring.add_argument("tables", type=Path)
    measuring.add_argument("folder", type=Path)
    measuring.add_argument("--rows", type=int, default=800)
    measuring.add_argument("--workers", type=int, default=1)
    measuring.add_argument("--seed", type=int, default=0)
    choosing = verbs.add_parser("choose")
    choosing.add_argument("folder", type=Path)
    choosing.add_argument("--most", type=int, default=8)
    choosing.add_argument("--cpu-weight", type=float, default=0.0005, help="skill that a CPU second has to bring")
    options = parser.parse_args()
    if options.verb == "measure":
        options.folder.mkdir(parents=True, exist_ok=True)
        measure(options.tables, options.folder, options.rows, options.workers, options.seed)
    else:
        choose(options.folder, options.most, options.cpu_weight)


def measure(tables: Path, folder: Path, rows: int, workers: int, seed: int) -> None:
    """Evaluate all configurations on those tables whose results are not in the folder yet."""
    warm()
    for table in observed_tables(tables):
        if (folder / f"{table.name}-{rows}.json").exists():
            continue
        try:
            evaluate(table, folder, rows, workers, seed)
        except UserError as error:
            print(f"{table.name} is left out: {error}", flush=True)


def evaluate(table: DatasetConfig, folder: Path, rows: int, workers: int, seed: int) -> None:
    """Evaluate all configurations on one table, with the truth as the last fold, and store scores and predictions."""
    whole = load(table, None, seed)
    development, truth = split_off(whole, 0.4, seed)
    development, truth = part(whole, development, rows, seed), part(whole, truth, TRUTH_ROWS, seed)
    dataset = whole.take(np.concatenate([development, truth]))
    here = np.arange(len(development))
    folds = make_folds(whole.take(development), FOLDS, seed)
    splits = Splits(np.arange(len(dataset)), here[:0], (*folds, (here, np.arange(len(development), len(dataset)))))
    metric, begun = make_metric(None, dataset), time.monotonic()
    done: list[Evaluation] = []
    with Engine(EngineConfig(workers=workers), 4.0) as engine:
        judge = Judge(dataset, splits, metric, seed, engine, Record(folder / "record" / f"{table.name}-{rows}"))
        for candidate in candidates(dataset):
            done += judge.evaluate([candidate], time.monotonic() + FIT_SECONDS)
    dummy = next(e for e in done if e.rung == "none")
    kept = [e for e in done if e.ok and e.rung != "none"]
    content = {
        "name": table.name, "rows": len(development), "truth_rows": len(truth), "task": str(dataset.task),
        "headroom": [metric.loss(float(np.mean(dummy.fold_scores[:-1]))), metric.loss(dummy.fold_scores[-1])],
        "candidates": [
            {
                "name": e.candidate,
                "rung": e.rung,
                "loss": metric.loss(float(np.mean(e.fold_scores[:-1]))),
                "truth": metric.loss(e.fold_scores[-1]),
                "cpu_seconds": e.costs.cpu_seconds,
            }
            for e in kept
        ],
        "lost": {e.candidate: e.reason for e in done if not e.ok},
        "machine": machine(seed),
    }  # fmt: skip
    (folder / f"{table.name}-{rows}.json").write_text(json.dumps(content, indent=1) + "\n")
    spent = sum(e.costs.cpu_seconds for e in done)
    print(f"{table.name}: {len(kept)} configurations, {spent:.0f} CPU s, {time.monotonic() - begun:.0f} s", flush=True)


def candidates(dataset: Dataset) -> list[Candidate]:
    """Return the candidates of the rungs below the portfolio, and those of the pool."""
    config = composed(["dataset.path=x", "dataset.target=y"]).ladder
    config.rungs = [*config.rungs[: config.rungs.index("portfolio")], "pool"]
    config.candidates = {
        name: entry for name, entry in config.candidates.items() if entry and entry.rung in config.rungs
    }
    config.candidates.update(pool())
    config.search = {}
    return [
        candidate for rung in suited(make_ladder(config, dataset.task), dataset.target) for candidate in rung.candidates
    ]


def pool() -> dict[str, CandidateConfig]:
    """Return the configurations to choose from."""
    return {name: CandidateConfig(**entry) for name, entry in yaml.safe_load(POOL.read_text()).items()}


Table = dict[str, Any]


def choose(folder: Path, most: int, cpu_weight: float) -> None:
    """Print the portfolio chosen on all tables, and for each table the gain of one that was chosen without it."""
    tables = [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]
    chosen = greedy(tables, most, cpu_weight)
    print(f"Portfolio chosen on {len(tables)} results, in this order: {', '.join(chosen)}\n")
    print(
        "| table | rows | skill of the rungs below | gain by the portfolio | its CPU s "
        "| gain by the one that ships | portfolio chosen without this table |\n|---|--:|--:|--:|--:|--:|---|"
    )
    ships, gains = shipped(), []
    for table in tables:
        own = greedy([other for other in tables if other["name"] != table["name"]], most, cpu_weight)
        below = led(table, ())["skill_lost"]
        gains.append([below - led(table, portfolio)["skill_lost"] for portfolio in (own, ships)])
        spent = sum(entry["cpu_seconds"] for name, entry in entries(table).items() if name in own)
        chosen_gain, shipped_gain = gains[-1]
        print(
            f"| {table['name']} | {table['rows']} | {1 - below:.4f} | {chosen_gain:+.4f} | {spent:.1f} "
            f"| {shipped_gain:+.4f} | {' '.join(own)} |"
        )
    print("\nGain in skill over the rungs below, a table at several sizes counted once:")
    for what, each in zip(("each table left out", "the portfolio that ships"), np.transpose(gains), strict=True):
        print(
            f"{what}: mean {np.average(each, weights=weights(tables)):+.4f}, median {np.median(each):+.4f}, "
            f"better on {np.sum(each > 0)} of {len(each)}, worst {min(each):+.4f}."
        )


def shipped() -> list[str]:
    """Return the configurations of the pool that the default ladder has in its portfolio."""
    ships = [
        replace(entry, rung="pool")
        for entry in composed(["dataset.path=x", "dataset.target=y"]).ladder.candidates.values()
        if entry is not None and entry.rung == "portfolio"
    ]
    return [name for name, entry in pool().items() if entry in ships]


def greedy(tables: list[Table], most: int, cpu_weight: float) -> list[str]:
    """Add the configuration that lowers the mean loss of the leader most, as long as it is worth its CPU seconds.

    Parameters
    ----------
    cpu_weight : float
        Skill that a CPU second has to bring on average.
    """
    names = list(dict.fromkeys(n for table in tables for n, e in entries(table).items() if e["rung"] == "pool"))
    chosen: list[str] = []
    price = {name: np.mean([entries(t)[name]["cpu_seconds"] for t in tables if name in entries(t)]) for name in names}
    value = mean_loss(tables, chosen)
    while len(chosen) < most and len(chosen) < len(names):
        worth = {n: value - mean_loss(tables, [*chosen, n]) - cpu_weight * price[n] for n in names if n not in chosen}
        best = max(worth, key=lambda name: worth[name])
        if worth[best] <= 0:
            break
        chosen.append(best)
        value = mean_loss(tables, chosen)
    return chosen


def mean_loss(tables: list[Table], chosen: Sequence[str]) -> float:
    """Return the mean loss of the leaders on the truth; a table at several sizes counts once."""
    return float(np.average([led(table, chosen)["smooth"] for table in tables], weights=weights(tables)))


def weights(tables: list[Table]) -> list[float]:
    """Return a weight for each result, so that each table has the same."""
    names = [table["name"] for table in tables]
    return [1 / names.count(name) for name in names]


def led(table: Table, chosen: Sequence[str]) -> dict[str, float]:
    """Return the loss on the truth, as skill, of the leader on the folds among the ladder and the chosen.

    The greedy choice uses a smoother figure, the mean of the leader's losses on the folds and on the truth, so that the
    luck of one split counts half.
    """
    known = [e for e in table["candidates"] if e["rung"] != "pool" or e["name"] in chosen]
    leader = min(known, key=lambda entry: entry["loss"])
    on_folds, on_truth = leader["loss"] / table["headroom"][0], leader["truth"] / table["headroom"][1]
    return {"skill_lost": on_truth, "smooth": (min(on_folds, 1.0) + min(on_truth, 1.0)) / 2}


def entries(table: Table) -> dict[str, Any]:
    """Return the configurations of a table by name."""
    return {entry["name"]: entry for entry in table["candidates"]}


if __name__ == "__main__":
    main()
