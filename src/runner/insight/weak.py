"""Where the kept model is weak: slices, confusion, calibration, residuals, groups. A diagnosis that chooses nothing."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.dataset import Dataset
from runner.gain.influence import Influence
from runner.gain.limits import count_limit
from runner.gain.ranks import rank_score
from runner.gain.rows import PROBABILITY_MEANS, losses_of_values
from runner.gain.spread import Spread, influence_spread
from runner.gain.units import Units, make_units
from runner.insight.fairness import fairness
from runner.insight.promise import promised
from runner.insight.slices import LEVEL, MOST_ROWS, Slice, make_slices, p_values, p_values_of_scores
from runner.metrics import Metric
from runner.task import Task

Array = NDArray[np.float64]
MOST_SLICES, MOST_RESIDUALS, BINS = 10, 300, 10
AREAS = ("roc_auc", "roc_auc_ovr", "roc_auc_ovr_weighted")


def weak(dataset: Dataset, predictions: Array, metric: Metric, seed: int, least: float = 0.0) -> dict[str, Any]:
    """Return the content of `weak` in verdict.json.

    Parameters
    ----------
    dataset : Dataset
        Rows that the model has not seen.
    predictions : ndarray, shape (rows, classes) or (rows,)
        The model's predictions of these rows.
    least : float
        By how much a slice must score less than the rest to be told: a smaller weakness is of no use to anyone.
    """
    found, looked_at = _slices(dataset, predictions, metric, seed, least)
    classes = bool(dataset.classes)
    return {
        "slices": found,
        "looked_at": looked_at,
        "compared": _compared(metric),
        "confusion": _confusion(dataset, predictions, metric) if classes else None,
        "calibration": _calibration(dataset, predictions) if classes else None,
        "residuals": None if classes else _residuals(dataset.target, predictions, seed),
        "fairness": fairness(dataset, predictions, metric),
    }


def row_losses(target: NDArray[Any], predictions: Array, metric: Metric) -> Array:
    """Return the loss of each row: as the metric defines it per row, or log loss, or the error in the metric's terms.

    Parameters
    ----------
    target : ndarray, shape (rows,)
    predictions : ndarray, shape (rows, classes) or (rows,)

    Returns
    -------
    ndarray, shape (rows,)
    """
    scores = metric.row_scores(target, predictions)
    if scores is not None:
        return -scores
    if metric.task is Task.REGRESSION:
        return losses_of_values(metric.name)(target, predictions)
    return PROBABILITY_MEANS["neg_log_loss"](target, predictions)


def _slices(
    dataset: Dataset, predictions: Array, metric: Metric, seed: int, least: float
) -> tuple[list[dict[str, Any]], int]:
    """Return the slices in which the model is worse, and how many were tested.

    Those in which it falls short of what its own probabilities promise come first, then those of the least p-value.
    """
    if len(dataset) > MOST_ROWS and dataset.groups is None and dataset.time is None:
        sample = np.sort(np.random.default_rng(seed).choice(len(dataset), MOST_ROWS, replace=False))
        dataset, predictions = dataset.take(sample), predictions[sample]
    slices = make_slices(dataset.features)
    found = _p_values(dataset, predictions, metric, slices, seed)
    told: list[dict[str, Any]] = []
    for p, number in sorted((p, number) for number, p in enumerate(found) if p <= LEVEL):
        if len(told) == MOST_SLICES:
            break
        rows = slices[number].rows
        score, rest = (
            metric.score_or_none(dataset.target[part], predictions[part], dataset.weights_of(part))
            for part in (rows, ~rows)
        )
        if score is None or rest is None or score >= rest - least:
            continue  # the losses of rows and the score need not agree
        own, short = None, False
        if dataset.classes:
            own, short = promised(dataset.target[rows], predictions[rows], metric, dataset.weights_of(rows), seed)
        told.append(
            {
                "column": slices[number].column,
                "value": slices[number].value,
                "rows": int(rows.sum()),
                "score": score,
                "rest": rest,
                "promised": own,
                "falls_short": short,
                "p_value": float(p),
            }
        )
    return sorted(told, key=lambda each: not each["falls_short"]), len(slices)


def _compared(metric: Metric) -> str:
    """Return what the p-value compares between a slice and the rest: the score, or the loss of each row."""
    if metric.name in AREAS:
        return metric.label
    if metric.costs is not None:
        return "what each row costs"
    if metric.task is Task.REGRESSION:
        error = "error of the logarithm" if "squared_log" in metric.name else "error"
        return f"the {error} of each row" if "absolute" in metric.name else f"the squared {error} of each row"
    return "the log loss of each row"


def _p_values(dataset: Dataset, predictions: Array, metric: Metric, slices: list[Slice], seed: int) -> Array:
    if metric.name not in AREAS:
        losses, units = row_losses(dataset.target, predictions, metric), widest_units(dataset)
        return p_values(losses, slices, units, seed, dataset.weights)
    return p_values_of_scores(lambda rows: _area(dataset, predictions, metric, rows), slices)


def _area(dataset: Dataset, predictions: Array, metric: Metric, rows: NDArray[np.bool_]) -> tuple[float, Spread] | None:
    """Return the area under the ROC curve on some rows and its spread; None if a class has too few rows."""
    weights = np.ones(len(dataset)) if dataset.weights is None else dataset.weights
    rows = rows & (weights > 0)
    target = dataset.target[rows]
    groups, time = (None if each is None else each[rows] for each in (dataset.groups, dataset.time))
    divisions = make_units(len(target), groups, time)
    units = min(divisions, key=lambda units: units.count)
    shares, said = weights[rows] / weights[rows].sum(), predictions[rows]
    found = rank_score(metric.name, target, said, shares)
    if found is None or count_limit(metric.name, divisions, target).why:
        return None
    spreads = found if np.ptp(said, axis=0).any() else rank_score(metric.name, target, _by_chance(said), shares)
    assert spreads is not None
    return found[0], influence_spread(Influence(spreads[1]), units, weights[rows], target)


def _by_chance(predictions: Array) -> Array:
    """Return predictions that rank by chance: an area has no spread where all rows are told the same, yet is uncertain.

    Other rows like these may be told apart, such as those of a rare category that happens to be missing here.
    """
    return np.random.default_rng(0).uniform(size=predictions.shape)


def widest_units(dataset: Dataset) -> Units:
    """Return the independent units: groups, blocks of time or rows, whichever are fewest."""
    return min(make_units(len(dataset), dataset.groups, dataset.time), key=lambda units: units.count)


def _confusion(dataset: Dataset, predictions: Array, metric: Metric) -> dict[str, Any]:
    """Count true and decided classes at the decisions that the kept model takes, by weight if rows have weights."""
    from sklearn.metrics import confusion_matrix

    labels, decided = [str(name) for name in dataset.classes], metric.decide(predictions, dataset.weights)
    counts = confusion_matrix(dataset.target, decided, labels=range(len(labels)), sample_weight=dataset.weights)
    weighted = dataset.weights is not None
    return {
        "labels": labels,
        "counts": counts.round(1).tolist(),
        "weighted": weighted,
        "threshold": metric.threshold(predictions, dataset.weights),
    }


def _calibration(dataset: Dataset, predictions: Array) -> list[dict[str, Any]]:
    """Compare probability and weighted share, of the positive class or, with more classes, of the most probable one."""
    target, weights = dataset.target, np.ones(len(dataset)) if dataset.weights is None else dataset.weights
    if predictions.shape[1] == 2:
        said, came = predictions[:, 1], target == 1
    else:
        said, came = predictions.max(axis=1), np.argmax(predictions, axis=1) == target
    edges = np.unique(np.quantile(said, np.linspace(0, 1, BINS + 1)[1:-1]))
    bins = np.searchsorted(edges, said, side="right")
    return [
        {
            "predicted": float(np.average(said[inside], weights=weights[inside])),
            "observed": float(np.average(came[inside], weights=weights[inside])),
            "rows": int(inside.sum()),
        }
        for number in np.unique(bins)
        if weights[inside := bins == number].any()
    ]


def _residuals(target: Array, predictions: Array, seed: int) -> list[dict[str, float]]:
    """Return the residuals of some rows, true minus predicted, with the greatest: a single row may decide the score."""
    rows = np.arange(len(target))
    if len(rows) > MOST_RESIDUALS:
        worst = int(np.abs(target - predictions).argmax())
        others = np.random.default_rng(seed).choice(np.delete(rows, worst), MOST_RESIDUALS - 1, replace=False)
        rows = np.sort(np.append(others, worst))
    return [{"predicted": float(predictions[row]), "residual": float(target[row] - predictions[row])} for row in rows]
