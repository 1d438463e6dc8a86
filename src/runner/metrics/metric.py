"""A metric: a scikit-learn scorer for one task, applied to stored predictions, and the decisions that it asks for."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin

from runner.gain.labels import NAMES as LABEL_METRICS
from runner.gain.labels import trades_off
from runner.metrics.thresholds import best_threshold, threshold_of
from runner.task import Task
from runner.words import is_an_error

OF_EQUAL_CLASSES = ("balanced_accuracy", "recall_macro")  # a hit of a class counts the more, the rarer the class is
NO_LOSS = 1e-12
NO_FAULT = 1e-6  # a loss up to this is that of a perfect prediction
LABELS = {
    "roc_auc": "ROC AUC",
    "neg_log_loss": "log loss",
    "neg_brier_score": "Brier score",
    "neg_root_mean_squared_error": "RMSE",
    "neg_mean_squared_error": "MSE",
    "neg_mean_absolute_error": "MAE",
    "neg_mean_absolute_percentage_error": "MAPE",
    "neg_root_mean_squared_log_error": "RMSLE",
    "neg_mean_poisson_deviance": "Poisson deviance",
    "neg_money_per_row": "cost per row",
    "r2": "R²",
    "f1": "F1",
}


class _StoredClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A classifier that returns stored probabilities, so that any scorer can be called without a fitted model."""

    def __init__(self, n_classes: int):
        self.classes_ = np.arange(n_classes)

    def predict_proba(self, X: NDArray[np.float64]) -> NDArray[np.float64]:
        return X

    def predict(self, X: NDArray[np.float64]) -> NDArray[np.int64]:
        return np.asarray(np.argmax(X, axis=1), dtype=np.int64)


class _StoredRegressor(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """A regressor that returns stored values."""

    def predict(self, X: NDArray[np.float64]) -> NDArray[np.float64]:
        return X


@dataclass(frozen=True)
class Metric:
    """One scikit-learn scorer for one task.

    Attributes
    ----------
    name : str
        The scorer's name. Greater scores are always better (``neg_log_loss`` is below zero).
    class_weights : tuple of float, or None
        What a hit of each class counts (`for_shares`); None if each row counts the same.
    """

    name: str
    task: Task
    n_classes: int
    scorer: Callable[..., float]
    class_weights: tuple[float, ...] | None = None

    @property
    def label(self) -> str:
        """Return the name shown to people."""
        return LABELS.get(self.name, self.name.rpartition(".")[2].removeprefix("neg_").replace("_", " "))

    @property
    def greater_is_better(self) -> bool:
        """Whether people read a greater value as better (RMSE: no)."""
        return not is_an_error(self.name)

    @property
    def judges_decisions(self) -> bool:
        """Whether only the decided class counts, not its probability: accuracy, F1, money."""
        decides = self.name in LABEL_METRICS or getattr(self.scorer, "_response_method", None) == "predict"
        return decides or hasattr(self.scorer, "row_scores")

    def for_people(self, score: float) -> float:
        """Turn the scorer's own sign into the one people read: an RMSE of 3, not of -3."""
        return score if self.greater_is_better else -score

    def score(
        self,
        target: NDArray[Any],
        predictions: NDArray[np.float64],
        weights: NDArray[np.float64] | None = None,
    ) -> float:
        """Score stored predictions.

        Parameters
        ----------
        target : ndarray, shape (rows,)
            Class codes, or values.
        predictions : ndarray, shape (rows, classes) or (rows,)
            Probabilities, or values.
        weights : ndarray, shape (rows,), optional

        Returns
        -------
        float
            In the scorer's own sign: greater is better.
        """
        model = _StoredRegressor() if self.task is Task.REGRESSION else _StoredClassifier(self.n_classes)
        given = {} if weights is None else {"sample_weight": weights}
        with warnings.catch_warnings():  # about a class that the rows lack, which the score already shows
            warnings.simplefilter("ignore")
            return float(self.scorer(model, self.weighed(predictions, weights), target, **given))

    def for_shares(self, target: NDArray[np.int64], weights: NDArray[np.float64] | None) -> "Metric":
        """Return the metric with a weight for each class, if its hits count by the class and not by the row.

        Expected balanced accuracy is greatest where each row is called the class of the greatest probability over its
        share of the rows (Menon et al. 2013); the most probable class is hardly ever a rare one.

        Parameters
        ----------
        target : ndarray, shape (rows,)
            Class codes of the rows that models learn from, whose shares their probabilities are about.
        weights : ndarray, shape (rows,), or None
        """
        if self.name not in OF_EQUAL_CLASSES:
            return self
        counts = np.bincount(target, weights, minlength=self.n_classes)
        rarity = counts.sum() / np.where(counts > 0, counts, counts.sum())
        return replace(self, class_weights=tuple(rarity.tolist()))

    def weighed(
        self, predictions: NDArray[np.float64], weights: NDArray[np.float64] | None = None
    ) -> NDArray[np.float64]:
        """Return probabilities times what a hit of each class counts: the greatest is decided for.

        Arrays are as in `score`.
        """
        weighs = self.weighs_decisions and self.costs is None
        losses = self.losses_of_decisions(predictions, weights) if weighs else None
        return predictions if losses is None else predictions * losses.max(axis=1)

    def score_or_none(
        self,
        target: NDArray[Any],
        predictions: NDArray[np.float64],
        weights: NDArray[np.float64] | None = None,
    ) -> float | None:
        """Score predictions as `score` does, of arrays of the same shapes; None if there is no such score.

        There is none for the ROC AUC of a single class, for instance.
        """
        try:
            score = self.score(target, predictions, weights)
        except (ValueError, ZeroDivisionError):  # the latter of rows without any weight
            return None
        return score if np.isfinite(score) else None

    def can_judge(self, target: NDArray[Any], weights: NDArray[np.float64] | None = None) -> bool:
        """Whether on these rows a prediction without a fault gets the best score, and a constant one need not.

        There is no ROC AUC of a single class, and average precision and F1 are 0 without any positive row. Of a metric
        that is averaged over classes, a constant answer gets the best score where there is only one. Arrays are as in
        `score`.
        """
        there = target if weights is None else target[weights > 0]
        if LABEL_METRICS.get(self.name, ("", ""))[1] in ("macro", "balanced") and len(np.unique(there)) < 2:
            return False
        perfect = target if self.task is Task.REGRESSION else np.eye(self.n_classes)[target]
        best = self.score_or_none(target, perfect, weights)
        return best is not None and self.loss(best) <= NO_FAULT

    def decide(
        self, probabilities: NDArray[np.float64], weights: NDArray[np.float64] | None = None
    ) -> NDArray[np.int64]:
        """Return the class decided for each row: the most probable one, or the one of least expected loss.

        Parameters
        ----------
        probabilities : ndarray, shape (rows, classes)
        weights : ndarray, shape (rows,), optional

        Returns
        -------
        ndarray of int64, shape (rows,)
        """
        if self.costs is None:
            return np.asarray(np.argmax(self.weighed(probabilities, weights), axis=1), dtype=np.int64)
        return np.asarray(np.argmin(probabilities @ self.costs, axis=1), dtype=np.int64)

    @property
    def costs(self) -> NDArray[np.float64] | None:
        """Return the cost matrix, if the metric is made from one."""
        costs: NDArray[np.float64] | None = getattr(self.scorer, "costs", None)
        return costs

    @property
    def _trades_off(self) -> bool:
        return self.task is Task.BINARY and trades_off(self.name)

    @property
    def weighs_decisions(self) -> bool:
        """Whether another class than the most probable one may be decided for."""
        return self._trades_off or self.class_weights is not None or self.costs is not None

    def losses_of_decisions(
        self, probabilities: NDArray[np.float64], weights: NDArray[np.float64] | None = None
    ) -> NDArray[np.float64] | None:
        """Return what it costs to take each class for each other one, shape (classes, classes); None if all the same.

        In money, or in what a hit of the class counts.

        Parameters
        ----------
        probabilities : ndarray, shape (rows, classes)
            Of a model: under F1, what a hit counts depends on how well it tells the classes apart.
        weights : ndarray, shape (rows,), optional
        """
        if self._trades_off:
            threshold = best_threshold(self.name, probabilities[:, 1], weights)
            return np.array([[0.0, threshold], [1 - threshold, 0.0]])
        if self.class_weights is None:
            return self.costs
        return np.asarray(self.class_weights)[:, None] * (1 - np.eye(self.n_classes))

    def threshold(self, probabilities: NDArray[np.float64], weights: NDArray[np.float64] | None = None) -> float | None:
        """Return the probability at and above which a row is decided positive; None unless there are two classes.

        Parameters are those of `losses_of_decisions`.
        """
        return threshold_of(self.losses_of_decisions(probabilities, weights)) if self.task is Task.BINARY else None

    def row_scores(self, target: NDArray[Any], predictions: NDArray[np.float64]) -> NDArray[np.float64] | None:
        """Return the score of each row, shape (rows,), if the metric is known to be their mean, else None."""
        scores = getattr(self.scorer, "row_scores", None)
        return None if scores is None else np.asarray(scores(target, predictions), dtype=np.float64)

    def loss(self, score: float) -> float:
        """Return the distance from a perfect score: 1 - AUC, RMSE, log loss, 1 - R²."""
        return (1.0 if self.greater_is_better else 0.0) - score

    def headroom(self, score: float) -> float:
        """Return the loss of the dummy's score, which skill is a share of; next to nothing if it makes no mistake."""
        loss = self.loss(score)
        return loss if loss > 0 else NO_LOSS
