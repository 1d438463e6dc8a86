"""How fast the machine is at the moment, without which CPU times of different nights can hardly be compared."""

import statistics
import threading
import time

EVERY_SECONDS = 4.0
ROUNDS = 3  # the fastest counts, since the others were disturbed


def loop_seconds() -> float:
    """Return the CPU seconds of a fixed piece of work: arithmetic, sorting and memory access, as in fitting models.

    It uses one thread whatever the library below: threads that wait for each other would be charged for the wait.
    """
    return min(_loop() for _ in range(ROUNDS))


def _loop() -> float:
    import numpy as np

    generator = np.random.default_rng(0)
    begun = time.thread_time()
    values = generator.normal(size=(120, 120))
    for _ in range(3):
        values = np.tanh(np.einsum("ij,kj->ik", values, values) / len(values))  # `@` would use threads of its own
        np.sort(values, axis=1)
    sum(number * number % 7 for number in range(20_000))
    return time.thread_time() - begun


class Pulse:
    """Times the loop again and again beside the runs."""

    def __init__(self) -> None:
        self._taken: list[tuple[float, float]] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="pulse", daemon=True)

    def __enter__(self) -> "Pulse":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join()

    def between(self, begun: float, ended: float) -> float:
        """Return the median loop time within a span of `time.monotonic`, or the nearest one if none fell within it."""
        if not self._taken:
            return loop_seconds()
        within = [seconds for at, seconds in self._taken if begun <= at <= ended]
        nearest = min(self._taken, key=lambda taken: abs(taken[0] - ended))[1]
        return statistics.median(within) if within else nearest

    def _beat(self) -> None:
        while True:
            self._taken.append((time.monotonic(), loop_seconds()))
            if self._stop.wait(EVERY_SECONDS):
                return
