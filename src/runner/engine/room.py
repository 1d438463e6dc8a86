"""How much memory all calls of a run may take together, and which call must end if they take too much."""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock

SHARE = 0.9  # of the machine's memory; the rest is for the run itself and for other programs
LIMITS_OF_A_CONTAINER = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),  # version 1 of control groups
)


class Room:
    """The memory that worker processes take; several threads may report to it.

    Parameters
    ----------
    most : float
        Bytes that they may take together.
    """

    def __init__(self, most: float) -> None:
        self.most = most
        self._taken: dict[int, int] = {}
        self._is_closed = False
        self._lock = Lock()

    def has_to_go(self, process: int, taken: int) -> bool:
        """Note the bytes that a process takes; return whether all take too much and this one takes most.

        Every process has to go once the room is closed.
        """
        with self._lock:
            self._taken[process] = taken
            return self._is_closed or (sum(self._taken.values()) > self.most and taken == max(self._taken.values()))

    def leave(self, process: int) -> None:
        """Forget a process that has ended."""
        with self._lock:
            self._taken.pop(process, None)

    def close(self) -> None:
        """End all calls that are still running, as their run has ended."""
        self._is_closed = True


def machine_bytes(limits: Sequence[Path] = LIMITS_OF_A_CONTAINER) -> int:
    """Return the memory of the machine, or of the container if that is less, in bytes.

    Parameters
    ----------
    limits : sequence of Path
        Files that hold a number of bytes, or a word if there is no limit; a missing file means no limit.
    """
    import psutil

    known = [int(psutil.virtual_memory().total)]
    for path in limits:
        try:
            known.append(int(path.read_text()))
        except (OSError, ValueError):
            continue
    return min(known)
