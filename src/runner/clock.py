"""How much of the budget's time is left."""

import time


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

    def elapsed(self) -> float:
        """Return the seconds since the run began."""
        return time.monotonic() - self._begun

    def left(self) -> float:
        """Return the seconds that are left; below zero when the budget is overdrawn."""
        return self.deadline - time.monotonic()
