"""Gains in words."""

from typing import Any

from runner.report.gains import threshold

Made = dict[str, dict[str, Any]]


def test_a_gain_of_which_no_bounds_are_known_is_worth_having_from_no_odd_figure(made: Made) -> None:
    gain = made["go"]["gain"] | {"estimate": 0.24, "low": None, "high": None}
    said = []
    for smallest in (8.3e-10, 0.05):
        worth = made["go"]["worthwhile_gain"] | {"metric": smallest}
        said.append(threshold(made["go"] | {"gain": gain, "worthwhile_gain": worth}))
    assert said == ["worth having as soon as it is above 0", "worth having from +0.050"]
