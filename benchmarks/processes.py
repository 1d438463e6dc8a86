"""Measures processes from outside, with all that they start."""

import contextlib
import ctypes
import os
import resource
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

PR_SET_CHILD_SUBREAPER = 36
LOOK_SECONDS = 0.25  # between two measurements of a process


@dataclass(frozen=True)
class Usage:
    """What a process and all its descendants took.

    Attributes
    ----------
    peak_mb : float
        Largest memory of the process tree; pages that processes share are counted once, where the system tells.
    others : float
        Share of the time in which its core worked for other processes: a busy machine gives less than was asked for.
    code : int or None
        Exit code; None if it was ended from outside.
    """

    wall_seconds: float
    cpu_seconds: float
    peak_mb: float
    others: float
    code: int | None


def adopt_orphans() -> None:
    """Make orphaned descendants children of this process, so that they can be waited for and counted."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def reap() -> None:
    """Wait for orphans that have become our children, because their time counts only then."""
    while True:
        try:
            os.wait()
        except ChildProcessError:
            return


def children_cpu_seconds() -> float:
    """Return the CPU seconds of all children that have been waited for."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def tree_cpu_seconds() -> float:
    """Return the CPU seconds of this process and of all that it started, ended or not."""
    here = psutil.Process()
    return float(sum(sum(process.cpu_times()[:4]) for process in (here, *here.children(recursive=True))))


def measured(command: list[str], cwd: Path, limit_seconds: float, core: int, log: Path) -> Usage:
    """Run a process on one core with its output in a file, and end it and all that it started at the limit.

    This process may have no other children meanwhile.
    """
    environment = os.environ | dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    before, busy, begun, peak = children_cpu_seconds(), busy_seconds(core), time.monotonic(), 0.0
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=cwd, env=environment, stdout=output, stderr=subprocess.STDOUT)
        if hasattr(os, "sched_setaffinity"):  # its child processes inherit it
            os.sched_setaffinity(process.pid, {core})
        while (code := process.poll()) is None and time.monotonic() - begun < limit_seconds:
            peak = max(peak, sum(map(memory_mb, psutil.Process().children(recursive=True))))
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(LOOK_SECONDS)
    wall, busy = time.monotonic() - begun, busy_seconds(core) - busy
    for left in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            left.send_signal(signal.SIGKILL)
    process.wait()
    reap()
    cpu = children_cpu_seconds() - before
    return Usage(wall, cpu, peak, max(busy - cpu, 0.0) / wall, code)


def busy_seconds(core: int) -> float:
    """Return for how long a core has been busy, for any process."""
    times = psutil.cpu_times(percpu=True)[core]
    return float(times.user + times.system + times.nice)


def memory_mb(process: psutil.Process) -> float:
    """Return the memory of one process, with its part of shared pages; 0 if it has ended."""
    try:
        memory = process.memory_full_info()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0.0
    return float(getattr(memory, "pss", memory.rss)) / 2**20
