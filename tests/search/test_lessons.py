"""What a search taught can be read from its trials."""

import csv
import io
import math
from dataclasses import replace
from pathlib import Path

import pytest
from test_search import SPACES, evaluator, never

from runner.evaluation import Status
from runner.events import SearchEnded
from runner.listeners.log import lessons_told
from runner.report.records import read_trials
from runner.search import Limits, Search
from runner.search.lessons import families, importance, progress, trials_table


@pytest.fixture(scope="module")
def searched() -> Search:
    search = Search(SPACES, Limits(40, never), 0)
    for _ in search.run(evaluator(fails=lambda name: name.endswith("#3"))):
        pass
    return search


def test_each_family_tells_what_it_reached(searched: Search) -> None:
    told = families(searched)
    assert {each["family"] for each in told} == {"lightgbm", "linear"}
    assert sum(each["trials"] for each in told) == 40
    assert sum(each["cpu_seconds"] for each in told) == pytest.approx(searched.cpu_seconds())
    best = searched.best()
    assert best is not None
    assert (told[0]["family"], told[0]["best_score"]) == (best.family, best.evaluation.score)


def test_a_family_without_a_score_comes_last(searched: Search) -> None:
    one = replace(searched, trials=[trial for trial in searched.trials if trial.family == "linear"])
    assert [(each["family"], each["best_score"] is None) for each in families(one)] == [
        ("linear", False),
        ("lightgbm", True),
    ]


def test_the_best_so_far_only_grows_over_what_was_paid(searched: Search) -> None:
    steps = progress(searched)
    scores = [-math.inf if step["best_score"] is None else step["best_score"] for step in steps]
    spent = [step["cpu_seconds"] for step in steps]
    assert scores == sorted(scores)
    assert spent == sorted(spent)
    assert len(steps) == 40


def test_what_mattered_is_found(searched: Search) -> None:
    shares = importance(searched)
    assert shares is not None
    assert sum(shares.values()) == pytest.approx(1.0, abs=0.01)
    if "lightgbm.learning_rate" in shares:  # the only one that the score depends on
        assert max(shares, key=lambda name: shares[name]) == "lightgbm.learning_rate"


def test_few_trials_tell_nothing() -> None:
    search = Search(SPACES, Limits(4, never), 0)
    for _ in search.run(evaluator()):
        pass
    assert importance(search) is None


def test_all_trials_stand_in_the_table_and_the_report_reads_the_scored(searched: Search, tmp_path: Path) -> None:
    (tmp_path / "trials.csv").write_text(trials_table(searched))
    rows = [*csv.DictReader(io.StringIO(trials_table(searched)))]
    assert [int(row["number"]) for row in rows] == list(range(40))
    assert rows[3]["status"] == "failed"
    assert rows[3]["score"] == ""
    read, scored = read_trials(tmp_path), [trial.evaluation for trial in searched.trials if trial.evaluation.ok]
    assert [(one["name"], one["score"]) for one in read] == [(one.candidate, one.score) for one in scored]


def test_what_it_taught_is_two_sentences(searched: Search) -> None:
    importance = {"lightgbm.learning_rate": 0.7, "lightgbm.n_estimators": 0.3}
    told = [*lessons_told(SearchEnded(families(searched), importance), "r2")]
    counts = {family: sum(trial.family == family for trial in searched.trials) for family in ("lightgbm", "linear")}
    assert told[0].startswith("Best of each family (trials): ")
    assert all(f"({count})" in told[0] for count in counts.values())
    assert told[1] == f"What mattered most in {families(searched)[0]['family']}: learning_rate 70 %, n_estimators 30 %."
    lost = [replace(each, evaluation=replace(each.evaluation, status=Status.PRUNED)) for each in searched.trials]
    nothing = replace(searched, trials=lost)
    (only,) = lessons_told(SearchEnded(families(nothing), None), "r2")
    assert " no score (" in only
