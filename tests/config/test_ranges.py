"""A number that nothing is meant by is one sentence, before anything is read."""

import pytest

from runner.errors import UserError


@pytest.mark.parametrize(
    ("override", "wanted"),
    [
        ("engine.workers=0", "1 or more"),
        ("economics.horizon_years=0", "more than 0"),
        ("economics.worthwhile_gain=-0.1", "0 or more"),
        ("economics.worthwhile_gain=2", "at most 1"),
        ("economics.value_per_unit=nan", "a number"),
        ("economics.value_per_row=inf", "a finite number"),
        ("economics.upkeep_hours={tree: -1}", "0 or more"),
        ("economics.cost_matrix={good: {bad: 1}, bad: {good: -5}}", "0 or more"),
        ("economics.cost_matrix={good: {bad: inf}, bad: {good: 1}}", "a finite number"),
        ("budget.seconds=0", "more than 0"),
        ("budget.seconds=inf", "a finite number"),
        ("budget.memory_gb=inf", "a finite number"),
        ("budget.memory_gb=-1", "more than 0"),
        ("budget.trials=-1", "0 or more"),
        ("seed=-1", "0 or more"),
        ("seed=4294967296", "at most 4294967295"),
    ],
)
def test_a_number_out_of_range_is_refused_with_key_value_and_range(compose, override, wanted):
    with pytest.raises(UserError) as refused:
        compose("dataset=credit-g", override)
    key = override.split("=")[0]
    assert str(refused.value).startswith(key)
    assert str(refused.value).endswith(f"is out of range: give {wanted}.")


def test_what_ends_nothing_and_costs_nothing_is_in_range(compose):
    config = compose("dataset=credit-g", "budget.trials=0", "budget.fit_seconds=null", "economics.price_per_cpu_hour=0")
    assert config.budget.fit_seconds is None
