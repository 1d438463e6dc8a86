"""What a run leaves behind."""

import json
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from runner.folders import REPORT, REPORT_FAULT, VERDICT
from runner.report import outcome
from runner.report.page import render
from runner.report.records import read_verdict
from runner.report.results import mlflow_way, no_model, predict_command, stand_in, time_to_predict, without_report
from runner.report.summary import summary

Made = dict[str, dict[str, Any]]


def test_the_model_saved_is_that_of_the_run_s_own_prices_or_of_what_time_there_was(made: Made) -> None:
    verdict = made["not_worth_it"] | {"model_of": "tree"}
    for kept, why in (
        (None, "there was no time to fit lightgbm"),
        ("tree", "under its own prices the run kept it, and"),
    ):
        said = stand_in(verdict | {"kept_by_run": kept})
        assert said
        assert said.startswith("tree, ")
        assert why in said


def test_a_model_that_is_not_worth_having_is_not_said_to_lack_a_search(made: Made) -> None:
    verdict = made["not_worth_it"] | {"cheap_champion": "dummy", "model": "model.pkl"}
    assert no_model(verdict).endswith("should not be used. What it gains over no model is not worth having.")
    assert no_model(made["no_signal"] | {"model": "model.pkl"}).endswith(outcome.why(made["no_signal"]))


def test_a_report_that_was_not_made_is_told_with_the_command_that_makes_it(made: Made, tmp_path: Path) -> None:
    verdict = made["go"] | {"folder": str(tmp_path)}
    again = f"`python -m runner report {tmp_path}` makes it."
    assert without_report(verdict) == f"There is no report.html yet, for lack of time or of room on the disk: {again}"
    (tmp_path / REPORT_FAULT).touch()
    why = f"There is no report.html: {tmp_path}/report-fault.txt says why; once that is mended, {again}"
    assert without_report(verdict) == why
    (tmp_path / REPORT).touch()
    assert without_report(verdict) is None


def test_the_time_of_one_row_stands_beside_that_of_a_batch(made: Made) -> None:
    verdict, model = made["not_worth_it"] | {"model_one_row_seconds": 0.009}, made["go"]["candidates"][3]
    assert time_to_predict(verdict, model) == "2.1 ms for 1,000 rows at once; one row alone: 9.0 ms"
    assert time_to_predict(made["go"], model) == "2.1 ms for 1,000 rows at once"  # of a run before it was measured
    assert "one row alone: 9.0 ms" in render(verdict)


def test_a_folder_below_is_told_from_here(made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    inside = made["go"] | {
        "folder": str(tmp_path / "my runs" / "adult" / "1"),
        "tracking_uri": f"sqlite:///{tmp_path.as_posix()}/my runs/mlflow.db",
    }
    assert "predict 'my runs/adult/1' new.csv" in predict_command(inside)
    assert "'sqlite:///my runs/mlflow.db'" in mlflow_way(inside)
    page = unescape(render(inside))
    assert "python -m runner reconsider 'my runs/adult/1' economics" in page
    assert "joblib.load('my runs/adult/1/model.pkl')" in page
    assert "`'dataset.incumbent=my runs/adult/1/rules.yaml'`" in summary(inside | {"rules": "rules.yaml"})
    elsewhere = "sqlite:////elsewhere/runs/mlflow.db"  # of SQLAlchemy: four slashes are absolute
    outside = made["go"] | {"folder": "/elsewhere/runs/adult/1", "tracking_uri": elsewhere}
    assert "sqlite:////elsewhere/runs/mlflow.db" in mlflow_way(outside)


def test_a_run_that_was_moved_is_where_it_is_now(made: Made, tmp_path: Path) -> None:
    (tmp_path / VERDICT).write_text(json.dumps(made["go"]))
    assert predict_command(read_verdict(tmp_path)) == f"python -m runner predict {tmp_path} new.csv out.csv"


def test_a_tracking_server_is_told_by_its_address(made: Made) -> None:
    verdict = made["go"] | {"tracking_uri": "http://127.0.0.1:5000"}
    assert mlflow_way(verdict) == "http://127.0.0.1:5000"
