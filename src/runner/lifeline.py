"""A pipe by which a process learns that the one that started it is gone, even if that one was killed."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

VARIABLE = "RUNNER_LIFELINE"  # of the environment: the open file to read from


@contextmanager
def lifeline() -> Iterator[int]:
    """Yield the end of a pipe that a child process is to inherit, and to be told in `VARIABLE`."""
    reading, writing = os.pipe()
    try:
        yield reading
    finally:
        os.close(reading)
        os.close(writing)


def follow() -> None:
    """End this process at once when the one that gave it a lifeline is gone; do nothing if none did."""
    if given := os.environ.pop(VARIABLE, None):
        threading.Thread(target=_end_with_the_other, args=(int(given),), daemon=True).start()


def _end_with_the_other(reading: int) -> None:
    os.read(reading, 1)  # nothing is ever written: this returns when the other end is closed
    os._exit(1)
