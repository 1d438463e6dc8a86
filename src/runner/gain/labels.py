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


def trades_off(name: str) -> bool:
    """Return whether the best threshold of two classes depends on how well a model tells them apart.

    Not for accuracy and its like, where it is one half; nor for recall, which is best where a class is called always,
    or precision, where hardly ever.
    """
    ratio, average = NAMES.get(name, ("", ""))
    return ratio in ("f1", "jaccard", "correlation") and average != "micro"


def label_score(name: str, target: NDArray[np.int64], predictions: Array, shares: Array) -> float:
    """Return a metric of labels; its parameters are those of `label_influence`."""
    return float(table_scores(name, _confusion(target, predictions.argmax(axis=1), shares, predictions.shape[1])))


def guess_score(name: str, of_classes: Array, said: Array) -> float:
    """Return the metric of many labels drawn at random.

    Parameters
    ----------
    of_classes, said : ndarray, shape (classes,)
        How often each class occurs, and is drawn; both sum to one.
    """
    return float(table_scores(name, np.outer(of_classes, said)))


def table_scores(name: str, tables: Array) -> Array:
    """Return the metric of a confusion table, or of each of many.

    Parameters
    ----------
    tables : ndarray, shape (classes, classes) or (classes, classes, tables)
        Shares of the rows by true and by called class; those of a table sum to one.
    """
    ratio, average = NAMES[name]
    if ratio == "correlation":
        return _correlation(tables)
    scores, _ = _class_scores(tables, ratio, average)
    weights = _class_weights(tables.sum(axis=1), tables.sum(axis=0), average)
    return np.asarray((scores * weights).sum(axis=0) / (len(scores) if average == "micro" else 1))


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
    table = _table_of_correlation(confusion) if ratio == "correlation" else _table(confusion, ratio, average)
    seen = confusion.sum(axis=1) > 0
    return table[target, labels] - float((confusion * table).sum()), float(np.ptp(table[seen], axis=1).max())


def _confusion(target: NDArray[np.int64], labels: NDArray[np.int64], shares: Array, classes: int) -> Array:
    cells = np.bincount(target * classes + labels, shares, classes**2)
    return np.asarray(cells.reshape(classes, classes), dtype=np.float64)


def _class_scores(tables: Array, ratio: str, average: str) -> tuple[Array, Array]:
    """Return the ratio of each class, and one over its denominator; zero where that is zero."""
    by_true, by_called, by_hit = RATIOS[ratio]
    hits, true, called = np.diagonal(tables).T, tables.sum(axis=1), tables.sum(axis=0)
    against = by_true * true + by_called * called + by_hit * hits
    if average == "micro":
        hits, against = (np.broadcast_to(each.sum(axis=0), each.shape) for each in (hits, against))
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


def _correlation(tables: Array) -> Array:
    """Return the correlation of true and called classes (Gorodkin 2004); 0 if all rows are of one, or called one."""
    true, called = tables.sum(axis=1), tables.sum(axis=0)
    spread, of_called = 1 - (true**2).sum(axis=0), 1 - (called**2).sum(axis=0)
    together = np.trace(tables) - (true * called).sum(axis=0)
    known = np.minimum(spread, of_called) > ROUNDING
    return np.asarray(together / np.sqrt(np.where(known, spread * of_called, np.inf)))


def _table_of_correlation(confusion: Array) -> Array:
    """Return the derivative of the correlation as `_table` has it; zeros where the correlation is 0 for one class."""
    true, called = confusion.sum(axis=1), confusion.sum(axis=0)
    spread, of_called = 1 - true @ true, 1 - called @ called
    if min(spread, of_called) <= ROUNDING:
        return np.zeros_like(confusion)
    slopes = (np.eye(len(true)) - called[:, None] - true[None, :]) / np.sqrt(spread * of_called)
    return np.asarray(slopes + _correlation(confusion) * (true[:, None] / spread + called[None, :] / of_called))


def _class_weights(true: Array, called: Array, average: str) -> Array:
    """Return the weight of each class; macro averages leave out classes that do not occur."""
    if average == "weighted":
        return true
    if average == "micro":
        return np.ones_like(true)
    if average == "binary":
        return np.stack([np.zeros_like(true[0]), np.ones_like(true[1])])
    present = true > 0 if average == "balanced" else (true > 0) | (called > 0)
    return np.asarray(present / present.sum(axis=0))
