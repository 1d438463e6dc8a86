"""What logging to MLflow costs a run, against tracking off: the embedded store, and a server on this machine.

python -m benchmarks.tracking [--repeats 3]

Whole processes, all descendants counted; the three kinds take turns, so that a busy machine is busy for all. The
wait at the end is the time from the verdict's file to the end of the process, which logging may hold up.
"""

import argparse
import contextlib
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psutil

from benchmarks.machine import machine
from benchmarks.overhead import ONE_THREAD
from benchmarks.processes import adopt_orphans, children_cpu_seconds

JOBS = {
    "credit-g, cheap rungs": ("dataset=credit-g", "ladder.rungs=[none,rule,tree,simple,boosting]"),
    "credit-g, 12 trials": ("dataset=credit-g", "economics.value_per_unit=1000000", "budget.trials=12"),
    "adult, 12 trials": ("dataset=adult", "economics.value_per_unit=1000000", "budget.trials=12"),
}
OFF, EMBEDDED, SERVER = "off", "embedded", "server"
SHARE, SECONDS = 0.05, 1.0  # of a run's wall time that logging may cost, or so many seconds


class Took(NamedTuple):
    """What one run took, in seconds."""

    wall: float
    cpu: float
    wait: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=3)
    repeats = parser.parse_args().repeats
    adopt_orphans()
    print("# What logging to MLflow costs\n")
    print(f"Printed by `python -m benchmarks.tracking --repeats {repeats}`: medians, in seconds.\n")
    print("| run | tracking | wall | CPU | wait at the end | wall above off | CPU above off | wait above off |")
    print("|---|---|--:|--:|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as address:
        kinds = {
            OFF: ["tracking=none"],
            EMBEDDED: ["tracking=local"],
            SERVER: ["tracking=server", f"tracking.uri={address}"],
        }
        run([*JOBS["credit-g, cheap rungs"], *kinds[EMBEDDED]], Path(folder))  # makes the store, once
        for name, job in JOBS.items():
            rounds = [
                {kind: run([*job, *words], Path(folder)) for kind, words in kinds.items()} for _ in range(repeats)
            ]
            rows(name, rounds)
    print(f"\nThe server's own time is not in it. {machine(0)}")


def rows(name: str, rounds: list[dict[str, Took]]) -> None:
    """Print a line a kind of tracking."""
    medians = {
        kind: Took(*(statistics.median(column) for column in zip(*(each[kind] for each in rounds), strict=True)))
        for kind in (OFF, EMBEDDED, SERVER)
    }
    off = medians[OFF]
    for kind, took in medians.items():
        more = [f"{ours - theirs:+.1f}" for ours, theirs in zip(took, off, strict=True)] if kind != OFF else [""] * 3
        share = f" ({(took.wall - off.wall) / off.wall:+.0%})" if kind != OFF else ""
        shown = f"{took.wall:.1f} | {took.cpu:.1f} | {took.wait:.2f}"
        print(f"| {name} | {kind} | {shown} | {more[0]}{share} | {more[1]} | {more[2]} |", flush=True)


def run(words: list[str], place: Path) -> Took:
    """Run a job to its end."""
    command = [sys.executable, "-m", "runner", *words, "budget=smoke", "budget.seconds=900", "seed=0"]
    before, begun = children_cpu_seconds(), time.time()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=place, env=ONE_THREAD)
    ended = time.time()
    _wait_for_orphans()
    verdict = max(place.glob("runs/*/*/verdict.json"), key=lambda path: path.stat().st_mtime)
    return Took(ended - begun, children_cpu_seconds() - before, ended - verdict.stat().st_mtime)


def _wait_for_orphans() -> None:
    """Wait for what the run has left to us, but not for the server: their time counts only then."""
    for child in psutil.Process().children():
        with contextlib.suppress(ChildProcessError, psutil.Error):
            if child.status() == psutil.STATUS_ZOMBIE or "mlflow" not in child.cmdline():
                os.waitpid(child.pid, 0)


@contextlib.contextmanager
def server(folder: Path) -> Iterator[str]:
    """Start an MLflow server that keeps artifacts, and give its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "server").mkdir()
    command = [sys.executable, "-m", "mlflow", "server", "--port", str(port), "--workers", "1"]
    store = ["--backend-store-uri", "sqlite:///mlflow.db", "--serve-artifacts", "--artifacts-destination", "artifacts"]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen([*command, *store], cwd=folder / "server", stdout=quiet, stderr=quiet)
    address = f"http://127.0.0.1:{port}"
    try:
        while True:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/health", timeout=2):
                break
            time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait(30)


if __name__ == "__main__":
    main()
