"""The resources that a piece of work takes in its process, and that a whole run takes in all its processes."""

import resource
import sys
import time
from typing import TYPE_CHECKING

from runner.costs import Costs

if TYPE_CHECKING:
    import psutil

MEGABYTE = 2**20  # bytes


class Stopwatch:
    """CPU, wall time and memory since creation, for this process and the children it has waited for."""

    def __init__(self) -> None:
        self._wall = time.monotonic()
        self._cpu = _cpu_seconds()
        self._memory = _peak_memory()

    def costs(self) -> Costs:
        """Return what was used so far."""
        added = (_peak_memory() - self._memory) / MEGABYTE
        return Costs(_cpu_seconds() - self._cpu, time.monotonic() - self._wall, max(added, 0.0))


def _cpu_seconds() -> float:
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _peak_memory() -> int:
    unit = 1 if sys.platform == "darwin" else 1024  # Linux reports kilobytes
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


class Meter:
    """CPU seconds since creation, for this process and all that it started, whether running or ended."""

    def __init__(self) -> None:
        self._begun = self._total()

    def cpu_seconds(self) -> float:
        """Return what was used so far."""
        return self._total() - self._begun

    @staticmethod
    def _total() -> float:
        import psutil

        me = psutil.Process()
        # the time of an ended process is included in that of its parent
        return sum(cpu_seconds_of(process) for process in (me, *me.children(recursive=True)))


def cpu_seconds_of(process: "psutil.Process") -> float:
    """Return the CPU seconds of a process and its ended children; 0 if the process is gone."""
    import psutil

    try:
        return float(sum(process.cpu_times()[:4]))
    except psutil.NoSuchProcess:
        return 0.0
