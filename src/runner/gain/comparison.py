"""The predictions of two models for the same rows, and the metric that compares them."""

from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from runner.gain.influence import Influence, influence
from runner.gain.rows import mean_influence
from runner.task import Task

Array = NDArray[np.float64]


class Metric(Protocol):
    """What this package needs of a metric (`runner.metrics.Metric` is one)."""

    @property
    def name(self) -> str:
        """The scorer's name."""

    @property
    def task(self) -> Task:
        """What is predicted."""

    @property
    def costs(self) -> Array | None:
        """The cost matrix, if the metric is made from one, shape (classes, classes)."""

    def score(self, target: NDArray[Any], predictions: Array, weights: Array | None = None) -> float:
        """Score predictions; greater is better."""

    def weighed(self, predictions: Array, weights: Array | None = None) -> Array:
        """Return predictions of which the greatest is decided for."""

    def row_scores(self, target: NDArray[Any], predictions: Array) -> Array | None:
        """Return the score of each row if the metric is their mean; else None."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """A challenger compared with a reference.

    Attributes
    ----------
    target : ndarray, shape (rows,)
    reference, challenger : ndarray, shape (rows, classes) or (rows,)
    weights : ndarray, shape (rows,), or None
    perfect : bool
        Whether the challenger is a perfect model, which ranks all other rows right as well.
    """

    metric: Metric
    target: NDArray[Any]
    reference: Array
    challenger: Array
    weights: Array | None
    perfect: bool = False

    def __len__(self) -> int:
        return len(self.target)

    @property
    def classes(self) -> NDArray[np.int64] | None:
        """Return the class codes; None for regression."""
        return self.target if self.metric.task.is_classification else None

    @property
    def row_weights(self) -> Array:
        """Return the weight of each row; 1 if no weights are given."""
        return np.ones(len(self)) if self.weights is None else self.weights

    @property
    def identical(self) -> bool:
        """Whether both predict exactly the same numbers, so that they are in effect one model.

        Bare labels do not count: two models whose labels agree on these rows may differ on others.
        """
        if not np.array_equal(self.reference, self.challenger):
            return False
        return self.classes is None or not np.isin(self.reference, (0.0, 1.0)).all()

    @property
    def over_none(self) -> bool:
        """Whether the reference says the same of each row, so that it ranks nothing."""
        return bool((self.reference == self.reference[0]).all())

    def take(self, rows: NDArray[np.int64]) -> "Comparison":
        """Return the given rows (positions), in the order given."""
        return replace(
            self,
            target=self.target[rows],
            reference=self.reference[rows],
            challenger=self.challenger[rows],
            weights=None if self.weights is None else self.weights[rows],
        )

    def scores(self) -> tuple[float, float]:
        """Return the scores of the reference and of the challenger."""
        score = self.metric.score
        return score(self.target, self.reference, self.weights), score(self.target, self.challenger, self.weights)

    def gain(self) -> float:
        """Return the challenger's score minus the reference's."""
        old, new = self.scores()
        return new - old

    def influence(self) -> Influence | None:
        """Return the influence values of the gain; None if they have no closed form for the metric.

        Of decisions by costs, a flipped one can change a value by the greatest cost. Where none differs, no bound is
        given at all (`limits.few_limit`).
        """
        old, new = self._influence_of(self.reference), self._influence_of(self.challenger)
        if old is None or new is None:
            return None
        gain, costs = new - old, self.metric.costs
        return gain if costs is None or not gain.values.any() else replace(gain, step=float(costs.max()))

    def _influence_of(self, predictions: Array) -> Influence | None:
        scores = self.metric.row_scores(self.target, predictions)
        if scores is not None:
            return Influence(mean_influence(scores, self.row_weights / self.row_weights.sum()))
        weighed = self.metric.weighed(predictions, self.weights)
        return influence(self.metric.name, self.target, weighed, self.row_weights)
