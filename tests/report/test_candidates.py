"""The candidates of a verdict."""

from typing import Any

from runner.report.candidates import failures, makeup

Made = dict[str, dict[str, Any]]


def test_candidates_that_share_a_reason_are_told_together(made: Made) -> None:
    late = made["crashed"]["candidates"][1] | {"status": "skipped", "reason": "no time"}
    candidates = [*made["go"]["candidates"], late | {"name": "forest"}, late | {"name": "net"}]
    assert failures({"candidates": candidates}) == [(["forest", "net"], "skipped", "no time")]


def test_what_the_compared_models_are_made_of(made: Made) -> None:
    verdict = made["go"]
    verdict["candidates"][-1]["params"] = {"num_leaves": 31, "learning_rate": 0.12345}
    assert makeup(verdict, "lightgbm #7") == "num_leaves 31, learning_rate 0.123"
    verdict["candidates"][-1] |= {"name": "search-blend", "params": {}, "text": "2 x lightgbm #7, 1 x linear"}
    assert makeup(verdict, "search-blend") == "2 x lightgbm #7, 1 x linear"
