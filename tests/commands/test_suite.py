"""Nights of a suite as processes: a regression fails the second, and a night cut short goes on where it stopped."""

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from processes import SMALL, Command, environment, python
from runner.commands.suite import main
from runner.errors import UserError

OWN = [word for word in SMALL if not word.startswith(("budget", "evaluation.folds"))]
CHEAP = ("budget.rows=150", "ladder.rungs=[none,tree,simple]", "evaluation.folds=5")
ACCEPTED = "accepted.json"
SUITE = (
    *("suite", *OWN, *CHEAP),
    *("suite.tables=[blood-transfusion,glass]", "suite.seconds=170", f"suite.accepted={ACCEPTED}"),
)
CALM = ("suite.rules.cost.action=warn", "budget.seconds=120")  # tests run beside each other


def results(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_text()) for path in sorted(folder.glob("runs/suites/nightly/*/suite.json"))]


def test_a_folder_of_configs_may_be_called_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "it's 100% {mine}"
    own.mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match="no dataset=glas"):
        main(["suite=pull-request", "suite.tables=[glas]", "--config-dir", str(own)])


@pytest.mark.parametrize(
    ("word", "sentence"), [("foo=1", "no config key 'foo'"), ("suite.tables=[glas]", "no dataset=glas: did you mean")]
)
def test_a_word_that_no_run_can_take_is_told_before_any_is_begun(
    word: str, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match=sentence):
        main(["suite=pull-request", word])
    assert not list(tmp_path.iterdir())


@pytest.fixture(scope="module")
def accepted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, int]:
    """Accept a night that was cut short and gone on with; return its folder, its first verdict, and that one's time."""
    folder = tmp_path_factory.mktemp("nights")
    job = ("-m", "runner", *SUITE, *CALM, "suite.side_by_side=1")
    night = subprocess.Popen([sys.executable, *job], cwd=folder, env=environment(), stdout=subprocess.DEVNULL)
    try:
        first = _wait_for(folder, "runs/suites/nightly/*/*/ended.json").with_name("verdict.json")
    finally:
        night.send_signal(signal.SIGTERM)
    assert night.wait(30) == 130
    assert results(folder) == []
    written = first.stat().st_mtime_ns
    again = python(*job, "--accept", folder=folder)
    assert again.returncode == 0, again.stderr
    return folder, first, written


@pytest.mark.slow
def test_a_night_cut_short_finishes_only_what_was_missing(accepted: tuple[Path, Path, int]) -> None:
    folder, first, written = accepted
    (result,) = results(folder)
    assert [run["reason"] for run in result["runs"]] == [None, None]
    assert first.stat().st_mtime_ns == written
    assert Path(result["folder"]).name == first.parents[1].name


@pytest.mark.slow
def test_the_next_night_fails_by_the_regression_that_was_planted_though_a_table_before_it_is_broken(
    accepted: tuple[Path, Path, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = accepted[0]
    known = json.loads((folder / ACCEPTED).read_text())
    assert sorted(known["runs"]) == ["blood-transfusion-smoke-0", "glass-smoke-0"]

    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    broken = "suite.own.blood-transfusion=['dataset.target=Tpye']"
    worse = "suite.own.glass=['ladder.candidates.linear=null','ladder.candidates.tree.params.max_depth=1']"
    shutil.copy(folder / ACCEPTED, tmp_path)
    second = python("-m", "runner", *SUITE, *CALM, broken, worse, folder=tmp_path)
    assert second.returncode == 3, second.stdout + second.stderr
    headline = (tmp_path / "summary.md").read_text().splitlines()[0]
    assert headline.startswith("**nightly: FAILED: run of blood-transfusion-smoke-0: No verdict: ")
    (result,) = results(tmp_path)
    reasons = {run["table"]: run["reason"] for run in result["runs"]}
    assert reasons["glass"] is None
    assert "'Tpye'" in reasons["blood-transfusion"]
    (junit,) = tmp_path.glob("runs/suites/*/*/junit.xml")
    failures = {
        (case.get("classname"), case.get("name")): failure
        for case in ET.parse(junit).iter("testcase")
        if (failure := case.find("failure")) is not None
    }
    assert failures.keys() == {("run", "blood-transfusion-smoke-0"), ("score", "glass-smoke-0")}
    assert "worse by" in str(failures["score", "glass-smoke-0"].get("message"))


def test_what_does_not_fit_into_the_time_is_not_begun(command: Command, tmp_path: Path) -> None:
    done = command(*SUITE, "suite.seconds=5")
    assert done.returncode == 3, done.stderr
    (result,) = results(tmp_path)
    assert all("not begun" in run["reason"] for run in result["runs"])


def _wait_for(folder: Path, pattern: str) -> Path:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        if found := [*folder.glob(pattern)]:
            return found[0]
        time.sleep(0.05)
    raise AssertionError(f"nothing like {pattern} came; there are {[*folder.iterdir()]}")
