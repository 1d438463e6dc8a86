"""What a piece of work takes of the process that does it."""

import resource
import sys
import time

from runner.costs import Costs

MEGABYTE = 2**20  # bytes


class Stopwatch:
    """CPU, wall and memory since it was made, of this process and the children it has waited for."""

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
    unit = 1 if sys.platform == "darwin" else 1024  # Linux tells kilobytes
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
