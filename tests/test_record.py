"""What is stored is found again, whole or not at all."""

import errno
import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from runner.candidates.pipeline import Candidate
from runner.clock import Clock
from runner.costs import Costs
from runner.errors import UserError
from runner.evaluation import Evaluation, Status
from runner.folders import OF_ONE_RUN
from runner.record import Record, command_of, key_of

EVALUATION = Evaluation(
    "tree", "tree", Status.OK, Costs(1.0, 2.0, 3.0), fold_scores=(0.7, 0.8), predictions=np.ones((5, 2))
)


def test_an_evaluation_is_found_again(tmp_path) -> None:
    Record(tmp_path / "run").add("key", EVALUATION)
    found = Record(tmp_path / "run").find("key")
    assert found is not None
    assert (found.candidate, found.fold_scores, found.costs) == ("tree", (0.7, 0.8), EVALUATION.costs)
    np.testing.assert_array_equal(found.predictions, EVALUATION.predictions)


def test_what_was_not_stored_is_not_found(tmp_path) -> None:
    assert Record(tmp_path).find("key") is None


def test_a_file_cut_short_anywhere_counts_as_none(tmp_path) -> None:
    record = Record(tmp_path)
    record.add("key", EVALUATION)
    (path,) = (tmp_path / "evaluations").iterdir()
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        assert record.find("key") is None, length


def test_a_file_with_a_wrong_byte_anywhere_counts_as_none(tmp_path) -> None:
    record = Record(tmp_path)
    record.add("key", EVALUATION)
    (path,) = (tmp_path / "evaluations").iterdir()
    whole = path.read_bytes()
    for place in range(0, len(whole), 7):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        assert record.find("key") is None, place


def test_a_file_of_something_else_counts_as_none(tmp_path) -> None:
    record = Record(tmp_path)
    record.add("key", EVALUATION)
    for content in (b"", b"no pickle at all", b"\x80\x05]\x94.", bytes(200), b"cno_such_module\nthing\n.", b"I1x\n."):
        (tmp_path / "evaluations" / "key.pkl").write_bytes(content)
        assert record.find("key") is None


def test_writing_leaves_no_half_files(tmp_path) -> None:
    record = Record(tmp_path)
    record.add("key", EVALUATION)
    record.write("a.txt", "é\n")
    record.write_json("a.json", {"b": [1, "ü"], "a": None})
    names = ["a.json", "a.txt", "key.pkl", "moments.jsonl"]
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == names
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "é\n"
    assert list(json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))) == ["b", "a"]


def full(*_: object) -> int:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_costs_the_run_nothing_but_its_store(tmp_path, monkeypatch, caplog) -> None:
    record = Record(tmp_path)
    monkeypatch.setattr(Path, "write_bytes", full)
    for key in ("one", "two"):
        record.add(key, EVALUATION)
        assert record.find(key) is None
    assert [entry.getMessage().count("No space left") for entry in caplog.records] == [1]
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_file_that_could_not_be_written_is_named_with_the_way_out(tmp_path, monkeypatch) -> None:
    record = Record(tmp_path)
    record.write("verdict.json", "as it was")
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(UserError, match=r"'.*verdict\.json'.*No space left.*runner resume") as caught:
        record.write("verdict.json", "new")
    assert "\n" not in str(caught.value)
    assert (tmp_path / "verdict.json").read_text() == "as it was"


def test_a_folder_is_held_by_one_at_a_time_and_cleared_of_what_was_half_written(tmp_path) -> None:
    half = (tmp_path / ".verdict.json.123", tmp_path / "evaluations" / ".key.pkl.123")
    record = Record(tmp_path)
    record.add("key", EVALUATION)
    for path in half:
        path.write_text("{")
    with record.held():
        assert not [path for path in half if path.exists()]
        with pytest.raises(UserError, match="still at work"), Record(tmp_path).held():
            pass
    with Record(tmp_path).held():
        pass


def test_what_only_reads_or_writes_files_makes_no_folder(tmp_path) -> None:
    Record(tmp_path).write("report.html", "<p>")
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_json_knows_no_nan_and_the_file_stays_as_it_was(tmp_path) -> None:
    record = Record(tmp_path)
    record.write_json("a.json", {"a": 1})
    with pytest.raises(ValueError, match="JSON"):
        record.write_json("a.json", {"a": math.nan})
    assert json.loads((tmp_path / "a.json").read_text()) == {"a": 1}


def test_a_key_changes_with_each_of_its_parts() -> None:
    candidate = Candidate("a", "r", "sklearn.svm.SVC", "scaled", {"C": 1.0})
    rows = np.arange(4)
    keys = {
        key_of("x", candidate, rows),
        key_of("y", candidate, rows),
        key_of("x", Candidate("a", "r", "sklearn.svm.SVC", "scaled", {"C": 2.0}), rows),
        key_of("x", Candidate("a", "r", "sklearn.svm.SVC", "onehot", {"C": 1.0}), rows),
        key_of("x", candidate, rows[::-1]),
        key_of("x", candidate),
    }
    assert len(keys) == 6
    assert key_of("x", candidate, rows) == key_of("x", candidate, np.arange(4))


def test_the_order_of_parameters_does_not_matter() -> None:
    assert key_of({"a": 1, "b": 2}) == key_of({"b": 2, "a": 1})


def test_a_run_knows_the_command_that_makes_it_again(tmp_path) -> None:
    command = "python -m runner dataset=glass 'dataset.note=two  words'"
    Record(tmp_path).begin("seed: 0\n", command)
    assert command_of(tmp_path) == command
    (tmp_path / "config.yaml").write_text("seed: 0\n")  # of an older version
    assert command_of(tmp_path) == f"python -m runner resume {tmp_path}"
    mine = tmp_path / "my runs"
    mine.mkdir()
    (mine / "config.yaml").touch()
    assert command_of(mine) == f"python -m runner resume '{mine}'"


@pytest.mark.parametrize("config", ["seed: 0\n", "seed: 1\n"])
def test_a_run_in_the_folder_of_a_finished_one_begins_without_what_that_has_left(tmp_path, config) -> None:
    record = Record(tmp_path)
    record.begin("seed: 0\n", "python -m runner")
    record.add("one", EVALUATION)
    for name in (*OF_ONE_RUN, "mine.csv"):
        (tmp_path / name).write_text("")
    record.begin(config, "python -m runner")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config.yaml", "evaluations", "mine.csv"]
    assert record.find("one") is not None


def test_a_run_that_goes_on_keeps_what_it_has_to_send(tmp_path) -> None:
    record = Record(tmp_path)
    record.begin("seed: 0\n", "python -m runner")
    (tmp_path / "outbox.jsonl").write_text("{}")
    record.begin("seed: 0\n", "python -m runner")
    assert (tmp_path / "outbox.jsonl").exists()


def life(folder: Path, config: str = "seed: 0\n") -> tuple[Record, Clock]:
    """Begin a run of 60 s in a folder, or go on with the one that is there."""
    clock = Clock(60.0)
    record = Record(folder, clock)
    record.begin(config, "python -m runner")
    return record, clock


def test_the_clock_of_a_run_that_goes_on_goes_to_when_each_evaluation_was_stored_first(tmp_path) -> None:
    record, clock = life(tmp_path)
    for name, seconds in (("one", 12), ("two", 30)):
        clock.catch_up(seconds)
        record.add(name, EVALUATION)
    record, clock = life(tmp_path)
    record.find("one")
    assert clock.elapsed() == pytest.approx(12, abs=5)
    record.find("two")
    record.find("one")  # later than it was by now
    assert clock.elapsed() == pytest.approx(30, abs=5)
    clock.catch_up(50)
    record.add("three", EVALUATION)
    record, clock = life(tmp_path)
    record.find("three")
    assert clock.elapsed() == pytest.approx(50, abs=5)


@pytest.mark.parametrize("config", ["seed: 0\n", "seed: 1\n"])
def test_what_another_run_has_stored_takes_no_time_of_this_one(tmp_path, config: str) -> None:
    record, clock = life(tmp_path)
    clock.catch_up(30)
    record.add("one", EVALUATION)
    (tmp_path / "verdict.json").write_text("{}")
    record, clock = life(tmp_path, config)
    assert record.find("one") is not None
    assert clock.elapsed() < 5


def test_what_there_was_no_time_for_is_not_tried_again_by_the_run_that_goes_on(tmp_path) -> None:
    record, _ = life(tmp_path)
    record.add("slow", replace(EVALUATION, status=Status.TIMED_OUT))
    again, _ = life(tmp_path)
    assert again.find("slow") is not None
    other, _ = life(tmp_path, "seed: 1\n")
    assert other.find("slow") is None


def test_a_moment_that_a_kill_left_half_written_is_passed_over(tmp_path) -> None:
    record, clock = life(tmp_path)
    record.add("one", EVALUATION)
    clock.catch_up(30)
    record.add("two", EVALUATION)
    path = tmp_path / "moments.jsonl"
    path.write_text(path.read_text()[:-5])
    record, clock = life(tmp_path)
    assert record.find("one") is not None
    assert record.find("two") is not None
    assert clock.elapsed() < 5


def test_a_moment_that_a_kill_left_half_written_takes_none_with_it_that_comes_after(tmp_path) -> None:
    record, clock = life(tmp_path)
    record.add("one", EVALUATION)
    path = tmp_path / "moments.jsonl"
    path.write_text(path.read_text()[:-5])
    record, clock = life(tmp_path)
    clock.catch_up(30)
    record.add("two", EVALUATION)
    record, clock = life(tmp_path)
    record.find("two")
    assert clock.elapsed() == pytest.approx(30, abs=5)


def test_a_run_that_goes_on_passes_each_point_when_it_did_before(tmp_path) -> None:
    record, clock = life(tmp_path)
    record.add("one", EVALUATION)
    clock.catch_up(30)  # spent on a wait, of which no evaluation tells
    record.reach("the gate")
    assert clock.elapsed() == pytest.approx(30, abs=5)
    record, clock = life(tmp_path)
    record.find("one")
    assert clock.elapsed() < 5
    record.reach("the gate")
    assert clock.elapsed() == pytest.approx(30, abs=5)
    record.reach("a point that it had not come to")
    assert clock.elapsed() == pytest.approx(30, abs=5)
