"""Compare the runner with other AutoML systems: the same rows, the same number of seconds, one core each.

python -m benchmarks.peers [TABLES] [FOLDER] [--quick] [--budgets 30 60 300] [--tables NAME ...] [--peers NAME ...]

TABLES has one folder per table (data.parquet, card.yaml); controls and simulated tables are left out. The systems learn
from at most `--rows` rows of each, and rows kept aside (up to 3,000, with groups and time respected) judge them. Each
system runs as a process of its own, on one core; the environments of the peers are made once, from pinned requirements.
The results are stored in FOLDER, one file per cell, so a comparison that was cut short can be continued, and all of
them in cells.jsonl, from which `python -m benchmarks.peers.report` prints the report again. The report is printed as
Markdown. `--quick` takes two tables, two peers and 30 s.
"""

import argparse
import json
import os
import sys
from pathlib import Path

from benchmarks.machine import machine
from benchmarks.peers import cells
from benchmarks.peers.division import Division, divide
from benchmarks.peers.report import report, write
from benchmarks.peers.systems import ENVIRONMENTS, OURS, PEERS, ROOT, SYSTEMS, set_up
from benchmarks.processes import adopt_orphans
from benchmarks.tables import observed_tables
from runner.config import DatasetConfig
from runner.errors import UserError

QUICK = {"tables": ["abalone", "credit-g"], "peers": ["flaml", "optuna-lightgbm"], "budgets": [30.0]}


def main() -> None:
    options = asked()
    set_up(options.peers, options.environments)
    adopt_orphans()
    options.folder.mkdir(parents=True, exist_ok=True)
    done = []
    for table in chosen(observed_tables(options.tables_folder), options.tables):
        try:
            division = divide(table, options.rows, options.seed, options.folder)
        except UserError as error:
            print(f"{table.name} is left out: {error}", file=sys.stderr)
            continue
        done += [
            cell(name, division, seconds, options)
            for seconds in options.budgets
            for name in [*options.ours, *options.peers]
        ]
    write(done, options.folder / "cells.jsonl")
    print(report(done))


def chosen(tables: list[DatasetConfig], names: list[str]) -> list[DatasetConfig]:
    """Return the tables with these names; all if none is given."""
    known = [table.name for table in tables]
    if unknown := set(names) - set(known):
        sys.exit(f"There is no table {', '.join(sorted(unknown))}: there are {', '.join(known)}.")
    return [table for table in tables if table.name in (names or known)]


def asked() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser("benchmarks.peers", description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("tables_folder", metavar="TABLES", nargs="?", type=Path, default=ROOT / "datasets")
    add("folder", metavar="FOLDER", nargs="?", type=Path, default=ROOT / "runs" / "peers")
    add("--quick", action="store_true", help="two tables, two peers, 30 s")
    add("--budgets", nargs="+", type=float, default=[30.0, 60.0, 300.0], help="seconds")
    add("--tables", nargs="+", default=[], help="names; all if not given")
    add("--peers", nargs="*", default=PEERS, choices=PEERS)
    add("--ours", nargs="*", default=list(OURS), choices=OURS)
    add("--rows", type=int, default=5000, help="at most so many to learn from")
    add("--seed", type=int, default=0)
    add("--core", type=int, default=max(os.sched_getaffinity(0)), help="the one on which the systems run")
    add("--environments", type=Path, default=ENVIRONMENTS, help="folder with one environment per peer")
    options = parser.parse_args()
    if options.quick:
        vars(options).update(QUICK)
    options.folder = options.folder.resolve()
    return options


def cell(name: str, division: Division, seconds: float, options: argparse.Namespace) -> cells.Cell:
    """Return the stored result of a cell, or run the cell and store its result."""
    rows, seed = options.rows, options.seed
    path = options.folder / f"{division.name}-{rows}-{seconds:g}s-{seed}-{name}.json"
    if not path.exists():
        home = options.folder / "home"
        home.mkdir(exist_ok=True)
        found = cells.run(name, SYSTEMS[name], division, seconds, seed, options.environments, home, options.core)
        path.write_text(json.dumps(found | {"machine": machine(seed)}, indent=1) + "\n")
        told = found["failed"] or f"skill {found['skill']:.4f}, {found.get('kept')}"
        print(f"{division.name}, {seconds:g} s, {name}: {told}, CPU {found['cpu_seconds']:.0f} s", file=sys.stderr)
    kept: cells.Cell = json.loads(path.read_text())
    return kept


if __name__ == "__main__":
    main()
