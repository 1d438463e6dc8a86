"""Average precision rewards chance where positive rows are few: that is not taken for knowledge."""

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, get_scorer

from runner.gain import OuterLook, nested_gain, paired_gain
from runner.gain.chance import gained_by_chance
from runner.gain.comparison import Comparison
from runner.gain.units import make_units
from runner.metrics import Metric
from runner.task import Task

Array = NDArray[np.float64]
PRECISION = Metric("average_precision", Task.BINARY, 2, get_scorer("average_precision"))


def said(positive: Array) -> Array:
    return np.column_stack([1 - positive, positive])


def constant(rows: int) -> Array:
    return said(np.full(rows, 0.25))


def classes(positive: int, rows: int) -> NDArray[np.int64]:
    return (np.arange(rows) < positive).astype(int)


@pytest.mark.parametrize("levels", [2, 5, 1000])
def test_a_ranking_at_random_gains_what_is_expected_with_ties_as_well(levels: int) -> None:
    random = np.random.default_rng(levels)
    target, scores = classes(10, 40), random.integers(0, levels, 40) / levels
    expected = gained_by_chance(
        [Comparison(PRECISION, target, constant(40), said(scores), None)],
        [np.arange(40)],
        make_units(40, None, None)[0],
    )
    dealt = [average_precision_score(random.permutation(target), scores) - 0.25 for _ in range(600)]
    assert expected == pytest.approx(np.mean(dealt), abs=3 * np.std(dealt) / 600**0.5)


def test_groups_are_dealt_their_class_as_a_whole() -> None:
    random = np.random.default_rng(0)
    groups, scores = np.repeat(np.arange(15), 4), np.repeat(random.random(15), 4) + random.random(60) / 5
    comparison = Comparison(PRECISION, np.repeat(classes(5, 15), 4), constant(60), said(scores / 2), None)
    expected = gained_by_chance([comparison], [np.arange(60)], make_units(60, groups, None)[0])
    by_group = classes(5, 15)
    dealt = [average_precision_score(np.repeat(random.permutation(by_group), 4), scores) - 1 / 3 for _ in range(1000)]
    assert expected == pytest.approx(np.mean(dealt), abs=0.01)


def test_a_row_counts_by_its_weight() -> None:
    random = np.random.default_rng(0)
    target, scores, copies = classes(15, 60), random.random(60), random.integers(0, 4, 60)
    weighted = Comparison(PRECISION, target, constant(60), said(scores), copies.astype(float))
    repeated = [np.repeat(each, copies, axis=0) for each in (target, constant(60), said(scores))]
    rows = np.repeat(np.arange(60), copies)
    as_groups = make_units(len(rows), rows, None)[0]
    expected = gained_by_chance([Comparison(PRECISION, *repeated, None)], [np.arange(len(rows))], as_groups)
    found = gained_by_chance([weighted], [np.arange(60)], make_units(60, None, None)[0])
    assert found == pytest.approx(expected)


@pytest.mark.parametrize("nested", [False, True])
def test_models_of_nothing_are_shown_to_beat_none_no_more_often_than_promised(nested: bool) -> None:
    random = np.random.default_rng(1)
    target = np.repeat(classes(1, 4), 25)
    shown = []
    for _ in range(100):
        random.shuffle(target)
        scores = said(random.random(100))
        gain = paired_gain(PRECISION, target, constant(100), scores)
        if nested:
            folds = [(repeat, np.arange(100)[fold::5]) for repeat in (0, 1) for fold in range(5)]
            looks = [OuterLook(repeat, rows, constant(20), scores[rows]) for repeat, rows in folds]
            gain = nested_gain(PRECISION, target, looks)
        shown.append(gain.low_holds and gain.low > 0)
    assert np.mean(shown) < 0.1  # 5 % and two standard errors


def test_a_perfect_model_gains_nothing_by_chance() -> None:
    target = classes(25, 100)
    perfect, lucky = (
        paired_gain(PRECISION, target, constant(100), np.eye(2)[target] * 0.9 + 0.05, perfect=known)
        for known in (True, False)
    )
    assert perfect.low > lucky.low
