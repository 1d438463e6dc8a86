"""The results of all cells as Markdown, wins and losses alike.

python -m benchmarks.peers.report [TABLE ...] prints the report of the results that were kept in `results.jsonl` beside
this module, as in RESULTS-peers.md; of all tables, or of those named.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from benchmarks.peers.cells import Cell
from benchmarks.peers.systems import OURS

BOOTSTRAPS = 10_000
KEPT = Path(__file__).with_name("results.jsonl")
FEWEST = 6  # fewest tables for an interval over tables
Array = NDArray[np.float64]

HEAD = """# The runner compared with other systems

Skill is the share of the way from no model (0) to a perfect one (1), on rows kept aside that no system has seen; a
system that failed counts as no model. All systems had the same rows, the same number of seconds and one core. `search`
is the runner's search stage, run to the end of its budget; `runner` is the whole product, which keeps the costlier
model only if its gain is proved.
"""


def write(cells: Sequence[Cell], path: Path) -> None:
    """Keep results, one cell in each line, in the order of the report, but not what systems that failed printed."""
    kept = ({name: value for name, value in cell.items() if name != "output"} for cell in cells)
    path.write_text("".join(f"{json.dumps(cell, sort_keys=True)}\n" for cell in kept))


def read(path: Path) -> list[Cell]:
    """Return the results that were kept in a file."""
    return [json.loads(line) for line in path.read_text().splitlines()]


def report(cells: Sequence[Cell]) -> str:
    """Return the whole report."""
    parts = [HEAD]
    for seconds in sorted({cell["seconds"] for cell in cells}):
        chosen = Cells([cell for cell in cells if cell["seconds"] == seconds])
        parts += [f"## {seconds:g} s\n", skills(chosen)]
        parts += [against(chosen, ours) for ours in OURS if ours in chosen.systems and chosen.peers()]
        parts += [costs(chosen), budgets(chosen), kept(chosen), failures(chosen)]
    ours = ("lightgbm", "optuna", "scikit-learn")  # of the runner's own environment: the machine line has them
    versions = {k: v for cell in cells for k, v in cell.get("versions", {}).items() if k not in ours}
    machines = " ".join(dict.fromkeys(cell["machine"] for cell in cells))
    parts.append(f"Peers: {', '.join(f'{k} {v}' for k, v in sorted(versions.items()))}. {machines}")
    return "\n".join(part for part in parts if part)


class Cells:
    """The results for one budget, by table and system: the mean over seeds, if there are several."""

    def __init__(self, cells: Sequence[Cell]):
        self.systems = list(dict.fromkeys(cell["system"] for cell in cells))
        self.tables = list(dict.fromkeys(cell["table"] for cell in cells))
        self.seeds = sorted({cell["seed"] for cell in cells})
        self._cells = {(cell["table"], cell["system"], cell["seed"]): cell for cell in cells}

    def of(self, system: str, table: str | None = None) -> list[Cell]:
        """Return the cells of a system, in the order of the tables, or of one table; the seeds of a table in order."""
        tables = self.tables if table is None else [table]
        keys = [(one, system, seed) for one in tables for seed in self.seeds]
        return [self._cells[key] for key in keys if key in self._cells]

    def column(self, system: str, field: str) -> Array:
        """Return a figure for each table; NaN where there is none."""
        figures = [[cell.get(field) for cell in self.of(system, table)] for table in self.tables]
        return np.array([np.mean(np.array(each, dtype=np.float64)) for each in figures])

    def ranks(self, systems: Sequence[str]) -> Array:
        """Return ranks from 1, shape (tables, systems); systems that failed come last."""
        return np.array([self._ranks(systems, table) for table in self.tables])

    def _ranks(self, systems: Sequence[str], table: str) -> Array:
        scored = [[-np.inf if c["score"] is None else c["skill"] for c in self.of(s, table)] for s in systems]
        return np.asarray(rankdata(-np.array(scored), axis=0).mean(axis=1))

    def peers(self) -> list[str]:
        """Return the systems that are not ours."""
        return [system for system in self.systems if system not in OURS]


def skills(cells: Cells) -> str:
    """Return the skill of each system on each table."""
    columns = [cells.column(system, "skill") for system in cells.systems]
    rows = []
    for number, table in enumerate(cells.tables):
        lost = [all(cell["score"] is None for cell in cells.of(system, table)) for system in cells.systems]
        figures = ["failed" if none else f"{c[number]:.4f}" for none, c in zip(lost, columns, strict=True)]
        rows.append([table, f"{cells.of(cells.systems[0], table)[0]['sizes'][0]:,}", *figures])
    rows.append(["**mean**", "", *(f"{column.mean():.4f}" for column in columns)])
    per_table = {len({cell["seed"] for cell in cells.of(cells.systems[0], table)}) for table in cells.tables}
    seeds = f"seeds {', '.join(map(str, cells.seeds))}"
    told = f"Each table with one of the {seeds}" if per_table == {1} else f"Means over {seeds}"
    return (f"{told}.\n\n" if len(cells.seeds) > 1 else "") + table_of(["table", "rows", *cells.systems], rows)


def against(cells: Cells, ours: str) -> str:
    """Return how one of our forms compares with each peer, and with the best of them."""
    peers = cells.peers()
    ranks, random = cells.ranks([ours, *peers]), np.random.default_rng(0)
    mine, mean_ranks = cells.column(ours, "skill"), ranks.mean(axis=0)
    rows = [[f"**{ours}**", f"{mean_ranks[0]:.2f}", "", "", "", ""]]
    for place, peer in enumerate(peers, start=1):
        gains, apart = mine - cells.column(peer, "skill"), ranks[:, place] - ranks[:, 0]
        better, equal = int((gains > 0).sum()), int((gains == 0).sum())
        figures = [f"{mean_ranks[place]:.2f}", f"{better} of {len(gains)}" + (f", {equal} equal" if equal else "")]
        rows.append(
            [peer, *figures, interval(apart, random, 2), interval(gains, random, 4), f"{np.median(gains):+.4f}"]
        )
    head = ["system", "mean rank", f"{ours} better", "ranks ahead, mean", "skill ahead, mean", "skill ahead, median"]
    best = np.max([cells.column(peer, "skill") for peer in peers], axis=0)
    behind = best - mine
    worst = int(np.argmax(behind))
    distance = (
        f"It is behind the best peer of each table (chosen in hindsight) by {100 * np.median(behind):+.2f} % of the "
        f"headroom in the median, {100 * behind.max():+.2f} % at worst ({cells.tables[worst]}); ahead of all on "
        f"{int((behind < 0).sum())} of {len(behind)} tables.\n"
    )
    note = "In brackets: 95 % interval by paired bootstrap over the tables; bold where it does not contain zero.\n"
    if len(mine) < FEWEST:
        note = f"So few tables say nothing about others: intervals are given from {FEWEST} tables on.\n"
    return f"### {ours} compared with its peers\n\n{table_of(head, rows)}\n{note}\n{distance}"


def interval(values: Array, random: np.random.Generator, digits: int) -> str:
    """Return the mean with its 95 % interval over tables, in bold if the interval excludes zero."""
    if len(values) < FEWEST:
        return f"{values.mean():+.{digits}f}"
    means = values[random.integers(len(values), size=(BOOTSTRAPS, len(values)))].mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    text = f"{values.mean():+.{digits}f} ({low:+.{digits}f} to {high:+.{digits}f})"
    return f"**{text}**" if low > 0 or high < 0 else text


def costs(cells: Cells) -> str:
    """Return what each system took, and what its model takes."""
    own = {ours: cells.column(ours, "cpu_seconds").sum() for ours in OURS if ours in cells.systems}
    rows = []
    for system in cells.systems:
        cpu = cells.column(system, "cpu_seconds").sum()
        memory, size = cells.column(system, "peak_mb"), cells.column(system, "size_mb")
        milliseconds = 1000 * cells.column(system, "predict_seconds")
        rows.append([
            system, f"{cpu:,.0f}", *(f"{cpu / spent:.2f}" for spent in own.values()), f"{np.median(memory):,.0f}",
            f"{memory.max():,.0f}", median(size, "{:.2f}"), median(milliseconds, "{:.1f}"),
        ])  # fmt: skip
    head = ["system", "CPU s, all tables", *(f"CPU / {ours}" for ours in own), "peak memory, MB, median", "worst"]
    return f"### What it costs\n\n{table_of([*head, 'model, MB, median', 'ms to predict 1,000 rows, median'], rows)}"


def budgets(cells: Cells) -> str:
    """Return how each system kept its budget, and when it had a model."""
    rows = []
    for system in cells.systems:
        asked = cells.of(system)[0]["seconds"]
        used, whole = cells.column(system, "used_seconds") / asked, cells.column(system, "wall_seconds") / asked
        ended = sum(cell["code"] is None for cell in cells.of(system))
        worst = "" if np.isnan(used).all() else f"{np.nanmax(used):.2f}"
        first = median(cells.column(system, "first_model_seconds"), "{:.2f}")
        rows.append([system, median(used, "{:.2f}"), worst, f"{np.median(whole):.2f}", str(ended), first])
    head = ["system", "used / budget, median", "worst", "whole process / budget, median", "stopped from outside"]
    others = np.concatenate([cells.column(system, "others") for system in cells.systems])
    note = (
        f"Other processes had the core for {100 * np.median(others):.0f} % of the time in the median, "
        f"{100 * others.max():.0f} % at worst.\n"
        "Used: from when imports are done and the table is read until there is a model; for `runner`, imports and "
        "report count too.\n"
        "First model: from the same moment, where the system reports it; for `runner`, from when its dummy is begun.\n"
    )
    return f"### Budget\n\n{table_of([*head, 'first model, s, median'], rows)}\n{note}"


def kept(cells: Cells) -> str:
    """Return what our own forms kept, which explains where a difference comes from."""
    own = [ours for ours in OURS if ours in cells.systems]
    rows = [
        [table, *("; ".join(dict.fromkeys(str(c.get("kept", "")) for c in cells.of(ours, table))) for ours in own)]
        for table in cells.tables
    ]
    return f"### Which model was kept\n\n{table_of(['table', *own], rows)}" if own else ""


def failures(cells: Cells) -> str:
    """Return why systems failed."""
    lost = [f"- {c['table']}, {c['system']}: {c['failed']}" for s in cells.systems for c in cells.of(s) if c["failed"]]
    return "### Failed\n\n" + "\n".join(lost) + "\n" if lost else ""


def median(values: Array, form: str) -> str:
    """Return the median of the known figures."""
    return "" if np.isnan(values).all() else form.format(np.nanmedian(values))


def table_of(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, ["---"] + ["--:"] * (len(head) - 1), *rows]) + "\n"


if __name__ == "__main__":
    print(report([cell for cell in read(KEPT) if len(sys.argv) < 2 or cell["table"] in sys.argv[1:]]))
