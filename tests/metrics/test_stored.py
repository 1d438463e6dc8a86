"""The metrics computed here are scikit-learn's, with ties and weights."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from runner.metrics.stored import roc_auc

ROWS = st.lists(st.tuples(st.booleans(), st.integers(0, 4), st.floats(0.1, 9)), min_size=1, max_size=30)


@given(ROWS)
def test_the_area_is_that_of_scikit_learn(rows: list[tuple[bool, int, float]]) -> None:
    target, said, weights = (np.array(each) for each in zip(*rows, strict=True))
    if len(set(target)) == 1:
        assert math.isnan(roc_auc(target, said, weights))
        return
    assert roc_auc(target, said, weights) == pytest.approx(roc_auc_score(target, said, sample_weight=weights))
    assert roc_auc(target.astype(int), said) == pytest.approx(roc_auc_score(target, said))
