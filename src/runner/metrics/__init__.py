"""Metrics: a scikit-learn scorer, applied to stored predictions."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.metrics import get_scorer, get_scorer_names, make_scorer, mean_poisson_deviance

from runner.dataset import Dataset
from runner.errors import UserError, first_line, nearest
from runner.gain.labels import NAMES as LABEL_METRICS
from runner.metrics.stored import stored_scorer
from runner.task import Task
from runner.words import amount

OF_EQUAL_CLASSES = ("balanced_accuracy", "recall_macro")  # a hit of a class counts the more, the rarer the class is
OF_HITS = ("f1", "jaccard")  # of the positive class: the more rows are hits, the more is asked of a further one
NO_LOSS = 1e-12
NO_FAULT = 1e-6  # a loss up to this is that of a perfect prediction
DEFAULTS = {
    Task.BINARY: "roc_auc",
    Task.MULTICLASS: "neg_log_loss",
    Task.REGRESSION: "neg_root_mean_squared_error",
}
SHORT_NAMES = {  # shorter names that people write for scorers with long ones
    "auc": "roc_auc",
    "log_loss": "neg_log_loss",
    "brier": "neg_brier_score",
    "rmse": "neg_root_mean_squared_error",
    "mse": "neg_mean_squared_error",
    "mae": "neg_mean_absolute_error",
    "mape": "neg_mean_absolute_percentage_error",
    "rmsle": "neg_root_mean_squared_log_error",
}
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
_OF_VALUES = (
    "r2",
    "explained_variance",
    "absolute_error",
    "absolute_percentage",
    "mean_squared",
    "max_error",
    "deviance",
)


def _poisson_deviance(
    target: NDArray[np.float64], said: NDArray[np.float64], sample_weight: NDArray[np.float64] | None = None
) -> float:
    """Return scikit-learn's deviance, which allows no prediction of 0; but a perfect model says 0 where nothing comes.

    Raises
    ------
    ValueError
        If a value or a prediction is below zero.
    """
    above = np.where(said == 0, np.finfo(np.float64).tiny, said)
    return float(mean_poisson_deviance(target, above, sample_weight=sample_weight))


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
        return LABELS.get(self.name, self.name.removeprefix("neg_").replace("_", " "))

    @property
    def greater_is_better(self) -> bool:
        """Whether people read a greater value as better (RMSE: no)."""
        return not self.name.startswith("neg_")

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
            return float(self.scorer(model, self.weighed(predictions), target, **given))

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

    def weighed(self, predictions: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return probabilities times what a hit of each class counts: the greatest is decided for.

        Parameters
        ----------
        predictions : ndarray, shape (rows, classes) or (rows,)
        """
        losses = self.losses_of_decisions(predictions) if self.costs is None else None
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

    def decide(self, probabilities: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the class decided for each row: the most probable one, or the one of least expected loss.

        Parameters
        ----------
        probabilities : ndarray, shape (rows, classes)

        Returns
        -------
        ndarray of int64, shape (rows,)
        """
        if self.costs is None:
            return np.asarray(np.argmax(self.weighed(probabilities), axis=1), dtype=np.int64)
        return np.asarray(np.argmin(probabilities @ self.costs, axis=1), dtype=np.int64)

    @property
    def costs(self) -> NDArray[np.float64] | None:
        """Return the cost matrix, if the metric is made from one."""
        costs: NDArray[np.float64] | None = getattr(self.scorer, "costs", None)
        return costs

    def losses_of_decisions(self, probabilities: NDArray[np.float64]) -> NDArray[np.float64] | None:
        """Return what it costs to take each class for each other one, shape (classes, classes); None if all the same.

        In money, or in what a hit of the class counts.

        Parameters
        ----------
        probabilities : ndarray, shape (rows, classes)
            Of a model: under F1, what a hit counts depends on how well it tells the classes apart.
        """
        if self.name in OF_HITS and self.task is Task.BINARY:
            threshold = threshold_of_hits(probabilities[:, 1])
            return np.array([[0.0, threshold], [1 - threshold, 0.0]])
        if self.class_weights is None:
            return self.costs
        return np.asarray(self.class_weights)[:, None] * (1 - np.eye(self.n_classes))

    def threshold(self, probabilities: NDArray[np.float64]) -> float | None:
        """Return the probability at and above which a row is decided positive; None unless there are two classes.

        Parameters are those of `losses_of_decisions`.
        """
        return threshold_of(self.losses_of_decisions(probabilities)) if self.task is Task.BINARY else None

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


def threshold_of(costs: NDArray[np.float64] | None) -> float:
    """Return the probability at and above which the positive one of two classes is decided.

    Parameters
    ----------
    costs : ndarray, shape (2, 2), or None
        Cost of taking a true class (row) for another (column); zero on the diagonal.
    """
    return 0.5 if costs is None else float(costs[0, 1] / (costs[0, 1] + costs[1, 0]))


def threshold_of_hits(positive: NDArray[np.float64]) -> float:
    """Return the threshold of greatest expected F1, and so of the greatest Jaccard index, if probabilities are right.

    Of rows in falling order of their probabilities, the first k are called positive for which twice the sum of theirs
    over k and the sum of all is greatest (Lipton, Elkan and Naryanaswamy 2014). One half if no row may be positive.

    Parameters
    ----------
    positive : ndarray, shape (rows,)
        Probabilities of the positive class.
    """
    falling = np.sort(positive)[::-1]
    hits, called = np.cumsum(falling), np.arange(1, len(falling) + 1)
    if not len(falling) or hits[-1] <= 0:
        return 0.5
    last = np.flatnonzero(np.append(falling[1:] < falling[:-1], True))  # rows that are alike are called alike
    best = last[np.argmax(hits[last] / (called[last] + hits[-1]))]
    return float(falling[best] / 2 if best == len(falling) - 1 else (falling[best] + falling[best + 1]) / 2)


def make_metric(name: str | None, dataset: Dataset) -> Metric:
    """Find the scorer, and try it on the table's own classes.

    Raises
    ------
    UserError
        If there is no such scorer, or it cannot score this task from predictions.
    """
    name = scorer_name("evaluation.metric", name or DEFAULTS[dataset.task])
    metric = Metric(name, dataset.task, len(dataset.classes), scorer_of(name, dataset.task))
    _try_out(metric, dataset)
    return metric


def scorer_of(name: str, task: Task) -> Any:
    """Return scikit-learn's scorer, or one that gives the same sooner or where that has no score."""
    if stored := stored_scorer(name, task):
        return stored
    if name == "neg_mean_poisson_deviance":
        return make_scorer(_poisson_deviance, greater_is_better=False)
    return get_scorer(name)


def scorer_name(key: str, name: str) -> str:
    """Return the name of a scorer that a config gives under a key, perhaps by a short name.

    Raises
    ------
    UserError
        If there is no such scorer.
    """
    name = SHORT_NAMES.get(name, name)
    if name not in get_scorer_names():
        hint = nearest(name, [*SHORT_NAMES, *get_scorer_names()])
        raise UserError(f"{key}={name!r} is not a scikit-learn scorer: {hint}")
    return name


def takes_weights(name: str | None) -> bool:
    """Return whether a metric of classes takes weights of the rows, as all do but one-against-one areas."""
    return name is None or "ovo" not in name


def _over_classes(name: str) -> str | None:
    """Return the mean over classes of a scorer for two of them: f1_macro, roc_auc_ovr; None if there is none."""
    return next((mean for end in ("macro", "ovr") if (mean := f"{name}_{end}") in get_scorer_names()), None)


def _try_out(metric: Metric, dataset: Dataset) -> None:
    """Score a perfect prediction and wrong ones; a metric for another task, or for clusters, fails."""
    if metric.task is Task.REGRESSION:
        target = np.array([1.5, 2.25, 3.75, 4.5])  # not whole numbers, which could be taken for classes
        perfect = target
    else:
        target = np.repeat(np.arange(metric.n_classes), 2)
        perfect = np.eye(metric.n_classes)[target]
    tries = (perfect, perfect[::-1], np.roll(perfect, 1, axis=0))
    weights = None if dataset.weights is None else np.ones(len(target))
    unfit = f"evaluation.metric={metric.name!r} cannot score the {dataset.task} task of {dataset.name!r}"
    default = f"{DEFAULTS[dataset.task]!r} is its default."
    zeros = int((dataset.target == 0).sum()) if "percentage" in metric.name else 0
    if metric.task is Task.REGRESSION and zeros:
        raise UserError(
            f"evaluation.metric={metric.name!r} divides by the target, which is 0 in {zeros:,} of {len(dataset):,} "
            "rows: choose evaluation.metric=mae."
        )
    if metric.task.is_classification and any(word in metric.name for word in _OF_VALUES):
        raise UserError(f"{unfit}, as it compares values, not classes: {default}")
    try:
        best, *others = (metric.score(target, predicted, weights) for predicted in tries)
    except Exception as error:
        if weights is not None and "weight" in str(error):
            weighed = f"evaluation.metric={metric.name!r} takes no weights of rows, which dataset.weight gives"
            raise UserError(f"{weighed}: leave them out, or choose another metric; {default}") from error
        mean = _over_classes(metric.name) if metric.n_classes > 2 else None
        way_out = f", which has more than two classes: choose evaluation.metric={mean};" if mean else None
        if metric.task is Task.REGRESSION and "predict_proba" in str(error):
            way_out = ", as it judges classes, not values:"
        raise UserError(f"{unfit}{way_out or f' ({first_line(error)}):'} {default}") from error
    if not (abs(metric.loss(best)) <= NO_FAULT and max(others) < best):
        raise UserError(
            f"evaluation.metric={metric.name!r} gives a perfect prediction {best:.3g} and wrong ones up to "
            f"{max(others):.3g}: gains can be told only where 0 (a loss) or 1 (a score) is the best; {default}"
        )
    if metric.task is Task.REGRESSION:
        try:
            metric.score(dataset.target, np.full(len(dataset), dataset.target.mean()))
        except ValueError as error:
            raise UserError(
                f"evaluation.metric={metric.name!r} cannot score target {dataset.target_name!r}, of which the least is "
                f"{amount(float(dataset.target.min()))} ({first_line(error)}): choose evaluation.metric=rmse."
            ) from error
