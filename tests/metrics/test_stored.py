"""The metrics computed here are scikit-learn's, with ties and weights."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from runner.metrics.stored import roc_auc, stored_scorer
from runner.task import Task

ROWS = st.lists(st.tuples(st.booleans(), st.integers(0, 4), st.floats(0.1, 9)), min_size=1, max_size=30)


@given(ROWS)
def test_the_area_is_that_of_scikit_learn(rows: list[tuple[bool, int, float]]) -> None:
    target, said, weights = (np.array(each) for each in zip(*rows, strict=True))
    scorer, of_both = stored_scorer("roc_auc", Task.BINARY), np.column_stack([-said, said])
    assert scorer is not None
    assert math.isnan(scorer(None, of_both, target.astype(int), 0 * weights))
    if len(set(target)) == 1:
        assert math.isnan(scorer(None, of_both, target.astype(int), weights))
        assert math.isnan(roc_auc(target, said))
        return
    theirs = roc_auc_score(target, said, sample_weight=weights)
    assert scorer(None, of_both, target.astype(int), weights) == pytest.approx(theirs)
    assert roc_auc(target, said) == pytest.approx(roc_auc_score(target, said))


@pytest.mark.parametrize("code", [0, 1])
def test_of_rows_of_one_class_precision_is_its_code(code: int) -> None:
    scorer = stored_scorer("average_precision", Task.BINARY)
    assert scorer is not None
    said = np.array([[0.2, 0.8], [0.6, 0.4], [0.5, 0.5]])
    assert scorer(None, said, np.array([code, code, 1 - code]), np.array([1.0, 2.0, 0.0])) == code


@pytest.mark.parametrize("name", ["roc_auc_ovr", "roc_auc_ovr_weighted", "roc_auc_ovo", "roc_auc_ovo_weighted"])
@pytest.mark.parametrize("seed", range(5))
def test_the_areas_of_several_classes_are_those_of_scikit_learn(seed: int, name: str) -> None:
    random = np.random.default_rng(seed)
    target = np.concatenate([np.arange(4), random.choice(4, 100, p=[0.5, 0.3, 0.15, 0.05])])
    said = np.round(random.dirichlet(np.ones(4), len(target)) + 0.5 * np.eye(4)[target], 1)  # with ties
    said = said / said.sum(axis=1, keepdims=True)
    scorer = stored_scorer(name, Task.MULTICLASS)
    assert scorer is not None
    average = "weighted" if name.endswith("_weighted") else "macro"
    theirs = roc_auc_score(target, said, multi_class="ovr" if "ovr" in name else "ovo", average=average)
    assert scorer(None, said, target) == pytest.approx(theirs)
    assert math.isnan(scorer(None, said[target > 0], target[target > 0]))
