"""The way up: what is begun, and what is ended before it has cost all that it could."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from runner.config import CandidateConfig

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
