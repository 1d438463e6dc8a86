"""A cost matrix as a metric: money per row, at the decision of least expected cost."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.dataset import Dataset
from runner.errors import UserError, nearest
from runner.metrics.metric import Metric

NAME = "neg_money_per_row"


@dataclass(frozen=True, eq=False)
class MoneyScorer:
    """Scores stored probabilities by the cost of the decisions made from them.

    For each row the class of least expected cost is chosen (Elkan 2001). With two classes this is a threshold of
    C(false alarm) / (C(false alarm) + C(miss)) instead of one half.

    Attributes
    ----------
    costs : ndarray, shape (classes, classes)
        Cost of deciding for a class (column) when another (row) is true; zero on the diagonal.
    """

    costs: NDArray[np.float64]

    def row_scores(self, target: NDArray[np.int64], probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return minus the cost of each row, shape (rows,)."""
        scores: NDArray[np.float64] = -self.costs[target, np.argmin(probabilities @ self.costs, axis=1)]
        return scores

    def __call__(self, _model: Any, probabilities: Any, target: Any, sample_weight: Any = None) -> float:
        """Return minus the mean cost per row; it has the signature of a scikit-learn scorer."""
        return float(np.average(self.row_scores(target, probabilities), weights=sample_weight))


def money_metric(dataset: Dataset, matrix: Mapping[Any, Mapping[Any, float]]) -> Metric:
    """Return the metric that a cost matrix makes.

    Parameters
    ----------
    matrix : mapping
        True class to decided class to cost. Right decisions that are left out cost nothing.

    Raises
    ------
    UserError
        If the task has no classes, the matrix has another form, a class is unknown, or a wrong decision has no cost.
    """
    if not dataset.task.is_classification:
        raise UserError(f"economics.cost_matrix is for classes, and {dataset.target_name!r} is a number: leave it out.")
    _refuse_other_forms(matrix)
    names = [str(name) for name in dataset.classes]
    costs = np.full((len(names), len(names)), np.nan)
    np.fill_diagonal(costs, 0.0)
    for true, decisions in matrix.items():
        for decided, cost in decisions.items():
            costs[_code(true, names), _code(decided, names)] = cost
    if np.isnan(costs).any():
        true, decided = (names[code] for code in np.argwhere(np.isnan(costs))[0])
        raise UserError(
            f"economics.cost_matrix says nothing of deciding for {decided!r} when {true!r} is true: add it."
        )
    if np.diag(costs).any() or (costs < 0).any() or not costs.any():
        raise UserError("economics.cost_matrix must cost nothing where the decision is right, and something elsewhere.")
    return Metric(NAME, dataset.task, len(names), MoneyScorer(costs))


def _refuse_other_forms(matrix: Any) -> None:
    """Refuse a matrix that does not name classes, such as rows of numbers, whose order would have to be guessed."""
    rows = matrix.values() if isinstance(matrix, Mapping) else [None]
    for row in rows:
        costs = row.values() if isinstance(row, Mapping) else [None]
        if not all(isinstance(cost, int | float) for cost in costs):
            raise UserError(
                f"economics.cost_matrix={str(matrix)[:80]} is not read: name the true class, the decision and what it "
                "costs, as in {good: {bad: 1}, bad: {good: 5}}."
            )


def _code(name: Any, names: list[str]) -> int:
    if str(name) not in names:
        raise UserError(f"economics.cost_matrix names {str(name)!r}, which is not a class: {nearest(str(name), names)}")
    return names.index(str(name))
