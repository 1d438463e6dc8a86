"""Neighbours count by their weights, and are scikit-learn's own where there are none."""

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor

from runner.candidates.neighbours import NeighboursClassifier, NeighboursRegressor

RANDOM = np.random.default_rng(0)
INPUTS, NEW = RANDOM.normal(size=(2_000, 2)), RANDOM.normal(size=(100, 2))
CLASSES = np.array(["no", "yes"])[(INPUTS[:, 0] + RANDOM.normal(size=2_000) > 0.5).astype(int)]


@pytest.mark.parametrize("weights", [None, np.full(2_000, 3.0)])
def test_neighbours_that_weigh_alike_are_those_of_scikit_learn(weights: object) -> None:
    mine, theirs = (kind(20).fit(INPUTS, CLASSES, *given) for kind, given in
                    ((NeighboursClassifier, (weights,)), (KNeighborsClassifier, ())))  # fmt: skip
    prior = [(CLASSES == "no").mean(), (CLASSES == "yes").mean()]
    np.testing.assert_allclose(mine.predict_proba(NEW), (20 * theirs.predict_proba(NEW) + prior) / 21)
    values, said = INPUTS[:, 1], KNeighborsRegressor(20, weights="distance").fit(INPUTS, INPUTS[:, 1]).predict(NEW)
    np.testing.assert_allclose(
        NeighboursRegressor(20, weights="distance").fit(INPUTS, values, weights).predict(NEW), said
    )


def test_a_class_of_which_there_are_more_rows_than_its_share_is_as_rare_as_its_weight() -> None:
    weights = np.where(CLASSES == "yes", 0.1, 1.0)
    model = NeighboursClassifier(20).fit(INPUTS, CLASSES, weights)
    share = np.average(CLASSES == "yes", weights=weights)
    assert np.average(model.predict_proba(INPUTS)[:, 1], weights=weights) == pytest.approx(share, abs=0.02)
    assert (CLASSES == "yes").mean() > 0.3 > 0.1 > share
    assert set(model.predict(INPUTS)) == {"no", "yes"}


@pytest.mark.parametrize("weights", [None, np.full(8, 2.0)])
def test_where_fewer_rows_are_there_than_neighbours_all_of_them_vote(weights: object) -> None:
    few, classes = INPUTS[:8], np.repeat(["no", "yes"], [6, 2])
    np.testing.assert_allclose(NeighboursClassifier(20).fit(few, classes, weights).predict_proba(NEW)[:, 1], 0.25)
    np.testing.assert_allclose(NeighboursRegressor(20).fit(few, few[:, 0], weights).predict(NEW), few[:, 0].mean())


def test_rows_that_weigh_nothing_are_no_neighbours() -> None:
    weights = (INPUTS[:, 0] > 0).astype(float)
    with_all = NeighboursRegressor(5).fit(INPUTS, INPUTS[:, 1], weights).predict(NEW)
    counted = INPUTS[weights > 0]
    np.testing.assert_allclose(with_all, KNeighborsRegressor(5).fit(counted, counted[:, 1]).predict(NEW))
