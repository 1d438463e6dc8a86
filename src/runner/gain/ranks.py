"""Ranking metrics: the areas under the ROC curve and the precision-recall curve."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]


def roc_auc(scores: Array, positive: Bools, shares: Array) -> tuple[float, Array]:
    """Return the area under the ROC curve and its influence values.

    The values are the placements of DeLong, DeLong and Clarke-Pearson (1988): for each positive row the share of
    negatives below it, and for each negative row the share of positives above it.

    Parameters
    ----------
    scores, positive, shares : ndarray, shape (rows,)
        `shares` are weights that sum to one.
    """
    distinct, place = np.unique(scores, return_inverse=True)
    positives = np.bincount(place, shares * positive, len(distinct))
    negatives = np.bincount(place, shares * ~positive, len(distinct))
    below = (np.cumsum(negatives) - negatives / 2) / negatives.sum()
    above = (np.cumsum(positives[::-1])[::-1] - positives / 2) / positives.sum()
    area = float(positives @ below) / float(positives.sum())
    placements = np.where(positive, below[place], above[place])
    return area, (placements - area) / np.where(positive, positives.sum(), negatives.sum())


def average_precision(scores: Array, positive: Bools, shares: Array) -> tuple[float, Array]:
    """Return average precision and its influence values.

    Let A(s) be the weight of the positive rows and B(s) the weight of all rows with scores of at least s, and p =
    A(-inf). Then AP = (1/p) * integral of A(s)/B(s) over the scores of the positives. A row at x contributes to the
    integrand for all s <= x and, if it is positive, to the scores that are integrated over; hence the derivative at (x,
    y) is (1/p) [ y (A(x)/B(x) - AP + integral_{s<=x} 1/B) - integral_{s<=x} A/B^2 ].

    Parameters
    ----------
    scores, positive, shares : ndarray, shape (rows,)
        `shares` are weights that sum to one.
    """
    distinct, place = np.unique(scores, return_inverse=True)
    positives = np.bincount(place, shares * positive, len(distinct))
    hits = np.cumsum(positives[::-1])[::-1]
    called = np.cumsum(np.bincount(place, shares, len(distinct))[::-1])[::-1]
    prevalence = float(shares[positive].sum())
    precision = hits / called
    area = float(positives @ precision) / prevalence
    gained = precision - area + np.cumsum(positives / called)
    lost = np.cumsum(positives * hits / called**2)
    return area, (positive * gained[place] - lost[place]) / prevalence


CURVES = {"roc_auc": roc_auc, "average_precision": average_precision}
NAMES = ("roc_auc", "roc_auc_ovr", "roc_auc_ovr_weighted", "average_precision")


def rank_score(name: str, target: NDArray[np.int64], predictions: Array, shares: Array) -> tuple[float, Array] | None:
    """Return a ranking metric and its influence values; with several classes, of each class against the rest.

    None if a class has no rows.

    Parameters
    ----------
    name : str
        One of `NAMES`.
    target : ndarray, shape (rows,)
        Class codes.
    predictions : ndarray, shape (rows, classes)
    shares : ndarray, shape (rows,)
        Weights that sum to one.
    """
    curve = CURVES["average_precision" if name == "average_precision" else "roc_auc"]
    classes = range(predictions.shape[1])
    prevalence = np.bincount(target, shares, len(classes))
    if not prevalence.all():
        return None
    if len(classes) == 2:
        return curve(predictions[:, 1], target == 1, shares)
    areas, values = zip(*(curve(predictions[:, k], target == k, shares) for k in classes), strict=True)
    if not name.endswith("_weighted"):
        return float(np.mean(areas)), np.asarray(np.mean(values, axis=0))
    by_class = np.asarray(areas)
    area = float(prevalence @ by_class)
    return area, np.asarray(prevalence @ np.asarray(values) + by_class[target] - area)
