"""Metrics of predicted labels: ratios of counts in the confusion table, averaged over classes."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

RATIOS = ("f1", "precision", "recall", "jaccard")
AVERAGES = ("binary", "micro", "macro", "weighted")
NAMES = {
    "accuracy": ("f1", "micro"),
    "balanced_accuracy": ("recall", "balanced"),
    **{ratio: (ratio, "binary") for ratio in RATIOS},
    **{f"{ratio}_{average}": (ratio, average) for ratio in RATIOS for average in AVERAGES[1:]},
}


def label_influence(
    name: str, target: NDArray[np.int64], predictions: Array, shares: Array
) -> tuple[Array, float]:
    """Return the influence values of a metric of labels, and what one flipped label can move a value by.

    Parameters
    ----------
    name : str
        One of `NAMES`.
    target : ndarray, shape (rows,)
    predictions : ndarray, shape (rows, classes)
        Probabilities: the label is the most probable class.
    shares : ndarray, shape (rows,)
        Weights that sum to one.
    """
    labels = predictions.argmax(axis=1)
    classes = predictions.shape[1]
    confusion = np.bincount(target * classes + labels, shares, classes**2).reshape(classes, classes)
    ratio, average = NAMES[name]
    table = _table(confusion, ratio, average)
    seen = confusion.sum(axis=1) > 0
    return table[target, labels] - float((confusion * table).sum()), float(np.ptp(table[seen], axis=1).max())


def _table(confusion: Array, ratio: str, average: str) -> Array:
    """Return the derivative of the metric by each cell of the confusion table, up to a constant."""
    hits, calls = _counts(len(confusion), ratio)
    if average == "micro":
        hits, calls = hits.sum(axis=0, keepdims=True), calls.sum(axis=0, keepdims=True)
    n_hits = np.tensordot(hits, confusion, 2)
    n_calls = np.tensordot(calls, confusion, 2)
    score = np.divide(n_hits, n_calls, out=np.zeros_like(n_hits), where=n_calls > 0)
    scale = np.divide(1.0, n_calls, out=np.zeros_like(n_calls), where=n_calls > 0)
    slopes = (hits - score[:, None, None] * calls) * scale[:, None, None]
    if average == "weighted":  # the weights are the classes' own shares, which a row moves too
        return np.asarray(np.tensordot(confusion.sum(axis=1), slopes, 1) + score[:, None])
    return np.asarray(np.tensordot(_class_weights(confusion, average), slopes, 1))


def _counts(classes: int, ratio: str) -> tuple[Array, Array]:
    """Return what each (true, predicted) cell counts in numerator and denominator, for each class."""
    of_class = np.eye(classes)
    true = np.repeat(of_class[:, :, None], classes, axis=2)
    called = np.repeat(of_class[:, None, :], classes, axis=1)
    hits = true * called
    calls = {
        "f1": (true + called) / 2,
        "precision": called,
        "recall": true,
        "jaccard": np.maximum(true, called),
    }
    return hits, calls[ratio]


def _class_weights(confusion: Array, average: str) -> Array:
    """Return the weight of each class: macro averages leave out the classes that do not occur."""
    if average == "micro":
        return np.ones(1)
    if average == "binary":
        return np.array([0.0, 1.0])
    true = confusion.sum(axis=1) > 0
    present = true if average == "balanced" else true | (confusion.sum(axis=0) > 0)
    return np.asarray(present / present.sum())
