"""Is the decision right? Measured where the truth is known: simulated searches, replayed searches, permuted targets.

python -m benchmarks.decision [--quick] [--nested] [--real TABLES [--permuted 20]]

Without options: 2,000 whole decisions per cell in simulated populations, a replay of the searches that ship as the
gate's prior, and how well gains were forecast. With `--nested`: nested folds compared with a holdout, on models that
are really fitted. With `--real`: no simulation, but runs of the whole program on tables whose target is permuted;
TABLES has one folder per table (data.parquet, card.yaml). With `--quick` alone: all of these with few repetitions, and
the runs on shipped tables, in some five CPU minutes.
"""

import argparse
import json
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from benchmarks import decision_nested, decision_permuted, decision_replay, decision_tables
from benchmarks.decision_simulation import Cell, cells, populations
from benchmarks.machine import machine
from benchmarks.processes import tree_cpu_seconds
from runner import engine
from runner.decision.stopping import PastSearches
from runner.prior import past_searches

SEED = 20261123
SHIPPED = Path(__file__).resolve().parents[1] / "datasets"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="few repetitions, in less than ten minutes")
    parser.add_argument("--nested", action="store_true", help="nested folds and a holdout, 400 repetitions per cell")
    parser.add_argument("--real", type=Path, metavar="TABLES", help="whole runs on permuted targets of these tables")
    parser.add_argument("--permuted", type=int, default=20, help="number of these runs")
    options = parser.parse_args()
    if options.real:
        real(options.real, options.permuted)
    elif options.nested:
        nested(60 if options.quick else 400)
    else:
        past = past_searches()
        simulate(past, *((200, 30_000) if options.quick else (2000, 100_000)))
        replay(past)
        if options.quick:
            nested(60)
            real(SHIPPED, 9)
    print(f"\n{machine(SEED)} Took {tree_cpu_seconds():.0f} CPU seconds.")


def simulate(past: PastSearches, repetitions: int, size: int) -> None:
    """Print the simulated decisions."""
    found: list[Cell] = []
    section(
        "Populations", ["| metric | law | dummy's loss | SD of a row's difference / that loss |", "|---|---|--:|--:|"]
    )
    for population in populations(past, size, SEED):
        name = population.metric.name.removeprefix("neg_")
        print(f"| {name} | {population.law} | {population.headroom:.4f} | {population.spread():.2f} |", flush=True)
        found += cells(population, repetitions, past, SEED)
    section("Errors of the verdict", decision_tables.summary(found))
    print(
        f"\nWith {repetitions:,} repetitions per cell, a rate of 5 % has a standard error of "
        f"{22 / repetitions**0.5:.1f} %."
    )
    section("Power", decision_tables.powers(found))
    section("Other rules on the same tables", decision_tables.rules(found))
    print(
        "\nGO although nothing is gained (margin 0) / GO where the margin equals the true gain; "
        "in %, over all searches."
    )
    section("Errors by metric, over all searches", decision_tables.by_metric(found))
    section("Cells", decision_tables.details(found))
    print("\nRates in %; – where there are fewer than 100 repetitions. All searches of one size see the same rows.")


def nested(repetitions: int) -> None:
    """Print what nested folds prove, compared with a holdout and other rules."""
    found = decision_nested.cells(repetitions, SEED)
    section("Nested folds, summary", decision_nested.summary(found))
    section("Nested folds, cells", decision_nested.rates(found))
    print(f"\n{repetitions:,} repetitions per cell, a quarter of that at 5,000 rows; rates in %.")


def replay(past: PastSearches) -> None:
    """Print what the gate and the stopping rule would have earned, and the calibration of the forecast."""
    entries = json.loads(files("runner.prior").joinpath("prior.json").read_text())["tables"]
    kept = decision_replay.replays(past, entries)
    section("Past searches, replayed", decision_replay.earnings(kept))
    section("Compared with always and never searching, by price", decision_replay.price_curve(kept))
    section("Wins and losses", decision_replay.differences(kept))
    section("The gate, by the size of the holdout", decision_replay.gates(past))
    section("Forecasts", decision_replay.calibration(kept, [entry["claimed"] for entry in entries]))


def real(tables: Path, runs: int) -> None:
    """Print what the program reports where there is nothing to find."""
    engine.warm()
    section("Permuted targets", decision_permuted.permuted(tables, runs, SEED))
    section("Noise with a rare class", decision_permuted.rare(max(runs // 3, 1), SEED))


def section(title: str, lines: Iterable[str]) -> None:
    """Print a table below its title."""
    print(f"\n## {title}\n", *lines, sep="\n", flush=True)


if __name__ == "__main__":
    main()
