"""How much of the budget's time is left, and what time it is."""

import time
from datetime import datetime

CLOSING_SECONDS = 1.5  # verdict, report, and what MLflow has not got yet
LEAST_PATIENCE = 0.5  # seconds for MLflow, however late it is; what it did not get is kept in the run's folder


class Clock:
    """Wall time of one run.

    Parameters
    ----------
    seconds : float
        Of the whole run.
    spent : float
        Seconds of it that were gone before the clock was made: starting Python, or a run that was cut short.
    """

    def __init__(self, seconds: float, spent: float = 0.0):
        self.seconds = seconds
        self._begun = time.monotonic() - spent
        self.deadline = self._begun + seconds
        self.interrupted = False  # asked to end: nothing more is begun, but for the verdict

    @property
    def closing(self) -> float:
        """Return when the last fit has to be done, so that files and listeners are done by the deadline."""
        return self.deadline - min(CLOSING_SECONDS, 0.1 * self.seconds)

    @staticmethod
    def now() -> float:
        """Return the time on the clock of the deadline."""
        return time.monotonic()

    def elapsed(self) -> float:
        """Return the seconds since the run began."""
        return time.monotonic() - self._begun

    def left(self) -> float:
        """Return the seconds that are left; below zero when the budget is overdrawn."""
        return self.deadline - time.monotonic()

    def patience(self) -> float:
        """Return for how many seconds others may be waited for: what is left, and a little in any case."""
        return max(self.left(), LEAST_PATIENCE)


def timestamp() -> str:
    """Return the time of day with its zone, as results tell it: 2026-11-26T13:00:00+01:00."""
    return datetime.now().astimezone().isoformat(timespec="seconds")
