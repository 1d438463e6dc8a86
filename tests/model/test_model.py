"""The model that is kept: all rows, the target's own classes, whole or not at all."""

import json
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from runner.candidates.dummy import CLASSIFIER
from runner.candidates.pipeline import Candidate
from runner.dataset import Dataset, Task
from runner.engine import Engine
from runner.errors import UserError
from runner.model import keep, load_model

LINEAR = Candidate("linear", "simple", "sklearn.linear_model.LogisticRegression", "scaled", {"max_iter": 1000})
RIDGE = Candidate("ridge", "simple", "sklearn.linear_model.Ridge", "scaled")
LATER = 150.0


def kept(candidate: Candidate, dataset: Dataset, folder: Path, engine: Engine, seconds: float = LATER) -> bool:
    return keep(candidate, dataset, folder, 0, engine, time.monotonic() + seconds)


def test_it_predicts_the_targets_own_classes(shipped, engine: Engine, tmp_path: Path) -> None:
    dataset = shipped("bank-marketing", 200)
    assert kept(LINEAR, dataset, tmp_path, engine)
    model, card = load_model(tmp_path)
    predicted = model.predict(dataset.features)
    assert set(predicted) <= {"yes", "no"}
    assert np.mean(predicted == np.asarray(dataset.classes)[dataset.target]) > 0.7
    assert model.predict_proba(dataset.features).shape == (200, 2)
    assert (card["candidate"], card["task"], card["target"], card["rows"]) == ("linear", "binary", "deposit", 200)
    assert card["classes"] == ["no", "yes"]
    assert [*card["columns"]] == [*dataset.features.columns]


@pytest.mark.parametrize("fails", [False, True])
def test_its_card_has_the_time_of_one_row_alone(shipped, engine: Engine, tmp_path: Path, fails: bool) -> None:
    candidate = replace(LINEAR, estimator="estimators.InCompany", params={}) if fails else LINEAR
    assert kept(candidate, shipped("credit-g", 100), tmp_path, engine)
    seconds = load_model(tmp_path)[1]["one_row_seconds"]
    assert seconds is None if fails else seconds > 0


def test_it_predicts_values(shipped, engine: Engine, tmp_path: Path) -> None:
    dataset = shipped("abalone", 200)
    spelling = {name: {"thousands": False, "unit": ""} for name in (dataset.features.columns[-1], "dropped")}
    assert kept(RIDGE, replace(dataset, spelling=spelling), tmp_path, engine)
    model, card = load_model(tmp_path)
    assert [*card["spelling"]] == [dataset.features.columns[-1]]
    assert np.corrcoef(model.predict(dataset.features), dataset.target)[0, 1] > 0.5
    assert card["classes"] == []


@pytest.mark.parametrize("classes", [(False, True), (1, 2), ("a", "b"), (0.5, 1.5)], ids=str)
def test_classes_of_any_kind_come_back(engine: Engine, tmp_path: Path, classes: tuple[object, ...]) -> None:
    random = np.random.default_rng(0)
    target = random.integers(0, 2, 60)
    features = pd.DataFrame({"x": target + 0.1 * random.normal(size=60)})
    dataset = Dataset("t", Task.BINARY, "y", features, target, classes, "")
    assert kept(LINEAR, dataset, tmp_path, engine)
    predicted = load_model(tmp_path)[0].predict(features)
    assert predicted.astype(str).tolist() == [str(classes[code]) for code in target]


def test_a_constant_answer_is_a_class_and_not_its_code(engine: Engine, tmp_path: Path) -> None:
    features, target = pd.DataFrame({"x": np.arange(60.0)}), np.arange(60) % 3 // 2
    dataset = Dataset("t", Task.BINARY, "y", features, target, ("no", "yes"), "")
    always = Candidate("dummy", "none", CLASSIFIER, "none", {"strategy": "constant", "constant": 1})
    assert kept(always, dataset, tmp_path, engine)
    assert set(load_model(tmp_path)[0].predict(features)) == {"yes"}


def test_weights_are_used(shipped, engine: Engine, tmp_path: Path) -> None:
    dataset = shipped("abalone", 100)
    heavy = replace(dataset, weights=np.where(np.arange(100) < 50, 0.0, 1.0))
    for name, table in (("plain", dataset), ("heavy", heavy)):
        (tmp_path / name).mkdir()
        assert kept(RIDGE, table, tmp_path / name, engine)
    plain, weighted = (load_model(tmp_path / name)[0].predict(dataset.features) for name in ("plain", "heavy"))
    assert not np.allclose(plain, weighted)


def test_an_example_of_the_inputs_is_kept_with_it(shipped, engine: Engine, tmp_path: Path) -> None:
    dataset = shipped("abalone", 100)
    kept(RIDGE, dataset, tmp_path, engine)
    example = pd.read_parquet(tmp_path / "example.parquet")
    pd.testing.assert_frame_equal(example, dataset.features.head(5))
    json.loads((tmp_path / "model.json").read_text())
    (tmp_path / "model.pkl").write_bytes((tmp_path / "model.pkl").read_bytes()[:100])
    with pytest.raises(UserError, match=r"cannot be loaded .* install the versions that its verdict.json lists"):
        load_model(tmp_path)


@pytest.mark.parametrize(
    ("candidate", "seconds"),
    [
        (replace(LINEAR, estimator="estimators.Failing", params={}), LATER),
        (replace(LINEAR, estimator="estimators.Hanging", params={}), 1.5),
        (LINEAR, -1.0),
    ],
    ids=["fails", "slow", "no time"],
)
def test_where_it_cannot_be_fitted_nothing_is_written(
    shipped,
    engine: Engine,
    tmp_path: Path,
    candidate: Candidate,
    seconds: float,
) -> None:
    assert not kept(candidate, shipped("credit-g", 100), tmp_path, engine, seconds)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(UserError, match="holds no model"):
        load_model(tmp_path)
