"""No model is the best that can be said without any input, whichever metric judges."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from runner.candidates.constant import BestConstant
from runner.candidates.dummy import CLASSIFIER, GUESSES, REGRESSOR, best_constant
from runner.candidates.pipeline import Candidate, build
from runner.dataset import Dataset
from runner.errors import UserError
from runner.metrics import make_metric
from runner.task import Task
from tables import table

Array = NDArray[np.float64]
VALUES = ("rmse", "r2", "mae", "mape", "rmsle")


def rows(task: Task) -> Dataset:
    """Return a class that 30 % have, or values with a long tail."""
    data = table(task, 200)
    values = np.exp(np.random.default_rng(0).normal(size=200))
    return replace(data, target=values if task is Task.REGRESSION else (np.arange(200) % 10 < 3).astype(int))


@pytest.mark.parametrize(
    ("metric", "params"),
    [
        ("roc_auc", {}),
        ("neg_log_loss", {}),
        ("accuracy", {}),
        ("balanced_accuracy", {}),
        ("f1", {}),  # which calls all rows positive
        ("precision", {"strategy": "constant", "constant": 1}),
        ("f1_macro", {"lean": 0.0}),
        ("f1_weighted", {"lean": 0.55}),
        ("precision_macro", {"lean": 0.0}),
        ("recall_macro", {}),
        ("rmse", {}),
        ("r2", {}),
        ("mae", {"strategy": "median"}),
        ("neg_mean_poisson_deviance", {}),
        ("mape", {"metric": "neg_mean_absolute_percentage_error"}),
        ("rmsle", {"metric": "neg_root_mean_squared_log_error"}),
        ("neg_max_error", {"metric": "neg_max_error"}),
    ],
)
def test_the_answer_without_inputs_is_the_best_under_the_metric(metric: str, params: dict[str, Any]) -> None:
    task = Task.REGRESSION if metric in VALUES or metric.endswith(("error", "deviance")) else Task.BINARY
    data = rows(task)
    dummy = Candidate("dummy", "none", REGRESSOR if task is Task.REGRESSION else CLASSIFIER, "none")
    found = best_constant(dummy, data, make_metric(metric, data))
    assert found.params == params
    build(found, 0).fit(data.features, data.target)


def percent(target: Array) -> float:
    """Return the median with each value as often as one over it."""
    ordered = np.sort(target)
    return float(ordered[np.searchsorted(np.cumsum(1 / ordered), (1 / ordered).sum() / 2)])


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        ("rmsle", lambda target: np.expm1(np.log1p(target).mean())),
        ("neg_mean_squared_log_error", lambda target: np.expm1(np.log1p(target).mean())),
        ("neg_max_error", lambda target: (target.min() + target.max()) / 2),
        ("mape", percent),
    ],
)
@pytest.mark.parametrize("spread", [0.5, 1.5])
@pytest.mark.parametrize("counts", [False, True])
def test_values_without_a_mean_or_median_that_is_best_are_answered_by_the_best_of_the_rows_learned_from(
    metric: str, expected: Callable[[Array], float], spread: float, counts: bool
) -> None:
    random = np.random.default_rng(0)
    target = np.exp(spread * random.normal(size=300))
    data = table(Task.REGRESSION, 300)
    data = replace(data, target=np.ceil(target) if counts else target)
    judge = make_metric(metric, data)
    dummy = best_constant(Candidate("dummy", "none", REGRESSOR, "none"), data, judge)
    assert dummy.is_free
    some = random.permutation(300)[:100]
    said = build(dummy, 0).fit(data.features.iloc[some], data.target[some]).predict(data.features)
    seen = data.target[some]
    least = -judge.score(seen, np.full(100, expected(seen)))
    assert -judge.score(seen, said[:100]) == pytest.approx(least, rel=1e-6)


def test_the_best_value_is_found_with_weights() -> None:
    data, weights = rows(Task.REGRESSION), np.random.default_rng(1).uniform(0.1, 3, 200)
    model = BestConstant("neg_root_mean_squared_log_error").fit(data.features, data.target, weights)
    assert model.predict(data.features)[0] == pytest.approx(
        np.expm1(np.average(np.log1p(data.target), weights=weights))
    )


@pytest.mark.parametrize("metric", ["f1_macro", "f1_weighted", "jaccard_macro"])
@pytest.mark.parametrize("sizes", [(1000, 1000), (1500, 500), (1400, 400, 200)])
def test_no_guesses_beat_no_model_where_a_score_is_averaged_over_classes(metric: str, sizes: tuple[int, ...]) -> None:
    random, count = np.random.default_rng(0), len(sizes)
    target = random.permutation(np.repeat(np.arange(count), sizes))
    data = replace(table(Task.MULTICLASS if count > 2 else Task.BINARY, 2000), target=target)
    judge = make_metric(metric, data)
    dummy = best_constant(Candidate("dummy", "none", CLASSIFIER, "none"), data, judge)
    models = [build(dummy, seed).fit(data.features, data.target) for seed in range(20)]
    score = np.mean([judge.score(target, model.predict_proba(data.features)) for model in models])
    draws = [random.choice(count, 2000, p=random.dirichlet(np.ones(count))) for _ in range(50)]
    guesses = [judge.score(target, np.eye(count)[each]) for each in draws]
    assert score > np.quantile(guesses, 0.8)


def test_rows_of_another_fold_are_drawn_for_anew_and_the_same_rows_alike() -> None:
    data = rows(Task.BINARY)
    guesses = build(Candidate("dummy", "none", GUESSES, "none"), 3).fit(data.features, data.target)
    folds = [data.features.iloc[fold::5] for fold in range(5)]
    first, second = (np.array([guesses.predict_proba(fold)[:, 1] for fold in folds]) for _ in range(2))
    assert (first == second).all()
    assert all((one != first[0]).any() for one in first[1:])
    assert guesses.predict(folds[0]).tolist() == first[0].tolist()


def test_a_dummy_of_the_user_s_own_and_other_candidates_stay_as_they_are() -> None:
    data = rows(Task.BINARY)
    own = Candidate("dummy", "none", CLASSIFIER, "none", {"strategy": "uniform"})
    tree = Candidate("tree", "tree", "sklearn.tree.DecisionTreeClassifier", "onehot")
    assert [best_constant(each, data, make_metric("f1", data)) for each in (own, tree)] == [own, tree]


@pytest.mark.parametrize(
    ("metric", "share", "always"),
    [("recall", 0.3, "'1'"), ("recall", 0.7, "'1'"), ("neg_median_absolute_error", None, "0")],
)
def test_a_metric_that_a_constant_answer_is_perfect_under_is_refused(
    metric: str, share: float | None, always: str
) -> None:
    data = rows(Task.BINARY if share else Task.REGRESSION)
    place = np.arange(200)
    data = replace(data, target=(place < 200 * share).astype(int) if share else np.where(place < 120, 0, data.target))
    dummy = Candidate("dummy", "none", CLASSIFIER if data.classes else REGRESSOR, "none")
    with pytest.raises(UserError, match=f"always saying {always} is perfect; choose another, such as"):
        best_constant(dummy, data, make_metric(metric, data))
