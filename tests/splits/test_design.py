"""Which design judges: nested folds where rows are few and the budget allows it; the clock has no say."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from runner.config import Config
from runner.dataset import Dataset
from runner.errors import UserError
from runner.ladder import make_ladder
from runner.splits.design import Design, divide

Shipped = Callable[..., Dataset]


@pytest.fixture
def design(compose: Callable[..., Config], shipped: Shipped) -> Callable[..., Design]:
    """Return a function that chooses a design for rows of credit-g."""

    def choose(*overrides: str, rows: int = 1000, **changes: Any) -> Design:
        config = compose("dataset=credit-g", *overrides)
        dataset = replace(shipped("credit-g", rows), **changes)
        return divide(dataset, config, make_ladder(config.ladder, dataset.task))[1]

    return choose


def test_a_thousand_rows_are_nested_in_a_quarter_of_an_hour(design: Callable[..., Design]) -> None:
    found = design("budget=standard")
    assert (found.kind, found.rows, found.train_rows, found.folds, found.repeats) == ("nested", 1000, 800, 5, 2)
    assert "800 rows" in found.promise


def test_what_the_budget_cannot_afford_keeps_a_holdout(design: Callable[..., Design]) -> None:
    found = design("budget=smoke")
    assert (found.kind, found.rows) == ("holdout", 300)
    assert "CPU s" in found.why
    assert "development rows" in found.promise


def test_rows_enough_keep_a_holdout(design: Callable[..., Design]) -> None:
    found = design("budget=thorough", "economics.worthwhile_gain=0.1")
    assert found.kind == "holdout"
    assert found.why.startswith("There are enough rows")
    assert design("budget=thorough", "economics.worthwhile_gain=0.1", "evaluation.holdout=0.05").kind == "nested"


def test_rows_in_the_order_of_time_keep_a_holdout(design: Callable[..., Design]) -> None:
    assert design("budget=standard", time=np.arange(1000)).kind == "holdout"


def test_rows_of_groups_that_reach_into_the_newest_rows_are_said_to_be_on_neither_side(
    design: Callable[..., Design],
) -> None:
    groups = np.arange(1000) // 10
    assert "neither" not in design("budget=standard", time=np.arange(1000), groups=groups).why
    told = design("budget=standard", time=np.arange(1000), groups=np.where(groups == 30, 95, groups))
    assert "10 rows are on neither side: of groups that reach into the newest rows" in told.why


def test_few_groups_keep_a_holdout_and_many_are_nested(design: Callable[..., Design]) -> None:
    assert design("budget=standard", groups=np.arange(1000) % 9).kind == "holdout"
    assert design("budget=standard", groups=np.arange(1000) % 50).kind == "nested"


def test_the_design_asked_for_is_had(design: Callable[..., Design]) -> None:
    assert design("budget=smoke", "evaluation.design=nested").kind == "nested"
    assert design("budget=standard", "evaluation.design=holdout").kind == "holdout"


@pytest.mark.parametrize(
    ("asked", "changes", "said"),
    [
        ("nestd", {}, "'nestd'"),
        ("nested", {"time": np.arange(1000)}, "order of time"),
        ("nested", {"groups": np.arange(1000) % 3}, "there are too few groups for 5 folds: 3, and"),
    ],
)
def test_what_cannot_be_had_is_said_in_one_sentence(
    design: Callable[..., Design], asked: str, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(UserError) as error:
        design(f"evaluation.design={asked}", **changes)
    assert said in str(error.value)
    assert "evaluation.design" in str(error.value)
    assert "\n" not in str(error.value)
