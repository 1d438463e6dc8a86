"""The quick model of the checks is quick, and no worse than no model."""

import numpy as np
import pandas as pd
import pytest

from runner.checks import quick
from runner.config import DatasetConfig
from runner.dataset import Dataset
from runner.metrics import make_metric
from runner.reading import build
from runner.task import Task


def test_many_classes_of_few_rows_do_not_lead_it_astray() -> None:
    random = np.random.default_rng(0)
    classes, rows = 30, 2_000
    target = np.minimum(random.geometric(0.15, rows) - 1, classes - 1)
    features = pd.DataFrame({"x": target + random.normal(size=rows) / 4, "z": random.normal(size=rows)})
    data = Dataset("t", Task.MULTICLASS, "y", features, target, tuple(range(classes)), "")
    result = quick.judge(features, data, quick.random_folds(data, 0), make_metric(None, data))
    assert result.skill > 0.9
    assert -result.score < 0.5


def test_of_a_rare_class_of_which_a_sample_has_more_it_says_the_share_in_the_table() -> None:
    random = np.random.default_rng(0)
    features = pd.DataFrame(random.normal(size=(50_000, 2)), columns=["x", "z"])
    frame = features.assign(y=features["x"] + random.normal(size=50_000) > 3.9)
    data = build(frame, DatasetConfig(path="frame", target="y"), 4_000)
    metric = make_metric("neg_log_loss", data)
    result = quick.judge(data.features, data, quick.random_folds(data, 0), metric)
    dull = np.tile([1 - frame["y"].mean(), frame["y"].mean()], (len(data), 1))
    assert data.target.mean() > 5 * frame["y"].mean()
    assert result.score > metric.score(data.target, dull, data.weights)


@pytest.mark.parametrize(("unit", "mean"), [(1e-12, 0.0), (1.0, 1e9)])
def test_what_columns_tell_of_small_differences_is_seen(unit: float, mean: float) -> None:
    random = np.random.default_rng(0)
    features = pd.DataFrame(random.normal(size=(600, 2)), columns=["x", "z"])
    target = mean + unit * (features["x"] + 0.1 * random.normal(size=600)).to_numpy()
    data = Dataset("t", Task.REGRESSION, "y", features, target, (), "")
    assert quick.judge(data.features, data, quick.random_folds(data, 0)).skill > 0.8


def test_a_fold_of_one_class_has_no_score_and_takes_none_from_the_others() -> None:
    data = Dataset("t", Task.BINARY, "y", pd.DataFrame({"x": np.arange(80.0)}), np.arange(80) // 40, (0, 1), "")
    mixed = np.concatenate([np.arange(20, 40), np.arange(60, 80)])
    folds = [(np.arange(20, 80), np.arange(20)), (np.delete(np.arange(80), mixed), mixed)]
    metric = make_metric(None, data)
    assert quick.judge(data.features, data, folds, metric).score == 1.0
    assert np.isnan(quick.judge(data.features, data, folds[:1], metric).score)


@pytest.mark.parametrize("name", ["rmsle", "neg_mean_poisson_deviance", "neg_mean_gamma_deviance"])
def test_of_amounts_it_says_what_every_metric_of_amounts_can_score(name: str) -> None:
    random = np.random.default_rng(0)
    features = pd.DataFrame({"x": random.normal(size=600), "z": random.normal(size=600)})
    target = np.where(random.random(600) < 0.5, 0.01, np.exp(2 * features["x"] + random.normal(size=600)))
    data = Dataset("t", Task.REGRESSION, "y", features, target, (), "")
    metric = make_metric(name, data)
    said = quick.out_of_fold(data, quick.random_folds(data, 0))
    assert np.isfinite(metric.score(target, said))


def test_the_categories_of_a_small_table_tell_what_they_tell() -> None:
    random = np.random.default_rng(0)
    kind = random.permutation(np.arange(300) % 10)
    features = pd.DataFrame({"kind": [f"k{k}" for k in kind], "x": random.normal(size=300)})
    target = random.permutation(10)[kind] + 0.1 * random.normal(size=300)
    data = Dataset("t", Task.REGRESSION, "y", features, target, (), "")
    assert quick.judge(features, data, quick.random_folds(data, 0)).skill > 0.8
