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
def test_of_classes_whole_groups_are_exchanged(knows: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Patients who are ill in all of their rows or in none: with single rows exchanged, luck would seem to be proof."""
    monkeypatch.setattr("runner.gain.association.PERMUTATIONS", 59)  # the least of which three make 5 %
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


@pytest.mark.parametrize("task", [Task.BINARY, Task.REGRESSION])
@pytest.mark.parametrize("knows", [True, False])
def test_a_few_subjects_of_unlike_size_are_each_looked_at_by_itself(task: Task, knows: bool) -> None:
    """Four of a dozen subjects are kept aside: too few for a bound, and none has another of its size."""
    subject, found = np.repeat(np.arange(12), 10 + 7 * np.arange(12)), []
    for seed in range(20):
        random = np.random.default_rng(seed)
        said, other = random.normal(size=(2, len(subject)))
        moves = (said if knows else other) + random.normal(size=len(subject))
        target, predicted, classes = moves, said, ()
        if task is Task.BINARY:
            chance = 1 / (1 + np.exp(-said))
            target, predicted, classes = (moves > 0).astype(int), np.column_stack([1 - chance, chance]), ("no", "yes")
        data = Dataset("t", task, "moves", pd.DataFrame({"x": said}), target, classes, "", groups=subject)
        splits = Splits(*split_off(data, 0.34, seed), ())
        proof = HoldoutProof(data, splits, make_metric(None, data), 0)
        found.append((proof.association(predicted[splits.holdout]) or 0.0) <= 0.05)
    assert np.mean(found) >= 0.9 if knows else np.mean(found) <= 0.2


@pytest.mark.parametrize("rows_of_a_group", [None, 4])
def test_what_is_said_of_rows_without_weight_is_no_matter(rows_of_a_group: int | None) -> None:
    """Of the rows that count, nothing is known: exchanged with others, of which nonsense is said, it would seem so."""
    random, weights = np.random.default_rng(0), np.repeat([1.0, 0.0], 100)
    target, said, rows = random.normal(size=200), 0.1 * random.normal(size=200), np.arange(200)
    groups = rows // rows_of_a_group if rows_of_a_group else None
    features = pd.DataFrame({"x": said})
    data = Dataset("t", Task.REGRESSION, "y", features, target, (), "", weights=weights, groups=groups)
    proof = HoldoutProof(data, Splits(np.empty(0, dtype=np.int64), rows, ()), make_metric(None, data), 0)
    found, other = (proof.association(np.where(weights > 0, said, level)) for level in (0.0, 100.0))
    assert found == other
    assert found is not None and found > 0.05
