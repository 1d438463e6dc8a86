"""Stored predictions score as the model itself does; what cannot be scored is refused in a sentence."""

import warnings
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.metrics import balanced_accuracy_score, f1_score, get_scorer, get_scorer_names

from runner.dataset import Dataset
from runner.errors import UserError
from runner.gain import paired_gain
from runner.metrics import SHORT_NAMES, make_metric
from runner.task import Task

SCORERS = {
    "credit-g": [
        "roc_auc", "average_precision", "neg_log_loss", "neg_brier_score", "accuracy", "balanced_accuracy", "f1",
        "f1_macro", "precision", "recall", "jaccard", "matthews_corrcoef",
    ],
    "glass": [
        "neg_log_loss", "accuracy", "balanced_accuracy", "f1_macro", "f1_weighted", "precision_macro",
        "recall_weighted", "jaccard_micro", "roc_auc_ovr", "precision_micro", "matthews_corrcoef", "top_k_accuracy",
    ],
    "abalone": [
        "neg_root_mean_squared_error", "neg_mean_squared_error", "neg_mean_absolute_error", "r2",
        "explained_variance", "neg_mean_absolute_percentage_error", "neg_mean_poisson_deviance",
        "neg_mean_gamma_deviance", "neg_mean_squared_log_error", "neg_median_absolute_error",
        "neg_root_mean_squared_log_error", "d2_absolute_error_score",
    ],
}  # fmt: skip
ALL = [(table, name) for table, names in SCORERS.items() for name in names]
TRADING_OFF = ["f1", "jaccard", "f1_macro", "f1_weighted", "jaccard_macro", "jaccard_weighted", "matthews_corrcoef"]
CLUSTERING = [
    "adjusted_rand_score", "rand_score", "mutual_info_score", "adjusted_mutual_info_score", "v_measure_score",
    "normalized_mutual_info_score", "homogeneity_score", "completeness_score", "fowlkes_mallows_score",
]  # fmt: skip
OF_OTHER_TASKS = {
    "credit-g": ["r2", "neg_root_mean_squared_error", "neg_max_error", "explained_variance", "d2_absolute_error_score"],
    "glass": ["roc_auc", "f1", "precision", "r2", "neg_mean_absolute_error", "neg_mean_poisson_deviance"],
    "abalone": ["roc_auc", "accuracy", "f1_macro", "neg_log_loss", "average_precision", "balanced_accuracy"],
}
WRONG = [(table, name) for table, names in OF_OTHER_TASKS.items() for name in names]


@pytest.fixture(scope="module")
def fitted(shipped) -> dict[str, tuple[Dataset, Any, Any]]:
    """Return of each table a model, fitted on half of its numbers, and the other half."""
    models = {}
    for name in SCORERS:
        dataset = shipped(name, 200)
        numbers = dataset.features.select_dtypes("number").to_numpy()
        kind = RandomForestRegressor if dataset.task is Task.REGRESSION else RandomForestClassifier
        model = kind(20, min_samples_leaf=3, random_state=0).fit(numbers, dataset.target)
        models[name] = (dataset, model, numbers)
    return models


def score_of(name: str, target: Any, decided: Any, weights: Any = None) -> float:
    """Score decisions by scikit-learn's function."""
    scorer = get_scorer(name)
    return scorer._score_func(target, decided, sample_weight=weights, **scorer._kwargs)


@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
@pytest.mark.parametrize(("table", "name"), ALL)
def test_stored_predictions_score_as_the_model_does(
    fitted: dict[str, tuple[Dataset, Any, Any]], table: str, name: str, weighted: bool
) -> None:
    dataset, model, inputs = fitted[table]
    rows = np.random.default_rng(1).permutation(len(dataset))[:150]
    weights = np.random.default_rng(2).uniform(0, 3, len(rows)) if weighted else None
    target = dataset.target[rows]
    stored = model.predict(inputs[rows]) if not dataset.classes else model.predict_proba(inputs[rows])
    given = {} if weights is None else {"sample_weight": weights}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = get_scorer(name)(model, inputs[rows], target, **given)
        metric = make_metric(name, dataset)
        if metric.weighs_decisions:  # the model itself decides for the most probable class
            expected = score_of(name, target, metric.decide(stored, weights), weights)
        assert metric.score(target, stored, weights) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("table", "name"),
    [
        ("credit-g", "roc_auc"),
        ("credit-g", "neg_log_loss"),
        ("glass", "neg_log_loss"),
        ("abalone", "neg_root_mean_squared_error"),
    ],
)
@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
def test_what_is_scored_sooner_than_by_scikit_learn_is_the_same_number(
    fitted: dict[str, tuple[Dataset, Any, Any]], table: str, name: str, weighted: bool
) -> None:
    dataset, model, inputs = fitted[table]
    given = {"sample_weight": np.random.default_rng(2).uniform(0, 3, len(dataset))} if weighted else {}
    expected = get_scorer(name)(model, inputs, dataset.target, **given)
    said = model.predict(inputs) if dataset.task is Task.REGRESSION else model.predict_proba(inputs)
    metric = make_metric(name, dataset)
    assert metric.score(dataset.target, said, *given.values()) == pytest.approx(expected, rel=1e-12)
    with pytest.raises(ValueError, match="NaN"):
        metric.score(dataset.target, np.full_like(said, np.nan), *given.values())


@pytest.mark.parametrize("name", ["neg_log_loss", "neg_brier_score", "accuracy", "f1_macro"])
@pytest.mark.parametrize("table", ["glass", "credit-g"])
def test_rows_that_lack_a_class_are_scored_too(shipped, table: str, name: str) -> None:
    dataset = shipped(table, 200)
    classes, rows = len(dataset.classes), np.flatnonzero(dataset.target == 0)
    perfect, wrong = np.eye(classes)[dataset.target[rows]], np.eye(classes)[dataset.target[rows] + 1]
    metric = make_metric(name, dataset)
    assert metric.loss(metric.score(dataset.target[rows], perfect)) == pytest.approx(0, abs=1e-6)
    assert metric.score(dataset.target[rows], wrong) < metric.score(dataset.target[rows], perfect)


def test_a_log_loss_without_an_error_is_0(shipped) -> None:
    dataset = shipped("glass", 200)
    metric = make_metric("neg_log_loss", dataset)
    assert metric.score(dataset.target, np.eye(len(dataset.classes))[dataset.target]) == 0


@pytest.mark.parametrize("name", CLUSTERING)
@pytest.mark.parametrize("table", SCORERS)
def test_clustering_metrics_are_refused(shipped, table: str, name: str) -> None:
    with pytest.raises(UserError) as caught:
        make_metric(name, shipped(table, 200))
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("table", "name"), WRONG)
def test_metrics_of_another_task_are_refused_and_the_default_is_named(shipped, table: str, name: str) -> None:
    dataset = shipped(table, 200)
    with pytest.raises(UserError) as caught:
        make_metric(name, dataset)
    message = str(caught.value)
    assert name in message
    assert make_metric(None, dataset).name in message
    assert "\n" not in message


@pytest.mark.parametrize("table", SCORERS)
def test_every_scorer_is_taken_or_refused_in_a_sentence_and_tells_better_from_worse(shipped, table: str) -> None:
    dataset = shipped(table, 200)
    perfect = np.eye(len(dataset.classes))[dataset.target] if dataset.classes else dataset.target
    worse = perfect[np.random.default_rng(0).permutation(len(perfect))]
    taken = []
    for name in get_scorer_names():
        try:
            metric = make_metric(name, dataset)
        except UserError as error:
            assert "\n" not in str(error)
            continue
        taken.append(name)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            best, chance = metric.score(dataset.target, perfect), metric.score(dataset.target, worse)
        assert metric.loss(best) == pytest.approx(0.0, abs=1e-6), name
        assert chance < best, name
    assert len(taken) > 10


@pytest.mark.parametrize(("name", "mean"), [("f1", "f1_macro"), ("auc", "roc_auc_ovr"), ("recall", "recall_macro")])
def test_for_a_metric_of_two_classes_its_mean_over_several_is_named(shipped, name: str, mean: str) -> None:
    with pytest.raises(UserError, match=rf"more than two classes: choose evaluation\.metric={mean};"):
        make_metric(name, shipped("glass", 200))
    assert make_metric(mean, shipped("glass", 200)).name == mean


def test_the_default_is_that_of_the_task(shipped) -> None:
    names = [make_metric(None, shipped(table, 200)).name for table in SCORERS]
    assert names == ["roc_auc", "neg_log_loss", "neg_root_mean_squared_error"]


@pytest.mark.parametrize("short", SHORT_NAMES)
def test_short_names_are_known(shipped, short: str) -> None:
    table = "abalone" if short in ("rmse", "mse", "mae", "mape", "rmsle") else "credit-g"
    assert make_metric(short, shipped(table, 200)).name == SHORT_NAMES[short]


def test_errors_in_percent_of_nothing_are_refused(shipped) -> None:
    data = shipped("abalone", 200)
    data = replace(data, target=np.where(np.arange(200) < 3, 0.0, data.target))
    with pytest.raises(UserError, match=r"divides by the target, which is 0 in 3 of 200 rows: choose .*=mae"):
        make_metric("mape", data)


@pytest.mark.parametrize(("table", "name"), [("abalone", "neg_max_error"), ("glass", "roc_auc_ovo")])
def test_a_metric_that_takes_no_weights_is_refused_where_rows_have_them(shipped, table: str, name: str) -> None:
    data = shipped(table, 200)
    make_metric(name, data)
    with pytest.raises(UserError, match=rf"='{name}' takes no weights of rows, .* choose another metric; '.*default"):
        make_metric(name, replace(data, weights=np.ones(len(data))))


def test_a_metric_of_classes_is_refused_for_values(shipped) -> None:
    with pytest.raises(UserError, match=r"'roc_auc' cannot score .* of 'abalone', as it judges classes, not values: "):
        make_metric("roc_auc", shipped("abalone", 200))


@pytest.mark.parametrize("name", ["rmsle", "neg_mean_poisson_deviance", "neg_mean_gamma_deviance"])
def test_a_target_for_which_a_metric_is_not_defined_is_refused(shipped, name: str) -> None:
    data = shipped("abalone", 200)
    make_metric(name, data)
    below = replace(data, target=data.target - 20)
    with pytest.raises(UserError, match=r"cannot score target 'Rings', of which the least is -.*=rmse"):
        make_metric(name, below)


def test_a_perfect_model_says_of_counts_of_nothing_that_they_are_nothing(shipped) -> None:
    data = shipped("abalone", 200)
    counts = np.maximum(data.target - 8, 0)
    assert (counts == 0).sum() > 20
    metric = make_metric("neg_mean_poisson_deviance", replace(data, target=counts))
    assert metric.score(counts, counts) == pytest.approx(0.0, abs=1e-12)
    assert metric.score(counts, counts + 0.1) < -0.01
    assert metric.score_or_none(counts, counts - 0.1) is None
    none = np.full(len(counts), counts.mean())
    loss = -metric.score(counts, none)
    assert paired_gain(metric, counts, none, counts, perfect=True).low == pytest.approx(0.8 * loss, rel=0.15)


def test_a_misspelt_metric_is_answered_with_the_nearest(shipped) -> None:
    with pytest.raises(UserError, match=r"evaluation\.metric='avrage_precision' .* 'average_precision'"):
        make_metric("avrage_precision", shipped("credit-g", 200))


def test_people_read_an_rmse_of_three_and_not_of_minus_three(shipped) -> None:
    rmse, auc = make_metric("rmse", shipped("abalone", 200)), make_metric("auc", shipped("credit-g", 200))
    assert (rmse.label, rmse.greater_is_better, rmse.for_people(-3.0), rmse.loss(-3.0)) == ("RMSE", False, 3.0, 3.0)
    assert (auc.label, auc.greater_is_better, auc.for_people(0.8), auc.loss(0.8)) == ("ROC AUC", True, 0.8, 1 - 0.8)


def test_a_score_that_is_not_defined_is_no_number_and_no_warning(shipped, recwarn: pytest.WarningsRecorder) -> None:
    metric = make_metric("roc_auc", shipped("credit-g", 200))
    assert np.isnan(metric.score(np.zeros(4, dtype=int), np.full((4, 2), 0.5)))
    assert list(recwarn) == []


@pytest.mark.parametrize(("table", "name"), [("abalone", "neg_max_error"), ("glass", "roc_auc_ovo")])
def test_a_metric_that_takes_no_weights_is_refused_where_rows_have_weights(shipped, table: str, name: str) -> None:
    dataset = shipped(table, 200)
    assert make_metric(name, dataset).name == name
    with pytest.raises(UserError, match=name):
        make_metric(name, replace(dataset, weights=np.ones(len(dataset))))


@pytest.mark.parametrize("name", ["balanced_accuracy", "recall_macro"])
def test_where_classes_count_equally_a_rare_one_is_decided_for_from_its_share_on(shipped, name: str) -> None:
    """With true probabilities, no threshold does better on average than the share of the class."""
    random = np.random.default_rng(0)
    positive = random.beta(0.5, 6.0, 40_000)
    target = (random.random(40_000) < positive).astype(int)
    said, share = np.column_stack([1 - positive, positive]), target.mean()
    metric = make_metric(name, shipped("credit-g", 200)).for_shares(target, None)
    assert metric.threshold(said) == pytest.approx(share)
    assert metric.decide(said).tolist() == (positive >= share).astype(int).tolist()
    assert metric.score(target, said) == pytest.approx(balanced_accuracy_score(target, positive >= share))
    others = [balanced_accuracy_score(target, positive >= at) for at in np.linspace(0.01, 0.5, 50)]
    assert metric.score(target, said) == pytest.approx(max(others), abs=0.003)
    assert others[-1] < max(others) - 0.1  # at one half, as the most probable class
    gain = paired_gain(metric, target, np.tile([1 - share, share], (40_000, 1)), said)
    assert gain.low < gain.estimate == pytest.approx(metric.score(target, said) - 0.5)
    assert gain.low > 0.9 * gain.estimate


def test_weights_of_rows_are_in_the_shares_of_classes(shipped) -> None:
    metric = make_metric("balanced_accuracy", shipped("glass", 200))
    target, weights = np.repeat(np.arange(metric.n_classes), 10), np.repeat(np.arange(1.0, metric.n_classes + 1), 10)
    weighed = metric.for_shares(target, weights).class_weights
    assert weighed == pytest.approx(weights.sum() / (10 * np.arange(1, metric.n_classes + 1)))
    assert make_metric("accuracy", shipped("glass", 200)).for_shares(target, weights).class_weights is None


@pytest.mark.parametrize(("name", "share"), [("f1", 0.08), ("f1", 0.5), ("jaccard", 0.2)])
def test_where_hits_count_a_class_is_decided_for_from_the_best_threshold_on(shipped, name: str, share: float) -> None:
    """With true probabilities, it is found without looking at a target, and is half of the F1 that it gives."""
    random = np.random.default_rng(1)
    positive = random.beta(0.6, 0.6 * (1 - share) / share, 40_000)
    target = (random.random(40_000) < positive).astype(int)
    said = np.column_stack([1 - positive, positive])
    metric = make_metric(name, shipped("credit-g", 200))
    at = metric.threshold(said)
    assert at is not None
    others = {cut: f1_score(target, positive >= cut) for cut in np.linspace(0.01, 0.6, 60)}
    best = f1_score(target, positive >= at)
    assert best == pytest.approx(max(others.values()), abs=0.005)
    assert at == pytest.approx(best / 2, abs=0.01)  # Lipton et al. 2014
    assert metric.score(target, said) == pytest.approx(best if name == "f1" else best / (2 - best))
    assert metric.decide(said).tolist() == (positive >= at).astype(int).tolist()


@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
@pytest.mark.parametrize("name", TRADING_OFF)
def test_no_threshold_is_expected_to_score_more(shipped, name: str, weighted: bool) -> None:
    """Each row stands for one of either class, with the probability of the class as its weight."""
    random = np.random.default_rng(3)
    metric = make_metric(name, shipped("credit-g", 200))
    for positive in (random.beta(0.6, 3, 40), random.beta(2, 1, 40).round(1), np.full(5, 0.3)):
        rows = len(positive)
        weights = random.integers(0, 4, rows).astype(float) if weighted else np.ones(rows)
        target, chances = np.repeat([1, 0], rows), np.concatenate([weights * positive, weights * (1 - positive)])
        said = np.column_stack([1 - positive, positive])
        decided = metric.decide(said, weights if weighted else None)
        expected = [
            score_of(name, target, np.tile(positive >= at, 2).astype(int), chances) for at in (*positive, np.inf)
        ]
        assert score_of(name, target, np.tile(decided, 2), chances) == pytest.approx(max(expected))


def test_a_row_of_weight_three_asks_for_the_threshold_that_three_such_rows_ask_for(shipped) -> None:
    random = np.random.default_rng(4)
    positive, weights = random.beta(0.5, 2, 50), random.integers(0, 9, 50)
    said, metric = np.column_stack([1 - positive, positive]), make_metric("f1", shipped("credit-g", 200))
    decided = metric.decide(said, weights.astype(float))
    assert decided[weights > 0].tolist() != metric.decide(said)[weights > 0].tolist()
    assert np.repeat(decided, weights).tolist() == metric.decide(np.repeat(said, weights, axis=0)).tolist()


def test_decisions_are_taken_as_they_are_and_a_constant_says_yes_to_all(shipped) -> None:
    metric = make_metric("f1", shipped("credit-g", 200))
    target, decided = np.array([1, 0, 0, 1, 0]), np.array([0.0, 1.0, 0.0, 1.0, 0.0])
    said = np.column_stack([1 - decided, decided])
    assert metric.decide(said).tolist() == decided.tolist()
    assert metric.score(target, np.tile([0.6, 0.4], (5, 1))) == pytest.approx(f1_score(target, np.ones(5)))
    assert metric.decide(np.tile([1.0, 0.0], (5, 1))).tolist() == [0] * 5
