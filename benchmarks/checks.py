"""What do the checks report on untouched tables, and what do they cost?

python -m benchmarks.checks [FOLDER ...] [--quick] [--rows 20000]

FOLDER has one folder per table (data.parquet, card.yaml); without one, the shipped tables are used. Planted faults are
the subject of `benchmarks.plantings` and `benchmarks.labels`.
"""

import argparse
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from benchmarks.machine import machine
from benchmarks.tables import dataset_config
from runner import engine
from runner.candidates.pipeline import Candidate
from runner.checks import Finding, Severity, registry
from runner.checks.material import Material
from runner.config import EngineConfig, EvaluationConfig
from runner.config.compose import composed
from runner.dataset import Dataset
from runner.evaluation import Evaluation
from runner.judge import Judge
from runner.ladder import make_ladder, suited
from runner.metrics import make_metric
from runner.reading import load
from runner.record import Record
from runner.splits import Splits, make_splits

SHIPPED = Path(__file__).resolve().parents[1] / "datasets"
SEED = 0
PLANTED_ROWS = 5_000  # of a table in which faults are planted
QUICK = 6  # tables


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="*", type=Path, default=[SHIPPED])
    parser.add_argument("--rows", type=int, default=20_000, help="of a table, at most")
    parser.add_argument("--quick", action="store_true", help="a few tables")
    given = parser.parse_args()
    engine.warm()
    alarms, costs = [], []
    with tempfile.TemporaryDirectory() as folder:
        for card in cards_of(given.folders, given.quick):
            name, findings, cost = untouched(card, given.rows, Path(folder))
            alarms += [(name, finding) for finding in findings]
            costs.append((name, *cost))
            print(f"{name}: {cost[0]:.2f} s", file=sys.stderr, flush=True)
    print_alarms(alarms)
    print_costs(costs)
    print(f"\n{machine(SEED)}")


# --- what is run ------------------------------------------------------------------------


def cards_of(folders: list[Path], quick: bool) -> list[Path]:
    """Return the cards of all tables, or of a few if `quick`."""
    cards = sorted(card for folder in folders for card in folder.glob("*/card.yaml"))
    return cards[:: max(len(cards) // QUICK, 1)][:QUICK] if quick else cards


def read(card: Path, rows: int) -> Dataset:
    return load(dataset_config(yaml.safe_load(card.read_text()), card.parent), rows, SEED)


def untouched(card: Path, rows: int, folder: Path) -> tuple[str, tuple[Finding, ...], tuple[float, float]]:
    """Run all checks and the cheap rungs as a run does; return the findings and the CPU seconds of both."""
    data = read(card, rows)
    splits = make_splits(data, EvaluationConfig(), SEED)
    evaluations = cheap_rungs(data, splits, folder)
    material = material_of(data, splits).with_evaluations(evaluations)
    registry.look("undeclared", material)  # the first call loads libraries, which a worker has loaded already
    begun = time.process_time()
    findings = tuple(finding for name in registry.CHECKS for finding in registry.look(name, material))
    took = time.process_time() - begun
    return data.name, findings, (took, sum(each.costs.cpu_seconds for each in evaluations))


def material_of(data: Dataset, splits: Splits) -> Material:
    aside = data.features.iloc[splits.holdout].reset_index(drop=True)
    return Material(data.take(splits.development), make_metric(None, data), SEED, aside)


def candidates_of(data: Dataset) -> list[Candidate]:
    ladder = suited(make_ladder(composed(["dataset.path=x", "dataset.target=y"]).ladder, data.task), data.target)
    return [candidate for rung in ladder for candidate in rung.candidates]


def cheap_rungs(data: Dataset, splits: Splits, folder: Path) -> list[Evaluation]:
    """Evaluate all cheap candidates as a run does, each in a process of its own."""
    with engine.Engine(EngineConfig(), memory_gb=8) as workers, tempfile.TemporaryDirectory(dir=folder) as place:
        judge = Judge(data, splits, make_metric(None, data), SEED, workers, Record(Path(place)))
        return best_first(judge.evaluate(candidates_of(data), time.monotonic() + 3600))


def best_first(evaluations: Iterable[Evaluation]) -> list[Evaluation]:
    """Return the evaluations that have a score, the best first."""
    scored = [each for each in evaluations if each.score is not None]
    return sorted(scored, key=lambda each: (-(each.score or 0.0), each.candidate))


# --- what is printed --------------------------------------------------------------------


def print_alarms(alarms: list[tuple[str, Finding]]) -> None:
    print("## Findings on the untouched tables\n")
    counts = {severity: sum(f.severity is severity for _, f in alarms) for severity in Severity}
    print(", ".join(f"{severity}: {count}" for severity, count in counts.items()), "\n")
    for severity in (Severity.STOP, Severity.WARN):
        for name, finding in alarms:
            if finding.severity is severity:
                print(f"- {severity} · {name} · `{finding.code}`: {finding.evidence}")
    print("\nFindings of severity `info`, by code:", _by_code(f for _, f in alarms if f.severity is Severity.INFO))


def _by_code(findings: Any) -> str:
    counts: dict[str, int] = defaultdict(int)
    for finding in findings:
        counts[finding.code] += 1
    return ", ".join(f"`{code}` {count}" for code, count in sorted(counts.items())) + "."


def print_costs(costs: list[tuple[str, float, float]]) -> None:
    print(
        "\n## CPU seconds\n\n| table | all checks | cheap rungs | share | at most 25 % or 2 s |\n|---|--:|--:|--:|---|"
    )
    for name, checks, rungs in costs:
        held = "yes" if checks <= max(2.0, 0.25 * rungs) else "no"
        print(f"| {name} | {checks:.2f} | {rungs:.1f} | {checks / rungs:.0%} | {held} |")


if __name__ == "__main__":
    main()
