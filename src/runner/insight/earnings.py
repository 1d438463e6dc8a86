"""What the columns earn: how much worse a model gets on unseen rows when one column is shuffled."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import false_discovery_control

from runner.candidates.pipeline import Candidate
from runner.checks.columns import numbers
from runner.dataset import Dataset
from runner.evaluation.evaluate import fit, predict
from runner.gain import LEVEL, Gain, p_value, paired_gain
from runner.gain.interval import Interval
from runner.insight.weak import widest_units
from runner.metrics import Metric, takes_weights
from runner.recalibration import Recalibration
from runner.sampling import Sample, draw
from runner.splits import Fold, Rows

Array = NDArray[np.float64]
REPEATS = 3
MOST_ROWS, MOST_COLUMNS = 1000, 40
ROWS_TO_CHOOSE = 100  # on which it is seen which columns of many are worth measuring
OF_A_CLASS = 50  # rows at least, if there are so many: rankings need twenty for an interval
ROWS_AT_ONCE = 20_000  # rows per predict call: each call has a fixed cost, and copies take memory
ALIKE = 0.8  # rank correlation at which two columns can stand in for each other


@dataclass(frozen=True)
class Earning:
    """What one column earns.

    Attributes
    ----------
    gain : Interval
        Over rows and repeats, with bounds of this column alone; one that does not hold is infinite.
    p_value : float
        Of so large a gain by chance, corrected for the number of columns: of those at or below 0.05, one in twenty is
        expected to be there by chance (Benjamini and Hochberg 1995).
    alike : tuple of str
        Columns that can stand in for it; with many of them, each seems to earn little.
    """

    name: str
    gain: Interval
    p_value: float
    alike: tuple[str, ...] = ()

    @property
    def earns(self) -> bool:
        """Whether the column is shown to earn anything."""
        return self.p_value <= 1 - LEVEL


def earnings(
    candidate: Candidate,
    dataset: Dataset,
    folds: Sequence[Fold],
    metric: Metric,
    seed: int,
    line: Recalibration | None = None,
) -> list[Earning]:
    """Fit on some rows, then shuffle one column after another in others; this runs in a worker.

    All copies of a row count as one observation, and so do the rows of one group or one block of time.

    Parameters
    ----------
    folds : sequence of (train, test)
        Row positions in `dataset`; no row is in two of the tests.
    line : Recalibration, optional
        Corrects the probabilities before costs are weighed.
    """
    random = np.random.default_rng(seed)
    names: list[str] = []
    said: list[Array] = []
    shuffled: list[Array] = []  # per fold: its columns, the repeats of each, its rows, and the predictions
    every = np.concatenate([test for _, test in folds])
    sample = draw(dataset.strata[every], None, False, MOST_ROWS, seed, OF_A_CLASS if takes_weights(metric.name) else 0)
    drawn = ((train, test[np.isin(test, every[sample.rows])]) for train, test in folds)
    for train, test in drawn:
        if not len(test):  # a small fold, as of small groups
            continue
        learned, rows = dataset.take(train), dataset.take(test)
        model = fit(candidate, learned, seed)
        told = partial(_told, model, line, len(train))
        names = names or _moving(learned, told, random)
        said.append(told(rows))
        shuffled.append(_told_without(rows, names, told, random, REPEATS))
    rows = _weighed(dataset.take(every[sample.rows]), sample)
    whole, alike = np.concatenate(said), _alike(rows.features[names])
    without = np.concatenate(shuffled, axis=2)
    gains = [_gain(rows, whole, np.concatenate(copies), metric, seed) for copies in without]
    by_chance = false_discovery_control([p_value(gain) for gain in gains])
    return [
        Earning(name, gain.interval, float(p), alike[name])
        for name, gain, p in zip(names, gains, by_chance, strict=True)
    ]


def _moving(rows: Dataset, told: Callable[[Dataset], Array], random: np.random.Generator) -> list[str]:
    """Return the columns that move the predictions most where one of them is shuffled, in the table's order.

    Their number is limited, because measuring takes time. The rows are some that the model has learned from, as a fold
    of those that judge may be a single row.
    """
    names = [str(name) for name in rows.features.columns]
    if len(names) <= MOST_COLUMNS:
        return names
    some = rows.take(np.sort(random.permutation(len(rows))[:ROWS_TO_CHOOSE]))
    moved = np.abs(_told_without(some, names, told, random, 1) - told(some)).reshape(len(names), -1).mean(axis=1)
    return [names[place] for place in sorted(np.argsort(-moved, kind="stable")[:MOST_COLUMNS])]


def _told(model: Any, line: Recalibration | None, trained_on: int, rows: Dataset) -> Array:
    said = predict(model, rows.features, rows, trained_on)
    return line.apply(said) if line else said


def _weighed(rows: Dataset, sample: Sample) -> Dataset:
    """Return the sampled rows; where they hold more than its share of a rare class, with weights that undo it."""
    if sample.weights is None:
        return rows
    return replace(rows, weights=sample.weights if rows.weights is None else sample.weights * rows.weights)


def _told_without(
    rows: Dataset, names: Sequence[str], told: Callable[[Dataset], Array], random: np.random.Generator, repeats: int
) -> Array:
    """Predict the rows while one column is shuffled and so carries no information; one call predicts many copies.

    Returns
    -------
    ndarray, shape (columns, repeats, rows) or (columns, repeats, rows, classes)
    """
    each = [(name, random.permutation(len(rows))) for name in names for _ in range(repeats)]
    at_once = max(1, ROWS_AT_ONCE // len(rows))
    parts = [told(_copies(rows, each[start : start + at_once])) for start in range(0, len(each), at_once)]
    whole = np.concatenate(parts)
    return whole.reshape(len(names), repeats, len(rows), *whole.shape[1:])


def _copies(rows: Dataset, shuffles: Sequence[tuple[str, Rows]]) -> Dataset:
    """Return one copy of the rows per shuffle, with the named column in the shuffled order."""
    own = np.arange(len(rows))
    copies = {
        column: cells.take(np.concatenate([order if column == name else own for name, order in shuffles]))
        for column, cells in rows.features.items()
    }
    features = pd.DataFrame({column: cells.reset_index(drop=True) for column, cells in copies.items()})
    return replace(rows, features=features)


def _gain(rows: Dataset, said: Array, copies: Array, metric: Metric, seed: int) -> Gain:
    return paired_gain(
        metric,
        np.tile(rows.target, REPEATS),
        copies,
        np.concatenate([said] * REPEATS),
        weights=None if rows.weights is None else np.tile(rows.weights, REPEATS),
        groups=np.tile(widest_units(rows).codes, REPEATS),
        seed=seed,
    )


def _alike(features: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Return, for each column, the columns whose ranks correlate with its own."""
    codes = pd.DataFrame({name: numbers(features[name]) for name in features.columns})
    close = codes.rank().corr().abs() >= ALIKE
    return {name: tuple(other for other in close.columns[close[name]] if other != name) for name in features.columns}
