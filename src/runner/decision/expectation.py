"""What to expect of a gain that the rows do not settle, and how many rows would settle it."""

import math

from runner.decision.stopping import PastSearches
from runner.gain import Gain, error_towards, rows_to_settle

NEAREST = 0.0005  # skill: the smallest distance from the margin for which rows are counted


def shrunk(gain: Gain, headroom: float, past: PastSearches) -> float:
    """Return the expected gain, in the metric's unit: the estimate, shrunk towards what past searches gained.

    It is the posterior mean for a normal prior (mean and variance of past gains) and a normal likelihood.
    """
    gains = past.final_gains() * headroom
    mean = float(past.weights @ gains)
    variance = float(past.weights @ (gains - mean) ** 2)
    noise = gain.standard_error**2
    if not math.isfinite(noise):
        return mean
    return (mean * noise + gain.estimate * variance) / (noise + variance) if noise + variance > 0 else gain.estimate


def needed_rows(gain: Gain, distance: float, headroom: float) -> int | None:
    """Return how many evaluation rows would settle the question; None if that is not known, or not a matter of rows.

    If neither bound can be relied on because the gain depends on a few rows, their spread does not say how many it
    takes. None are counted either for a gain that is expected to be next to what it is compared with.

    Parameters
    ----------
    distance : float
        From what it is compared with to the gain, in the metric's unit: above zero if the lower bound is to prove it.
    """
    error, towards = gain.standard_error, error_towards(gain, gain.estimate - distance)
    is_known = (gain.low_holds or gain.high_holds) and math.isfinite(gain.row_sd + towards)
    if not is_known or abs(distance) < NEAREST * headroom:
        return None
    wider = max(towards / error, 1.0) if error > 0 else 1.0
    needed = rows_to_settle(wider * gain.row_sd, distance)
    return needed if needed * error**2 > gain.row_sd**2 else None  # there are as many: a class is rare
