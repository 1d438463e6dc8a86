"""Runs side by side, each in its own process, within the suite's total time; finished runs are not repeated."""

import json
import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from runner import lifeline
from runner.config.compose import as_value
from runner.folders import CONFIG, VERDICT
from runner.report import job_summary
from runner.suite.machine import Pulse
from runner.suite.plan import PlannedRun

ENDED = "ended.json"  # in a run's folder: how the run ended
LATE_SECONDS = 10.0  # past its deadline, before a run is ended
INTERRUPT_SECONDS = 5.0  # between asking a process to end and killing it


@dataclass(frozen=True)
class EndedRun:
    """How one run ended.

    Attributes
    ----------
    content : dict or None
        The content of verdict.json; None if there is no verdict.
    reason : str or None
        Why there is no verdict, in a sentence.
    loop_seconds : float
        CPU seconds of the calibration loop beside the run.
    """

    planned: PlannedRun
    content: dict[str, Any] | None
    reason: str | None
    loop_seconds: float
    wall_seconds: float


@dataclass
class Schedule:
    """Where a night's runs are kept, and when they must end.

    Attributes
    ----------
    folder : Path
        The folder of the night, with one folder per run below it.
    deadline : float
        On the clock of `time.monotonic`.
    options : tuple of str
        Hydra options that are passed to every run, such as ``--config-dir``.
    """

    folder: Path
    deadline: float
    side_by_side: int
    options: tuple[str, ...] = ()
    _running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)
    _stopped: bool = False

    def run(self, runs: Sequence[PlannedRun]) -> Iterator[EndedRun]:
        """Run all runs without a verdict; yield each run as soon as it has ended, those already finished first."""
        found = {run.key: ended for run in runs if (ended := self._found(run))}
        yield from found.values()
        todo = [run for run in runs if run.key not in found]
        with Pulse() as pulse, ThreadPoolExecutor(self.side_by_side) as pool:
            futures = [pool.submit(self._one, run, pulse) for run in todo]
            try:
                for future in as_completed(futures):
                    yield future.result()
            except BaseException:  # Ctrl-C, or the consumer of the generator stopped
                self._stop()
                for future in futures:
                    future.cancel()
                raise

    def _found(self, run: PlannedRun) -> EndedRun | None:
        """Return a run that already has its verdict, else None."""
        verdict, seen = self.folder / run.key / VERDICT, self.folder / run.key / ENDED
        if not verdict.is_file() or not seen.is_file():
            return None
        try:
            return EndedRun(run, json.loads(verdict.read_bytes()), None, **json.loads(seen.read_bytes()))
        except (ValueError, TypeError):  # cut short, as on a full disk: it runs again and reuses its evaluations
            return None

    def _one(self, run: PlannedRun, pulse: Pulse) -> EndedRun:
        begun = time.monotonic()
        left = self.deadline - begun
        if left < run.forecast_seconds:
            reason = f"not begun: {max(left, 0):.0f} s were left of the suite's time, and it takes about "
            return EndedRun(run, None, f"{reason}{run.forecast_seconds:.0f} s.", 0.0, 0.0)
        code = self._process(run, left + LATE_SECONDS)
        ended = time.monotonic()
        seen = {"loop_seconds": pulse.between(begun, ended), "wall_seconds": ended - begun}
        verdict = self.folder / run.key / VERDICT
        if not verdict.is_file():
            return EndedRun(run, None, self._why(run, code), **seen)
        (self.folder / run.key / ENDED).write_text(json.dumps(seen) + "\n")
        return EndedRun(run, json.loads(verdict.read_bytes()), None, **seen)

    def _process(self, run: PlannedRun, seconds: float) -> int:
        """Start the main job, or resume one that was cut short; return its exit code."""
        folder = self.folder / run.key
        if (folder / CONFIG).is_file() and not (folder / VERDICT).is_file():
            arguments = ["resume", str(folder)]
        else:
            arguments = [*self.options, *run.overrides, f"hydra.run.dir={as_value(str(folder))}"]
        environment = {name: value for name, value in os.environ.items() if name != job_summary.VARIABLE}  # the night's
        with self._log(run).open("wb") as log, lifeline.lifeline() as alive:
            with self._lock:
                if self._stopped:
                    return -signal.SIGINT
                process = subprocess.Popen(
                    [sys.executable, "-m", "runner", *arguments],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    env=environment | {lifeline.VARIABLE: str(alive)},
                    pass_fds=[alive],
                    start_new_session=True,  # so that it can be ended with all its children
                )
                self._running.append(process)
            try:
                return process.wait(seconds)
            except subprocess.TimeoutExpired:
                end([process])
                return process.wait()

    def _stop(self) -> None:
        with self._lock:
            self._stopped = True
        end([process for process in self._running if process.poll() is None])

    def _log(self, run: PlannedRun) -> Path:
        return self.folder / f"{run.key}.log"

    def _why(self, run: PlannedRun, code: int) -> str:
        """Say why there is no verdict, in the run's own last words."""
        lines = [line for line in self._log(run).read_text(errors="replace").splitlines() if line.strip()]
        said = next((line for line in reversed(lines) if line.startswith("runner: ")), lines[-1] if lines else "")
        if code < 0:
            return f"ended by signal {signal.Signals(-code).name}."
        return said.removeprefix("runner: ") or f"ended with exit code {code} and no message."


def end(processes: "Sequence[subprocess.Popen[bytes]]") -> None:
    """Ask processes and their children to end, all at once, and kill those that do not."""
    for sign, seconds in ((signal.SIGINT, INTERRUPT_SECONDS), (signal.SIGKILL, math.inf)):
        for process in processes:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, sign)
        until = time.monotonic() + seconds
        for process in processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, until - time.monotonic()))
