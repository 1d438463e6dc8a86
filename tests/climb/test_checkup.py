"""Checks run beside the rungs, and none of them can do harm."""

from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pandas as pd
import pytest

from runner.checks import Finding, Severity, registry
from runner.checks.acknowledged import read
from runner.checks.registry import CHECKS, FAILED, SLOW, look
from runner.climb.checkup import Checkup
from runner.config import EvaluationConfig
from runner.dataset import Dataset
from runner.engine import Call, Engine, Outcome
from runner.errors import UserError
from runner.evaluation import Status
from runner.judge import Judge
from runner.metrics import make_metric
from runner.record import Record
from runner.splits import make_splits
from runner.task import Task
from tables import look_at_all, material, split, table


@pytest.fixture
def judge(shipped, engine: Engine, tmp_path: Path) -> Judge:
    return judge_of(shipped("control-leak", 600), engine, tmp_path)


def judge_of(data: Dataset, engine: Engine, folder: Path) -> Judge:
    return Judge(data, make_splits(data, EvaluationConfig(), 0), make_metric(None, data), 0, engine, Record(folder))


@pytest.fixture(scope="module")
def found_here(shipped, engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> tuple[Finding, ...]:
    judge = judge_of(shipped("control-leak", 600), engine, tmp_path_factory.mktemp("checkup"))
    return look_at_all(Checkup(judge)._material)


@pytest.fixture(scope="module")
def looked(shipped, engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> tuple[Judge, Checkup]:
    judge = judge_of(shipped("control-leak", 600), engine, tmp_path_factory.mktemp("looked"))
    checkup = Checkup(judge)
    checkup.begin(seconds_left=600)
    checkup.end(())
    return judge, checkup


def test_workers_find_what_is_found_here(looked: tuple[Judge, Checkup], found_here: tuple[Finding, ...]) -> None:
    findings = looked[1].end(())
    assert findings == found_here
    assert [f.columns for f in findings if f.severity is Severity.STOP] == [("retention_call_outcome",)]
    assert looked[1].end(()) is findings  # looked at once


def test_what_was_found_before_the_run_was_cut_short_is_not_looked_for_again(
    looked: tuple[Judge, Checkup], found_here: tuple[Finding, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    judge, _ = looked
    monkeypatch.setattr(judge.engine, "run", Mock(side_effect=AssertionError("looked for again")))
    again = Checkup(judge_of(judge.dataset, judge.engine, judge.record.folder))
    again.begin(seconds_left=600)
    assert again.end(()) == found_here


def test_what_is_known_is_lowered_and_what_is_not_found_is_told(looked: tuple[Judge, Checkup]) -> None:
    checkup = Checkup(looked[0], read(["target-leak:retention_call_outcome", "drift:nowhere"]))
    checkup.begin(seconds_left=600)
    findings = checkup.end(())
    assert not [f for f in findings if f.severity is Severity.STOP]
    assert [f.columns for f in findings if f.acknowledged] == [("retention_call_outcome",)]
    assert "drift:nowhere" in findings[-1].evidence


def test_without_time_each_check_is_a_note(judge: Judge) -> None:
    checkup = Checkup(judge, read(["target-leak:retention_call_outcome"]))  # not looked for: not to be taken out
    checkup.begin(seconds_left=0)
    findings = checkup.end(())
    assert {f.code for f in findings} == {FAILED}
    assert {f.severity for f in findings if "'target-leak'" in f.evidence or "(target-leak" in f.evidence} == {
        Severity.WARN
    }


def test_checks_that_there_was_no_time_for_are_made_up_for_while_time_is_left(
    judge: Judge, found_here: tuple[Finding, ...]
) -> None:
    checkup = Checkup(judge)
    checkup.begin(seconds_left=0)
    assert checkup.end((), seconds=150) == found_here


def test_a_run_that_is_asked_to_stop_does_not_begin_checks_that_fit_models(judge: Judge, monkeypatch) -> None:
    monkeypatch.setattr(judge.engine.clock, "interrupted", True)
    checkup = Checkup(judge)
    checkup.begin(seconds_left=600)
    findings = checkup.end(())
    assert [f.columns for f in findings if f.severity is Severity.STOP] == [("retention_call_outcome",)]
    (note,) = [f for f in findings if f.code == FAILED]
    assert "asked to stop" in note.evidence
    assert all(code in note.evidence for name in SLOW for code in CHECKS[name].CODES)


def test_checks_that_take_milliseconds_do_not_wait_for_those_that_fit_models(judge: Judge, monkeypatch) -> None:
    order: list[str] = []

    def run(_engine: Engine, calls: list[Call], *_: object, **__: object) -> list[tuple[int, Outcome]]:
        order.append(calls[0].arguments[0])
        return [(0, Outcome(Status.OK, []))]

    monkeypatch.setattr(Engine, "run", run)
    checkup = Checkup(judge)
    checkup.begin(seconds_left=600)
    checkup.end(())
    assert order[0] == "leak"  # whatever it takes: it alone can stop a search
    assert order[-3:] == ["drift", "duplicates", "undeclared"]


def test_where_the_disk_is_full_each_check_is_a_note(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    def is_full(*_: object) -> None:
        raise UserError("'checks.pkl' could not be written (No space left on device): make room there.")

    monkeypatch.setattr(Engine, "share", is_full)
    checkup = Checkup(judge)
    checkup.begin(seconds_left=600)
    findings = checkup.end(())
    assert {f.code for f in findings} == {FAILED}
    assert "No space left" in findings[0].evidence


def test_where_no_process_can_be_started_each_check_is_a_note(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_given: object, **_named: object) -> None:
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr(judge.engine, "run", refused)
    checkup = Checkup(judge)
    checkup.begin(seconds_left=600)
    (note,) = [f for f in checkup.end(()) if f.code == FAILED]
    assert note.severity is Severity.WARN  # the check for leaks is among them
    assert "Cannot allocate memory" in note.evidence


def test_a_check_that_raises_is_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> list[object]:
        raise ZeroDivisionError("nothing to divide by")

    monkeypatch.setattr(CHECKS["drift"], "look", fail)
    (note,) = look("drift", material(table(Task.BINARY)))
    assert (note.code, note.severity) == (FAILED, Severity.INFO)
    assert "'drift'" in note.evidence
    assert "nothing to divide by" in note.evidence


def test_the_target_of_the_holdout_is_never_looked_at(judge: Judge, found_here: tuple[Finding, ...]) -> None:
    target = judge.dataset.target.copy()
    target[judge.splits.holdout] = 1 - target[judge.splits.holdout]
    other = Judge(
        replace(judge.dataset, target=target), judge.splits, judge.metric, 0, judge.engine, Record(judge.engine.folder)
    )
    assert look_at_all(Checkup(other)._material) == found_here


def test_codes_are_stable_names_of_one_check_each() -> None:
    assert len(set(registry.CODES)) == len(registry.CODES)
    assert all(code == code.lower() and " " not in code for code in registry.CODES)


@pytest.mark.parametrize("name", CHECKS)
def test_each_check_says_what_it_means_when_it_does_not_apply_and_what_to_do(name: str) -> None:
    text = CHECKS[name].__doc__ or ""
    places = [text.find(part) for part in ("\nMeaning: ", "\nDoes not apply: ", "\nTo do: ")]
    assert places == sorted(places)
    assert places[0] > 0


def test_in_a_very_wide_table_of_noise_nothing_is_found() -> None:
    random = np.random.default_rng(5)
    features = pd.DataFrame(random.normal(size=(400, 600))).add_prefix("x")
    data = Dataset("w", Task.BINARY, "y", features, random.integers(0, 2, 400), (0, 1), "")
    assert [finding.code for finding in look_at_all(split(data))] == ["wide-table"]


def test_a_leak_in_a_very_wide_table_is_named() -> None:
    random = np.random.default_rng(5)
    target = random.integers(0, 2, 400)
    features = pd.DataFrame(random.normal(size=(400, 600))).add_prefix("x").assign(copy=1.0 - target)
    data = Dataset("w", Task.BINARY, "y", features, target, (0, 1), "")
    (finding,) = look("leak", split(data))
    assert (finding.severity, finding.columns) == (Severity.STOP, ("copy",))
    assert finding.figures["with"] > 0.95
    assert finding.figures["without"] < 0.7
