"""Errors by the groups of columns that the user marks as sensitive."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from runner.cells import written
from runner.dataset import Dataset
from runner.insight.slices import range_of
from runner.metrics import Metric
from runner.task import Task

Array = NDArray[np.float64]
MOST_GROUPS, PARTS = 12, 4


def fairness(dataset: Dataset, predictions: Array, metric: Metric) -> list[dict[str, Any]] | None:
    """Return one line for each group of each sensitive column; None if no column is marked.

    For two classes: the share decided positive, of all rows, of the truly positive and of the truly negative ones.
    A figure is null if a group has no rows for it. Row counts are unweighted, rates are weighted.

    Parameters
    ----------
    predictions : ndarray, shape (rows, classes) or (rows,)
    """
    if dataset.sensitive is None:
        return None
    from fairlearn.metrics import MetricFrame

    decided: NDArray[Any] = metric.decide(predictions, dataset.weights) if dataset.classes else predictions
    figures, weights = _figures(dataset.task), dataset.weights_above_zero
    given = {name: {} if name == "rows" else {"sample_weight": weights} for name in figures}
    told = []
    for name in dataset.sensitive.columns:
        groups = _groups(dataset.sensitive[name])
        frame = MetricFrame(
            metrics=figures, y_true=dataset.target, y_pred=decided, sensitive_features=groups, sample_params=given
        )
        for group, line in frame.by_group.iterrows():
            inside = (groups == group).to_numpy()
            score = metric.score_or_none(dataset.target[inside], predictions[inside], dataset.weights_of(inside))
            shown = None if score is None else metric.for_people(score)
            told.append({"column": str(name), "group": str(group), **_plain(line), "score": shown})
    return told


def _figures(task: Task) -> dict[str, Any]:
    """Return the figures of a group by name: functions of its true classes or values and of what is said of them."""
    import fairlearn.metrics as fair
    from sklearn.metrics import accuracy_score, mean_absolute_error

    if task is Task.REGRESSION:
        return {"rows": fair.count, "mean_error": _mean_error, "mean_absolute_error": mean_absolute_error}
    if task is Task.MULTICLASS:
        return {"rows": fair.count, "accuracy": accuracy_score}
    return {
        "rows": fair.count,
        "selection_rate": fair.selection_rate,
        "true_positive_rate": lambda true, said, **given: (
            fair.true_positive_rate(true, said, **given) if true.any() else np.nan
        ),
        "false_positive_rate": lambda true, said, **given: (
            fair.false_positive_rate(true, said, **given) if not true.all() else np.nan
        ),
        "accuracy": accuracy_score,
    }


def _mean_error(true: Array, said: Array, sample_weight: Array) -> float:
    return float(np.average(said - true, weights=sample_weight))


def _groups(column: "pd.Series[Any]") -> "pd.Series[str]":
    """Return the group of each row: a value, a quarter of the numbers, or all rare values together."""
    if pd.api.types.is_numeric_dtype(column.dtype) and column.nunique() > MOST_GROUPS:
        parts = pd.qcut(column, PARTS, labels=False, duplicates="drop")
        column = parts.map({part: range_of(column[parts == part]) for part in parts.dropna().unique()})
    text = column.astype(object).where(column.notna(), "missing").map(written)
    frequent = text.value_counts().index[: MOST_GROUPS - 1]
    return text if text.nunique() <= MOST_GROUPS else text.where(text.isin(frequent), "others")


def _plain(line: "pd.Series[Any]") -> dict[str, Any]:
    return {
        str(name): int(value) if name == "rows" else (float(value) if np.isfinite(value) else None)
        for name, value in line.items()
    }
