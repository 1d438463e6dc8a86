"""The proof rows: a holdout, or outer folds. Whatever is reported on them had no part in any choice."""

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from runner.dataset import Dataset
from runner.gain import Gain, OuterLook, association_p_value, nested_gain, overlap, paired_gain
from runner.metrics import Metric
from runner.splits import Fold, Rows, Splits

Array = NDArray[np.float64]


class Proof(ABC):
    """Where finalists are fitted, on which rows they are judged, and what follows from their predictions.

    Predictions have shape (rows,) or (rows, classes), in the order of `rows` unless rows are given.

    Attributes
    ----------
    where : str
        A phrase for where the finalists are judged, to follow "on".
    folds : sequence of (train, test)
        Row positions in the table; the predictions of finalists are joined fold by fold.
    """

    where: str
    folds: Sequence[Fold]

    def __init__(self, dataset: Dataset, metric: Metric, seed: int):
        self.dataset, self.metric, self.seed = dataset, metric, seed

    @property
    def rows(self) -> Rows:
        """Return the row of each prediction; a row that several folds judge occurs several times."""
        return np.concatenate([test for _, test in self.folds])

    def parts(self, predictions: Array) -> list[Array]:
        """Split predictions of `rows`, shape (rows,) or (rows, classes), into those of each fold."""
        return np.split(predictions, np.cumsum([len(test) for _, test in self.folds])[:-1])

    def score(self, predictions: Array) -> float:
        """Return the mean score over the folds."""
        scores = [
            self.metric.score(self.dataset.target[test], part, self.dataset.weights_of(test))
            for (_, test), part in zip(self.folds, self.parts(predictions), strict=True)
        ]
        return float(np.mean(scores))

    def perfect(self, rows: Rows) -> Array:
        """Return what a perfect model would predict for the given rows of the table."""
        target = self.dataset.target[rows]
        if self.dataset.classes:
            return np.asarray(np.eye(len(self.dataset.classes))[target])
        return np.asarray(target, dtype=np.float64)

    @property
    def is_adrift(self) -> bool:
        """Whether levels may drift in time, so that a model of nothing gains over a constant for as long as they do."""
        return self.dataset.time is not None

    def association(self, predictions: Array) -> float | None:
        """Return the p-value for predictions that know nothing of their rows' target; None if no test is possible.

        Folds share training rows, so their p-values depend on each other. Twice their mean is a valid p-value whatever
        the dependence (Vovk and Wang 2020).
        """
        parts = zip(self.folds, self.parts(predictions), strict=True)
        values = [self.association_on(test, said) for (_, test), said in parts]
        known = [value for value in values if value is not None]
        if len(known) < len(values):
            return None
        return known[0] if len(known) == 1 else min(2 * float(np.mean(known)), 1.0)

    def association_on(self, rows: Rows, said: Array) -> float | None:
        """Return the p-value for predictions of one model, or of one for each stretch of time, for rows of the table.

        Parameters
        ----------
        rows : ndarray of int64
            Row positions in the table, in order of time if there is one.
        said : ndarray, shape (rows,) or (rows, classes)
        """
        data = self.dataset
        if data.weights is not None:  # what is said of rows that do not count is no part of the score
            counts = data.weights[rows] > 0
            rows, said = rows[counts], said[counts]
        target, weights = data.target[rows], data.weights_of(rows)
        groups, time = (None if each is None else each[rows] for each in (data.groups, data.time))
        return association_p_value(self.metric, target, said, weights, self.seed, groups, time)

    def gain_on(self, rows: Rows, reference: Array, challenger: Array, *, perfect: bool = False) -> Gain:
        """Return the paired gain of one set of predictions over another, respecting groups, time and weights.

        Parameters
        ----------
        rows : ndarray of int64
            Row positions in the table.
        reference, challenger : ndarray, shape (rows,) or (rows, classes)
        perfect : bool
            Whether the challenger is a perfect model.
        """
        data = self.dataset
        return paired_gain(
            self.metric,
            data.target[rows],
            reference,
            challenger,
            weights=data.weights_of(rows),
            groups=None if data.groups is None else data.groups[rows],
            time=None if data.time is None else data.time[rows],
            perfect=perfect,
            seed=self.seed,
        )

    def loss_on(self, rows: Rows, predictions: Array) -> Gain:
        """Return how far predictions of some rows are from perfect ones: the gain of a perfect model over them."""
        return self.gain_on(rows, predictions, self.perfect(rows), perfect=True)

    def loss(self, predictions: Array) -> Gain:
        """Return how far a finalist's predictions are from perfect ones: the gain of a perfect model over it."""
        return self.gain(predictions, self.perfect(self.rows), perfect=True)

    @abstractmethod
    def gain(self, reference: Array, challenger: Array, *, perfect: bool = False) -> Gain:
        """Return the gain of one finalist, or of a perfect model, over another."""

    @abstractmethod
    def error_here(self, standard_error: float, rows: int) -> float:
        """Return what the standard error of a gain measured on `rows` rows would be on the proof rows."""


class HoldoutProof(Proof):
    """One look at the holdout."""

    where = "the rows kept aside"

    def __init__(self, dataset: Dataset, splits: Splits, metric: Metric, seed: int):
        super().__init__(dataset, metric, seed)
        self.folds = [(splits.development, splits.holdout)]

    def gain(self, reference: Array, challenger: Array, *, perfect: bool = False) -> Gain:
        """Return the paired gain on the holdout."""
        return self.gain_on(self.rows, reference, challenger, perfect=perfect)

    def error_here(self, standard_error: float, rows: int) -> float:
        """Return what the standard error of a gain measured on `rows` rows would be on the holdout."""
        return standard_error * math.sqrt(rows / len(self.rows))


class OuterProof(Proof):
    """All rows, each judged by models that were chosen and fitted without its outer fold."""

    where = "the outer folds"

    def __init__(self, dataset: Dataset, splits: Splits, metric: Metric, seed: int):
        super().__init__(dataset, metric, seed)
        assert splits.outer is not None
        self.outer = splits.outer
        self.folds = [(self.outer.train(fold), self.outer.test(fold)) for fold in self.outer.outer()]

    def gain(self, reference: Array, challenger: Array, *, perfect: bool = False) -> Gain:
        """Return the mean gain over the outer folds."""
        looks = [
            OuterLook(outer.repeat, test, first, second)
            for outer, (_, test), first, second in zip(
                self.outer.outer(), self.folds, self.parts(reference), self.parts(challenger), strict=True
            )
        ]
        data = self.dataset
        return nested_gain(self.metric, data.target, looks, weights=data.weights, groups=data.groups, perfect=perfect)

    def error_here(self, standard_error: float, rows: int) -> float:
        """Return what the standard error of a gain measured on `rows` rows would be over the outer folds."""
        wide = overlap(len(self.outer.repeats), self.outer.folds)
        return standard_error * math.sqrt(rows / len(self.dataset)) * wide


def make_proof(dataset: Dataset, splits: Splits, metric: Metric, seed: int) -> Proof:
    """Return the proof that these splits provide."""
    return (OuterProof if splits.outer else HoldoutProof)(dataset, splits, metric, seed)
