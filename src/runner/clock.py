"""The time of a run: how much of the budget is gone, how much is left, and the time of day."""

import time
from datetime import datetime

CLOSING_SECONDS = 1.5  # on an idle machine: for the verdict, the report, and what MLflow has not received yet
LAST_SECONDS = 2.0  # on an idle machine: for writing the files and the report
LEAST_PATIENCE = 0.5  # seconds for MLflow, however late it is; what it misses is kept in the run's folder


class Clock:
    """The wall time of one run, including that of earlier attempts which were cut short.

    A resumed run repeats its steps, but finds the evaluations that were stored before. Each find advances the clock to
    the time at which that evaluation was stored, so that everything that depends on the time (gates, deadlines, the
    time reserved for the end) comes out as it did before.

    Parameters
    ----------
    seconds : float
        Wall seconds of the budget.
    spent : float
        Seconds of them that had passed before this object was made, such as the start of Python.

    Attributes
    ----------
    pace : float
        Wall seconds that a CPU second takes at present: 1 on an idle machine, more on a busy one.
    interrupted : bool
        Whether the run was asked to end: only the verdict is still worked on.
    """

    def __init__(self, seconds: float, spent: float = 0.0):
        self.seconds = seconds
        self._begun = time.monotonic() - spent
        self._ahead = 0.0  # of time.monotonic, in seconds: what earlier attempts took
        self.deadline = self._begun + seconds
        self.pace = 1.0
        self.interrupted = False

    @property
    def closing(self) -> float:
        """Return when the last fit has to end for the files and the listeners to be done by the deadline."""
        return self.deadline - self.pace * min(CLOSING_SECONDS, 0.1 * self.seconds)

    @property
    def end_of_last_look(self) -> float:
        """Return when the last look has to end: with the last fit or, if it is too late for that, halfway to the end.

        On a busy machine the time to close may have come before the look begins. There is no verdict without it, and
        `runner report` makes a report later.
        """
        return max(self.closing, self.now() + self.left() / 2)

    def now(self) -> float:
        """Return the time on this clock, on which all deadlines of the run are given."""
        return time.monotonic() + self._ahead

    def elapsed(self) -> float:
        """Return the seconds since the run began."""
        return self.now() - self._begun

    def left(self) -> float:
        """Return the seconds that are left; negative when the budget is exceeded."""
        return self.deadline - self.now()

    def catch_up(self, elapsed: float) -> None:
        """Advance to `elapsed` seconds after the beginning, unless more have passed."""
        self._ahead += max(elapsed - self.elapsed(), 0.0)

    def outside(self, moment: float) -> float:
        """Convert a time on this clock to the clock of `time.monotonic`."""
        return moment - self._ahead

    def patience(self, seconds: float = 0.0) -> float:
        """Return for how long to wait for others: what is left, except `seconds` at pace 1, but always a little."""
        return max(self.left() - self.pace * seconds, LEAST_PATIENCE)


def process_age() -> float:
    """Return the seconds since this process began, which count towards the budget of its first run."""
    import psutil

    return time.time() - psutil.Process().create_time()


def timestamp() -> str:
    """Return the time of day with its zone, as in the results: 2026-11-26T13:00:00+01:00."""
    return datetime.now().astimezone().isoformat(timespec="seconds")
