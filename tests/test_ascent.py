"""The way up: what is begun, and what is ended before it has cost all that it could."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from runner.ascent import ascend
from runner.climb import Climb
from runner.clock import Clock
from runner.config import CandidateConfig
from runner.events import Listeners

TREE = "sklearn.tree.DecisionTreeRegressor"
ADDED = {
    "tree-of-four": CandidateConfig(rung="tree", regressor=TREE, preparation="ordinal", params={"max_depth": 4}),
    "lightgbm-more": CandidateConfig(
        rung="portfolio",
        regressor="lightgbm.LGBMRegressor",
        preparation="native",
        params={"verbosity": -1, "n_estimators": 40},
    ),
    "mean": CandidateConfig(rung="portfolio", regressor="sklearn.dummy.DummyRegressor", preparation="ordinal"),
}


@pytest.mark.slow
@pytest.mark.parametrize(("design", "expected"), [("holdout", "pruned"), ("nested", "ok")])
def test_of_the_portfolio_what_has_lost_is_ended_early_but_where_all_rows_judge(  # type: ignore[no-untyped-def]
    design: str, expected: str, small, run_here, tmp_path: Path
) -> None:
    config = small("dataset=abalone", "budget.rows=400", f"evaluation.design={design}", "engine.workers=2")
    rungs = ["none", "tree", "simple", "boosting", "portfolio", "blend"]
    ladder = replace(config.ladder, rungs=rungs, candidates=config.ladder.candidates | ADDED, search={})
    content = run_here(replace(config, ladder=ladder), tmp_path / "run").content
    found: dict[str, Any] = {candidate["name"]: candidate for candidate in content["candidates"]}
    assert found["lightgbm-more"]["status"] == "ok"
    assert found["mean"]["status"] == expected
    if expected == "pruned":
        assert found["mean"]["score"] is None
        assert 0 < len(found["mean"]["fold_scores"]) < len(found["lightgbm-more"]["fold_scores"])
        assert "clearly worse" in found["mean"]["reason"]
    assert content["cheap_champion"] != "mean"


def test_after_an_interrupt_nothing_is_fitted_but_the_dummy(climbed, small) -> None:  # type: ignore[no-untyped-def]
    climb, judge = climbed(200)
    own, clock = Climb(climb.ladder, climb.metric, climb.prices, climb.contender), Clock(1000.0)
    clock.interrupted = True
    ascend(own, judge, Mock(end=lambda _scored: ()), small("dataset=credit-g"), clock, Listeners())
    assert [evaluation.rung for evaluation in own.evaluations] == ["none"]
    assert [gate.open for gate in own.gates] == [True] + [False] * (len(own.ladder) - 1)
    assert own.curve == Climb.curve
