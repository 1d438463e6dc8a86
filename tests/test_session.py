"""Ctrl-C once is a wish for the verdict so far; candidates that misbehave, by config alone, cost the others nothing."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import psutil
import pytest

from processes import CHEAPLY, OWN_CONF, SECONDS, SMALL, environment, verdict_in
from runner import session
from runner.clock import Clock

TABLE = ("dataset=credit-g", "budget.rows=300", "budget.seconds=150", "economics.value_per_unit=1000000")


def begun(folder: Path, *overrides: str, small: tuple[str, ...] = SMALL) -> "subprocess.Popen[str]":
    own = environment()
    own["PYTHONPATH"] += os.pathsep + str(Path(__file__).parent)  # where the estimators that misbehave are
    return subprocess.Popen(
        [sys.executable, "-u", "-m", "runner", *small, *TABLE, *overrides],
        cwd=folder, env=own, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


@pytest.mark.slow
def test_a_first_interrupt_ends_the_search_with_the_verdict_so_far(tmp_path: Path) -> None:
    process = begun(tmp_path, "budget.trials=100000", "budget.seconds=100000")
    assert process.stdout is not None
    told = ""
    for line in process.stdout:
        told += line
        if " search " in line and " #" in line:
            process.send_signal(signal.SIGINT)
            break
    told += process.communicate(timeout=SECONDS)[0]
    assert process.returncode == 0, told
    assert "finishing what is in hand" in told
    content = verdict_in(tmp_path)
    assert content["search"]["stopped_by"] == "interrupt"
    assert 0 < content["search"]["trials"] <= 8
    assert content["columns"] is None  # nothing is measured any more that the verdict does not need


@pytest.mark.slow
@pytest.mark.parametrize("signals", [[signal.SIGINT] * 2, [signal.SIGTERM]], ids=["Ctrl-C twice", "a scheduler"])
def test_a_second_interrupt_stops_at_once(tmp_path: Path, signals: list[signal.Signals]) -> None:
    process = begun(tmp_path, "budget.trials=100000", "budget.seconds=100000")
    assert process.stdout is not None
    for line in process.stdout:
        if " linear " in line and "AUC" in line:
            break
    for number in signals[:-1]:
        process.send_signal(number)
        assert any("finishing what is in hand" in line for line in process.stdout)  # or the next one is lost in it
    process.send_signal(signals[-1])
    told = process.communicate(timeout=SECONDS)[0]
    assert process.returncode == 130
    assert "`python -m runner resume runs/credit-g/" in told.splitlines()[-1]
    assert not [*tmp_path.rglob("verdict.json")]
    assert [*tmp_path.rglob("evaluations/*.pkl")]  # what was finished is kept


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the server of workers is a new Python")
def test_the_server_of_workers_is_forked_from_the_run_and_ends_with_the_last_fit(tmp_path: Path) -> None:
    process = begun(tmp_path, "ladder.rungs=[none,tree]")
    assert process.stdout is not None
    commands: dict[str, list[list[str]]] = {}
    for line in process.stdout:
        for moment in ("none", "verdict"):
            if f" {moment} " in line:
                commands[moment] = [child.cmdline() for child in psutil.Process(process.pid).children()]
    assert process.wait(SECONDS) == 0
    assert process.args in commands["none"]
    assert process.args not in commands["verdict"]


@pytest.mark.slow
def test_a_candidate_that_hangs_and_one_that_eats_memory_are_named_in_a_verdict_in_time(tmp_path: Path) -> None:
    own = tmp_path / "conf" / "ladder"
    own.mkdir(parents=True)
    entries = "".join(
        f"  {name.lower()}:\n    rung: simple\n    classifier: estimators.{name}\n" for name in ("Hanging", "Eating")
    )
    (own / "bad.yaml").write_text(
        (OWN_CONF / "ladder" / "small.yaml").read_text().replace("candidates:\n", f"candidates:\n{entries}", 1)
    )
    limits = ("budget.fit_seconds=8", "budget.memory_gb=1", "budget.trials=0", "ladder.rungs=[none,simple]")
    small = ("--config-dir", str(tmp_path / "conf"), "ladder=bad", "budget=smoke", "tracking=none", *CHEAPLY)
    process = begun(tmp_path, *limits, small=small)
    told = process.communicate(timeout=SECONDS)[0]
    assert process.returncode == 0, told
    status = {candidate["name"]: candidate["status"] for candidate in verdict_in(tmp_path)["candidates"]}
    assert status["hanging"] == "timed out"
    assert status["eating"] == "out of memory"
    assert status["linear"] == "ok"
    costs = {candidate["name"]: candidate["costs"] for candidate in verdict_in(tmp_path)["candidates"]}
    assert costs["hanging"]["wall_seconds"] > 7
    assert costs["eating"]["cpu_seconds"] > 0


@pytest.mark.parametrize(("error", "seconds"), [(KeyboardInterrupt, 1), (ValueError, 1000)])
def test_who_stops_a_run_does_not_wait_for_mlflow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compose: Any, error: type[BaseException], seconds: float
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(session, "Tracking", lambda *_: Mock(close=waited.append))
    config = compose("dataset=credit-g")
    with pytest.raises(error), session.listening(config, tmp_path, "python -m runner", Clock(1000)):
        raise error
    assert waited == [pytest.approx(seconds, rel=0.1, abs=1)]


@pytest.mark.parametrize("begun", [True, False])
def test_who_stops_a_run_is_told_how_it_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compose: Any, begun: bool
) -> None:
    folder = tmp_path / "runs" / "credit g" / "now"
    folder.mkdir(parents=True)

    def stopped(*_given: object, **_options: object) -> None:
        if begun:
            (folder / "config.yaml").touch()
        raise KeyboardInterrupt

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(session, "run", stopped)
    with pytest.raises(KeyboardInterrupt) as caught:
        session.run_and_show(compose("dataset=credit-g", "tracking=none"), folder, "python -m runner")
    way_on = "`python -m runner resume 'runs/credit g/now'` goes on with the run"
    assert str(caught.value) == (way_on if begun else "")


def test_the_last_line_of_a_run_without_a_report_is_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, compose: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    content = json.loads((Path(__file__).parents[1] / "docs/cookbook/credit-g/verdict.json").read_text())
    monkeypatch.setattr(session, "run", lambda *_given, **_options: content)
    session.run_and_show(compose("dataset=credit-g", "tracking=none"), Path(content["folder"]), "python -m runner")
    assert f"`python -m runner report {content['folder']}` makes it." in capsys.readouterr().out.splitlines()[-1]


def test_whoever_reads_only_the_first_lines_takes_nothing_from_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compose: Any
) -> None:
    content = json.loads((Path(__file__).parents[1] / "docs/cookbook/credit-g/verdict.json").read_text())
    monkeypatch.setattr(session, "run", lambda *_given, **_options: content)
    monkeypatch.setattr(session, "interruptible", lambda _clock: contextlib.nullcontext())
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w", encoding="utf-8") as gone:
        monkeypatch.setattr(sys, "stdout", gone)
        config = compose("dataset=credit-g", "tracking=none")
        assert session.run_and_show(config, tmp_path, "python -m runner") is content
        gone.flush()  # nothing is left to fail at the end of the process
