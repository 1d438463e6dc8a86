"""Trees, forests and naive Bayes decide as scikit-learn's do, and call no class impossible."""

from typing import Any

import numpy as np
import pytest
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.naive_bayes import GaussianNB
from sklearn.tree import DecisionTreeClassifier

from runner.candidates.smoothed import SmoothedExtraTrees, SmoothedForest, SmoothedNaiveBayes, SmoothedTree

RANDOM = np.random.default_rng(0)
INPUTS, NEW = RANDOM.normal(size=(600, 3)), RANDOM.normal(size=(4_000, 3))
FORESTS = [(SmoothedForest, RandomForestClassifier), (SmoothedExtraTrees, ExtraTreesClassifier)]


def classes(inputs: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return np.array(["no", "yes"])[(inputs[:, 0] + 0.5 * RANDOM.normal(size=len(inputs)) > 0.5).astype(int)]


SEEN, AFTER = classes(INPUTS), classes(NEW)
WEIGHTS = np.where(SEEN == "yes", 0.1, 1.0)
SHARE = np.average(SEEN == "yes", weights=WEIGHTS)


@pytest.mark.parametrize(("mine", "theirs"), [*FORESTS, (SmoothedTree, DecisionTreeClassifier)])
def test_a_row_that_all_votes_miss_does_not_decide_a_log_loss(mine: Any, theirs: Any) -> None:
    few = {"max_depth": 9} if mine is SmoothedTree else {"n_estimators": 50}
    own, other = (kind(random_state=0, **few).fit(INPUTS, SEEN).predict_proba(NEW) for kind in (mine, theirs))
    assert (other[np.arange(len(AFTER)), (AFTER == "yes").astype(int)] == 0).any()
    assert log_loss(AFTER, own) < log_loss(AFTER, other)
    assert roc_auc_score(AFTER, own[:, 1]) > roc_auc_score(AFTER, other[:, 1]) - 0.001
    np.testing.assert_allclose(own.sum(axis=1), 1)


@pytest.mark.parametrize(("mine", "theirs"), FORESTS)
def test_half_a_vote_of_a_forest_is_half_a_tree(mine: Any, theirs: Any) -> None:
    own, other = (kind(10, random_state=0).fit(INPUTS, SEEN, WEIGHTS) for kind in (mine, theirs))
    np.testing.assert_allclose(own.predict_proba(NEW)[:, 1], (10 * other.predict_proba(NEW)[:, 1] + SHARE / 2) / 10.5)
    assert set(own.predict(NEW)) == {"no", "yes"}


def test_half_a_vote_of_a_tree_is_half_a_row_by_weight() -> None:
    own, other = (
        kind(max_depth=3, random_state=0).fit(INPUTS, SEEN, WEIGHTS) for kind in (SmoothedTree, DecisionTreeClassifier)
    )
    weight = np.array([WEIGHTS[other.apply(INPUTS) == leaf].sum() for leaf in other.apply(NEW)])
    expected = (weight * other.predict_proba(NEW)[:, 1] + SHARE / 2) / (weight + 0.5)
    np.testing.assert_allclose(own.predict_proba(NEW)[:, 1], expected)
    assert (own.predict(NEW) == np.where(expected > 0.5, "yes", "no")).all()


def test_naive_bayes_of_columns_that_are_alike_calls_no_class_impossible() -> None:
    alike, new = (np.repeat(inputs, 300, axis=1) for inputs in (INPUTS, NEW))
    own, other = (kind().fit(alike, SEEN, WEIGHTS) for kind in (SmoothedNaiveBayes, GaussianNB))
    mine, theirs = own.predict_proba(new), other.predict_proba(new)
    assert (theirs[np.arange(len(AFTER)), (AFTER == "yes").astype(int)] == 0).any()
    assert log_loss(AFTER, mine) < log_loss(AFTER, theirs)
    np.testing.assert_allclose(mine[:, 1], (600 * theirs[:, 1] + SHARE / 2) / 600.5)
    assert (own.predict(new) == other.predict(new)).all()
