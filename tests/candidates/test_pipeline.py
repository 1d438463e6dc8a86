"""A candidate as a pipeline: seeded, single-threaded, and of scikit-learn only."""

import warnings
from dataclasses import replace

import pytest
from joblib import effective_n_jobs
from sklearn.base import clone
from sklearn.tree import BaseDecisionTree

from runner.candidates.pipeline import Candidate, build, estimator_class, join, split
from runner.config.compose import composed
from runner.errors import UserError
from runner.ladder import make_ladder
from runner.task import Task

FOREST = Candidate("forest", "boosting", "sklearn.ensemble.RandomForestClassifier", "ordinal", {"max_depth": 3})


def test_a_pipeline_is_prepared_seeded_and_single_threaded() -> None:
    pipeline = build(FOREST, seed=7)
    forest = pipeline[-1]
    assert len(pipeline) == 3  # cleaned, encoded, estimated
    assert (forest.max_depth, forest.random_state, effective_n_jobs(forest.n_jobs)) == (3, 7, 1)
    assert build(replace(FOREST, estimator="lightgbm.LGBMClassifier"), seed=7)[-1].n_jobs == 1


def test_what_the_config_gives_goes_before_the_seed() -> None:
    assert build(replace(FOREST, params={"random_state": 3, "n_jobs": 2}), seed=7)[-1].random_state == 3
    assert build(replace(FOREST, params={"random_state": 3, "n_jobs": 2}), seed=7)[-1].n_jobs == 2


def test_nothing_is_given_that_an_estimator_warns_of() -> None:
    linear = build(Candidate("linear", "simple", "sklearn.linear_model.LogisticRegression", "none"), seed=7)
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        linear.fit([[0.0], [1.0]], [0, 1])
    assert heard == []


def test_no_preparation_is_no_step() -> None:
    pipeline = build(Candidate("d", "none", "sklearn.dummy.DummyClassifier", "none"), seed=0)
    assert len(pipeline) == 1
    assert split(pipeline)[0] is None


def test_a_pipeline_is_split_and_joined_again() -> None:
    pipeline = build(FOREST, seed=0)
    preparation, estimator = split(pipeline)
    joined = join(preparation, estimator)
    assert [type(step) for _, step in joined.steps] == [type(step) for _, step in pipeline.steps]
    clone(joined)  # parameters only: what scikit-learn asks of a pipeline


def test_a_trial_is_the_candidate_with_what_was_drawn() -> None:
    trial = FOREST.with_params("forest #4", "search", {"max_depth": 9, "min_samples_leaf": 2})
    assert (trial.name, trial.rung) == ("forest #4", "search")
    assert trial.params == {"max_depth": 9, "min_samples_leaf": 2}
    assert trial.drawn == {"max_depth": 9, "min_samples_leaf": 2}
    assert FOREST.params == {"max_depth": 3}


@pytest.mark.parametrize("task", Task)
def test_the_trees_that_ship_and_nothing_else_can_be_written_as_rules(task: Task) -> None:
    ladder = make_ladder(composed(["dataset.path=x", "dataset.target=y"]).ladder, task)
    candidates = [candidate for rung in ladder for candidate in rung.candidates]
    readable = {one.name for one in candidates if one.is_readable}
    assert readable == {"stump", "tree"}
    trees = {one.name for one in candidates if issubclass(estimator_class(one.estimator, one.name), BaseDecisionTree)}
    assert readable == trees


def test_only_a_dummy_is_free() -> None:
    assert Candidate("d", "none", "sklearn.dummy.DummyRegressor", "none").is_free
    assert not Candidate("h", "mine", "sklearn.svm.SVC", "none").is_free
    assert not FOREST.is_free


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("sklearn.ensemble.RandomForestClasifier", ["RandomForestClasifier", "'RandomForestClassifier'"]),
        ("sklearn.ensembel.RandomForestClassifier", ["sklearn.ensembel"]),
        ("RandomForestClassifier", ["RandomForestClassifier"]),
        ("os.system", ["os.system", "not a scikit-learn estimator"]),
        ("pandas.DataFrame", ["pandas.DataFrame", "not a scikit-learn estimator"]),
        ("", ["forest"]),
    ],
)
def test_what_is_no_estimator_is_told_in_a_sentence(path: str, parts: list[str]) -> None:
    with pytest.raises(UserError) as caught:
        estimator_class(path, "forest")
    message = str(caught.value)
    assert all(part in message for part in [*parts, "forest"]), message
    assert "\n" not in message
