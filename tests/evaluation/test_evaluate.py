"""A candidate on the folds scores as scikit-learn's own cross-validation of its pipeline does."""

import time
import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.metrics import get_scorer, log_loss
from sklearn.model_selection import cross_val_score

from estimators import WAIT
from runner.candidates.pipeline import Candidate, build
from runner.config import EvaluationConfig
from runner.dataset import Dataset
from runner.evaluation import Evaluation, Status
from runner.evaluation.evaluate import cross_validate, fit, fit_and_predict
from runner.evaluation.prepared import CLEANED, find, path_of, prepare_ahead
from runner.metrics import make_metric
from runner.splits import make_folds, make_splits
from runner.task import Task

CANDIDATES = {
    "linear": Candidate("linear", "simple", "sklearn.linear_model.LogisticRegression", "scaled", {"max_iter": 1000}),
    "tree": Candidate("tree", "tree", "sklearn.tree.DecisionTreeClassifier", "onehot", {"max_depth": 3}),
    "forest": Candidate("forest", "boosting", "sklearn.ensemble.ExtraTreesClassifier", "ordinal", {"n_estimators": 10}),
    "lightgbm": Candidate(
        "lightgbm", "boosting", "lightgbm.LGBMClassifier", "native", {"verbosity": -1, "n_estimators": 10}
    ),
    "dummy": Candidate("dummy", "none", "sklearn.dummy.DummyClassifier", "none"),
}
REGRESSORS = {
    "ridge": Candidate("ridge", "simple", "sklearn.linear_model.Ridge", "scaled"),
    "boosting": Candidate(
        "boosting", "boosting", "lightgbm.LGBMRegressor", "native", {"verbosity": -1, "n_estimators": 10}
    ),
}
TABLES = [
    ("credit-g", "linear"),
    ("credit-g", "lightgbm"),
    ("credit-g", "dummy"),
    ("glass", "forest"),
    ("glass", "linear"),
]
TABLES += [("glass", "forest"), ("glass", "linear"), *(("abalone", name) for name in REGRESSORS)]
LONG = 1000.0


def folds_of(dataset: Dataset):
    return make_folds(dataset, 3, seed=0)


def evaluated(candidate: Candidate, dataset: Dataset, name: str | None = None, **given) -> Evaluation:
    folds = given.pop("folds", None) or folds_of(dataset)
    return cross_validate(candidate, dataset, folds, make_metric(name, dataset), 0, given.pop("seconds", LONG), **given)


@pytest.mark.parametrize(("table", "name"), TABLES)
def test_scores_are_those_of_a_plain_cross_validation(shipped, table: str, name: str) -> None:
    dataset, candidate = shipped(table, 200), (CANDIDATES | REGRESSORS)[name]
    metric = make_metric(None, dataset)
    evaluation = evaluated(candidate, dataset)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = cross_val_score(
            build(candidate, 0), dataset.features, dataset.target, cv=folds_of(dataset), scoring=metric.name
        )
    assert evaluation.status is Status.OK, evaluation.reason
    np.testing.assert_allclose(evaluation.fold_scores, expected, rtol=1e-6)
    assert evaluation.score == pytest.approx(expected.mean())


@pytest.mark.parametrize("name", ["linear", "lightgbm", "dummy"])
def test_weights_are_used_for_fitting_and_for_scoring(shipped, name: str) -> None:
    dataset = shipped("credit-g", 200)
    weights = np.random.default_rng(0).uniform(0, 5, len(dataset))
    weighted = replace(dataset, weights=weights)
    candidate, scorer, expected = CANDIDATES[name], get_scorer("neg_log_loss"), []
    for train, test in folds_of(dataset):
        model = clone(build(candidate, 0))
        step = model.steps[-1][0]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.fit(dataset.features.iloc[train], dataset.target[train], **{f"{step}__sample_weight": weights[train]})
            inputs, target = dataset.features.iloc[test], dataset.target[test]
            expected.append(scorer(model, inputs, target, sample_weight=weights[test]))
    evaluation = evaluated(candidate, weighted, "neg_log_loss", folds=folds_of(dataset))
    np.testing.assert_allclose(evaluation.fold_scores, expected, rtol=1e-6)
    assert evaluation.fold_scores != evaluated(candidate, dataset, "neg_log_loss").fold_scores


def test_weights_of_an_estimator_that_takes_none_still_score(shipped) -> None:
    dataset = replace(shipped("credit-g", 200), weights=np.ones(200))
    neighbours = Candidate("n", "simple", "sklearn.neighbors.KNeighborsClassifier", "scaled")
    assert evaluated(neighbours, dataset).status is Status.OK


def test_each_row_is_predicted_once_by_a_model_that_had_not_seen_it(shipped) -> None:
    dataset = shipped("glass", 200)
    predictions = evaluated(CANDIDATES["forest"], dataset).predictions
    assert predictions is not None
    assert predictions.shape == (len(dataset), 6)
    assert np.isfinite(predictions).all()
    np.testing.assert_allclose(predictions.sum(axis=1), 1.0)
    own = fit(CANDIDATES["forest"], dataset, 0).predict_proba(dataset.features)
    assert log_loss(dataset.target, own) < 0.1 < log_loss(dataset.target, predictions)


def test_the_earliest_rows_in_time_have_no_prediction(shipped) -> None:
    dataset = shipped("bike-sharing", 300)
    folds = make_folds(dataset, 3, 0)
    predictions = evaluated(REGRESSORS["ridge"], dataset, folds=folds).predictions
    assert predictions is not None
    judged = np.concatenate([test for _, test in folds])
    assert np.isfinite(predictions[judged]).all()
    assert np.isnan(np.delete(predictions, judged)).all()


@pytest.mark.parametrize("name", ["linear", "forest", "lightgbm", "tree", "dummy"])
def test_a_class_that_a_training_fold_lacks_gets_a_small_probability(shipped, name: str) -> None:
    dataset = shipped("glass", 200)
    rare = dataset.target == 4
    train, test = np.flatnonzero(~rare), np.flatnonzero(rare)
    folds = [(train, test), (np.concatenate([train[50:], test]), train[:50])]
    evaluation = evaluated(CANDIDATES[name], dataset, folds=folds)
    assert evaluation.status is Status.OK, evaluation.reason
    assert evaluation.predictions is not None
    known = evaluation.predictions[test]
    np.testing.assert_allclose(known.sum(axis=1), 1.0)
    np.testing.assert_allclose(known[:, 4], 1 / (len(train) + 6), rtol=0.05)


def test_what_would_take_too_long_is_ended_after_the_first_fold(shipped) -> None:
    evaluation = evaluated(CANDIDATES["linear"], shipped("credit-g", 200), seconds=0.001)
    assert evaluation.status is Status.TIMED_OUT
    assert evaluation.score is None
    assert evaluation.predictions is None
    assert evaluation.costs.wall_seconds > 0
    assert "3 folds would take" in (evaluation.reason or "")


def test_a_score_that_is_no_number_is_a_failure() -> None:
    target = np.array([0] * 15 + [1] * 5)
    dataset = Dataset("t", Task.BINARY, "y", pd.DataFrame({"x": np.arange(20.0)}), target, (0, 1), "")
    folds = [(np.arange(10, 20), np.arange(10))]  # one class only to be judged on: AUC is not defined
    evaluation = evaluated(CANDIDATES["dummy"], dataset, folds=folds)
    assert evaluation.status is Status.FAILED
    assert evaluation.reason == "its score is not a finite number."


def test_costs_are_measured(shipped) -> None:
    begun, used = time.monotonic(), time.process_time()
    costs = evaluated(CANDIDATES["lightgbm"], shipped("credit-g", 200)).costs
    assert 0 < costs.wall_seconds <= time.monotonic() - begun
    assert 0 < costs.cpu_seconds <= time.process_time() - used + 0.1
    assert costs.predict_seconds is not None
    assert 0 < (costs.clean_seconds or 0) + (costs.encode_seconds or 0) < costs.predict_seconds
    assert costs.size_mb is not None
    assert 0.001 < costs.size_mb < 5


def test_to_serve_costs_the_work_and_not_the_wait(shipped) -> None:
    waiting, begun = Candidate("waiting", "simple", "estimators.Waiting", "none"), time.monotonic()
    costs = evaluated(waiting, shipped("credit-g", 200)).costs
    assert time.monotonic() - begun > 4 * WAIT  # three folds, and once more to see what it takes
    assert costs.predict_seconds is not None
    assert 0 < costs.predict_seconds < WAIT / 2


def test_a_tree_is_told_in_the_columns_own_names(shipped) -> None:
    tree = evaluated(CANDIDATES["tree"], shipped("titanic", 200))
    assert tree.text is not None
    assert "Sex" in tree.text
    assert evaluated(CANDIDATES["dummy"], shipped("titanic", 200)).text is None


def test_a_tree_without_preparation_is_told_too(shipped) -> None:
    bare = replace(CANDIDATES["tree"], preparation="none")
    tree = evaluated(bare, shipped("glass", 200))
    assert tree.status is Status.OK, tree.reason
    assert tree.text is not None
    assert any(name in tree.text for name in ("Mg", "Ba", "Al"))


@pytest.mark.parametrize("name", ["linear", "lightgbm"])
def test_prepared_folds_change_no_score(shipped, tmp_path, name: str) -> None:
    dataset, candidate = shipped("credit-g", 200), CANDIDATES[name]
    for number, (train, test) in enumerate(folds_of(dataset)):
        path, cleaned = (path_of(tmp_path, form, number) for form in (candidate.preparation, CLEANED))
        prepare_ahead([candidate], dataset, train, test, 0, [path], cleaned)
        assert path.exists()
    plain, stored = evaluated(candidate, dataset), evaluated(candidate, dataset, store=tmp_path)
    assert stored.fold_scores == plain.fold_scores
    assert stored.text == plain.text
    assert stored.predictions is not None
    np.testing.assert_array_equal(stored.predictions, plain.predictions)


def test_the_price_of_a_prepared_fold_is_charged(shipped, tmp_path) -> None:
    dataset, candidate = shipped("credit-g", 200), CANDIDATES["tree"]
    for number, (train, test) in enumerate(folds_of(dataset)):
        path, cleaned = (path_of(tmp_path, form, number) for form in (candidate.preparation, CLEANED))
        prepare_ahead([candidate], dataset, train, test, 0, [path], cleaned)
    folds = [find(path_of(tmp_path, candidate.preparation, number)) for number in range(len(folds_of(dataset)))]
    prepared = sum(fold.cpu_seconds for fold in folds if fold)
    assert prepared > 0
    costs = evaluated(candidate, dataset, store=tmp_path).costs
    assert costs.prepare_seconds == pytest.approx(prepared)
    assert 0 < costs.own_cpu_seconds < costs.cpu_seconds
    assert costs.cpu_seconds > prepared


def test_the_look_at_the_holdout_is_a_fit_on_all_development_rows(shipped) -> None:
    dataset = shipped("credit-g", 200)
    splits = make_splits(dataset, EvaluationConfig(), 0)
    predictions, costs = fit_and_predict(CANDIDATES["linear"], dataset, splits.development, splits.holdout, 0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = build(CANDIDATES["linear"], 0)
        model.fit(dataset.features.iloc[splits.development], dataset.target[splits.development])
        expected = model.predict_proba(dataset.features.iloc[splits.holdout])
    np.testing.assert_allclose(predictions, expected, rtol=1e-5)
    assert costs.cpu_seconds > 0


def test_the_same_seed_gives_the_same_scores(shipped) -> None:
    dataset = shipped("credit-g", 200)
    assert evaluated(CANDIDATES["forest"], dataset).fold_scores == evaluated(CANDIDATES["forest"], dataset).fold_scores
