"""Prepared folds are stored whole, found by form and fold, and not kept when they are large."""

from dataclasses import replace

import numpy as np
import pandas as pd

from runner.candidates.pipeline import Candidate, preparation_of
from runner.dataset import Dataset
from runner.evaluation.prepared import CLEANED, find, path_of, prepare, prepare_ahead
from runner.task import Task

ROWS = 60
TRAIN, TEST = np.arange(40), np.arange(40, ROWS)
LINEAR = Candidate("linear", "simple", "sklearn.linear_model.Ridge", "scaled")


def table(features: pd.DataFrame | None = None) -> Dataset:
    random = np.random.default_rng(0)
    given = pd.DataFrame({"a": random.normal(size=ROWS), "b": random.choice(["x", "y"], ROWS)})
    return Dataset("t", Task.REGRESSION, "y", given if features is None else features, given["a"].to_numpy(), (), "")


def test_what_was_prepared_is_found(tmp_path) -> None:
    path = path_of(tmp_path, "scaled", 0)
    prepare_ahead([LINEAR], table(), TRAIN, TEST, 0, [path], path_of(tmp_path, CLEANED, 0))
    found = find(path)
    assert found is not None
    assert (len(found.train), len(found.test)) == (len(TRAIN), len(TEST))
    assert found.wall_seconds > 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cleaned-0.pkl", "scaled-0.pkl"]


def test_a_misspelt_estimator_keeps_no_other_from_its_prepared_folds(tmp_path) -> None:
    broken = Candidate("broken", "simple", "sklearn.linear_model.Rigde", "scaled", {"alhpa": 1})
    prepare_ahead([broken], table(), TRAIN, TEST, 0, [path_of(tmp_path, "scaled", 0)], path_of(tmp_path, CLEANED, 0))
    assert find(path_of(tmp_path, "scaled", 0)) is not None


def test_forms_that_share_a_cleaning_are_what_each_is_alone(tmp_path) -> None:
    data = table()
    wanted = [replace(LINEAR, preparation=form) for form in ("onehot", "scaled", "ordinal", "native")]
    paths = [path_of(tmp_path, candidate.preparation, 0) for candidate in wanted]
    prepare_ahead(wanted, data, TRAIN, TEST, 0, paths, path_of(tmp_path, CLEANED, 0))
    for candidate, path in zip(wanted, paths, strict=True):
        found, alone = find(path), prepare(preparation_of(candidate, 0), data, TRAIN, TEST)
        assert found is not None
        for one, other in ((found.train, alone.train), (found.test, alone.test)):
            pd.testing.assert_frame_equal(pd.DataFrame(one), pd.DataFrame(other))
        again = found.preparation.transform(data.features.iloc[TEST])  # whole: from the raw columns on
        pd.testing.assert_frame_equal(pd.DataFrame(again), pd.DataFrame(alone.test))


def test_what_a_later_rung_needs_is_made_from_the_same_cleaned_fold(tmp_path, monkeypatch) -> None:
    words = np.random.default_rng(1).choice(["red", "green", "blue", "old", "new", "house", "tree"], (ROWS, 9))
    data = table(table().features.assign(text=pd.Series([" ".join(row) for row in words], dtype="str")))
    cleaned, first, later = (path_of(tmp_path, form, 0) for form in (CLEANED, "scaled", "onehot"))
    prepare_ahead([LINEAR], data, TRAIN, TEST, 0, [first], cleaned)
    tree, charged = replace(LINEAR, preparation="onehot"), find(cleaned)
    alone = prepare(preparation_of(tree, 0), data, TRAIN, TEST)
    monkeypatch.setattr("runner.candidates.cleaning.Cleaning.fit_transform", None)  # would fail if called again
    prepare_ahead([tree], data, TRAIN, TEST, 0, [later], cleaned)
    found = find(later)
    assert found is not None and charged is not None
    pd.testing.assert_frame_equal(found.train, alone.train)
    pd.testing.assert_frame_equal(found.test, alone.test)
    assert found.cpu_seconds >= charged.cpu_seconds > 0


def test_a_form_that_fails_keeps_no_other_from_its_prepared_fold(tmp_path, monkeypatch) -> None:
    def fails(*_: object) -> None:
        raise ValueError("cannot be encoded")

    monkeypatch.setattr("runner.candidates.preparation.OrdinalEncoder.fit_transform", fails)
    wanted = [replace(LINEAR, preparation=form) for form in ("ordinal", "scaled")]
    paths = [path_of(tmp_path, candidate.preparation, 0) for candidate in wanted]
    prepare_ahead(wanted, table(), TRAIN, TEST, 0, paths, path_of(tmp_path, CLEANED, 0))
    assert [path.exists() for path in paths] == [False, True]


def test_each_form_and_fold_has_a_place_of_its_own(tmp_path) -> None:
    places = {path_of(tmp_path, form, fold) for form in ("scaled", "native") for fold in range(3)}
    assert len(places) == 6
    assert find(path_of(tmp_path, "scaled", 0)) is None
    assert find(None) is None


def test_no_preparation_leaves_the_features_as_they_are() -> None:
    data = table()
    fold = prepare(None, data, TRAIN, TEST)
    pd.testing.assert_frame_equal(fold.train, data.features.iloc[TRAIN])
    pd.testing.assert_frame_equal(fold.test, data.features.iloc[TEST])
    assert fold.preparation is None


def test_a_large_fold_is_made_anew_each_time(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("runner.evaluation.prepared.LARGEST_MB", 0)
    prepare_ahead([LINEAR], table(), TRAIN, TEST, 0, [path_of(tmp_path, "scaled", 0)], path_of(tmp_path, CLEANED, 0))
    assert list(tmp_path.iterdir()) == []
