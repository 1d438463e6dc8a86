"""The benchmark against other systems: what is counted, what is kept from them, and what is told of wins and losses."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from benchmarks.peers.cells import Cell, result
from benchmarks.peers.division import divide
from benchmarks.peers.handed import GROUP, PREDICTIONS, TARGET
from benchmarks.peers.report import read, report, write
from benchmarks.processes import Usage
from benchmarks.tables import observed_tables

from processes import Script, python

DATASETS = Path(__file__).parents[1] / "datasets"
MEASURE = """
import sys
sys.path.insert(0, {root!r})
import os, pathlib
from benchmarks.processes import adopt_orphans, measured
work = "import time\\nwhile time.process_time() < 0.5: pass"
both = f"import subprocess, sys\\nsubprocess.Popen([sys.executable, '-c', {{work!r}}])\\n{{work}}"
adopt_orphans()
here, core = pathlib.Path.cwd(), min(os.sched_getaffinity(0))
for command, limit in ((both, 60.0), ("import time; time.sleep(60)", 0.5)):
    usage = measured([sys.executable, "-c", command], here, limit, core, here / "log")
    print(usage.code, usage.cpu_seconds >= 0.9, usage.wall_seconds < 30, usage.peak_mb > 1)
"""


@pytest.mark.slow
def test_what_a_process_starts_is_counted_and_ended_with_it(script: Script) -> None:
    done = script(MEASURE.format(root=str(DATASETS.parent)))
    assert done.stdout.splitlines() == ["0 True True True", "None False True True"], done.stderr


def test_rows_that_judge_are_of_other_groups_and_carry_no_target(tmp_path: Path) -> None:
    table = next(each for each in observed_tables(DATASETS) if each.name == "parkinsons")
    division = divide(table, 300, 0, tmp_path)
    train, test = pd.read_parquet(division.train), pd.read_parquet(division.test)
    assert set(train.columns) - set(test.columns) == {TARGET, GROUP}
    assert not set(map(tuple, train[test.columns].round(6).to_numpy())) & set(map(tuple, test.round(6).to_numpy()))
    assert division.skill(division.dummy) == 0
    assert 0 < len(train) <= 300


def test_predictions_that_are_not_numbers_count_as_no_model(tmp_path: Path) -> None:
    table = next(each for each in observed_tables(DATASETS) if each.name == "glass")
    division = divide(table, 300, 0, tmp_path)
    np.save(tmp_path / PREDICTIONS, np.full((division.sizes[1], division.meta["classes"]), np.nan))
    found = result(division, tmp_path, Usage(1, 1, 1, 0, 0), tmp_path / "log")
    assert found["skill"] == 0
    assert found["failed"]


def cell(table: str, system: str, skill: float | None, **more: Any) -> Cell:
    """Return a cell as `benchmarks.peers` keeps it."""
    done = {
        "table": table,
        "system": system,
        "seconds": 30.0,
        "seed": 2,
        "sizes": [100, 50],
        "score": skill,
        "skill": skill or 0.0,
        "machine": "Python 3, seed 0.",
    }
    usage = {"cpu_seconds": 10.0, "wall_seconds": 30.0, "peak_mb": 100.0, "others": 0.0, "code": 0}
    return done | usage | {"failed": None if skill is not None else "It fell over."} | more


def test_report_tells_losses_and_failures_as_plainly_as_wins(tmp_path: Path) -> None:
    skills = {"search": [0.50, 0.60, 0.70], "flaml": [0.40, 0.50, 0.60], "mljar": [0.55, 0.62, None]}
    skills = {system: row * 2 for system, row in skills.items()}
    cells = [cell(f"t{n}", system, skill) for system, row in skills.items() for n, skill in enumerate(row)]
    write(cells, tmp_path / "cells.jsonl")
    text = report(read(tmp_path / "cells.jsonl"))
    assert "| **search** | 1.67 |" in text
    assert "| flaml | 2.67 | 6 of 6 | **+1.00 (+1.00 to +1.00)** | **+0.1000 (+0.1000 to +0.1000)** | +0.1000 |" in text
    assert "by +2.00 % of the headroom in the median, +5.00 % at worst (t0); ahead of all on 2 of 6 tables" in text
    assert "- t2, mljar: It fell over." in text
    assert text.endswith("Python 3, seed 0.")


def test_several_seeds_are_one_result_of_a_table() -> None:
    skills = {("search", 2): 0.5, ("search", 3): 0.75, ("flaml", 2): 0.25, ("flaml", 3): 1.0}
    cells = [
        cell(f"t{n}", system, skill, seed=seed, kept=f"model {seed}")
        for n in range(6)
        for (system, seed), skill in skills.items()
    ]
    text = report(cells)
    assert "Means over seeds 2, 3." in text
    one_each = [each for each in cells if each["seed"] == (2 if each["table"] == "t0" else 3)]
    assert "Each table with one of the seeds 2, 3." in report(one_each)
    assert "| t5 | 100 | 0.6250 | 0.6250 |" in text
    assert "| flaml | 1.50 | 0 of 6, 6 equal | +0.00 (+0.00 to +0.00) |" in text
    assert "| t0 | model 2; model 3 |" in text


def test_a_report_without_peers_compares_with_none() -> None:
    text = report([cell("t", system, 0.5) for system in ("search", "runner")])
    assert "What it costs" in text
    assert "compared with its peers" not in text


@pytest.mark.slow
def test_the_search_stage_is_compared_with_a_peer(tmp_path: Path) -> None:
    words = [str(DATASETS), str(tmp_path / "peers"), "--ours", "search", "--peers", "optuna-lightgbm"]
    less = ["--tables", "credit-g", "--budgets", "12", "--rows", "300"]
    done = python("-m", "benchmarks.peers", *words, *less, folder=DATASETS.parent)
    cells = read(tmp_path / "peers" / "cells.jsonl")
    assert {each["system"]: each["failed"] for each in cells} == {"search": None, "optuna-lightgbm": None}
    assert "### search compared with its peers" in done.stdout
