"""What the rows that prove say of predictions, where rows belong to groups or to moments."""

import numpy as np
import pandas as pd
import pytest

from runner.dataset import Dataset
from runner.judge.proof import HoldoutProof
from runner.metrics import make_metric
from runner.splits import Splits, split_off
from runner.task import Task


@pytest.mark.parametrize("knows", [True, False])
def test_of_groups_each_is_one_case_of_whether_anything_is_known(knows: bool) -> None:
    found = []
    for seed in range(20):
        random, patient = np.random.default_rng(seed), np.repeat(np.arange(60), 6)
        level = random.normal(size=60)
        ill = np.exp(2 * level[patient] + 0.2 * random.normal(size=360))
        said = np.exp(level if knows else random.normal(size=60))[patient]
        data = Dataset("t", Task.REGRESSION, "ill", pd.DataFrame({"x": said}), ill, (), "", groups=patient)
        splits = Splits(*split_off(data, 0.5, seed), ())
        proof = HoldoutProof(data, splits, make_metric(None, data), 0)
        found.append(proof.association(said[splits.holdout]) <= 0.05)
    assert np.mean(found) >= 0.9 if knows else np.mean(found) <= 0.2


def test_groups_of_few_rows_are_not_exchanged_with_large_ones() -> None:
    """Means of one row vary more than those of forty, whatever is known: exchanged, they would seem to be told."""
    patient = np.repeat(np.arange(8), 2 ** np.arange(8))
    ill = np.random.default_rng(0).normal(size=8)[patient]
    data = Dataset("t", Task.REGRESSION, "ill", pd.DataFrame({"x": ill}), ill, (), "", groups=patient)
    splits = Splits(np.empty(0, dtype=np.int64), np.arange(len(patient)), ())
    assert HoldoutProof(data, splits, make_metric(None, data), 0).association(ill) == 1.0


@pytest.mark.parametrize("knows", [True, False])
def test_in_time_slow_series_are_not_taken_for_related(knows: bool) -> None:
    """Two random walks: a permutation test would find them related in most samples."""
    found = []
    for seed in range(20):
        random = np.random.default_rng(seed)
        sales, said = random.normal(size=(2, 200)).cumsum(axis=1)
        said = sales + random.standard_t(2, 200) if knows else said
        features = pd.DataFrame({"x": said})
        data = Dataset("t", Task.REGRESSION, "sales", features, sales, (), "", time=np.arange(200))
        splits = Splits(*split_off(data, 0.5, seed), ())
        proof = HoldoutProof(data, splits, make_metric(None, data), 0)
        found.append(proof.association(said[splits.holdout]) <= 0.05)
    assert np.mean(found) >= 0.7 if knows else np.mean(found) <= 0.2


@pytest.mark.parametrize("knows", [True, False])
def test_of_classes_whole_groups_are_exchanged(knows: bool) -> None:
    """Patients who are ill in all of their rows or in none: with single rows exchanged, luck would seem to be proof."""
    found = []
    for seed in range(40):
        random, patient = np.random.default_rng(seed), np.repeat(np.arange(24), 8)
        of_patient, luck = random.random((2, 24))
        ill = (of_patient[patient] > 0.5).astype(int)
        said = np.clip((of_patient + luck if knows else luck)[patient], 0, 1)
        data = Dataset("t", Task.BINARY, "ill", pd.DataFrame({"x": said}), ill, ("no", "yes"), "yes", groups=patient)
        splits = Splits(np.empty(0, dtype=np.int64), np.arange(len(patient)), ())
        proof = HoldoutProof(data, splits, make_metric(None, data), 0)
        found.append(proof.association(np.column_stack([1 - said, said])) <= 0.05)
    assert np.mean(found) >= 0.6 if knows else np.mean(found) <= 0.12


def test_groups_of_classes_that_have_no_like_prove_nothing() -> None:
    patient = np.repeat(np.arange(8), np.arange(1, 9))
    ill = (patient % 2).astype(int)
    data = Dataset("t", Task.BINARY, "ill", pd.DataFrame({"x": ill}), ill, ("no", "yes"), "yes", groups=patient)
    splits = Splits(np.empty(0, dtype=np.int64), np.arange(len(patient)), ())
    proof = HoldoutProof(data, splits, make_metric(None, data), 0)
    assert proof.association(np.eye(2)[ill]) == 1.0
