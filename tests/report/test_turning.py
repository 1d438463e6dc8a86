"""Prices at which the decision would change, in what the user gave."""

from typing import Any

import pytest

from runner.report.turning import turning_points

Made = dict[str, dict[str, Any]]
A_YEAR = {"value_per_unit": 17_403.0, "price_per_cpu_hour": None, "worthwhile_gain": None}
EACH = A_YEAR | {"value_per_row": 0.017403, "predictions_per_year": 1_740_211.4}
UNIT = "one unit of ROC AUC"
BY_ROW, BY_COUNT = f"at EUR 0.0174 a row for {UNIT} (now EUR 0.01)", "at 1,740,212 predictions a year"


@pytest.mark.parametrize(
    ("given", "turns", "told"),
    [
        ({"value_per_row": 0.01}, EACH, [BY_ROW, f"{BY_COUNT} (now 1,000,000)"]),
        ({"value_per_row": 0.01, "predictions_per_year": 0.0}, EACH | {"value_per_row": None}, [BY_COUNT]),
        ({"cost_matrix": {"a": {"b": 1}}}, EACH | {"value_per_row": None}, [f"{BY_COUNT} (now 1,000,000)"]),
        ({"value_per_unit": 9_000.0}, A_YEAR, [f"at EUR 17,403 a year for {UNIT} (now EUR 9,000)"]),
        ({"value_per_row": 0.01}, A_YEAR, [f"at EUR 17,403 a year for {UNIT} (now EUR 10,000)"]),  # an older file
        ({"value_per_row": 0.01}, dict.fromkeys(EACH), []),
        ({"value_per_row": 0.01}, EACH | {"predictions_per_year": 1e13}, [BY_ROW]),
    ],
)
def test_it_turns_at_what_was_given(made: Made, given: Any, turns: Any, told: list[str]) -> None:
    economics = made["go"]["economics"] | {"value_per_unit": None} | given
    assert turning_points(made["go"] | {"economics": economics, "break_even": turns}) == told
