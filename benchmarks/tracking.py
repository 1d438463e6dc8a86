"""What logging to MLflow costs a run, compared with no tracking: the embedded store, and a server on this machine.

python -m benchmarks.tracking [--repeats 3]

Whole processes are measured with all their descendants. The kinds of tracking take turns, each round in another order,
and each run is compared with the one without tracking in the same round, so that a machine that is busy for a while is
busy for all of them. The budget is ample and the number of trials fixed, so all runs of a job fit the same models; this
is checked. The wait at the end is the time from verdict.json to the end of the process: the report is made in it, and
logging may delay it.
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
from runner.folders import EVALUATIONS

CHEAP = "ladder.rungs=[none,rule,tree,simple,boosting]"
TRIALS = (
    "ladder.rungs=[none,rule,tree,simple,boosting,search]",
    "economics.value_per_unit=1000000",
    "budget.trials=12",
)
JOBS = {
    "credit-g, cheap rungs": ("dataset=credit-g", CHEAP),
    "credit-g, 12 trials": ("dataset=credit-g", *TRIALS),
    "adult, 12 trials": ("dataset=adult", *TRIALS),
}
EQUAL_WORK = ("budget=smoke", "budget.seconds=900", "budget.fit_seconds=null", "evaluation.design=holdout", "seed=0")
OFF, EMBEDDED, SERVER = "off", "embedded", "server"
SHARE, SECONDS = 0.05, 1.0  # share of a run's wall time, or seconds, that logging may cost


class Took(NamedTuple):
    """What one run took, in seconds."""

    wall: float
    cpu: float
    wait: float


class Run(NamedTuple):
    """A run: what it took, and the keys of the evaluations that it made."""

    took: Took
    fitted: frozenset[str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=3)
    repeats = parser.parse_args().repeats
    adopt_orphans()
    print("# What logging to MLflow costs\n")
    print(f"Printed by `python -m benchmarks.tracking --repeats {repeats}`: medians over the rounds, in seconds.")
    print("The last columns give the difference to the run without tracking in the same round: its median, with the")
    print("smallest and the largest.")
    print(f"Required: logging adds at most {SHARE:.0%} of a run's wall time, or {SECONDS:g} s.\n")
    print("| run | tracking | wall | CPU | wait at the end | wall, added | CPU, added | wait, added | requirement |")
    print("|---|---|--:|--:|--:|--:|--:|--:|---|")
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as (address, process):
        kinds = {
            OFF: ["tracking=none"],
            EMBEDDED: ["tracking=local"],
            SERVER: ["tracking=server", f"tracking.uri={address}"],
        }
        run([*JOBS["credit-g, cheap rungs"], *kinds[EMBEDDED]], Path(folder))  # creates the store, once
        for name, job in JOBS.items():
            rows(name, [one_round(job, kinds, number, Path(folder)) for number in range(repeats)])
        served = sum(sum(one.cpu_times()[:2]) for one in (process, *process.children(recursive=True)))
    print(
        f"\nThe server's own CPU seconds ({served:.0f} in all) are not counted, but it had the same cores. {machine(0)}"
    )


def one_round(job: tuple[str, ...], kinds: dict[str, list[str]], number: int, place: Path) -> dict[str, Run]:
    """Run a job with each kind of tracking."""
    order = [*kinds][number % len(kinds) :] + [*kinds][: number % len(kinds)]
    return {kind: run([*job, *kinds[kind]], place) for kind in order}


def rows(name: str, rounds: list[dict[str, Run]]) -> None:
    """Print one line per kind of tracking."""
    without = Took(*map(statistics.median, zip(*(each[OFF].took for each in rounds), strict=True)))
    for kind in (OFF, EMBEDDED, SERVER):
        took = Took(*map(statistics.median, zip(*(each[kind].took for each in rounds), strict=True)))
        shown = f"{took.wall:.1f} | {took.cpu:.1f} | {took.wait:.2f}"
        above, kept = ["", "", ""], ""
        if kind != OFF:
            pairs = [zip(each[kind].took, each[OFF].took, strict=True) for each in rounds]
            columns = list(zip(*([ours - theirs for ours, theirs in pair] for pair in pairs), strict=True))
            wall = statistics.median(columns[0])
            above = [f"{statistics.median(each):+.1f} ({min(each):+.1f} to {max(each):+.1f})" for each in columns]
            above[0] += f", {wall / without.wall:+.0%}"
            kept = "met" if wall <= max(SHARE * without.wall, SECONDS) else "missed"
        others = sum(each[kind].fitted != rounds[0][OFF].fitted for each in rounds)
        kept += f"; {others} fitted other models" if others else ""
        print(f"| {name} | {kind} | {shown} | {' | '.join(above)} | {kept} |", flush=True)


def run(words: list[str], place: Path) -> Run:
    """Run a job to its end."""
    folder = Path(tempfile.mkdtemp(dir=place))
    command = [sys.executable, "-m", "runner", *words, *EQUAL_WORK, f"hydra.run.dir={folder}"]
    before, begun = children_cpu_seconds(), time.time()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=place, env=ONE_THREAD)
    ended = time.time()
    _wait_for_orphans()
    cpu = children_cpu_seconds() - before
    fitted = frozenset(path.stem for path in (folder / EVALUATIONS).iterdir())
    return Run(Took(ended - begun, cpu, ended - (folder / "verdict.json").stat().st_mtime), fitted)


def _wait_for_orphans() -> None:
    """Wait for the processes that the run has left, but not for the server, because their time counts only then."""
    for child in psutil.Process().children():
        with contextlib.suppress(ChildProcessError, psutil.Error):
            if child.status() == psutil.STATUS_ZOMBIE or "mlflow" not in child.cmdline():
                os.waitpid(child.pid, 0)


@contextlib.contextmanager
def server(folder: Path) -> Iterator[tuple[str, psutil.Process]]:
    """Start an MLflow server that stores artifacts, and return its address and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "server").mkdir()
    command = [sys.executable, "-m", "mlflow", "server", "--port", str(port), "--workers", "1"]
    store = ["--backend-store-uri", "sqlite:///mlflow.db", "--serve-artifacts", "--artifacts-destination", "artifacts"]
    calm = os.environ | {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}  # jobs of language models: 8 processes
    quiet = subprocess.DEVNULL
    process = subprocess.Popen([*command, *store], cwd=folder / "server", env=calm, stdout=quiet, stderr=quiet)
    address = f"http://127.0.0.1:{port}"
    try:
        while True:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/health", timeout=2):
                break
            time.sleep(0.2)
        yield address, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(30)


if __name__ == "__main__":
    main()
