"""A quick model, whose out-of-fold predictions show what columns are worth and what a split hides."""

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import spearmanr

from runner.checks.columns import MIX, encoded, many_levels, most_telling
from runner.dataset import Dataset
from runner.metrics import Metric
from runner.metrics.stored import roc_auc
from runner.splits import make_folds

ROWS = 4_000  # more would cost more than they tell
COLUMNS = 100
FOLDS = 3
PARTS = 5  # of the training rows, for cross-fitted mean targets
PARAMS: dict[str, Any] = {
    "n_estimators": 40,
    "num_leaves": 15,
    "learning_rate": 0.2,
    "min_child_samples": 5,
    "min_data_per_group": 20,  # with 100, LightGBM's default, the categories of a small table tell nothing
    "max_bin": 63,
    "reg_lambda": 1.0,  # without it the scores of a class with few rows grow without bound
    "n_jobs": 1,
    "deterministic": True,
    "force_col_wise": True,
    "verbosity": -1,
}

Fold = tuple[NDArray[np.int64], NDArray[np.int64]]


@dataclass(frozen=True, eq=False)
class Result:
    """How the quick model did on some folds.

    Attributes
    ----------
    score : float
        Mean over the folds, in the metric's own direction.
    skills : ndarray, shape (folds,)
        Of each fold: 2 AUC - 1 for classes; for regression, 1 minus the squared error over the target's variance.
    """

    score: float
    skills: NDArray[np.float64]

    @property
    def skill(self) -> float:
        """Return the mean skill."""
        return float(self.skills.mean())


def narrowed(dataset: Dataset, keep: Iterable[str] = ()) -> Dataset:
    """Return a wide data set with its most predictive columns and those to keep, so that the quick model stays quick.

    The columns are chosen on one half of the rows, and the other half is returned, as the columns would look too good
    on the rows that chose them. A data set that is not wide is returned as it is.
    """
    if dataset.features.shape[1] <= COLUMNS:
        return dataset
    half = np.random.default_rng(MIX).random(len(dataset)) < 0.5
    chosen = {*most_telling(dataset.take(np.flatnonzero(half)), COLUMNS), *keep}
    features = dataset.features[[name for name in dataset.features.columns if name in chosen]]
    return replace(dataset, features=features).take(np.flatnonzero(~half))


def random_folds(dataset: Dataset, seed: int, count: int = FOLDS) -> tuple[Fold, ...]:
    """Return shuffled folds that ignore time, and keep groups together if there are enough of them."""
    few = dataset.groups is not None and len(np.unique(dataset.groups)) < count
    return make_folds(replace(dataset, groups=None if few else dataset.groups, time=None), count, seed)


def judge(features: pd.DataFrame, dataset: Dataset, folds: Sequence[Fold], metric: Metric | None = None) -> Result:
    """Fit the quick model on each fold, and score it there; without a metric the score is NaN."""
    scores, skills = [], []
    for (_, test), said in zip(folds, predict(features, dataset, folds), strict=True):
        score = metric.score_or_none(dataset.target[test], said, dataset.weights_of(test)) if metric else None
        scores += [] if score is None else [score]  # groups of one class only have no ROC AUC
        skills.append(skill(dataset, test, said))
    return Result(float(np.mean(scores)) if scores else np.nan, np.array(skills))


def predict(features: pd.DataFrame, dataset: Dataset, folds: Sequence[Fold]) -> Iterator[NDArray[np.float64]]:
    """Fit the quick model on each fold, and give its predictions of the fold's test rows."""
    inputs, levels = encoded(features), many_levels(features)
    for train, test in folds:
        yield _fit_predict(_by_mean_target(inputs, levels, dataset, train), dataset, train, test)


def out_of_fold(dataset: Dataset, folds: Sequence[Fold]) -> NDArray[np.float64]:
    """Return the predictions of the rows that are in a fold's test part; NaN for others."""
    shape = (len(dataset), len(dataset.classes)) if dataset.task.is_classification else (len(dataset),)
    predictions = np.full(shape, np.nan)
    for (_, test), said in zip(folds, predict(dataset.features, dataset, folds), strict=True):
        predictions[test] = said
    return predictions


def skill(dataset: Dataset, rows: NDArray[np.int64], predictions: NDArray[np.float64]) -> float:
    """Return the skill of predictions of some rows.

    In regression, errors are compared with the variance of the whole table, so that a fold with little variation does
    not seem harder.
    """
    target = dataset.target[rows]
    if dataset.task.is_classification:
        return _auc_skill(target, predictions)
    spread = float(dataset.target.var())
    return float(1 - ((target - predictions) ** 2).mean() / spread) if spread > 0 else 0.0


def ranking(dataset: Dataset, rows: NDArray[np.int64], predictions: NDArray[np.float64]) -> float:
    """Return how well predictions rank some rows: their skill for classes, the squared rank correlation for values.

    A few values in a long tail decide a squared error, so that a difference between two of them is seldom sure.
    """
    if dataset.task.is_classification:
        return skill(dataset, rows, predictions)
    related = float(spearmanr(dataset.target[rows], predictions)[0])
    return related * abs(related) if np.isfinite(related) else 0.0


def _by_mean_target(
    inputs: pd.DataFrame, levels: Mapping[str, NDArray[np.int64]], dataset: Dataset, train: NDArray[np.int64]
) -> pd.DataFrame:
    """Replace the levels of categories with many levels by mean targets, for training rows by those of other parts.

    Leaving out only the row itself would not do: a tree could infer its target from the difference to the level's mean.
    """
    if not levels:
        return inputs
    part = np.full(len(inputs), PARTS)  # rows that are judged are in none of the parts
    part[train] = np.random.default_rng(MIX).integers(0, PARTS, len(train))
    target = dataset.target.astype(np.float64)
    mean = target[train].mean()
    coded = inputs.copy()
    for name, codes in levels.items():
        shape = (int(codes.max()) + 1, PARTS + 1)
        cell = codes * (PARTS + 1) + part
        sums = np.bincount(cell[train], target[train], shape[0] * shape[1]).reshape(shape)
        sizes = np.bincount(cell[train], minlength=shape[0] * shape[1]).reshape(shape)
        others = (sums.sum(axis=1, keepdims=True) - sums + mean) / (sizes.sum(axis=1, keepdims=True) - sizes + 1.0)
        coded[name] = others[codes, part]
    return coded


def _fit_predict(
    inputs: pd.DataFrame, dataset: Dataset, train: NDArray[np.int64], test: NDArray[np.int64]
) -> NDArray[np.float64]:
    from lightgbm import LGBMClassifier, LGBMRegressor

    model = (LGBMClassifier if dataset.task.is_classification else LGBMRegressor)(**PARAMS)
    known = np.unique(dataset.target[train])
    probabilities = np.full((len(test), len(dataset.classes)), 1e-6)
    if dataset.task.is_classification and len(known) < 2:
        probabilities[:, known] = 1.0
        return probabilities
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(inputs.iloc[train], dataset.target[train])
        if not dataset.task.is_classification:
            return np.asarray(model.predict(inputs.iloc[test]), dtype=np.float64)
        probabilities[:, known] = model.predict_proba(inputs.iloc[test]) * _mean_weights(dataset.take(train))[known]
    total: NDArray[np.float64] = probabilities.sum(axis=1, keepdims=True)
    return probabilities / total


def _mean_weights(rows: Dataset) -> NDArray[np.float64]:
    """Return the mean weight of each class, which brings the probabilities of a model fitted without weights to shares.

    With weights, a small penalized model would hardly hear of a rare class of which a sample keeps more.
    """
    return np.bincount(rows.target, rows.weights_above_zero) / np.maximum(np.bincount(rows.target), 1)


def _auc_skill(target: NDArray[np.int64], predictions: NDArray[np.float64]) -> float:
    """Return 2 AUC - 1 of each class that occurs against the rest, weighted by its rows."""
    classes, sizes = np.unique(target, return_counts=True)
    if len(classes) < 2:
        return 0.0
    areas = [roc_auc(target == c, predictions[:, c]) for c in classes]
    return float(2 * np.average(areas, weights=sizes) - 1)
