"""A permutation test, held against the exact law where that can be counted."""

import numpy as np
import pytest
from scipy.stats import hypergeom
from sklearn.metrics import get_scorer

from runner.gain import association_p_value
from runner.metrics import Metric
from runner.task import Task


@pytest.mark.parametrize("name", ["neg_log_loss", "neg_brier_score"])
@pytest.mark.parametrize("seed", range(4))
def test_pairings_that_score_the_same_count_whatever_order_they_are_summed_in(name: str, seed: int) -> None:
    """Two levels of probability and two positives: a score is how many positives have the higher one."""
    random = np.random.default_rng(seed)
    target = random.permutation(np.repeat([0, 1], [58, 2]))
    said = random.choice([0.05, 0.3], 60, p=[0.6, 0.4])
    metric = Metric(name, Task.BINARY, 2, get_scorer(name))
    found = association_p_value(metric, target, np.column_stack([1 - said, said]), None, seed)
    high = said == 0.3
    exact = hypergeom.sf(high[target == 1].sum() - 1, 60, high.sum(), 2)
    assert found == pytest.approx(exact, abs=0.08)  # of 400 permutations: three standard errors


def test_a_constant_prediction_knows_nothing() -> None:
    target = np.random.default_rng(0).lognormal(0.0, 2.0, 30)
    metric = Metric("r2", Task.REGRESSION, 0, get_scorer("r2"))
    assert association_p_value(metric, target, np.full(30, 0.3), None, 0) == 1.0


def test_a_score_that_is_not_defined_shows_nothing() -> None:
    metric = Metric("r2", Task.REGRESSION, 0, get_scorer("r2"))
    assert association_p_value(metric, np.ones(1), np.ones(1), None, 0) == 1.0
