"""A run judged by nested folds, from end to end."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from runner.config import Config
from runner.reconsidered import reconsider
from runner.report.closing import closing_lines
from runner.report.summary import summary

pytestmark = pytest.mark.slow
COSTS = {("1", "2"): 1.0, ("2", "1"): 2.0}  # (true, decided)
LASTING = ("decision", "reason", "settled", "lean", "cheap_champion", "challenger", "gain", "skill", "signal")


@pytest.fixture(scope="module")
def config(small: Callable[..., Config]) -> Config:
    table = ("dataset=credit-g", "budget.rows=200", "budget.trials=4", "budget.seconds=3600")  # the machine may be busy
    priced = ("economics.cost_matrix={1: {2: 1}, 2: {1: 2}}", "economics.predictions_per_year=1000000")
    return small(*table, "evaluation.design=nested", "engine.workers=2", *priced)


@pytest.fixture(scope="module")
def nested(config: Config, run_here: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    return run_here(config, tmp_path_factory.mktemp("nested") / "credit-g")


def test_it_says_what_judged_and_what_is_promised(nested: Any) -> None:
    design = nested.content["design"]
    assert (design["kind"], design["rows"], design["train_rows"]) == ("nested", 200, 160)
    assert (design["folds"], design["repeats"]) == (5, 2)
    assert "160 rows" in nested.content["promise"]
    assert nested.content["facts"]["learned_from"] == 160
    for chosen in design["chosen"].values():
        assert sum(chosen.values()) == 10


def test_scores_that_chose_and_scores_that_judge_are_told_apart(nested: Any) -> None:
    content = nested.content
    entries = {entry["name"]: entry for entry in content["candidates"]}
    judged = {name for name, entry in entries.items() if entry["outer_score"] is not None}
    assert {"dummy", content["cheap_champion"]} <= judged
    assert all(entry["holdout_score"] is None for entry in entries.values())
    assert all(len(entry["fold_scores"]) == 10 for entry in entries.values())
    if content["challenger"]:
        gained = entries[content["challenger"]]["outer_score"] - entries[content["cheap_champion"]]["outer_score"]
        assert content["gain"]["estimate"] == pytest.approx(gained)


def test_each_row_is_predicted_once_a_repeat_and_the_money_is_right_to_the_cent(nested: Any, config: Config) -> None:
    table = pd.read_parquet(nested.folder / "predictions.parquet")
    truth = pd.read_parquet(config.dataset.path)["class"].astype(str).to_numpy()
    assert (table["target"] == truth[table["row"]]).all()
    assert set(table.groupby(["candidate", "row"]).size()) == {2}
    money = [COSTS.get(pair, 0.0) for pair in zip(table["target"], table["prediction"], strict=True)]
    told = table.assign(money=money).groupby(["candidate", "part"])["money"].mean().groupby("candidate").mean()
    scores = {each["name"]: each["outer_score"] for each in nested.content["candidates"]}
    assert len(told) >= 2
    for name, value in told.items():
        assert value == pytest.approx(-scores[name], abs=1e-9)
    assert sum(map(sum, nested.content["weak"]["confusion"]["counts"])) == 200
    known = nested.content["columns"] or nested.content["notes"]  # of a dummy, nothing is asked
    assert bool(known) == (nested.content["cheap_champion"] != "dummy")


def test_people_are_told_of_outer_folds(nested: Any) -> None:
    for text in ("\n".join(closing_lines(nested.content, 100)), summary(nested.content)):
        assert "on the outer folds" in text
        assert "kept aside" not in text


def test_the_facts_can_be_judged_again(nested: Any, config: Config) -> None:
    stored = json.loads(json.dumps(nested.content))
    again = reconsider(stored, config.economics)
    for key in (*LASTING, "sentence", "rows_to_settle"):
        assert again[key] == nested.content[key], key
    turn = nested.content["break_even"]["value_per_unit"]
    if turn is not None:
        own = replace(config.economics, cost_matrix=None)
        sides = [reconsider(stored, replace(own, value_per_unit=turn * by)) for by in (0.99, 1.01)]
        said = [(side["decision"], "would be worth it" in side["sentence"]) for side in sides]
        assert said[0] != said[1]


def test_one_worker_alone_and_a_run_that_was_cut_short_reach_the_same(
    nested: Any, config: Config, run_here: Any, tmp_path: Path
) -> None:
    """A third of the evaluations is lost, as if the run had been killed, and one worker goes on."""
    folder = tmp_path / "evaluations"
    folder.mkdir()
    stored = sorted((nested.folder / "evaluations").iterdir())
    for path in stored[::3] + stored[1::3]:
        (folder / path.name).write_bytes(path.read_bytes())
    again = run_here(replace(config, engine=replace(config.engine, workers=1)), tmp_path)
    for key in LASTING:
        assert again.content[key] == nested.content[key], key
    scores = [
        [(c["name"], c["fold_scores"], c["outer_score"]) for c in r.content["candidates"]] for r in (nested, again)
    ]
    assert scores[0] == scores[1]
    assert again.content["costs"]["cpu_seconds"] < nested.content["costs"]["cpu_seconds"]
    assert np.isfinite(again.content["costs"]["cpu_seconds"])
