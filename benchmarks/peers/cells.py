"""One cell: a system is run on a table with a budget, scored, and the result stored as a file."""

import json
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.peers.division import Division, write_meta
from benchmarks.peers.handed import PREDICTIONS, TOLD
from benchmarks.peers.systems import ROOT, System
from benchmarks.processes import Usage, measured

PATIENCE, MORE_SECONDS = 2.0, 60.0  # a system is ended at this multiple of its budget, plus seconds for imports
LAST_WORDS = 4000  # of the output of a system that failed, to be kept

Cell = dict[str, Any]


def run(
    name: str, system: System, division: Division, seconds: float, seed: int, environments: Path, home: Path, core: int
) -> Cell:
    """Let one system learn and predict, and return the result."""
    with tempfile.TemporaryDirectory(prefix="peers-") as folder:
        out, log = Path(folder), Path(folder) / "output.txt"
        options = system.options | {"home": str(home)}
        meta = write_meta(division, out / "meta.json", seconds=seconds, seed=seed, options=options)
        files = [str(path) for path in (division.train, division.test, meta, out)]
        limit = PATIENCE * seconds + MORE_SECONDS
        usage = measured([*system.command(environments), *files], ROOT, limit, core, log)
        cell = {"table": division.name, "system": name, "seconds": seconds, "seed": seed, "sizes": division.sizes}
        cell |= {"metric": division.metric.name, **asdict(usage), **result(division, out, usage, log)}
        if cell["failed"]:
            cell["output"] = log.read_text(errors="replace")[-LAST_WORDS:]
    return cell


def result(division: Division, out: Path, usage: Usage, log: Path) -> Cell:
    """Return the score and what the adapter reported, or why there is no score."""
    told = json.loads((out / TOLD).read_text()) if (out / TOLD).exists() else {}
    if not (out / PREDICTIONS).exists():
        return told | {"score": None, "skill": 0.0, "failed": why(usage, log)}
    predictions = np.load(out / PREDICTIONS)
    if not np.isfinite(predictions).all():
        return told | {"score": None, "skill": 0.0, "failed": "Its predictions are not all finite."}
    score = division.score(predictions)
    return told | {"score": score, "dummy": division.dummy, "skill": division.skill(score), "failed": None}


def why(usage: Usage, log: Path) -> str:
    """Return the reason why there are no predictions, in one line."""
    if usage.code is None:
        return f"Ended after {usage.wall_seconds:.0f} s."
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return f"Exit code {usage.code}: {lines[-1][:300] if lines else 'no output'}"
