"""A number that nothing is meant by is one sentence, before anything is read."""

import math
from functools import reduce
from typing import Any

import pytest

from runner.config.ranges import check_ranges
from runner.errors import UserError


@pytest.mark.parametrize(
    ("key", "value", "wanted"),
    [
        ("engine.workers", 0, "1 or more"),
        ("economics.horizon_years", 0.0, "more than 0"),
        ("economics.worthwhile_gain", -0.1, "0 or more"),
        ("economics.worthwhile_gain", 2.0, "at most 1"),
        ("economics.value_per_unit", math.nan, "a number"),
        ("economics.value_per_row", math.inf, "a finite number"),
        ("economics.upkeep_hours", {"tree": -1.0}, "0 or more"),
        ("economics.cost_matrix", {"good": {"bad": 1}, "bad": {"good": -5}}, "0 or more"),
        ("economics.cost_matrix", {"good": {"bad": math.inf}, "bad": {"good": 1}}, "a finite number"),
        ("budget.seconds", 0.0, "more than 0"),
        ("budget.seconds", math.inf, "a finite number"),
        ("budget.memory_gb", math.inf, "a finite number"),
        ("budget.memory_gb", -1.0, "more than 0"),
        ("budget.trials", -1, "0 or more"),
        ("seed", -1, "0 or more"),
        ("seed", 2**32, "at most 4294967295"),
    ],
)
def test_a_number_out_of_range_is_refused_with_key_value_and_range(compose, key: str, value: Any, wanted: str) -> None:
    config = compose("dataset=credit-g")
    *groups, name = key.split(".")
    setattr(reduce(getattr, groups, config), name, value)
    with pytest.raises(UserError) as refused:
        check_ranges(config)
    assert str(refused.value).startswith(key)
    assert str(refused.value).endswith(f"is out of range: give {wanted}.")


def test_a_composed_config_is_in_range(compose) -> None:
    with pytest.raises(UserError, match=r"^budget\.seconds=inf is out of range"):
        compose("dataset=credit-g", "budget.seconds=inf")
    config = compose("dataset=credit-g", "budget.trials=0", "budget.fit_seconds=null", "economics.price_per_cpu_hour=0")
    assert config.budget.fit_seconds is None
