"""An estimate with its bounds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Interval:
    """An estimate between two one-sided 95 % bounds."""

    estimate: float
    low: float
    high: float

    def times(self, factor: float) -> "Interval":
        """Return the interval in another unit; with a factor of 0, even an infinite bound becomes 0."""
        if factor == 0:
            return Interval(0.0, 0.0, 0.0)
        return Interval(self.estimate * factor, self.low * factor, self.high * factor)

    def minus(self, amount: float) -> "Interval":
        """Return the interval shifted down by an amount."""
        return Interval(self.estimate - amount, self.low - amount, self.high - amount)

    def at_most(self, limit: float) -> "Interval":
        """Return the interval of an amount between 0 and a limit; all that is known of one beyond it is the limit."""
        low = self.low if self.estimate < limit else min(self.low, 0.0)
        return Interval(min(self.estimate, limit), low, min(self.high, limit))
