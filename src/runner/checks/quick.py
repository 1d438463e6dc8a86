"""A quick model, whose out-of-fold predictions show what columns are worth and what a split hides."""

import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import spearmanr
from sklearn.compose import make_column_transformer
from sklearn.dummy import DummyClassifier
from sklearn.model_selection import KFold
from sklearn.preprocessing import TargetEncoder

from runner.candidates.any_scale import RescaledRegressor, is_off_scale
from runner.candidates.floored import FlooredRegressor
from runner.candidates.priors import PriorCorrectedClassifier
from runner.checks.columns import MIX, encoded, many_levels, most_telling
from runner.dataset import Dataset
from runner.evaluation import evaluate
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


class Judged(NamedTuple):
    """How the quick model did on the rows that some folds judge.

    Attributes
    ----------
    score : float
        In the metric's own direction.
    skill : float
        2 AUC - 1 for classes; for regression, 1 minus the squared error over the target's variance.
    """

    score: float
    skill: float


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


def judge(features: pd.DataFrame, dataset: Dataset, folds: Sequence[Fold], metric: Metric | None = None) -> Judged:
    """Fit the quick model on each fold, and return the means of what it reaches; without a metric the score is NaN."""
    scores, skills = [], []
    for (_, test), said in zip(folds, predict(features, dataset, folds), strict=True):
        score = metric.score_or_none(dataset.target[test], said, dataset.weights_of(test)) if metric else None
        scores += [] if score is None else [score]  # groups of one class only have no ROC AUC
        skills.append(skill(dataset, test, said))
    return Judged(float(np.mean(scores)) if scores else np.nan, float(np.mean(skills)))


def predict(features: pd.DataFrame, dataset: Dataset, folds: Sequence[Fold]) -> Iterator[NDArray[np.float64]]:
    """Fit the quick model on each fold, and give its predictions of the fold's test rows.

    Categories with many levels are told by their mean targets, those of training rows by the means of other parts:
    were only the row itself left out, a tree could infer its target from the difference to the level's mean.
    """
    inputs, many = encoded(features), many_levels(features)
    parts = KFold(PARTS, shuffle=True, random_state=MIX)
    means = TargetEncoder(target_type="continuous", smooth=1.0, cv=parts)  # as if one row more had the mean of all
    encoder = make_column_transformer((means, many), remainder="passthrough", verbose_feature_names_out=False)
    encoder.set_output(transform="pandas")
    for train, test in folds:
        known = encoder.fit_transform(inputs.iloc[train], dataset.target[train]) if many else inputs.iloc[train]
        new = encoder.transform(inputs.iloc[test]) if many else inputs.iloc[test]
        yield _fit_predict(known, new, dataset, train)


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
        skills, sizes = class_skills(target, predictions)
        return float(np.average(skills, weights=sizes)) if len(sizes) > 1 else 0.0
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


def _fit_predict(
    known: pd.DataFrame, new: pd.DataFrame, dataset: Dataset, train: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Fit on the training rows without weights, and return values or, for the shares by weight, probabilities.

    With weights, a small penalized model would hardly hear of a rare class of which a sample keeps more.
    """
    from lightgbm import LGBMClassifier, LGBMRegressor

    target = dataset.target[train]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if not dataset.task.is_classification:
            booster = LGBMRegressor(**PARAMS)
            suited = RescaledRegressor(booster) if is_off_scale(target) else booster
            model = FlooredRegressor(suited).fit(known, target)  # as below zero, amounts have no score
        elif np.ptp(target) == 0:
            model = DummyClassifier().fit(known, target)
        else:
            classifier = PriorCorrectedClassifier(LGBMClassifier(**PARAMS))
            model = classifier.fit(known, target, dataset.weights_above_zero[train])
    return evaluate.predict(model, new, dataset, len(train))


def class_skills(
    target: NDArray[np.int64], predictions: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return 2 AUC - 1 of each class that occurs against the rest, and its rows; NaN for a class without a rest."""
    classes, sizes = np.unique(target, return_counts=True)
    return np.array([2 * roc_auc(target == c, predictions[:, c]) - 1 for c in classes]), sizes
