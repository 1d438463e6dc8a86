"""A search may start from what an earlier one found: configurations are carried over, no scores."""

import csv
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from test_search import SPACES, evaluator, never

from runner.config import DatasetConfig, EvaluationConfig
from runner.errors import UserError
from runner.ladder import Rung, Start
from runner.plan import make_plan
from runner.reading import build
from runner.search import Limits, Search
from runner.search.earlier import kept_aside
from runner.splits import make_splits

ROWS = "budget.rows=300"


def search_rung(config) -> Rung:
    (rung,) = (rung for rung in make_plan(config).ladder if rung.is_search)
    return rung


def best_trials(folder: Path) -> list[dict[str, str]]:
    with (folder / "trials.csv").open() as file:
        scored = [row for row in csv.DictReader(file) if row["status"] == "ok"]
    return sorted(scored, key=lambda row: -float(row["score"]))


def test_the_best_trials_of_the_same_rows_are_where_it_starts(small, finished) -> None:
    rung = search_rung(small("dataset=credit-g", ROWS, f"search_from={finished.folder}"))
    best = best_trials(finished.folder)
    assert 0 < len(rung.starts) == min(4, len(best))
    for start, row in zip(rung.starts, best, strict=False):
        assert (start.family, start.preparation) == (row["family"], row["preparation"])
        assert str(start.drawn["num_leaves"]) in row["params"]
    assert rung.spaces
    assert not search_rung(small("dataset=credit-g", ROWS)).starts


@pytest.mark.parametrize("other", ["seed=1", "evaluation.holdout=0.2", "budget.rows=280", "evaluation.design=nested"])
def test_rows_that_chose_are_not_to_prove(small, finished, other: str) -> None:
    config = small("dataset=credit-g", ROWS, f"search_from={finished.folder}", other)
    with pytest.raises(UserError, match="may have chosen on rows that are to prove here") as caught:
        make_plan(config)
    assert "\n" not in str(caught.value)


def test_rows_kept_aside_are_known_by_their_place_in_the_table() -> None:
    frame = pd.DataFrame({"old": np.arange(60.0), "new": np.arange(60.0)[::-1], "y": [0, 1] * 30})
    names = []
    for time in ("old", "new", "old"):
        dataset = build(frame, DatasetConfig(name="t", path="t.csv", target="y", time=time))
        names.append(kept_aside(dataset, make_splits(dataset, EvaluationConfig(), 0)))
    assert names[0] == names[2] != names[1]


def test_another_table_is_told_the_configurations_too(small, finished) -> None:
    assert search_rung(small("dataset=glass", "seed=3", f"search_from={finished.folder}")).starts


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        ("verdict.json", "it has no verdict.json"),
        ("trials.csv", "it has no trials.csv"),
        ("config.yaml", "it has no config.yaml"),
    ],
)
def test_a_folder_that_holds_no_search_is_named(small, finished, tmp_path: Path, spoilt: str, said: str) -> None:
    for name in ("verdict.json", "trials.csv", "config.yaml"):
        shutil.copy(finished.folder / name, tmp_path / name)
    (tmp_path / spoilt).unlink()
    config = small("dataset=credit-g", ROWS, f"search_from={tmp_path}")
    with pytest.raises(UserError, match=f"search_from=.*{said}"):
        make_plan(config)
    (tmp_path / spoilt).write_text("{")
    with pytest.raises(UserError, match="search_from=") as caught:
        make_plan(config)
    assert "\n" not in str(caught.value)


def test_what_it_starts_from_is_tried_first_and_the_rest_is_drawn() -> None:
    before = Search(SPACES, Limits(12, never), 0)
    list(before.run(evaluator()))
    starts = [start_of(trial) for trial in reversed(before.trials[-3:])]
    search = Search(SPACES, Limits(8, never), 1, starts=starts)
    list(search.run(evaluator()))
    assert [start_of(trial) for trial in search.trials[:3]] == starts
    assert len({str(trial.candidate.drawn) for trial in search.trials}) == 8


@pytest.mark.parametrize(
    ("name", "values"),
    [("n_estimators", (1000, 4, "x", None, True)), ("learning_rate", (0.0, 1.0)), ("subsample_freq", (7, None))],
)
def test_what_lies_outside_of_a_space_is_no_start(name: str, values: tuple[object, ...]) -> None:
    space, inside = SPACES[0], {"n_estimators": 5, "learning_rate": 0.3, "subsample_freq": 1}
    assert space.holds(inside)
    assert not space.holds({"n_estimators": 5})
    for value in values:
        assert not space.holds({**inside, name: value})


def start_of(trial):
    return Start(trial.family, trial.candidate.preparation, trial.candidate.drawn)
