"""A column that gives the target away is named; honest columns are not."""

import numpy as np
import pandas as pd
import pytest

from runner.checks import Finding, Severity, check
from runner.checks.leak import check_leak, column_skill
from runner.compose import dataset_names
from runner.dataset import Dataset
from runner.task import Task


def table(task: Task, **columns: object) -> Dataset:
    """Return 400 rows with two honest columns, and others; columns are functions of the target."""
    random = np.random.default_rng(0)
    classes = {Task.BINARY: 2, Task.MULTICLASS: 4, Task.REGRESSION: 0}[task]
    target = random.integers(0, classes, 400) if classes else random.lognormal(size=400)
    features = pd.DataFrame({"honest": target + random.normal(size=400) * 2, "noise": random.normal(size=400)})
    for name, make in columns.items():
        features[name] = make(target)  # type: ignore[operator]
    return Dataset("t", task, "y", features, target, tuple(range(classes)), "")


def stops(findings: list[Finding] | tuple[Finding, ...]) -> list[tuple[str, ...]]:
    return [finding.columns for finding in findings if finding.severity is Severity.STOP]


def test_the_planted_leak_is_named(shipped) -> None:  # type: ignore[no-untyped-def]
    findings = check(shipped("control-leak", 1500), seed=0)
    assert stops(findings) == [("retention_call_outcome",)]
    (finding,) = findings
    assert finding.code == "target-leak"
    assert "'retention_call_outcome'" in finding.evidence
    assert "dataset.drop=[retention_call_outcome]" in finding.advice
    assert "\n" not in finding.evidence + finding.advice


@pytest.mark.parametrize("name", sorted({*dataset_names()} - {"control-leak"}))
def test_no_honest_table_is_stopped(shipped, name: str) -> None:  # type: ignore[no-untyped-def]
    assert stops(check(shipped(name, 1000), seed=0)) == []


@pytest.mark.parametrize(
    "copy",
    [
        lambda target: target,
        lambda target: 3 - 2.0 * target,
        lambda target: np.round(target, 3),
        lambda target: np.where(np.arange(len(target)) % 50 == 0, np.nan, target),
    ],
    ids=["same", "scaled", "rounded", "with gaps"],
)
@pytest.mark.parametrize("task", Task)
def test_a_numeric_copy_of_the_target_is_found(task: Task, copy) -> None:  # type: ignore[no-untyped-def]
    assert stops(check_leak(table(task, copy=copy), seed=0)) == [("copy",)]


@pytest.mark.parametrize("task", [Task.BINARY, Task.MULTICLASS])
@pytest.mark.parametrize("kind", ["str", "category", object])
def test_a_copy_in_words_is_found(task: Task, kind: object) -> None:
    found = check_leak(table(task, copy=lambda target: pd.Series([f"class {n}" for n in target]).astype(kind)), seed=0)
    assert stops(found) == [("copy",)]


def test_a_date_written_after_the_outcome_is_found() -> None:
    later = table(Task.BINARY, closed=lambda t: pd.Timestamp("2024-01-01") + pd.to_timedelta(t * 100, "D"))
    assert stops(check_leak(later, seed=0)) == [("closed",)]


def test_a_date_that_is_there_for_one_class_only_is_found() -> None:
    dates = pd.Series(pd.date_range("2024-01-01", periods=400))
    gone = table(Task.BINARY, left_on=lambda target: dates.where(target == 1))
    assert stops(check_leak(gone, seed=0)) == [("left_on",)]


def test_a_column_far_above_the_rest_is_warned_of() -> None:
    noisy = table(Task.BINARY, strong=lambda t: np.where(np.random.default_rng(1).random(len(t)) < 0.12, 1 - t, t))
    (finding,) = check_leak(noisy, seed=0)
    assert (finding.severity, finding.columns) == (Severity.WARN, ("strong",))


def test_two_strong_columns_are_no_leak() -> None:
    flip = [np.random.default_rng(seed).random(400) < 0.1 for seed in (1, 2)]
    both = table(Task.BINARY, one=lambda t: np.where(flip[0], 1 - t, t), two=lambda t: np.where(flip[1], 1 - t, t))
    assert stops(check_leak(both, seed=0)) == []


def test_noise_has_no_skill() -> None:
    for task in Task:
        data = table(task)
        assert column_skill(data, "noise") < 0.15
        assert column_skill(data, "honest") > column_skill(data, "noise")


@pytest.mark.parametrize("task", Task)
def test_a_copy_is_found_in_a_table_sorted_by_its_target(task: Task) -> None:
    data = table(task, copy=lambda target: target)
    assert stops(check_leak(data.take(np.argsort(data.target, kind="stable")), seed=0)) == [("copy",)]


@pytest.mark.parametrize("codes", [[0, 1, 3], [0, 3], [2]], ids=str)
def test_classes_that_the_rows_lack_do_no_harm(codes: list[int]) -> None:
    random = np.random.default_rng(0)
    target = random.choice(codes, 200)
    features = pd.DataFrame({"copy": target.astype(float), "noise": random.normal(size=200)})
    found = check_leak(Dataset("t", Task.MULTICLASS, "y", features, target, (0, 1, 2, 3), ""), seed=0)
    assert stops(found) == ([("copy",)] if len(codes) > 1 else [])


@pytest.mark.parametrize("rows", [2, 5, 8, 30])
def test_a_few_rows_do_no_harm(rows: int) -> None:
    target = np.arange(rows) // 2
    words = pd.Series([f"word {number % 4}" for number in range(rows)], dtype="str")
    features = pd.DataFrame({"x": np.random.default_rng(0).normal(size=rows), "words": words})
    for task, classes in ((Task.MULTICLASS, tuple(range(15))), (Task.REGRESSION, ())):
        values = target if classes else target.astype(float)
        assert stops(check_leak(Dataset("t", task, "y", features, values, classes, ""), seed=0)) == []


def test_the_same_rows_have_the_same_skill(shipped) -> None:  # type: ignore[no-untyped-def]
    data = shipped("credit-g", 210)
    assert len({column_skill(data, "checking_status") for _ in range(5)}) == 1


def test_a_rare_class_is_looked_at_too() -> None:
    random = np.random.default_rng(0)
    target = (np.arange(400) < 2).astype(int)
    features = pd.DataFrame({"noise": random.normal(size=400), "words": random.choice(["a", "b"], 400)})
    assert stops(check_leak(Dataset("t", Task.BINARY, "y", features, target, (0, 1), ""), seed=0)) == []
