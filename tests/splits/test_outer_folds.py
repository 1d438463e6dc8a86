"""Nested folds: every row judges once a repeat, and what chooses for a fold has nothing of it."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from runner.config import EvaluationConfig
from runner.costs import Costs
from runner.dataset import Dataset
from runner.errors import UserError
from runner.evaluation import Evaluation, Status
from runner.judge.out_of_fold import InnerOutOfFold, PairedOutOfFold
from runner.metrics import make_metric
from runner.splits import make_nested_splits, make_splits
from runner.splits.outer_folds import OUTER, REPEATS, Outer, OuterFolds

Shipped = Callable[..., Dataset]


@pytest.fixture(scope="module")
def dataset(shipped: Shipped) -> Dataset:
    return shipped("credit-g", 200)


@pytest.fixture(scope="module")
def outer(dataset: Dataset) -> OuterFolds:
    found = make_nested_splits(dataset, 0).outer
    assert found is not None
    return found


def told(dataset: Dataset, outer: OuterFolds, seed: int = 0) -> Evaluation:
    """Return an evaluation whose models say something of their own on each row."""
    random = np.random.default_rng(seed)
    positive = random.random(sum(len(test) for _, test in outer.inner()))
    evaluation = Evaluation("a", "simple", Status.OK, Costs())
    folds = PairedOutOfFold(dataset, outer, make_metric(None, dataset))
    return folds.scored(evaluation, np.column_stack([1 - positive, positive]))


def test_every_row_is_in_one_fold_of_each_repeat(dataset: Dataset, outer: OuterFolds) -> None:
    assert len(outer.repeats) == REPEATS
    for folds in outer.repeats:
        assert np.sort(np.concatenate(folds)).tolist() == list(range(len(dataset)))
    first, second = (tuple(map(tuple, folds)) for folds in outer.repeats)
    assert first != second


def test_classes_are_in_proportion(dataset: Dataset, outer: OuterFolds) -> None:
    counts = [np.bincount(dataset.target[outer.test(fold)]) for fold in outer.outer()]
    assert np.ptp(counts, axis=0).max() <= 1


def test_groups_are_whole(dataset: Dataset) -> None:
    grouped = replace(dataset, groups=np.arange(len(dataset)) // 4)
    outer = make_nested_splits(grouped, 0).outer
    assert outer is not None
    for fold in outer.outer():
        assert np.intersect1d(grouped.groups[outer.train(fold)], grouped.groups[outer.test(fold)]).size == 0


def test_a_pair_serves_both_of_its_folds(outer: OuterFolds) -> None:
    assert len(outer.pairs()) == REPEATS * OUTER * (OUTER - 1) // 2
    for (first, second), (train, test) in zip(outer.pairs(), outer.inner(), strict=True):
        assert first.repeat == second.repeat
        left_out = np.concatenate([outer.test(first), outer.test(second)])
        assert test.tolist() == left_out.tolist()
        assert np.intersect1d(train, test).size == 0
        assert len(train) + len(test) == sum(map(len, outer.repeats[0]))


def test_the_score_is_the_mean_over_the_models_that_have_not_seen_the_fold(dataset: Dataset, outer: OuterFolds) -> None:
    evaluation, metric = told(dataset, outer), make_metric(None, dataset)
    assert evaluation.parts is not None
    start, by_fold = 0, {fold: [] for fold in outer.outer()}
    for pair in outer.pairs():
        for one in pair:
            rows = outer.test(one)
            part = evaluation.parts[start : start + len(rows)]
            by_fold[one].append(metric.score(dataset.target[rows], part))
            start += len(rows)
    assert evaluation.fold_scores == pytest.approx([np.mean(scores) for scores in by_fold.values()])
    assert {len(scores) for scores in by_fold.values()} == {OUTER - 1}


def test_what_an_outer_fold_holds_has_no_say_within_it(dataset: Dataset, outer: OuterFolds) -> None:
    """Its rows may have any target, and models that saw them may say anything: inner scores stay the same."""
    metric, fold = make_metric(None, dataset), Outer(1, 2)
    evaluation = told(dataset, outer)
    target = dataset.target.copy()
    target[outer.test(fold)] = 1 - target[outer.test(fold)]
    assert evaluation.parts is not None
    parts, start = evaluation.parts.copy(), 0
    for pair, (_, test) in zip(outer.pairs(), outer.inner(), strict=True):
        if fold not in pair:  # fitted with its rows
            parts[start : start + len(test)] = 0.5
        start += len(test)
    plain = InnerOutOfFold(PairedOutOfFold(dataset, outer, metric), fold).seen(evaluation)
    spoilt = PairedOutOfFold(replace(dataset, target=target), outer, metric)
    changed = InnerOutOfFold(spoilt, fold).seen(replace(evaluation, parts=parts))
    assert len(plain.fold_scores) == OUTER - 1
    assert changed.fold_scores == plain.fold_scores
    np.testing.assert_array_equal(changed.predictions, plain.predictions)
    assert plain.predictions is not None
    assert np.isnan(plain.predictions[outer.test(fold)]).all()


def test_a_fold_without_a_class_is_refused(dataset: Dataset) -> None:
    together = replace(dataset, groups=np.where(dataset.target == 1, 0, 1 + np.arange(len(dataset)) % 20))
    with pytest.raises(UserError, match=r"evaluation\.design=holdout"):
        make_nested_splits(together, 0)


def test_a_holdout_has_no_outer_folds(dataset: Dataset) -> None:
    assert make_splits(dataset, EvaluationConfig(), 0).outer is None
