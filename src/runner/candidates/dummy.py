"""No model: the best answer without any input, under the metric that judges.

The shares of the classes and the mean are best for most metrics, but not for all. Always saying yes has a greater F1
than always saying no, the median has a smaller absolute error than the mean, and a lower value a smaller error in
percent. Where F1 is averaged over classes, no constant answer is best: classes drawn at random, as often as they occur,
have a macro F1 of 1 / classes, and the most frequent class alone has less. Measured against a worse answer, models of
pure noise would seem to know something.
"""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.candidates.pipeline import Candidate, estimator_class
from runner.dataset import Dataset
from runner.errors import UserError
from runner.gain import labels
from runner.metrics import NO_LOSS, Metric
from runner.task import Task
from runner.words import amount

CLASSIFIER, REGRESSOR = "sklearn.dummy.DummyClassifier", "sklearn.dummy.DummyRegressor"
GUESSES = "runner.candidates.guesses.Guesses"
BEST = "runner.candidates.constant.BestConstant"
ALIKE = 1e-9  # of a loss: a mean that was searched for is no better than the mean
OF_DECISIONS: tuple[dict[str, Any], ...] = ({}, *({"strategy": "constant", "constant": code} for code in (0, 1)))
LEANS = np.arange(20) / 20  # towards the most frequent class, which is the constant answer at 1


def best_constant(candidate: Candidate, rows: Dataset, metric: Metric) -> Candidate:
    """Return a dummy that gives the best constant answer; any other candidate, or one with parameters, unchanged.

    With more than two classes, or where probabilities count, no constant is better than the shares of the classes.
    Values are answered by the mean or the median or, if another value is better, by the best one of the rows that the
    dummy is fitted to. Where it is better than any class, classes are drawn at random.

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
        searched = replace(candidate, estimator=BEST, params={"metric": metric.name})
        answers = [candidate, replace(candidate, params={"strategy": "median"}), searched]
    elif labels.rewards_guesses(metric.name):
        return _best_guesses(candidate, rows, metric.name)
    elif rows.task is Task.BINARY and metric.judges_decisions:
        answers = [replace(candidate, params=dict(params)) for params in OF_DECISIONS]
    else:
        return candidate
    said = [_said(answer, rows) for answer in answers]
    found = [metric.score_or_none(rows.target, each, rows.weights) for each in said]
    losses = np.array([np.inf if score is None else metric.loss(score) for score in found])
    best = int(np.argmax(losses <= (1 + ALIKE) * losses.min()))  # the first of those that are alike
    if losses[best] <= NO_LOSS and np.ptp(rows.target) > 0:
        raise UserError(
            f"evaluation.metric={metric.name!r} cannot judge models of {rows.name!r}: {_perfect(rows, said[best][0])}."
        )
    return answers[best]


def _best_guesses(candidate: Candidate, rows: Dataset, metric: str) -> Candidate:
    """Return classes drawn as often as is best, or the most frequent one if that is."""
    shares = np.bincount(rows.target, rows.weights) / (len(rows) if rows.weights is None else rows.weights.sum())
    always = np.arange(len(shares)) == np.argmax(shares)
    scores = [labels.guess_score(metric, shares, (1 - lean) * shares + lean * always) for lean in (*LEANS, 1.0)]
    best = int(np.argmax(scores))
    if best == len(LEANS):
        return candidate
    return replace(candidate, estimator=GUESSES, params={"lean": float(LEANS[best])})


def _said(candidate: Candidate, rows: Dataset) -> NDArray[np.float64]:
    """Return a constant answer on the rows it is taken from."""
    inputs = np.zeros((len(rows), 1))
    model = estimator_class(candidate.estimator, candidate.name)(**candidate.params)
    model.fit(inputs, rows.target, sample_weight=rows.weights)
    return np.asarray(model.predict(inputs) if rows.task is Task.REGRESSION else model.predict_proba(inputs))


def _perfect(rows: Dataset, answer: Any) -> str:
    """Say which constant answer is perfect, and what to judge by instead."""
    if rows.task is Task.REGRESSION:
        return f"always saying {amount(float(answer))} is perfect; choose another, such as mae or rmse"
    always = str(rows.classes[int(answer.argmax())])
    return f"always saying {always!r} is perfect; choose another, such as f1, or average_precision"
