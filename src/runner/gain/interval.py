"""An estimate and how far it may be off."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Interval:
    """An estimate between two one-sided 95 % bounds."""

    estimate: float
    low: float
    high: float

    def times(self, factor: float) -> "Interval":
        """Return the interval in another unit; what is worth nothing (a factor of 0) is worth that wherever it ends."""
        if factor == 0:
            return Interval(0.0, 0.0, 0.0)
        return Interval(self.estimate * factor, self.low * factor, self.high * factor)

    def minus(self, amount: float) -> "Interval":
        """Return the interval shifted down."""
        return Interval(self.estimate - amount, self.low - amount, self.high - amount)
