"""Which task a target asks for, its classes, and which of two is positive."""

import numpy as np
import pandas as pd
import pytest

from runner.cells import plain
from runner.errors import UserError
from runner.reading.target import encode, find_task
from runner.task import Task


def target(values, times=1):
    return plain(pd.Series(values * times, name="y"))[0]


def task_of(values, times=1, configured=None):
    notes = []
    return find_task(target(values, times), configured, notes), notes


def classes_of(values, positive=None, task=Task.BINARY):
    notes = []
    codes, classes = encode(target(values), task, positive, notes)
    return codes.tolist(), classes, notes


@pytest.mark.parametrize(
    ("values", "task"),
    [
        (["a", "b"], "binary"),
        (["a", "b", "c"], "multiclass"),
        ([True, False], "binary"),
        ([3.7, 9.2], "binary"),
        ([0.5, 1.5, 2.5], "regression"),
        (list(range(29)), "regression"),
        (["1.5", "2.5", "7"], "regression"),
        (["1,5", "2,5", "7"], "regression"),
    ],
)
def test_clear_targets_are_taken_without_a_word(values, task):
    assert task_of(values, 20) == (task, [])


@pytest.mark.parametrize(
    ("values", "task"),
    [
        ([0, 1, 2], "multiclass"),  # label codes
        ([1, 2, 3], "multiclass"),
        ([1, 2, 3, 5, 6, 7], "multiclass"),  # kinds of glass
        (list(range(10)), "multiclass"),  # digits
        ([1, 2, 3, 4, 5], "regression"),  # stars
        ([3, 4, 5, 6, 7, 8, 9], "regression"),  # taste of wine
        ([0, 50, 100], "regression"),  # doses
    ],
)
def test_whole_numbers_are_taken_by_a_rule_that_is_told(values, task):
    found, (note,) = task_of(values, 20)
    other = {"multiclass": "regression", "regression": "multiclass"}[task]
    assert found == task
    assert f"is taken as {task} because it holds {len(values)} whole numbers" in note
    assert f"set dataset.task={other} if you mean that" in note


def test_whole_numbers_that_hardly_repeat_are_amounts():
    assert task_of([0, 1, 2, 3, 4, 5], 3)[0] is Task.REGRESSION
    assert task_of(np.repeat([0, 1, 2, 3, 4], [400, 90, 30, 8, 1]).tolist())[0] is Task.REGRESSION  # claims of a year


@pytest.mark.parametrize(("times", "task"), [(20, "multiclass"), (3, "regression")])
@pytest.mark.parametrize("name", ["class", "Cover_Type", "targetLabel"])
@pytest.mark.parametrize("highest", [7, 15])
def test_whole_numbers_named_after_a_kind_are_classes_if_each_repeats(name, highest, times, task):
    kinds = target(list(range(1, highest + 1)), times)
    assert find_task(kinds.rename(name), None, []) == task
    assert find_task(kinds.rename(f"{name}_size"), None, []) is Task.REGRESSION


@pytest.mark.parametrize("configured", ["multiclass", "regression"])
def test_a_configured_task_is_taken_without_a_word(configured):
    assert task_of([1, 2, 3], 20, configured) == (configured, [])


@pytest.mark.parametrize("configured", [None, "regression"])
def test_text_among_the_numbers_of_a_target_is_named(configured):
    with pytest.raises(UserError, match=r"'y' holds numbers, but text in 5 of 305 rows \('T'\): write numbers there"):
        task_of([*map(str, range(300)), *"TTTTT"], 1, configured)


def test_what_may_be_classes_is_asked_about_and_what_cannot_be_is_no_class():
    for values, offered in (([f"id {i}" for i in range(60)], False), (["low", "middle", "high"] * 4, True)):
        with pytest.raises(UserError) as error:
            task_of(values)
        assert ("set dataset.task=multiclass if these are classes" in str(error.value)) == offered
        assert ("probably no class" in str(error.value)) != offered


def test_text_of_many_values_is_not_taken_for_classes_by_itself():
    with pytest.raises(UserError, match=r"'y' holds text of 60 different values in 600 rows: set dataset.task"):
        task_of([f"name {i}" for i in range(60)], 10)
    with pytest.raises(UserError, match=r"'y' holds text of 12 different values in 24 rows"):
        task_of([f"name {i}" for i in range(12)], 2)
    assert task_of([f"name {i}" for i in range(60)], 10, "multiclass")[0] is Task.MULTICLASS


def test_a_misspelt_task_is_answered_with_the_nearest():
    with pytest.raises(UserError, match=r"dataset\.task='regresion' is not a task: did you mean 'regression'"):
        task_of([1, 2], 20, "regresion")


def test_text_cannot_be_regressed():
    with pytest.raises(UserError, match=r"'y' holds text such as 'low', which dataset\.task=regression"):
        task_of(["low", "high"], 20, "regression")


def test_binary_has_two_classes():
    with pytest.raises(UserError, match=r"'y' holds 3 different values \('a', 'b', 'c'\), too many for .*binary"):
        task_of(["a", "b", "c"], 20, "binary")


def test_multiclass_has_fewer_classes_than_rows():
    with pytest.raises(UserError, match=r"'y' holds 30 different values in 30 rows, too many for classes"):
        task_of([i / 7 for i in range(30)], 1, "multiclass")


def test_dates_are_not_predicted():
    with pytest.raises(UserError, match=r"Target column 'y' holds dates"):
        task_of(list(pd.date_range("2026-01-01", periods=5)))


@pytest.mark.parametrize("task", [None, "regression"])
def test_infinite_targets_are_counted(task):
    with pytest.raises(UserError, match=r"Target column 'y' is infinite or beyond ±3\.4e38 in 20 rows"):
        task_of([1.5, 2.5, np.inf], 20, task)


@pytest.mark.parametrize("task", list(Task))
def test_one_value_is_nothing_to_predict(task):
    with pytest.raises(UserError, match=r"'y' holds only '7' in the 3 rows used"):
        classes_of([7, 7, 7], task=task)


@pytest.mark.parametrize(
    "pair",
    [
        (0, 1), (-1, 1), (False, True), ("no", "yes"), ("Yes", "No")[::-1], ("N", "Y"), ("neg", "pos"), ("0", "1"),
        ("N", "J"), ("control", "PD"), ("benign", "malignant"), ("Not remote", "Remote"),
        ("unsuccessful", "successful"),
    ],
)  # fmt: skip
def test_the_obvious_class_is_positive_however_frequent(pair):
    negative, positive = pair
    codes, classes, notes = classes_of([positive, positive, negative, positive, negative])
    assert codes == [1, 1, 0, 1, 0]
    assert str(classes[1]).lower() == str(int(positive) if isinstance(positive, bool) else positive).lower()
    assert notes == []


def test_otherwise_the_rarer_class_is_positive_and_told():
    codes, classes, notes = classes_of(["dead", "alive", "alive", "dead", "alive"])
    assert (codes, classes) == ([1, 0, 0, 1, 0], ("alive", "dead"))
    assert notes == ["Positive is 'dead', the rarer class; set dataset.positive if you mean the other."]
    assert classes_of([2, 1, 2, 1, 2])[1] == (2, 1)


@pytest.mark.parametrize(
    ("values", "given", "classes"),
    [
        (["a", "b", "a", "b"], "a", ("b", "a")),
        ([1, 2, 1, 2], 1, (2, 1)),
        ([1, 2, 1, 2], "1", (2, 1)),
        ([1, 2, 1, 2, None], 2.0, (1, 2)),
        (["no", "yes", "no", "yes"], True, ("no", "yes")),
        (["no", "yes", "no", "yes"], False, ("yes", "no")),
    ],
)
def test_a_given_class_is_positive(values, given, classes):
    column = target(values).dropna()
    assert encode(column, Task.BINARY, given, [])[1] == classes


def test_a_misspelt_class_is_answered_with_the_nearest():
    with pytest.raises(UserError, match=r"dataset\.positive='Yess' is not one of the classes: did you mean 'Yes'"):
        classes_of(["Yes", "No", "Yes", "No"], "Yess")


def test_a_class_of_one_row_is_kept_and_told():
    codes, classes, notes = classes_of(["a", "b", "c", "a", "b"], task=Task.MULTICLASS)
    assert (codes, classes) == ([0, 1, 2, 0, 1], ("a", "b", "c"))
    assert notes == ["Target 'y' has classes of one row, learned or judged but not both: 'c'."]


def test_one_of_two_classes_needs_two_rows():
    with pytest.raises(UserError, match=r"'y' holds 'b' in a single row of the 5 used, .*: give more rows of it"):
        encode(pd.Series(["a"] * 4 + ["b"], name="y"), Task.BINARY, None, [])


def test_a_regression_has_values_and_no_classes():
    assert classes_of([1, 2, 5], task=Task.REGRESSION) == ([1.0, 2.0, 5.0], (), [])


def test_letters_that_differ_in_capitals_only_are_told():
    notes = []
    encode(pd.Series([*"aAb"] * 10, name="y", dtype=object), Task.MULTICLASS, None, notes)
    assert any("differ in capitals only" in note for note in notes)
