"""Gains in words."""

from typing import Any

import pytest

from runner.report.advice import next_step
from runner.report.closing import closing_lines
from runner.report.gains import on_the_folds, threshold

Made = dict[str, dict[str, Any]]


@pytest.mark.parametrize(("folds", "told"), [(0.932, "only +0.0039"), (0.9462, None)])  # beside 0.0112 at least
def test_a_lead_on_the_folds_is_told_where_the_gain_is_shown_to_be_more(
    made: Made, folds: float, told: str | None
) -> None:
    *others, challenger = made["go"]["candidates"]
    verdict = made["go"] | {"candidates": [*others, challenger | {"score": folds}]}
    assert on_the_folds(verdict) == told
    assert next_step(verdict).startswith("First find out why lightgbm #7 gains so much more on the rows") == bool(told)
    assert (f"On the folds  {told}" in closing_lines(verdict, 80)) == bool(told)
    assert on_the_folds(verdict | {"design": {"kind": "nested"}}) is None


def test_a_gain_of_which_no_bounds_are_known_is_worth_having_from_no_odd_figure(made: Made) -> None:
    gain = made["go"]["gain"] | {"estimate": 0.24, "low": None, "high": None}
    said = []
    for smallest, found in ((8.3e-10, gain), (2.6e-9, gain | {"estimate": 0.0}), (0.05, gain)):
        worth = made["go"]["worthwhile_gain"] | {"metric": smallest}
        said.append(threshold(made["go"] | {"gain": found, "worthwhile_gain": worth}))
    assert said == [*["worth having as soon as it is above 0"] * 2, "worth having from +0.050"]
