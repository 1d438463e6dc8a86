"""The gain over outer folds, whose training rows overlap."""

from collections.abc import Sequence

import numpy as np

from runner.gain.result import Gain, bounds


def corrected_gain(fold_gains: Sequence[float], test_to_train: float, level: float = 0.95) -> Gain:
    """Return the mean gain of J outer folds, with the corrected resampled t interval.

    Folds share training rows, so that their gains are correlated and s^2 / J is too small a variance. The
    correction is s^2 (1 / J + n_test / n_train), with J - 1 degrees of freedom (Nadeau and Bengio 2003).

    Parameters
    ----------
    fold_gains : sequence of float, length J = folds x repeats
        Challenger minus reference on each outer test fold; the whole search ran inside the fold, as the
        correction does not undo the luck of a winner that was chosen on the same rows.
    test_to_train : float
        Rows in a test fold over rows in its training part: 1 / (K - 1) for K folds.

    Returns
    -------
    Gain
        Of models trained on 1 - 1/K of the rows; `unit` is ``folds``.
    """
    gains = np.asarray(fold_gains, dtype=float)
    count = len(gains)
    estimate = float(gains.mean())
    if count < 2:
        why = f"{count} fold tells nothing of the spread between folds: 2 are needed for an interval."
        inf = float("inf")
        return Gain(estimate, -inf, inf, inf, 1.0, "folds", inf, False, False, why)
    fold_sd = float(gains.std(ddof=1))
    error = fold_sd * float(np.sqrt(1 / count + test_to_train))
    low, high = bounds(estimate, error, count - 1, level)
    return Gain(estimate, low, high, error, count - 1, "folds", fold_sd)
