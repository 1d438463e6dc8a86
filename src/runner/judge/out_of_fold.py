"""Out-of-fold predictions and their scores by fold: for plain folds, nested folds, and one fold of nested folds."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from runner.dataset import Dataset
from runner.evaluation import Evaluation
from runner.metrics import Metric
from runner.splits import Rows, Splits
from runner.splits.outer_folds import Outer, OuterFolds

Array = NDArray[np.float64]


class OutOfFold:
    """One prediction per row, each from a model that had not seen the row; shape (rows,) or (rows, classes).

    Parameters
    ----------
    dataset : Dataset
        The development rows.
    tests : sequence of ndarray
        Row positions of each fold.
    """

    def __init__(self, dataset: Dataset, tests: Sequence[Rows], metric: Metric):
        self.dataset, self.tests, self.metric = dataset, tests, metric

    @property
    def test_to_train(self) -> float:
        """Return the number of test rows over training rows, for the last fold, which has the most training rows."""
        return len(self.tests[-1]) / (len(self.dataset) - len(self.tests[-1]))

    def of(self, evaluation: Evaluation) -> Array | None:
        """Return the predictions of a candidate that are scored and blended here."""
        return evaluation.predictions

    def scores(self, predictions: Array) -> tuple[float, ...]:
        """Score such predictions, fold by fold."""
        return tuple(self.score(test, predictions[test]) for test in self.tests)

    def scored(self, evaluation: Evaluation, predictions: Array) -> Evaluation:
        """Return an evaluation with these predictions and their scores."""
        return replace(evaluation, fold_scores=self.scores(predictions), predictions=predictions)

    def score(self, rows: Rows, predictions: Array) -> float:
        """Score predictions of the rows at the given positions."""
        return self.metric.score(self.dataset.target[rows], predictions, self.dataset.weights_of(rows))


class PairedOutOfFold(OutOfFold):
    """Predictions of nested folds, joined end to end: for each pair, those of its two folds by the model without them.

    A fold's score is the mean over the models that have not seen it.
    """

    def __init__(self, dataset: Dataset, folds: OuterFolds, metric: Metric):
        super().__init__(dataset, [folds.test(outer) for outer in folds.outer()], metric)
        self.folds = folds
        self._rows = np.concatenate([test for _, test in folds.inner()])
        self._sides = _sides(folds)

    def of(self, evaluation: Evaluation) -> Array | None:
        """Return the joined predictions of all pairs."""
        return evaluation.parts

    def scores(self, predictions: Array) -> tuple[float, ...]:
        """Score each outer fold by the models that have not seen it."""
        return tuple(
            float(np.mean([self.score(self._rows[side], predictions[side]) for side in self._sides[outer].values()]))
            for outer in self.folds.outer()
        )

    def scored(self, evaluation: Evaluation, predictions: Array) -> Evaluation:
        """Return an evaluation with these predictions; the mean of a row's predictions counts as its prediction."""
        total = np.zeros((len(self.dataset), *predictions.shape[1:]))
        np.add.at(total, self._rows, predictions)
        per_row = len(self._rows) / len(self.dataset)
        return replace(evaluation, fold_scores=self.scores(predictions), predictions=total / per_row, parts=predictions)

    def side(self, outer: Outer, other: int) -> slice:
        """Return the part that holds an outer fold's predictions by the model that has not seen `other` either."""
        return self._sides[outer][other]


class InnerOutOfFold(OutOfFold):
    """What can be seen without the rows of one outer fold: its inner scores, from models and rows outside it."""

    def __init__(self, paired: PairedOutOfFold, outer: Outer):
        others = [fold for fold in range(paired.folds.folds) if fold != outer.fold]
        tests = [paired.folds.test(Outer(outer.repeat, fold)) for fold in others]
        super().__init__(paired.dataset, tests, paired.metric)
        self._sides = [paired.side(Outer(outer.repeat, fold), outer.fold) for fold in others]

    def seen(self, evaluation: Evaluation) -> Evaluation:
        """Return the evaluation as it would be without the outer fold; unchanged if it has no score."""
        if not evaluation.ok or evaluation.parts is None:
            return evaluation
        predictions = np.full((len(self.dataset), *evaluation.parts.shape[1:]), np.nan)
        for test, side in zip(self.tests, self._sides, strict=True):
            predictions[test] = evaluation.parts[side]
        return self.scored(replace(evaluation, parts=None), predictions)


def _sides(folds: OuterFolds) -> dict[Outer, dict[int, slice]]:
    """Return where each outer fold's predictions stand, by the other fold that the model has not seen."""
    sides: dict[Outer, dict[int, slice]] = {outer: {} for outer in folds.outer()}
    start = 0
    for first, second in folds.pairs():
        for one, other in ((first, second), (second, first)):
            end = start + len(folds.test(one))
            sides[one][other.fold] = slice(start, end)
            start = end
    return sides


def make_out_of_fold(development: Dataset, splits: Splits, metric: Metric) -> OutOfFold:
    """Return how predictions of the development rows are scored under these splits."""
    if splits.outer:
        return PairedOutOfFold(development, splits.outer, metric)
    return OutOfFold(development, [test for _, test in splits.folds], metric)
