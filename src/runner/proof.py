"""The rows that prove: a holdout, or outer folds. What is told of them is told of rows that chose nothing."""

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from runner.dataset import Dataset
from runner.gain import Gain, OuterLook, association_p_value, nested_gain, overlap, paired_gain
from runner.metrics import Metric
from runner.splits import Rows, Splits

Array = NDArray[np.float64]


class Proof(ABC):
    """Where finalists are fitted, on which rows they are judged, and what follows from their predictions.

    Attributes
    ----------
    where : str
        In words, after "on".
    folds : sequence of (train, test)
        Positions in the table; predictions of finalists stand one fold after the other.
    """

    where: str
    folds: Sequence[tuple[Rows, Rows]]

    def __init__(self, dataset: Dataset, metric: Metric, seed: int):
        self.dataset, self.metric, self.seed = dataset, metric, seed

    @property
    def rows(self) -> Rows:
        """Return the row of each prediction; one that several folds judge stands there several times."""
        return np.concatenate([test for _, test in self.folds])

    def parts(self, predictions: Array) -> list[Array]:
        """Return the predictions of each fold, from those of `rows`, shape (rows,) or (rows, classes)."""
        return np.split(predictions, np.cumsum([len(test) for _, test in self.folds])[:-1])

    def score(self, predictions: Array) -> float:
        """Return the mean score over the folds."""
        scores = [
            self.metric.score(self.dataset.target[test], part, self.dataset.weights_of(test))
            for (_, test), part in zip(self.folds, self.parts(predictions), strict=True)
        ]
        return float(np.mean(scores))

    def perfect(self, rows: Rows) -> Array:
        """Return what a perfect model would predict of some rows of the table."""
        target = self.dataset.target[rows]
        if self.dataset.classes:
            return np.asarray(np.eye(len(self.dataset.classes))[target])
        return np.asarray(target, dtype=np.float64)

    def association(self, predictions: Array) -> float:
        """Return the p-value of the predictions knowing nothing of their rows' target.

        Folds share training rows, so that their p-values depend on each other: twice their mean is one however they
        do (Vovk and Wang 2020).
        """
        data, values = self.dataset, []
        for (_, test), part in zip(self.folds, self.parts(predictions), strict=True):
            values.append(association_p_value(self.metric, data.target[test], part, data.weights_of(test), self.seed))
        return values[0] if len(values) == 1 else min(2 * float(np.mean(values)), 1.0)

    def gain_on(self, rows: Rows, reference: Array, challenger: Array) -> Gain:
        """Return the paired gain of one prediction of some rows over another, as groups, time and weights ask for.

        Parameters
        ----------
        rows : ndarray of int64
            Positions in the table.
        reference, challenger : ndarray, shape (rows,) or (rows, classes)
        """
        data = self.dataset
        return paired_gain(
            self.metric,
            data.target[rows],
            reference,
            challenger,
            weights=data.weights_of(rows),
            groups=None if data.groups is None else data.groups[rows],
            ordered=data.time is not None,
            seed=self.seed,
        )

    def loss_on(self, rows: Rows, predictions: Array) -> Gain:
        """Return how far predictions of some rows are from perfect ones: what a perfect model would gain over them."""
        return self.gain_on(rows, predictions, self.perfect(rows))

    @abstractmethod
    def gain(self, reference: Array, challenger: Array) -> Gain:
        """Return the gain of one finalist over another."""

    @abstractmethod
    def error_here(self, standard_error: float, rows: int) -> float:
        """Return what the standard error of a gain on so many rows would be here."""


class HoldoutProof(Proof):
    """One look at rows kept aside."""

    where = "the rows kept aside"

    def __init__(self, dataset: Dataset, splits: Splits, metric: Metric, seed: int):
        super().__init__(dataset, metric, seed)
        self.folds = [(splits.development, splits.holdout)]

    def gain(self, reference: Array, challenger: Array) -> Gain:
        """Return the paired gain on the rows kept aside."""
        return self.gain_on(self.rows, reference, challenger)

    def error_here(self, standard_error: float, rows: int) -> float:
        """Return what the standard error of a gain on so many rows would be here."""
        return standard_error * math.sqrt(rows / len(self.rows))


class OuterProof(Proof):
    """All rows, each judged by models that were chosen and fitted without its outer fold."""

    where = "the outer folds"

    def __init__(self, dataset: Dataset, splits: Splits, metric: Metric, seed: int):
        super().__init__(dataset, metric, seed)
        assert splits.outer is not None
        self.outer = splits.outer
        self.folds = [(self.outer.train(fold), self.outer.test(fold)) for fold in self.outer.outer()]

    def gain(self, reference: Array, challenger: Array) -> Gain:
        """Return the mean gain over the outer folds."""
        looks = [
            OuterLook(outer.repeat, test, first, second)
            for outer, (_, test), first, second in zip(
                self.outer.outer(), self.folds, self.parts(reference), self.parts(challenger), strict=True
            )
        ]
        data = self.dataset
        return nested_gain(self.metric, data.target, looks, weights=data.weights, groups=data.groups)

    def error_here(self, standard_error: float, rows: int) -> float:
        """Return what the standard error of a gain on so many rows would be here."""
        wide = overlap(len(self.outer.repeats), self.outer.folds)
        return standard_error * math.sqrt(rows / len(self.dataset)) * wide


def make_proof(dataset: Dataset, splits: Splits, metric: Metric, seed: int) -> Proof:
    """Return the rows that prove under these splits."""
    return (OuterProof if splits.outer else HoldoutProof)(dataset, splits, metric, seed)
