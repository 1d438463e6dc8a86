"""The candidates of a verdict."""

from typing import Any

from runner.report.candidates import PREPARED, failures, makeup, preparations

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


def test_a_blend_that_a_ladder_takes_out_by_name_does_not_break_the_page(made: Made) -> None:
    """As `candidates: {blend: null}` in a file of one's own does, though the rung makes the blend all the same."""
    blend = made["go"]["candidates"][1] | {"name": "blend", "rung": "blend"}
    verdict = made["go"] | {"candidates": [*made["go"]["candidates"], blend]}
    asked = {"linear": {"preparation": "scaled"}, "blend": None}
    assert preparations(verdict, {"ladder": {"candidates": asked}}) == [(PREPARED["scaled"], ["linear"])]
