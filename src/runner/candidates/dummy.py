"""No model: the best answer without any input, under the metric that judges.

The shares of the classes and the mean are best for most metrics, but not for all. Always saying yes has a greater F1
than always saying no, and the median has a smaller absolute error than the mean. Measured against a worse answer,
models of pure noise would seem to know something.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from runner.candidates.pipeline import Candidate, estimator_class
from runner.dataset import Dataset
from runner.errors import UserError
from runner.metrics import NO_LOSS, Metric
from runner.task import Task

CLASSIFIER, REGRESSOR = "sklearn.dummy.DummyClassifier", "sklearn.dummy.DummyRegressor"
OF_VALUES: tuple[dict[str, Any], ...] = ({}, {"strategy": "median"})
OF_DECISIONS: tuple[dict[str, Any], ...] = ({}, *({"strategy": "constant", "constant": code} for code in (0, 1)))


def best_constant(candidate: Candidate, rows: Dataset, metric: Metric) -> Candidate:
    """Return a dummy that gives the best constant answer; any other candidate, or one with parameters, unchanged.

    With more than two classes, or where probabilities count, no answer is better than the shares of the classes.

    Parameters
    ----------
    rows : Dataset
        The development rows; only their targets are looked at.

    Raises
    ------
    UserError
        If a constant answer is perfect under the metric, as always saying yes is for recall.
    """
    if candidate.params or candidate.estimator not in (CLASSIFIER, REGRESSOR):
        return candidate
    if rows.task is Task.REGRESSION:
        answers = OF_VALUES
    elif rows.task is Task.BINARY and metric.judges_decisions:
        answers = OF_DECISIONS
    else:
        return candidate
    scores = [_score(replace(candidate, params=params), rows, metric) for params in answers]
    best = int(np.argmax(scores))  # the first of equals
    if best > 0 and metric.loss(scores[best]) <= NO_LOSS:
        raise UserError(
            f"evaluation.metric={metric.name!r} cannot judge models of {rows.name!r}: {_perfect(rows, best)}."
        )
    return replace(candidate, params=dict(answers[best]))


def _score(candidate: Candidate, rows: Dataset, metric: Metric) -> float:
    """Return the score of a constant answer on the rows it was taken from."""
    inputs = np.zeros((len(rows), 1))
    model = estimator_class(candidate.estimator, candidate.name)(**candidate.params)
    model.fit(inputs, rows.target, sample_weight=rows.weights)
    said = model.predict(inputs) if rows.task is Task.REGRESSION else model.predict_proba(inputs)
    score = metric.score_or_none(rows.target, said, rows.weights)
    return -np.inf if score is None else score


def _perfect(rows: Dataset, best: int) -> str:
    """Say which constant answer is perfect, and what to judge by instead."""
    if rows.task is Task.REGRESSION:
        return "always saying the median is perfect; choose another, such as mae or rmse"
    always = str(rows.classes[OF_DECISIONS[best]["constant"]])
    return f"always saying {always!r} is perfect; choose another, such as f1, or average_precision"
