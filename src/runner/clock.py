"""How much of the budget's time is left, and what time it is."""

import time
from datetime import datetime

CLOSING_SECONDS = 1.5  # verdict, report, and what MLflow has not got yet
LEAST_PATIENCE = 0.5  # seconds for MLflow, however late it is; what it did not get is kept in the run's folder


class Clock:
    """Wall time of one run, those lives of it that were cut short included.

    A run that goes on does again what it did before, but finds what was evaluated. At each find the clock goes to when
    that was stored first, so that all that depends on the time (gates, deadlines, what is kept for the end) comes out
    as it did then.

    Parameters
    ----------
    seconds : float
        Of the whole run.
    spent : float
        Seconds of it that were gone before the clock was made, as those in which Python started.
    """

    def __init__(self, seconds: float, spent: float = 0.0):
        self.seconds = seconds
        self._begun = time.monotonic() - spent
        self._ahead = 0.0  # of time.monotonic: seconds that an earlier life of the run took
        self.deadline = self._begun + seconds
        self.interrupted = False  # asked to end: nothing more is begun, but for the verdict

    @property
    def closing(self) -> float:
        """Return when the last fit has to be done, so that files and listeners are done by the deadline."""
        return self.deadline - min(CLOSING_SECONDS, 0.1 * self.seconds)

    def now(self) -> float:
        """Return the time on this clock, which the moments of a run are told on."""
        return time.monotonic() + self._ahead

    def elapsed(self) -> float:
        """Return the seconds since the run began."""
        return self.now() - self._begun

    def left(self) -> float:
        """Return the seconds that are left; below zero when the budget is overdrawn."""
        return self.deadline - self.now()

    def catch_up(self, elapsed: float) -> None:
        """Go forward to the moment when so many seconds had passed, unless it is later by now."""
        self._ahead += max(elapsed - self.elapsed(), 0.0)

    def outside(self, moment: float) -> float:
        """Return a moment of this clock on that of `time.monotonic`."""
        return moment - self._ahead

    def patience(self) -> float:
        """Return for how many seconds others may be waited for: what is left, and a little in any case."""
        return max(self.left(), LEAST_PATIENCE)


def process_age() -> float:
    """Return the seconds since this process began: they are part of its first run's budget."""
    import psutil

    return time.time() - psutil.Process().create_time()


def timestamp() -> str:
    """Return the time of day with its zone, as results tell it: 2026-11-26T13:00:00+01:00."""
    return datetime.now().astimezone().isoformat(timespec="seconds")
