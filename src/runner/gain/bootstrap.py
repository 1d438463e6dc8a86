"""The spread of a gain in any metric, by resampling the independent units and scoring again."""

import math
import warnings
from collections.abc import Callable, Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from runner.gain.persistence import variance_factor
from runner.gain.spread import Spread
from runner.gain.units import Units

DRAWS = 500  # give a standard error to about 3 %
LEAST_SCORED = 0.95  # of the draws: with more failures, the remaining draws are a biased selection


def bootstrap_spread(gain_on: Callable[[NDArray[np.int64]], float], units: Units, seed: int) -> Spread:
    """Return the spread of a gain over samples of units drawn with replacement (Efron 1979).

    Parameters
    ----------
    gain_on : callable
        Takes positions of rows and returns the gain on them; may raise ValueError or return NaN if the metric is not
        defined there, for instance because a class was not drawn.

    Returns
    -------
    Spread
        With an infinite standard error if the metric is undefined on more than one draw in twenty, or without one of
        the halves of blocks.
    """
    gains = _gains(gain_on, _drawn(units, np.random.default_rng(seed)))
    if units.count < 2 or len(gains) < LEAST_SCORED * DRAWS:
        return Spread(units.name, math.inf, 0.0, 1.0)
    deviations = gains - gains.mean()
    plain = float(np.sqrt(np.mean(deviations**2)))
    skewness = float(np.mean(deviations**3)) / plain**3 if plain > 0 else 0.0
    error = plain * math.sqrt(units.count / (units.count - 1))
    if units.halves is not None:
        without = _gains(gain_on, (np.flatnonzero(units.halves.codes != half) for half in range(units.halves.count)))
        if len(without) < units.halves.count:
            return Spread(units.name, math.inf, 0.0, 1.0)
        error *= math.sqrt(variance_factor(units, units.halves, without.mean() - without))
    return Spread(units.name, error, skewness, units.count - 1)


def _drawn(units: Units, random: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    """Give the rows of each sample, unit by unit; without a loop over the units, of which there may be 100,000."""
    rows = np.argsort(units.codes, kind="stable")
    sizes = np.bincount(units.codes, minlength=units.count)
    first = np.cumsum(sizes) - sizes  # places in `rows`
    for _ in range(DRAWS):
        drawn = random.integers(units.count, size=units.count)
        before = np.cumsum(sizes[drawn]) - sizes[drawn]  # of a unit in its sample
        places = np.repeat(first[drawn] - before, sizes[drawn])
        yield rows[places + np.arange(len(places))]


def _gains(gain_on: Callable[[NDArray[np.int64]], float], samples: Iterable[NDArray[np.int64]]) -> NDArray[np.float64]:
    """Return the gains on those samples on which the metric is defined."""
    gains = []
    for rows in samples:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # scikit-learn warns of every class that was not drawn
            try:
                gains.append(gain_on(rows))
            except ValueError:
                continue
    return np.array([gain for gain in gains if math.isfinite(gain)])
