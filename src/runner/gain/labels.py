"""Metrics of predicted labels: ratios of counts in the confusion table, averaged over classes, or its correlation."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Each ratio divides the hits of a class by a sum: the factors of its true rows, of its predicted rows and of its hits.
RATIOS = {"f1": (0.5, 0.5, 0.0), "precision": (0, 1, 0), "recall": (1, 0, 0), "jaccard": (1, 1, -1)}
ROUNDING = 1e-12
AVERAGES = ("binary", "micro", "macro", "weighted")
NAMES = {
    "accuracy": ("f1", "micro"),
    "balanced_accuracy": ("recall", "balanced"),
    "matthews_corrcoef": ("correlation", "all"),
    **{ratio: (ratio, "binary") for ratio in RATIOS},
    **{f"{ratio}_{average}": (ratio, average) for ratio in RATIOS for average in AVERAGES[1:]},
}


def rewards_guesses(name: str) -> bool:
    """Return whether classes drawn at random can score more than any class alone: averages of all ratios but recall."""
    ratio, average = NAMES.get(name, ("", ""))
    return average in ("macro", "weighted") and ratio != "recall"


def label_score(name: str, target: NDArray[np.int64], predictions: Array, shares: Array) -> float:
    """Return a metric of labels; its parameters are those of `label_influence`."""
    return _score(name, _confusion(target, predictions.argmax(axis=1), shares, predictions.shape[1]))


def guess_score(name: str, of_classes: Array, said: Array) -> float:
    """Return the metric of many labels drawn at random.

    Parameters
    ----------
    of_classes, said : ndarray, shape (classes,)
        How often each class occurs, and is drawn; both sum to one.
    """
    return _score(name, np.outer(of_classes, said))


def _score(name: str, confusion: Array) -> float:
    ratio, average = NAMES[name]
    if ratio == "correlation":
        return _correlation(confusion)[0]
    scores, _ = _class_scores(confusion, ratio, average)
    weights = _class_weights(confusion.sum(axis=1), confusion.sum(axis=0), average)
    return float(scores @ weights) / (len(scores) if average == "micro" else 1)


def label_influence(name: str, target: NDArray[np.int64], predictions: Array, shares: Array) -> tuple[Array, float]:
    """Return the influence values of a metric of labels, and the most by which one flipped label can change a value.

    Parameters
    ----------
    name : str
        One of `NAMES`.
    target : ndarray, shape (rows,)
    predictions : ndarray, shape (rows, classes)
        Probabilities; the predicted label is the most probable class.
    shares : ndarray, shape (rows,)
        Weights that sum to one.
    """
    labels = predictions.argmax(axis=1)
    confusion = _confusion(target, labels, shares, predictions.shape[1])
    ratio, average = NAMES[name]
    table = _correlation(confusion)[1] if ratio == "correlation" else _table(confusion, ratio, average)
    seen = confusion.sum(axis=1) > 0
    return table[target, labels] - float((confusion * table).sum()), float(np.ptp(table[seen], axis=1).max())


def _confusion(target: NDArray[np.int64], labels: NDArray[np.int64], shares: Array, classes: int) -> Array:
    cells = np.bincount(target * classes + labels, shares, classes**2)
    return np.asarray(cells.reshape(classes, classes), dtype=np.float64)


def _class_scores(confusion: Array, ratio: str, average: str) -> tuple[Array, Array]:
    """Return the ratio of each class, and one over its denominator; zero where that is zero."""
    by_true, by_called, by_hit = RATIOS[ratio]
    hits, true, called = np.diag(confusion), confusion.sum(axis=1), confusion.sum(axis=0)
    against = by_true * true + by_called * called + by_hit * hits
    if average == "micro":
        hits, against = np.full_like(hits, hits.sum()), np.full_like(against, against.sum())
    scale = np.divide(1.0, against, out=np.zeros_like(against), where=against > 0)
    return hits * scale, scale


def _table(confusion: Array, ratio: str, average: str) -> Array:
    """Return the derivative of the metric with respect to each cell of the confusion table, up to a constant."""
    by_true, by_called, by_hit = RATIOS[ratio]
    scores, scale = _class_scores(confusion, ratio, average)
    rise = _class_weights(confusion.sum(axis=1), confusion.sum(axis=0), average) * scale
    fall = rise * scores
    slopes = np.diag(rise - by_hit * fall) - by_true * fall[:, None] - by_called * fall[None, :]
    if average == "weighted":  # the weights are the shares of the classes, which each row changes too
        slopes = slopes + scores[:, None]
    return np.asarray(slopes)


def _correlation(confusion: Array) -> tuple[float, Array]:
    """Return the correlation of true and predicted classes (Gorodkin 2004), and its derivative as `_table` has it.

    Both are zero where all rows are of one class, or are called one.
    """
    true, called = confusion.sum(axis=1), confusion.sum(axis=0)
    spread, of_called = 1 - true @ true, 1 - called @ called
    if min(spread, of_called) <= ROUNDING:
        return 0.0, np.zeros_like(confusion)
    scale = np.sqrt(spread * of_called)
    together = float(np.trace(confusion) - true @ called)
    slopes = np.eye(len(true)) - called[:, None] - true[None, :]
    slopes = slopes + together * (true[:, None] / spread + called[None, :] / of_called)
    return together / float(scale), np.asarray(slopes / scale)


def _class_weights(true: Array, called: Array, average: str) -> Array:
    """Return the weight of each class; macro averages leave out classes that do not occur."""
    if average == "weighted":
        return true
    if average == "micro":
        return np.ones_like(true)
    if average == "binary":
        return np.array([0.0, 1.0])
    present = true > 0 if average == "balanced" else (true > 0) | (called > 0)
    return np.asarray(present / present.sum())
