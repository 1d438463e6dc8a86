"""A quick model: what columns are worth, and what a split hides, by its out-of-fold predictions."""

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from runner.checks.columns import MIX, encoded, many_levels, most_telling
from runner.dataset import Dataset
from runner.metrics import Metric
from runner.splits import make_folds

ROWS = 4_000  # more would cost more than they tell
COLUMNS = 100
FOLDS = 3
PARTS = 5  # of the rows learned from, for the mean target of a level
PARAMS: dict[str, Any] = {
    "n_estimators": 40,
    "num_leaves": 15,
    "learning_rate": 0.2,
    "min_child_samples": 5,
    "max_bin": 63,
    "reg_lambda": 1.0,  # without it a class of few rows is given ever greater scores, until all is wrong
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
        A fold each: 2 AUC - 1 for classes; for values 1 less the squared error as a share of the target's variance.
    """

    score: float
    skills: NDArray[np.float64]

    @property
    def skill(self) -> float:
        """Return the mean skill."""
        return float(self.skills.mean())


def narrowed(dataset: Dataset, keep: Iterable[str] = ()) -> Dataset:
    """Return the data set with as many columns as the quick model is quick on: the most telling, and those to keep.

    They are chosen on one half of the rows, and what is returned is the other: rows that chose columns would find
    that they tell much.
    """
    if dataset.features.shape[1] <= COLUMNS:
        return dataset
    half = np.random.default_rng(MIX).random(len(dataset)) < 0.5
    chosen = {*most_telling(dataset.take(np.flatnonzero(half)), COLUMNS), *keep}
    features = dataset.features[[name for name in dataset.features.columns if name in chosen]]
    return replace(dataset, features=features).take(np.flatnonzero(~half))


def random_folds(dataset: Dataset, seed: int, count: int = FOLDS) -> tuple[Fold, ...]:
    """Return folds in random order, whatever the time, that keep groups apart where there are enough of them."""
    few = dataset.groups is not None and len(np.unique(dataset.groups)) < count
    return make_folds(replace(dataset, groups=None if few else dataset.groups, time=None), count, seed)


def judge(features: pd.DataFrame, dataset: Dataset, folds: Sequence[Fold], metric: Metric | None = None) -> Result:
    """Fit the quick model on each fold, and score it there; without a metric there is a skill only."""
    scores, skills = [], []
    for (_, test), said in zip(folds, predict(features, dataset, folds), strict=True):
        score = metric.score_or_none(dataset.target[test], said, dataset.weights_of(test)) if metric else None
        scores += [] if score is None else [score]  # groups of one class only have no ROC AUC
        skills.append(skill(dataset, test, said))
    return Result(float(np.mean(scores)) if scores else np.nan, np.array(skills))


def predict(features: pd.DataFrame, dataset: Dataset, folds: Sequence[Fold]) -> Iterator[NDArray[np.float64]]:
    """Fit the quick model on each fold, and say what it predicts there."""
    inputs, levels = encoded(features), many_levels(features)
    for train, test in folds:
        yield _fit_predict(_by_mean_target(inputs, levels, dataset, train), dataset, train, test)


def out_of_fold(dataset: Dataset, folds: Sequence[Fold]) -> NDArray[np.float64]:
    """Return what the quick model says of each row that is in a fold's test; of others, NaN."""
    shape = (len(dataset), len(dataset.classes)) if dataset.task.is_classification else (len(dataset),)
    predictions = np.full(shape, np.nan)
    for (_, test), said in zip(folds, predict(dataset.features, dataset, folds), strict=True):
        predictions[test] = said
    return predictions


def skill(dataset: Dataset, rows: NDArray[np.int64], predictions: NDArray[np.float64]) -> float:
    """Return the skill of what is predicted of some rows.

    Values are scored by the spread of the whole table, so that a fold in which little changes is no harder.
    """
    target = dataset.target[rows]
    if dataset.task.is_classification:
        return _auc_skill(target, predictions)
    spread = float(dataset.target.var())
    return float(1 - ((target - predictions) ** 2).mean() / spread) if spread > 0 else 0.0


def _by_mean_target(
    inputs: pd.DataFrame, levels: Mapping[str, NDArray[np.int64]], dataset: Dataset, train: NDArray[np.int64]
) -> pd.DataFrame:
    """Replace names of many levels by the mean target of each; of a row learned from, by that of rows in other parts.

    To leave out the row itself only would not do: a tree reads its target from what it lacks to the level's mean.
    """
    if not levels:
        return inputs
    part = np.full(len(inputs), PARTS)  # of rows that are judged: none
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
        probabilities[:, known] = model.predict_proba(inputs.iloc[test])
    total: NDArray[np.float64] = probabilities.sum(axis=1, keepdims=True)
    return probabilities / total


def _auc_skill(target: NDArray[np.int64], predictions: NDArray[np.float64]) -> float:
    """Return 2 AUC - 1, each class that is there against the rest, weighted by its rows."""
    classes, sizes = np.unique(target, return_counts=True)
    if len(classes) < 2:
        return 0.0
    areas = [roc_auc_score(target == c, predictions[:, c]) for c in classes]
    return float(2 * np.average(areas, weights=sizes) - 1)
