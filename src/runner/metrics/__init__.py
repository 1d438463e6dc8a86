"""Metrics by their names: that of a config is found, and tried on the classes of the table."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import get_scorer, get_scorer_names, make_scorer, mean_poisson_deviance

from runner.dataset import Dataset
from runner.errors import UserError, first_line, nearest
from runner.metrics.metric import NO_FAULT, NO_LOSS, Metric
from runner.metrics.own import is_own, own_scorer
from runner.metrics.stored import stored_scorer
from runner.task import Task
from runner.words import amount

__all__ = ["NO_LOSS", "SHORT_NAMES", "Metric", "make_metric", "scorer_name", "scorer_of", "takes_weights"]
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
    """Return scikit-learn's scorer, or one that gives the same sooner or where that has no score, or the user's own."""
    if stored := stored_scorer(name, task):
        return stored
    if name == "neg_mean_poisson_deviance":
        return make_scorer(_poisson_deviance, greater_is_better=False)
    return own_scorer("evaluation.metric", name) if is_own(name) else get_scorer(name)


def scorer_name(key: str, name: str) -> str:
    """Return the name of a scorer that a config gives under a key, perhaps by a short name; or of one's own.

    Raises
    ------
    UserError
        If there is no such scorer.
    """
    name = SHORT_NAMES.get(name, name)
    if is_own(name):
        own_scorer(key, name)
        return name
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
