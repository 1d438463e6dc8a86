"""What becomes of a run on a large table: does it keep its budget, how far does it climb, how much memory does it take?

python -m benchmarks.scale [--rows 20000 100000 500000 2000000] [--seconds 300] [--core 0]

Each table is simulated: twelve numbers, six categories of 2 to 50,000 levels, a date, and a binary target that depends
on three of the numbers, a category of 20 levels, and chance. It is written as Parquet, and run from the shell with all
of its rows (`budget.rows=null`), on one core.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.machine import machine
from benchmarks.processes import Usage, adopt_orphans, measured

LEVELS = (2, 5, 20, 300, 5_000, 50_000)
NUMBERS = 12


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[20_000, 100_000, 500_000, 2_000_000])
    parser.add_argument("--seconds", type=float, default=300.0, help="the budget of a run")
    parser.add_argument("--core", type=int, default=0)
    options = parser.parse_args()
    adopt_orphans()
    print("\n".join(head()), flush=True)
    for rows in options.rows:
        print(one_run(rows, options.seconds, options.core), flush=True)
    print(f"\n{options.seconds:g} s asked, one core. {machine(0)}")


def table(rows: int) -> pd.DataFrame:
    """Simulate a table of so many rows."""
    random = np.random.default_rng(rows)
    numbers = random.normal(size=(rows, NUMBERS))
    levels = [random.integers(0, count, rows) for count in LEVELS]
    columns: dict[str, Any] = {f"number_{place}": numbers[:, place] for place in range(NUMBERS)}
    for count, codes in zip(LEVELS, levels, strict=True):
        columns[f"of_{count}"] = np.array([f"level {code}" for code in range(count)])[codes]
    columns["day"] = pd.Timestamp(2020, 1, 1) + pd.to_timedelta(random.integers(0, 1000, rows), "D")
    signal = numbers[:, 0] + numbers[:, 1] * numbers[:, 2] + 0.7 * (levels[2] % 3 - 1)
    columns["target"] = np.where(signal + 1.5 * random.normal(size=rows) > 1.2, "yes", "no")
    return pd.DataFrame(columns)


def one_run(rows: int, seconds: float, core: int) -> str:
    """Run a table of so many rows to its verdict, and return its line of the report."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        frame = table(rows)
        megabytes = frame.memory_usage(deep=True).sum() / 2**20
        frame.to_parquet(folder / "table.parquet")
        del frame
        words = ["dataset.path=table.parquet", "dataset.target=target", "tracking=none", "hydra.run.dir=run"]
        command = [sys.executable, "-m", "runner", *words, f"budget.seconds={seconds}", "budget.rows=null"]
        usage = measured(command, folder, 2 * seconds, core, folder / "log.txt")
        path = folder / "run" / "verdict.json"
        content = json.loads(path.read_text()) if path.exists() else None
    return f"| {rows:,} | {megabytes:,.0f} | {' | '.join(cells(usage, content, seconds))} |"


def cells(usage: Usage, content: dict[str, Any] | None, seconds: float) -> Iterator[str]:
    """Give what a run took, and how it ended."""
    yield f"{usage.wall_seconds / seconds:.2f}"
    yield f"{usage.others:.0%}"
    yield f"{usage.cpu_seconds:,.0f}"
    yield f"{usage.peak_mb:,.0f}"
    if content is None:
        yield from ("–", "–", f"no verdict (exit code {usage.code})")
        return
    tried = [one for one in content["candidates"] if one["rung"] != "search"]
    yield f"{sum(one['status'] == 'ok' for one in tried)} of {len(tried)}"
    yield str(content["model_of"] or "–")
    yield f"{content['decision']}, {content['reason']}"


def head() -> list[str]:
    """Return the head of the report."""
    names = ["rows", "table, MB", "used / budget", "others", "CPU s", "peak MB", "scored", "kept", "verdict"]
    return [f"| {' | '.join(names)} |", f"|{'--:|' * 6}{'---|' * 3}"]


if __name__ == "__main__":
    main()
