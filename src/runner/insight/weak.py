"""Where the kept model is weak: slices, confusion, calibration, residuals, groups. A diagnosis; it chooses nothing."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.dataset import Dataset
from runner.gain.units import Units, make_units
from runner.insight.fairness import fairness
from runner.insight.slices import LEVEL, MOST_ROWS, make_slices, p_values
from runner.metrics import Metric
from runner.task import Task

Array = NDArray[np.float64]
MOST_SLICES, MOST_RESIDUALS, BINS = 10, 300, 10


def weak(dataset: Dataset, predictions: Array, metric: Metric, seed: int) -> dict[str, Any]:
    """Return what verdict.json holds under `weak`.

    Parameters
    ----------
    dataset : Dataset
        Rows that the model has not seen.
    predictions : ndarray, shape (rows, classes) or (rows,)
        What it said of them.
    """
    found, looked_at = _slices(dataset, predictions, metric, seed)
    classes = bool(dataset.classes)
    return {
        "slices": found,
        "looked_at": looked_at,
        "confusion": _confusion(dataset, predictions, metric) if classes else None,
        "calibration": _calibration(dataset.target, predictions) if classes else None,
        "residuals": None if classes else _residuals(dataset.target, predictions, seed),
        "fairness": fairness(dataset, predictions, metric),
    }


def row_losses(target: NDArray[Any], predictions: Array, metric: Metric) -> Array:
    """Return what each row costs: the metric's own rows, or log loss, or the error as the metric takes it."""
    scores = metric.row_scores(target, predictions)
    if scores is not None:
        return -scores
    if metric.task is Task.REGRESSION:
        errors = np.abs(target - predictions)
        return np.asarray(errors if "absolute" in metric.name else errors**2, dtype=np.float64)
    own = predictions[np.arange(len(target)), target]
    return np.asarray(-np.log(np.clip(own, 1e-15, None)), dtype=np.float64)


def _slices(dataset: Dataset, predictions: Array, metric: Metric, seed: int) -> tuple[list[dict[str, Any]], int]:
    """Return the slices in which it is worse, the worst first, and how many were looked at."""
    if len(dataset) > MOST_ROWS and dataset.groups is None and dataset.time is None:
        sample = np.sort(np.random.default_rng(seed).choice(len(dataset), MOST_ROWS, replace=False))
        dataset, predictions = dataset.take(sample), predictions[sample]
    slices = make_slices(dataset.features)
    losses = row_losses(dataset.target, predictions, metric)
    found = p_values(losses, slices, widest_units(dataset), seed)
    told: list[dict[str, Any]] = []
    for p, number in sorted((p, number) for number, p in enumerate(found) if p <= LEVEL):
        rows = slices[number].rows
        score, rest = (_score(metric, dataset, predictions, part) for part in (rows, ~rows))
        if len(told) == MOST_SLICES or score is None or rest is None or score >= rest:
            continue  # of rarer outcomes in a slice each row may cost more, and the score be no worse
        told.append(
            {
                "column": slices[number].column,
                "value": slices[number].value,
                "rows": int(rows.sum()),
                "score": score,
                "rest": rest,
                "p_value": float(p),
            }
        )
    return told, len(slices)


def widest_units(dataset: Dataset) -> Units:
    """Return what counts as independent: the fewest of groups, blocks of time, or rows."""
    return min(make_units(len(dataset), dataset.groups, dataset.time is not None), key=lambda units: units.count)


def _score(metric: Metric, dataset: Dataset, predictions: Array, rows: NDArray[np.bool_]) -> float | None:
    weights = dataset.weights_of(rows)
    try:
        score = metric.score(dataset.target[rows], predictions[rows], weights)
    except ValueError:  # ROC AUC of one class only
        return None
    return score if np.isfinite(score) else None


def _confusion(dataset: Dataset, predictions: Array, metric: Metric) -> dict[str, Any]:
    """Count what is taken for what at the decisions that the kept model takes."""
    size = len(dataset.classes)
    counts = np.zeros((size, size), dtype=int)
    np.add.at(counts, (dataset.target, metric.decide(predictions)), 1)
    labels = [str(name) for name in dataset.classes]
    return {"labels": labels, "counts": counts.tolist(), "threshold": metric.threshold}


def _calibration(target: NDArray[Any], predictions: Array) -> list[dict[str, Any]]:
    """Compare probability and share: of the positive class, or with more classes of the one most probable."""
    if predictions.shape[1] == 2:
        said, came = predictions[:, 1], target == 1
    else:
        said, came = predictions.max(axis=1), np.argmax(predictions, axis=1) == target
    edges = np.unique(np.quantile(said, np.linspace(0, 1, BINS + 1)[1:-1]))
    bins = np.searchsorted(edges, said, side="right")
    return [
        {
            "predicted": float(said[inside].mean()),
            "observed": float(came[inside].mean()),
            "rows": int(inside.sum()),
        }
        for number in np.unique(bins)
        if (inside := bins == number).any()
    ]


def _residuals(target: Array, predictions: Array, seed: int) -> list[dict[str, float]]:
    """Return what is left of some rows, true minus predicted."""
    rows = np.arange(len(target))
    if len(rows) > MOST_RESIDUALS:
        rows = np.sort(np.random.default_rng(seed).choice(rows, MOST_RESIDUALS, replace=False))
    return [{"predicted": float(predictions[row]), "residual": float(target[row] - predictions[row])} for row in rows]
