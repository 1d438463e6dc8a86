"""Whether the kept model's score on the folds is kept on the rows kept aside, with predictions of known worth."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from runner.checks import Finding, Severity
from runner.costs import Costs
from runner.evaluation import Evaluation, Status
from runner.insight.shortfall import falls_short
from runner.judge.looks import Look
from runner.judge.proof import make_proof
from runner.metrics import make_metric
from runner.reading import build
from runner.splits import make_splits

IN_TIME = "dataset.time=day"
KINDS = [
    ((IN_TIME,), None),
    ((), None),
    (("dataset.positive=1",), "roc_auc"),
    (("dataset.drop=[day]",), "neg_mean_absolute_error"),
]


def made(compose, overrides: tuple[str, ...], metric: str | None, rows: int = 600) -> Any:
    """Return what the shortfall is told by, of a table whose outcome is its only number and noise."""
    random = np.random.default_rng(0)
    frame = pd.DataFrame({"x": random.normal(size=rows), "day": pd.date_range("1970-01-01", periods=rows)})
    outcome = frame["x"] + random.normal(size=rows)
    frame["y"] = (outcome > 0).astype(int) if metric == "roc_auc" else outcome
    config = compose("dataset.path=frame", "dataset.target=y", *overrides)
    dataset = build(frame, config.dataset)
    metric_of_it, splits = make_metric(metric, dataset), make_splits(dataset, config.evaluation, 0)
    proof = make_proof(dataset, splits, metric_of_it, 0)
    return SimpleNamespace(dataset=dataset, splits=splits, metric=metric_of_it, proof=proof, seed=0)


def told(judge: Any, slip: Any, seed: int) -> Finding | None:
    """Return what is found of a model whose errors on the rows kept aside are `slip` times those on the folds."""
    random = np.random.default_rng([1, seed])
    errors = np.full(len(judge.dataset), 0.3)
    errors[judge.splits.holdout] *= slip
    said = judge.dataset.features["x"].to_numpy() + errors * random.normal(size=len(errors))
    share = 1 / (1 + np.exp(-2 * said))
    predictions = np.column_stack([1 - share, share]) if judge.dataset.classes else said
    model = seen(judge, "model", predictions)
    dummy = seen(judge, "dummy", np.full_like(predictions, predictions.mean(axis=0)))
    return falls_short(judge, model[0], dummy[0], {"model": model[1], "dummy": dummy[1]}, None)


def seen(judge: Any, name: str, predictions: Any) -> tuple[Evaluation, Look]:
    """Return how predictions of all rows look on the folds, and on the rows kept aside."""
    splits, target = judge.splits, judge.dataset.target
    known, there = predictions[splits.development], predictions[splits.holdout]
    scores = tuple(judge.metric.score(target[splits.development[test]], known[test]) for _, test in splits.folds)
    evaluation = Evaluation(name, "tree", Status.OK, Costs(), fold_scores=scores, predictions=known)
    return evaluation, Look(name, there, judge.metric.score(target[splits.holdout], there), Costs())


@pytest.mark.parametrize(("overrides", "metric"), KINDS)
def test_a_model_that_is_worse_on_rows_kept_aside_is_named(compose, overrides, metric) -> None:
    finding = told(made(compose, overrides, metric), 12.0, seed=0)
    assert finding is not None
    assert (finding.code, finding.severity) == ("falls-short", Severity.WARN)
    assert ("newest" in finding.evidence) == (IN_TIME in overrides)
    assert ("dataset.time" in finding.advice) == (IN_TIME not in overrides)


@pytest.mark.parametrize(("overrides", "metric"), KINDS)
def test_chance_alone_is_not_told(compose, overrides, metric) -> None:
    judge = made(compose, overrides, metric)
    assert not [seed for seed in range(25) if told(judge, 1.0, seed)]


def test_a_sure_but_slight_slip_is_not_told(compose) -> None:
    judge = made(compose, (), None, rows=20_000)
    assert told(judge, 1.6, seed=0) is None  # RMSE is 6 % greater, seven standard errors
    assert told(judge, 2.0, seed=0) is not None


@pytest.mark.parametrize("metric", [None, "roc_auc"])
def test_in_time_a_break_among_the_newest_rows_and_errors_that_grow_are_told(compose, metric: str | None) -> None:
    judge = made(compose, (IN_TIME, *(["dataset.positive=1"] if metric else [])), metric, rows=1500)
    new = np.linspace(0, 1, len(judge.splits.holdout))
    for slip in (np.where(new > 0.4, 30.0, 1.0), 1 + 30 * new):
        finding = told(judge, slip, seed=0)
        assert finding is not None
        assert "On the newest rows, which were kept aside, model is worse" in finding.evidence


def test_in_time_a_few_large_errors_are_chance(compose) -> None:
    judge = made(compose, (IN_TIME,), None, rows=1500)
    slip = np.ones(len(judge.splits.holdout))
    slip[[30, 200]] = 300
    assert told(judge, slip, seed=0) is None
