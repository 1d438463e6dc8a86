"""How much memory all calls of a run may take together, and which of them has to go when it is too much."""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock

SHARE = 0.9  # of the machine's memory; the rest is for the run itself, and for others
LIMITS_OF_A_CONTAINER = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),  # of the older kind
)


class Room:
    """What the processes at work take; they may be watched by several threads.

    Parameters
    ----------
    most : float
        Bytes that they may take together.
    """

    def __init__(self, most: float) -> None:
        self.most = most
        self._taken: dict[int, int] = {}
        self._lock = Lock()

    def __reduce__(self) -> tuple[type["Room"], tuple[float]]:
        """Travel to another machine of a cluster as a room of its own."""
        return Room, (self.most,)

    def has_to_go(self, process: int, taken: int) -> bool:
        """Note what a process takes; return whether all take too much and it is the one that takes most."""
        with self._lock:
            self._taken[process] = taken
            return sum(self._taken.values()) > self.most and taken == max(self._taken.values())

    def leave(self, process: int) -> None:
        """Forget a process that has ended."""
        with self._lock:
            self._taken.pop(process, None)


def machine_bytes(limits: Sequence[Path] = LIMITS_OF_A_CONTAINER) -> int:
    """Return the memory of the machine, or of the container where that is less.

    Parameters
    ----------
    limits : sequence of Path
        Files that hold a number of bytes, or a word where there is no limit; those that are not there are no limit.
    """
    import psutil

    known = [int(psutil.virtual_memory().total)]
    for path in limits:
        try:
            known.append(int(path.read_text()))
        except (OSError, ValueError):
            continue
    return min(known)
