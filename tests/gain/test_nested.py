"""The gain over outer folds: that of the folds, with a spread that comes from the rows, and a level that holds."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.metrics import get_scorer

from runner.gain import OuterLook, corrected_gain, nested_gain
from runner.metrics import Metric
from runner.metrics.money import MoneyScorer
from runner.task import Task

FOLDS, REPEATS = 5, 2
WIDE = math.sqrt(1 / REPEATS + FOLDS / (FOLDS - 1))
SQUARED = Metric("neg_mean_squared_error", Task.REGRESSION, 0, get_scorer("neg_mean_squared_error"))
AREA = Metric("roc_auc", Task.BINARY, 2, get_scorer("roc_auc"))
AP = Metric("average_precision", Task.BINARY, 2, get_scorer("average_precision"))
MEDIAN = Metric("neg_median_absolute_error", Task.REGRESSION, 0, get_scorer("neg_median_absolute_error"))
Array = NDArray[np.float64]


def looks_of(
    random: np.random.Generator, reference: Array, challenger: Array, groups: NDArray[Any] | None = None
) -> list[OuterLook]:
    """Deal rows, or whole groups, to folds; what a model says of a row does not hang on the fold."""
    units = np.arange(len(reference)) if groups is None else groups
    names, found = np.unique(units), []
    for repeat in range(REPEATS):
        for part in np.array_split(random.permutation(names), FOLDS):
            rows = np.flatnonzero(np.isin(units, part))
            found.append(OuterLook(repeat, rows, reference[rows], challenger[rows]))
    return found


def looks_by_class(random: np.random.Generator, reference: Array, challenger: Array) -> list[OuterLook]:
    """Deal the rows of `ranked`, whose first are of the rarer class, to folds: each has as many of it."""
    mixed = [np.concatenate([random.permutation(35), 35 + random.permutation(165)]) for _ in range(REPEATS)]
    parts = [(repeat, np.sort(order[fold::FOLDS])) for repeat, order in enumerate(mixed) for fold in range(FOLDS)]
    return [OuterLook(repeat, rows, reference[rows], challenger[rows]) for repeat, rows in parts]


def two_models(random: np.random.Generator, rows: int, better: float = 0.0) -> tuple[Array, Array, Array]:
    target = random.standard_normal(rows)
    shared = 0.7 * random.standard_normal(rows)
    reference = target + shared + 0.4 * random.standard_normal(rows)
    return target, reference, target + shared + (0.4 - better) * random.standard_normal(rows)


@given(st.integers(0, 2**32 - 1), st.integers(60, 300))
@settings(max_examples=15, deadline=None)
def test_the_estimate_is_the_mean_over_the_folds_and_the_error_that_of_the_rows(seed: int, rows: int) -> None:
    random = np.random.default_rng(seed)
    target, reference, challenger = two_models(random, rows)
    looks = looks_of(random, reference, challenger)
    gain = nested_gain(SQUARED, target, looks)
    by_fold = [
        SQUARED.score(target[look.rows], look.challenger) - SQUARED.score(target[look.rows], look.reference)
        for look in looks
    ]
    assert gain.estimate == pytest.approx(np.mean(by_fold))
    differences = (target - reference) ** 2 - (target - challenger) ** 2
    assert gain.standard_error == pytest.approx(WIDE * differences.std() / math.sqrt(rows), rel=2 / math.sqrt(rows))
    assert gain.row_sd == pytest.approx(gain.standard_error * math.sqrt(rows))
    assert gain.low < gain.estimate < gain.high
    assert gain.unit == "folds"


def test_a_ranking_metric_has_a_spread_of_its_rows_too() -> None:
    random = np.random.default_rng(3)
    target = (random.random(400) < 0.3).astype(int)
    score = 0.2 + 0.6 * random.random((2, 400)) + 0.15 * target
    first, second = (np.column_stack([1 - one, one]) for one in score)
    gain = nested_gain(AREA, target, looks_of(random, first, second))
    assert 0 < gain.standard_error < 0.1
    assert gain.low_holds


def test_copies_of_rows_in_a_group_add_nothing() -> None:
    random = np.random.default_rng(4)
    target, reference, challenger = two_models(random, 100)
    single = nested_gain(SQUARED, target, looks_of(random, reference, challenger))
    target, reference, challenger = (np.repeat(values, 4) for values in (target, reference, challenger))
    groups = np.repeat(np.arange(100), 4)
    looks = looks_of(random, reference, challenger, groups)
    copied = nested_gain(SQUARED, target, looks, groups=groups)
    assert copied.standard_error == pytest.approx(single.standard_error, rel=0.1)
    assert nested_gain(SQUARED, target, looks).standard_error < 0.6 * copied.standard_error


def test_rows_without_weight_have_no_say() -> None:
    random = np.random.default_rng(5)
    target, reference, challenger = two_models(random, 200)
    looks, weights = looks_of(random, reference, challenger), (np.arange(200) % 2).astype(float)
    spoilt = target + 100 * (1 - weights)
    plain, other = (nested_gain(SQUARED, one, looks, weights=weights) for one in (target, spoilt))
    assert other.estimate == pytest.approx(plain.estimate)
    assert other.standard_error == pytest.approx(plain.standard_error)


@pytest.mark.filterwarnings("error")
def test_rows_without_weight_are_as_if_they_were_not_there() -> None:
    random = np.random.default_rng(5)
    target, weights = np.arange(200) % 4 // 3, np.repeat([0.0, 1.0], 100)
    said = np.clip(0.3 + 0.2 * target + 0.1 * random.standard_normal(200), 0.01, 0.99)
    said[weights == 0] = 0.99  # so that none with weight is above the first threshold
    looks = looks_of(random, np.tile([0.75, 0.25], (200, 1)), np.column_stack([1 - said, said]))
    gain = nested_gain(AP, target, looks, weights=weights)
    inside = [look.rows >= 100 for look in looks]
    alone = [
        OuterLook(look.repeat, look.rows[some] - 100, look.reference[some], look.challenger[some])
        for look, some in zip(looks, inside, strict=True)
    ]
    assert gain == nested_gain(AP, target[100:], alone)
    assert gain.degrees_of_freedom > 9  # not of ten folds


def test_models_that_say_the_same_have_no_gain_for_sure() -> None:
    random = np.random.default_rng(6)
    target, reference, _ = two_models(random, 100)
    gain = nested_gain(SQUARED, target, looks_of(random, reference, reference))
    assert (gain.estimate, gain.low, gain.high, gain.standard_error) == (0, 0, 0, 0)


def test_a_metric_without_a_closed_form_has_the_corrected_t_of_its_folds_and_counts_rows() -> None:
    random = np.random.default_rng(7)
    target, reference, challenger = two_models(random, 100)
    looks = looks_of(random, reference, challenger)
    by_fold = [
        MEDIAN.score(target[look.rows], look.challenger) - MEDIAN.score(target[look.rows], look.reference)
        for look in looks
    ]
    expected = corrected_gain(by_fold, 1 / (FOLDS - 1))
    assert nested_gain(MEDIAN, target, looks) == replace(expected, row_sd=10 * expected.standard_error)


@pytest.mark.parametrize("name", ["neg_money_per_row", "matthews_corrcoef"])
def test_decisions_that_are_alike_on_all_rows_are_no_proof(name: str) -> None:
    costs = MoneyScorer(np.array([[0.0, 1.0], [5.0, 0.0]]))
    metric = Metric(name, Task.BINARY, 2, costs if name == "neg_money_per_row" else get_scorer(name))
    target = (np.arange(300) < 30).astype(int)
    first, second = (np.tile([1 - p, p], (300, 1)) for p in (0.7, 0.9))
    gain = nested_gain(metric, target, looks_of(np.random.default_rng(10), first, second))
    assert (gain.estimate, gain.low_holds, gain.high_holds) == (0, False, False)
    assert "decide alike" in (gain.why or "")


def test_too_few_rows_of_a_class_are_no_proof() -> None:
    random = np.random.default_rng(8)
    target = (np.arange(100) < 10).astype(int)
    score = random.random((2, 100))
    first, second = (np.column_stack([1 - one, one]) for one in score)
    gain = nested_gain(AREA, target, looks_of(random, first, second))
    assert (gain.low_holds, gain.high_holds) == (False, False)
    assert "There are too few rows of the rarest class for an interval: 10" in (gain.why or "")


def ranked(random: np.random.Generator, wrong: int = 0) -> tuple[NDArray[Any], list[Array]]:
    """Thirty-five rows of a class among 200, and what four models say: nothing, all right, all but a few, roughly."""
    target = np.repeat([1, 0], [35, 165])
    right = np.where(target == 1, 0.9, 0.1) + np.linspace(0, 0.05, 200)
    few = np.where(np.arange(200) < wrong, 0.01, right)
    rough = np.clip(0.4 + 0.2 * target + 0.15 * random.standard_normal(200), 0.01, 0.99)
    return target, [np.column_stack([1 - said, said]) for said in (np.full(200, 0.175), right, few, rough)]


def test_a_ranking_without_a_fault_in_any_fold_is_not_certain_to_stay_so() -> None:
    random = np.random.default_rng(11)
    target, (none, right, few, _) = ranked(random, wrong=2)
    gain = nested_gain(AREA, target, looks_by_class(random, none, right))
    assert gain.estimate == 0.5
    assert gain.low + 0.5 == pytest.approx(0.05 ** (WIDE**2 / 35))
    assert (gain.low_holds, gain.high_holds, gain.why) == (True, True, None)
    fewer = nested_gain(AREA, target, looks_by_class(random, none, few))
    assert fewer.low_holds
    assert 0.2 < fewer.low < gain.low


def test_what_a_ranking_without_a_fault_gains_over_another_is_known_from_below_alone() -> None:
    random = np.random.default_rng(12)
    target, (none, right, slip, rough) = ranked(random, wrong=1)
    gain = nested_gain(AREA, target, looks_by_class(random, rough, right))
    least = nested_gain(AREA, target, looks_by_class(random, none, right)).low + 0.5
    assert (gain.low_holds, gain.high_holds) == (True, True)
    assert gain.low < gain.estimate - (1 - least)
    assert not nested_gain(AREA, target, looks_by_class(random, right, rough)).high_holds
    assert not nested_gain(AREA, target, looks_by_class(random, slip, right)).high_holds


@pytest.mark.parametrize("name", ["roc_auc", "average_precision", "roc_auc_ovo"])
def test_two_rankings_without_a_fault_are_not_known_to_be_equal(name: str) -> None:
    random = np.random.default_rng(13)
    target, (_, right, _, _) = ranked(random)
    if name == "roc_auc_ovo":
        target = np.arange(200) % 3
        right = 0.1 + 0.7 * np.eye(3)[target]
    other = right**2 / (right**2).sum(axis=1, keepdims=True)
    task = Task.MULTICLASS if name == "roc_auc_ovo" else Task.BINARY
    metric = Metric(name, task, right.shape[1], get_scorer(name))
    gain = nested_gain(metric, target, looks_by_class(random, right, other))
    assert (gain.estimate, gain.low_holds, gain.high_holds) == (0, False, False)
    assert gain.why == "Both rank all of these rows right, which does not show how they rank others."


@pytest.mark.parametrize("name", ["roc_auc", "average_precision"])
def test_a_perfect_model_is_known_to_stay_without_a_fault(name: str) -> None:
    random = np.random.default_rng(14)
    target, (none, _, _, rough) = ranked(random)
    metric, perfect = Metric(name, Task.BINARY, 2, get_scorer(name)), np.eye(2)[target]
    for reference in (none, rough):
        gain = nested_gain(metric, target, looks_by_class(random, reference, perfect), perfect=True)
        assert (gain.low_holds, gain.high_holds, gain.why) == (True, True, None)
    assert not nested_gain(AP, target, looks_by_class(random, none, perfect)).low_holds


def test_the_more_the_repeats_differ_the_higher_the_upper_bound() -> None:
    """The lower bound is not moved: what hangs on the rows at hand is a doubt about what more of them would teach."""
    random = np.random.default_rng(9)
    target, reference, challenger = two_models(random, 200)
    same = looks_of(random, reference, challenger)
    other = challenger + 0.5 * random.standard_normal(200)
    differing = [
        look if look.repeat == 0 else OuterLook(1, look.rows, look.reference, other[look.rows]) for look in same
    ]
    stable, shaky = nested_gain(SQUARED, target, same), nested_gain(SQUARED, target, differing)
    assert stable.high - stable.estimate < shaky.high - shaky.estimate
    assert shaky.high - shaky.estimate > 1.3 * (shaky.estimate - shaky.low)


def test_of_fixed_models_neither_bound_is_missed_more_often_than_promised() -> None:
    """Fixed models have no overlap to pay for, so that both bounds are on the safe side here."""
    random, missed = np.random.default_rng(10), np.zeros(2)
    truth = 0.4**2 - 0.3**2  # the shared part of the error is in both
    for _ in range(300):
        target, reference, challenger = two_models(random, 150, better=0.1)
        gain = nested_gain(SQUARED, target, looks_of(random, reference, challenger))
        missed += gain.low > truth, gain.high < truth
    assert (missed / 300 <= 0.05).all()
