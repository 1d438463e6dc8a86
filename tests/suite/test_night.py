"""Where a night is spent: one that was cut short is gone on with, one at work is left alone."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from runner.errors import UserError
from runner.files import holding
from runner.folders import NIGHT
from runner.suite.night import JOB, night_folder, spend
from runner.suite.plan import PlannedRun
from runner.suite.schedule import ENDED, Schedule, end
from runner.suite.settings import settings


def test_a_night_goes_on_in_the_folder_of_one_that_was_cut_short_and_never_beside_one_at_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("runner.suite.night.plan", lambda *_: [])
    monkeypatch.setattr("runner.suite.night.Schedule", lambda *_: _Nothing())
    job = settings(["tracking=none"])
    first = night_folder(job, tmp_path)
    spend(job, first, None, print)
    assert (first / JOB).is_file()
    assert night_folder(job, tmp_path) == first
    with holding(first, first):
        assert night_folder(job, tmp_path) != first
        with pytest.raises(UserError, match="still at work"):
            spend(job, first, None, print)
    (first / NIGHT).write_text("{}")
    assert night_folder(job, tmp_path) != first


def test_what_a_night_noted_of_a_run_counts_as_none_where_it_was_cut_short(tmp_path: Path) -> None:
    planned = PlannedRun("glass", "smoke", 0, (), 30.0)
    folder = tmp_path / planned.key
    folder.mkdir()
    (folder / "verdict.json").write_text("{}")
    schedule = Schedule(tmp_path, 0.0, 1)
    for noted, is_found in (('{"loop_seconds": 1.0, "wall_seconds": 2.0}', True), ('{"loop_se', False), ("", False)):
        (folder / ENDED).write_text(noted)
        assert (schedule._found(planned) is not None) is is_found


def test_runs_are_asked_to_end_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """One after the other, a night of many runs would take the patience for each of them to end."""
    stubborn = "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); print(flush=True); time.sleep(60)"
    started = [
        subprocess.Popen([sys.executable, "-c", stubborn], stdout=subprocess.PIPE, start_new_session=True)
        for _ in range(3)
    ]
    for process in started:
        process.stdout.readline()  # it ignores the signal from here on
    sent, killpg = [], os.killpg
    monkeypatch.setattr("os.killpg", lambda group, sign: (sent.append(sign), killpg(group, sign)))
    monkeypatch.setattr("runner.suite.schedule.INTERRUPT_SECONDS", 0.1)
    end(started)
    assert sent == [signal.SIGINT] * 3 + [signal.SIGKILL] * 3
    assert [process.poll() for process in started] == [-signal.SIGKILL] * 3


class _Nothing:
    def run(self, _runs: object) -> list[object]:
        return []
