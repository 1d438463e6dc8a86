"""A target that inputs add up to is named with its parts; one that they only tell well is not."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from runner.checks import Severity
from runner.checks.sums import look
from runner.dataset import Dataset
from runner.task import Task
from tables import material

RANDOM = np.random.default_rng(0)
A, B, C = RANDOM.poisson(50, 500).astype(float), RANDOM.gamma(2, 20, 500).round(2), RANDOM.normal(0, 1, 500)
INPUTS = pd.DataFrame({"a": A, "b": B, "c": C, "word": ["x", "y"] * 250, "gaps": np.where(C > 0, np.nan, A)})


def dataset(target: "np.ndarray[tuple[int], np.dtype[np.float64]]", task: Task = Task.REGRESSION) -> Dataset:
    return Dataset("t", task, "y", INPUTS, target, (0, 1) if task.is_classification else (), "")


@pytest.mark.parametrize(
    ("target", "made"),
    [(A + B, "'a' + 'b'"), (A - B, "'a' - 'b'"), (np.round(A + B + C, 2), "'a' + 'b' + 'c'")],
    ids=["sum", "difference", "rounded"],
)
def test_parts_that_make_the_target_are_a_stop(
    target: "np.ndarray[tuple[int], np.dtype[np.float64]]", made: str
) -> None:
    (finding,) = look(material(dataset(target)))
    assert (finding.severity, finding.columns) == (Severity.STOP, tuple(made.split("'")[1::2]))
    assert finding.evidence == f"'y' is {made} in each of 500 rows looked at."


@pytest.mark.parametrize("decimals", [0, 1, 2])
def test_parts_that_were_rounded_make_the_target(decimals: int) -> None:
    """Each was rounded by itself, so that some sums differ by a unit and some rates by more."""
    parts = 400 * RANDOM.gamma(2, 0.1**decimals, (500, 2)) + 1
    rounded = pd.DataFrame(np.round(parts, decimals), columns=["a", "b"]).assign(c=C)
    for target, made in (parts.sum(axis=1), "'a' + 'b'"), (1000 * parts[:, 0] / parts[:, 1], "1000 x 'a' / 'b'"):
        data = replace(dataset(np.round(target, decimals)), features=rounded)
        (finding,) = look(material(data))
        assert (finding.severity, finding.evidence[:30]) == (Severity.STOP, f"'y' is {made} in each of 500"[:30])
        noisy = replace(data, target=np.round(target * RANDOM.normal(1, 0.1, 500), decimals))
        assert look(material(noisy)) == []


def test_numbers_of_a_few_units_are_no_sum_within_rounding() -> None:
    few = pd.DataFrame(RANDOM.integers(0, 4, (500, 2)), columns=["a", "b"]).astype(float)
    data = replace(dataset(few.sum(axis=1).to_numpy() + RANDOM.integers(-1, 2, 500)), features=few)
    assert look(material(data)) == []


@pytest.mark.parametrize(
    "target",
    [A, 2 * A + B, A + B + RANDOM.normal(size=500), A * B * RANDOM.uniform(0.9, 1.1, 500), A * A * B, A / 2, C],
    ids=["copy", "twice", "noise", "noisy product", "square", "half", "one"],
)
def test_what_is_no_sum_of_inputs_is_passed_over(target: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> None:
    assert look(material(dataset(target))) == []


@pytest.mark.parametrize(
    ("target", "made"),
    [(A * B, "'a' x 'b'"), (1000 * A / B, "1000 x 'a' / 'b'"), (1 / (A * B), "1 / 'a' / 'b'")],
    ids=["product", "rate", "inverse"],
)
def test_factors_that_make_the_target_are_a_stop(
    target: "np.ndarray[tuple[int], np.dtype[np.float64]]", made: str
) -> None:
    (finding,) = look(material(dataset(target)))
    assert (finding.code, finding.severity) == ("target-is-a-product", Severity.STOP)
    assert finding.columns == tuple(made.split("'")[1::2])
    assert finding.evidence == f"'y' is {made} in each of 500 rows looked at."


@pytest.mark.parametrize("of_nothing", [True, False])
def test_a_product_that_is_due_in_some_rows_only_is_a_warning(of_nothing: bool) -> None:
    """A deal is worth price times units if it is won; of no units it always is worth nothing."""
    some = np.arange(500) % 5 == 0
    units = np.where(some & of_nothing, 0.0, A)
    data = replace(dataset(np.where(some, 0.0, A * B)), features=pd.DataFrame({"price": B, "units": units, "c": C}))
    (finding,) = look(material(data))
    where = "500 rows looked at" if of_nothing else "the 400 rows with more than 0"
    assert finding.evidence == f"'y' is 'price' x 'units' in each of {where}."
    assert finding.severity is (Severity.STOP if of_nothing else Severity.WARN)


def test_of_inputs_that_tell_the_same_one_is_a_part() -> None:
    twice = INPUTS.assign(b=2.5 * A)[["a", "b", "c"]].assign(d=B)
    (finding,) = look(material(Dataset("t", Task.REGRESSION, "y", twice, A * B, (), "")))
    assert set(finding.columns) in ({"a", "d"}, {"b", "d"})


def test_classes_are_no_sum() -> None:
    assert look(material(dataset((A > 50).astype(np.int64), Task.BINARY))) == []
