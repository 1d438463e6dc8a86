"""What a suite costs in addition to its runs, each of which is a process of its own.

The CPU seconds of the suite's own process are compared with those of its runs and all that they start. On the clock, a
suite costs the time in which a place for a run is empty: before the first run, while others are at work, and after the
last.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

from benchmarks.processes import adopt_orphans, children_cpu_seconds, reap
from runner.suite.night import shares

ACCEPTED = Path(__file__).with_name("accepted")
SHORT = ("suite=pull-request", "suite.side_by_side=1", "suite.seconds=300")


def overhead(words: Sequence[str]) -> None:
    """Run a suite and print what it costs; without overrides, the suite of pull requests, one run after the other."""
    adopt_orphans()
    with tempfile.TemporaryDirectory() as place:
        night = Path(place, "night")
        accepted = f"suite.accepted={ACCEPTED}/${{suite.name}}.json"
        command = [sys.executable, "-m", "runner", "suite", *(words or SHORT), accepted, f"--folder={night}"]
        begun = time.time()
        process = subprocess.Popen(command, cwd=place, stdout=subprocess.DEVNULL)
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # until it is waited for, its times can be read
        ended, own = time.time(), sum(psutil.Process(process.pid).cpu_times()[:2])
        process.wait()
        reap()
        content = json.loads((night / "suite.json").read_text())
        asked = json.loads((night / "job.json").read_text())["suite"]["side_by_side"]
        spans = [_span(path) for path in night.glob("*/ended.json")]
    places = min(shares(asked)[0], len(content["runs"]))
    runs = content["run_seconds"] / places
    first, last = min(start for start, _ in spans), max(end for _, end in spans)
    print(f"{content['suite']}: {len(spans)} of {len(content['runs'])} runs reached a verdict, {places} at a time\n")
    print("| what | the runs | the suite in addition | share |\n|---|--:|--:|--:|")
    _row("CPU s", children_cpu_seconds() - own, own)
    _row("wall s, per place for a run", runs, ended - begun - runs)
    _row("of these, before the first run", runs, first - begun)
    _row("of these, without a run while others were at work", runs, last - first - runs)
    _row("of these, after the last run", runs, ended - last)


def _span(path: Path) -> tuple[float, float]:
    """Return the times at which a run began and ended."""
    end = path.stat().st_mtime
    return end - json.loads(path.read_text())["wall_seconds"], end


def _row(what: str, runs: float, beside: float) -> None:
    print(f"| {what} | {runs:.1f} | {beside:.1f} | {100 * beside / runs:.1f} % |")
