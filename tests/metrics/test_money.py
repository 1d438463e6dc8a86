"""A cost matrix as a metric: read as it was meant, or refused in a sentence."""

from typing import Any

import numpy as np
import pytest

from runner.errors import UserError
from runner.metrics import Metric
from runner.metrics.money import NAME, MoneyScorer, money_metric
from runner.task import Task


@pytest.mark.parametrize(
    ("matrix", "said"),
    [
        ([[0, 1], [5, 0]], "name the true class, the decision and what it costs"),
        ({1: 5}, "name the true class, the decision and what it costs"),
        ({1: {2: "much"}}, "name the true class, the decision and what it costs"),
        ({1: {2: 1}, 3: {1: 5}}, "names '3', which is not a class"),
        ({1: {2: 1}}, "says nothing of deciding for '1' when '2' is true"),
        ({1: {2: 1}, 2: {1: -5}}, "cost nothing where the decision is right"),
    ],
)
def test_what_is_no_cost_matrix_is_refused(shipped: Any, matrix: Any, said: str) -> None:
    with pytest.raises(UserError, match=said):
        money_metric(shipped("credit-g", 200), matrix)


def test_each_row_is_decided_at_the_least_expected_cost(shipped: Any) -> None:
    metric = money_metric(shipped("credit-g", 200), {"1": {"2": 1}, "2": {"1": 5}})
    good, bad, sure = [0.8, 0.2], [0.5, 0.5], [0.9, 0.1]
    # a bad customer costs five times a good one: decided bad from one sixth on
    assert metric.score(np.array([0, 1, 0]), np.array([good, bad, sure])) == pytest.approx(-1 / 3)


def test_a_number_has_no_cost_matrix(shipped: Any) -> None:
    with pytest.raises(UserError, match="is for classes"):
        money_metric(shipped("abalone", 200), {1: {2: 1}})


def test_rows_without_any_weight_cost_nothing_that_could_be_told() -> None:
    metric = Metric(NAME, Task.BINARY, 2, MoneyScorer(np.array([[0.0, 1.0], [5.0, 0.0]])))
    assert metric.score_or_none(np.array([0, 1]), np.full((2, 2), 0.5), np.zeros(2)) is None
