"""What a night leaves behind says the same in every form, and breaks in none."""

import json
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from processes import Script
from runner.suite.judgement import judge
from runner.suite.junit import junit
from runner.suite.markdown import markdown
from runner.suite.night import Night, document
from runner.suite.page import night_page, trend_page
from runner.suite.report import publish
from runner.suite.schedule import EndedRun
from runner.suite.settings import settings
from runner.suite.trend import rows, sparkline

Entry = dict[str, Any]
VOID = ("meta", "br", "polyline", "circle")


class Strict(HTMLParser):
    """Fails where a tag is not closed, or something is asked of elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not [value for name, value in attrs if name in ("src", "href")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


@pytest.fixture
def night(here: Path, entry: Callable[..., Entry], ended: Callable[..., EndedRun]) -> Night:
    """Return a night with a score that fell, a run without a verdict, and one that is well."""
    job = settings(["tracking=none"])
    runs = (ended("adult"), ended("credit-g"), ended("glass", "<b>gone & lost</b> | \x07"))
    fell = entry()
    fell["scores"] = {name: [score - 0.05 for score in folds] for name, folds in fell["scores"].items()}
    entries = {"adult-smoke-0": entry(), "credit-g-smoke-0": fell}
    before = {key: entry() for key in (*entries, "glass-smoke-0")}
    times = {"started_at": "2026-01-02T03:04:05+00:00", "finished_at": "2026-01-02T03:10:05+00:00"}
    folder = here / "runs" / "suites" / "nightly" / "night"
    folder.mkdir(parents=True)
    return Night(job, folder, runs, entries, before, judge(runs, entries, before, job.suite), times, 360.0)


def test_each_table_and_each_rule_is_a_test_case(night: Night) -> None:
    root = ET.fromstring(junit(document(night)))
    cases = {(case.get("classname"), case.get("name")): case for case in root.iter("testcase")}
    assert {("score", "credit-g-smoke-0"), ("cost", "all"), ("run", "glass-smoke-0")} <= cases.keys()
    failed = {key for key, case in cases.items() if case.find("failure") is not None}
    assert failed == {("score", "credit-g-smoke-0"), ("run", "glass-smoke-0")} | ({("score", "all")} & failed)
    assert root.get("failures") == str(len(failed))


def test_the_first_line_says_what_failed(night: Night) -> None:
    content = document(night)
    first = markdown(content).splitlines()[0]
    assert first.startswith("**nightly: FAILED: run of glass-smoke-0: No verdict: ")
    assert "(+" in first
    assert "| `adult-smoke-0` | NO-GO (within-noise) |" in markdown(content)


def test_pages_are_whole_and_ask_for_nothing(night: Night) -> None:
    content = document(night)
    for page in (night_page(content), trend_page([content, content])):
        parser = Strict()
        parser.feed(page)
        assert parser.open == []
        assert "<b>gone" not in page


def test_all_of_it_is_written_and_read_again(night: Night, monkeypatch: pytest.MonkeyPatch, here: Path) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(here / "step.md"))
    content = publish(night, here / "runs")
    names = {path.name for path in night.folder.iterdir()}
    assert names == {"suite.json", "summary.md", "junit.xml", "report.html", "trend.html"}
    assert json.loads((night.folder / "suite.json").read_text()) == content
    assert (here / "step.md").read_text().startswith("**nightly: FAILED: ")


def test_a_night_loads_nothing_that_fits_models(script: Script) -> None:
    done = script(
        "import sys\n"
        "from runner.listeners import mlflow_suite\n"
        "from runner.suite import report\n"
        "print(','.join(sys.modules))"
    )
    loaded = {name.partition(".")[0] for name in done.stdout.strip().split(",")}
    assert "runner" in loaded
    assert loaded.isdisjoint({"sklearn", "lightgbm", "skrub", "optuna"})


def test_a_sparkline_has_gaps_where_nothing_was_measured() -> None:
    assert sparkline([1.0, 2.0, None, 3.0, 1.0], "x").count("<polyline") == 2
    assert sparkline([None], "x") == ""
    assert sparkline([2.0, 2.0], "x").count("<circle") == 1
    assert 'aria-label="&lt;b&gt;"' in sparkline([2.0], "<b>")


def test_the_last_cost_is_of_the_night_that_the_last_score_is_of(night: Night) -> None:
    content = document(night)
    lost = content | {"runs": [run | {"entry": None} for run in content["runs"]]}
    (row, *_) = rows([content, lost])
    assert "the last 2 nights" in trend_page([content, lost])
    assert "the last 1 night<" in trend_page([content])
    assert (row["score"], row["cost"]) == ("0.785", "310")


@pytest.mark.slow
def test_nights_are_in_mlflow_with_their_runs_below(night: Night, here: Path) -> None:
    from mlflow import MlflowClient

    from runner.config import TrackingConfig
    from runner.listeners.mlflow_store import store_of
    from runner.listeners.mlflow_suite import log_night, past_nights

    tracking = TrackingConfig(uri=f"sqlite:///{here / 'runs' / 'mlflow.db'}")
    client, experiment = store_of(tracking, here / "runs").connect()
    child = client.create_run(experiment).info.run_id
    content = publish(night, here / "runs")
    content["runs"][0]["entry"]["mlflow_run_id"] = child
    parent = log_night(tracking, here / "runs", content, night.folder)

    store = MlflowClient(str(tracking.uri))
    assert store.get_run(child).data.tags["mlflow.parentRunId"] == parent
    run = store.get_run(parent)
    assert run.info.status == "FAILED"
    assert run.data.metrics["failed"] == sum(item["outcome"] == "failed" for item in content["judged"])
    (kept,) = past_nights(tracking, here / "runs", "nightly", 10)
    assert kept["headline"] == content["headline"]
    assert past_nights(tracking, here / "runs", "other", 10) == []
