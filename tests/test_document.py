"""verdict.json: what it holds, that it is plain JSON, and that it can be judged again."""

import json
import math

import pandas as pd
import pytest

from runner.config import EconomicsConfig
from runner.decision.facts import facts_of
from runner.document import SCHEMA_VERSION, ladder_table
from runner.errors import UserError
from runner.reconsidered import finite, reconsider

KEYS = {
    "schema_version", "decision", "reason", "sentence", "settled", "lean", "promise", "policy", "dataset", "metric",
    "cheap_champion", "challenger", "gain", "skill", "signal", "worthwhile_gain", "p_pays", "net_benefit", "currency",
    "rows_to_settle", "gates", "candidates", "search", "costs", "checks", "budget", "seed", "versions", "code",
    "command",
    "weak", "columns", "notes",
    "folder", "mlflow_run_id", "started_at", "finished_at",
}  # fmt: skip


def test_it_holds_what_others_build_on(finished) -> None:
    content = finished.content
    assert content.keys() >= KEYS
    assert content["schema_version"] == SCHEMA_VERSION
    assert content["dataset"]["rows"] == 300
    assert content["dataset"]["classes"] == ["1", "2"]
    assert (content["dataset"]["has_groups"], content["dataset"]["has_time"]) == (False, False)
    assert content["metric"] == {"name": "roc_auc", "label": "ROC AUC", "greater_is_better": True}
    assert content["budget"] == {"name": "smoke", "seconds": 150.0}
    assert content["command"] == "the command"
    assert content["model_one_row_seconds"] > 0
    json.dumps(content, allow_nan=False)


def test_its_candidates_are_those_of_the_ladder_with_the_best_of_the_search(finished) -> None:
    candidates = finished.content["candidates"]
    names = [candidate["name"] for candidate in candidates]
    assert names[:4] == ["dummy", "tree", "linear", "lightgbm"]
    assert finished.content["challenger"] in names
    for candidate in candidates:
        assert candidate["status"] == "ok"
        assert len(candidate["fold_scores"]) == 5
        assert candidate["score"] == pytest.approx(sum(candidate["fold_scores"]) / 5)
        assert candidate["costs"]["cpu_seconds"] > 0


def test_its_figures_hold_together(finished) -> None:
    content = finished.content
    scores = {candidate["name"]: candidate["holdout_score"] for candidate in content["candidates"]}
    difference = scores[content["challenger"]] - scores[content["cheap_champion"]]
    assert content["gain"]["estimate"] == pytest.approx(difference, abs=1e-9)
    assert content["gain"]["low"] < content["gain"]["estimate"] < content["gain"]["high"]
    assert content["costs"]["cpu_seconds"] > 0
    assert content["search"]["trials"] <= content["search"]["planned"]


def test_the_same_economics_reach_the_same_verdict_again(finished, small) -> None:
    prices = small("dataset=credit-g", "economics.value_per_unit=1000000").economics
    stored = json.loads(json.dumps(finished.content))
    assert json.loads(json.dumps(reconsider(stored, prices))) == stored


def test_what_the_run_took_costs_what_other_prices_say(finished) -> None:
    prices = EconomicsConfig(name="dear", currency="USD", price_per_cpu_hour=3600, watts_per_core=3.6e6)
    again = reconsider(finished.content, prices)
    seconds = finished.content["costs"]["cpu_seconds"]
    assert again["costs"]["money"] == pytest.approx(seconds)
    assert again["costs"]["kwh"] == pytest.approx(seconds)
    assert again["costs"]["wall_seconds"] == finished.content["costs"]["wall_seconds"]


@pytest.mark.parametrize(("judged_by", "which"), [(None, "none"), ({"1": {"2": 2}, "2": {"1": 5}}, "another")])
def test_another_cost_matrix_than_the_run_was_judged_by_is_refused(finished, judged_by, which) -> None:
    matrix = {1: {2: 1}, 2: {1: 5}}
    prices = EconomicsConfig(name="matrix", cost_matrix=matrix)
    was = finished.content["economics"] | {"cost_matrix": judged_by}
    with pytest.raises(UserError, match=f"this run's was {which}: run it again"):
        reconsider(finished.content | {"economics": was}, prices)
    same = {str(true): {str(decided): cost for decided, cost in costs.items()} for true, costs in matrix.items()}
    reconsider(finished.content | {"economics": was | {"cost_matrix": same}}, prices)


def test_facts_are_read_back_as_they_were(finished) -> None:
    stored = json.loads(json.dumps(finished.content["facts"]))
    facts = facts_of(stored)
    assert facts.champion.name == finished.content["cheap_champion"]
    assert facts.challenger is not None
    assert facts.challenger.name == finished.content["challenger"]
    assert facts.gain is not None
    assert facts.gain.estimate == finished.content["gain"]["estimate"]


def test_what_json_does_not_know_is_null() -> None:
    assert finite({"a": [1.0, math.inf, -math.inf, math.nan], "b": (True, None, "x", 3)}) == {
        "a": [1.0, None, None, None],
        "b": [True, None, "x", 3],
    }


def test_the_ladder_is_a_table(finished, tmp_path) -> None:
    (tmp_path / "ladder.csv").write_text(ladder_table(finished.content))
    table = pd.read_csv(tmp_path / "ladder.csv")
    assert table["score"].notna().all()
    assert {"rung", "name", "status", "score", "holdout_score", "cpu_seconds"} <= {*table.columns}
