"""Is a budget kept while other processes work on the same cores?

python -m benchmarks.load FOLDER [--tables NAME ...] [--seconds 30] [--others 0 2 8] [--cores 2]

FOLDER has one folder per table (data.parquet, card.yaml). Each table is run to its verdict, as from the shell, beside
the given number of other processes that do nothing but compute, with the same priority and on the same cores. Reported
is the time of the whole process, from its start to its end, over the budget.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.machine import machine
from benchmarks.tables import observed_tables
from runner.config import DatasetConfig

BUSY = (sys.executable, "-c", "while True: pass")
ALLOWED_SHARE, ALLOWED_SECONDS = 1.03, 2.0  # of overrun: the larger of the two


@dataclass(frozen=True)
class Kept:
    """How long one run took, and how it ended."""

    table: str
    others: int
    seconds: float
    decision: str
    reason: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tables", nargs="+", help="names of tables in the folder; all if not given")
    parser.add_argument("--seconds", type=float, default=30.0, help="the budget of a run")
    parser.add_argument("--others", type=int, nargs="+", default=[0, 2, 8], help="numbers of other processes")
    parser.add_argument("--cores", type=int, default=2)
    options = parser.parse_args()
    os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[: options.cores]))  # its child processes inherit it
    tables = [t for t in observed_tables(options.folder) if not options.tables or t.name in options.tables]
    runs = []
    for others in options.others:
        with busy(others):
            for table in tables:
                runs.append(one_run(table, options.seconds, others))
                print(f"{runs[-1]}", file=sys.stderr, flush=True)
    print("\n".join(report(runs, options.seconds)))
    print(f"\n{options.seconds:g} s asked. {machine(0)}")


@contextmanager
def busy(count: int) -> Iterator[None]:
    """Keep the given number of processes busy."""
    processes = [subprocess.Popen(BUSY) for _ in range(count)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


def one_run(table: DatasetConfig, seconds: float, others: int) -> Kept:
    """Run a table to its verdict."""
    words = [f"dataset.path={table.path}", f"dataset.target={json.dumps(table.target)}", "tracking=none"]
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "runner", *words, f"budget.seconds={seconds}"]
        begun = time.monotonic()
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        taken = time.monotonic() - begun
        (verdict,) = Path(folder).glob("runs/*/*/verdict.json")
        content = json.loads(verdict.read_text())
    return Kept(table.name, others, taken, content["decision"], content["reason"])


def report(runs: Sequence[Kept], asked: float) -> list[str]:
    """Return one line per number of other processes: how much of the budget was used, and how often too much."""
    lines = [
        "| other processes | runs | used / budget, median | worst | over by more than 3 % or 2 s | out of budget |",
        "|--:|--:|--:|--:|--:|--:|",
    ]
    for others in dict.fromkeys(run.others for run in runs):
        these = [run for run in runs if run.others == others]
        used = [run.seconds / asked for run in these]
        worst = max(these, key=lambda run: run.seconds)
        over = sum(run.seconds > max(ALLOWED_SHARE * asked, asked + ALLOWED_SECONDS) for run in these)
        cut = sum(run.reason == "out-of-budget" for run in these)
        most = f"{max(used):.2f} ({worst.table})"
        lines.append(f"| {others} | {len(these)} | {statistics.median(used):.2f} | {most} | {over} | {cut} |")
    return lines


if __name__ == "__main__":
    main()
