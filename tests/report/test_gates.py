"""The gates of a run, and the rungs that it had no time or money for."""

from typing import Any

from runner.report.closing import closing_lines
from runner.report.gates import not_tried
from runner.report.page import render
from runner.report.summary import summary

Made = dict[str, dict[str, Any]]
NO_TIME = "boosting: no time; run it again with a larger budget."


def test_a_rung_without_time_is_named_wherever_a_verdict_is_told(made: Made) -> None:
    *others, boosting = made["not_worth_it"]["candidates"]
    late = boosting | {"score": None, "fold_scores": [], "status": "timed out"}
    verdict = made["not_worth_it"] | {"cheap_champion": "linear", "candidates": [*others, late]}
    assert f"Not tried     {NO_TIME}" in closing_lines(verdict, 80)
    assert f"| Not tried | {NO_TIME} |" in summary(verdict).splitlines()
    assert NO_TIME in render(verdict)
    assert not_tried(verdict | {"candidates": [*others, late, boosting]}) is None  # another of the rung had time


def test_rungs_that_the_budget_shut_are_named_with_the_reason(made: Made) -> None:
    spent = {"open": False, "code": "out-of-budget", "reason": "The budget's money is used up."}
    shut = [made["not_worth_it"]["gates"][0] | spent | {"rung": rung} for rung in ("boosting", "portfolio", "search")]
    assert not_tried(made["not_worth_it"] | {"gates": shut[2:]}) is None  # it is the verdict's own reason
    told = not_tried(made["not_worth_it"] | {"gates": shut})
    assert told == "boosting, portfolio, search: The budget's money is used up."


def test_a_run_that_had_time_for_all_says_nothing_of_it(made: Made) -> None:
    for name in ("go", "not_worth_it", "with_failures"):
        assert not_tried(made[name]) is None
