"""What is stored is found again, whole or not at all."""

import errno
import json
import math
import os
from pathlib import Path

import numpy as np
import pytest

from runner.candidates.pipeline import Candidate
from runner.costs import Costs
from runner.errors import UserError
from runner.evaluation import Evaluation, Status
from runner.folders import OF_ONE_RUN
from runner.record import Record, begin_again, command_of, key_of, seconds_spent

EVALUATION = Evaluation(
    "tree", "tree", Status.OK, Costs(1.0, 2.0, 3.0), fold_scores=(0.7, 0.8), predictions=np.ones((5, 2))
)


def test_an_evaluation_is_found_again(tmp_path) -> None:  # type: ignore[no-untyped-def]
    Record(tmp_path / "run").add("key", EVALUATION)
    found = Record(tmp_path / "run").find("key")
    assert found is not None
    assert (found.candidate, found.fold_scores, found.costs) == ("tree", (0.7, 0.8), EVALUATION.costs)
    np.testing.assert_array_equal(found.predictions, EVALUATION.predictions)


def test_what_was_not_stored_is_not_found(tmp_path) -> None:  # type: ignore[no-untyped-def]
    assert Record(tmp_path).find("key") is None


def test_a_file_cut_short_anywhere_counts_as_none(tmp_path) -> None:  # type: ignore[no-untyped-def]
    record = Record(tmp_path)
    record.add("key", EVALUATION)
    (path,) = (tmp_path / "evaluations").iterdir()
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        assert record.find("key") is None, length


def test_a_file_with_a_wrong_byte_anywhere_counts_as_none(tmp_path) -> None:  # type: ignore[no-untyped-def]
    record = Record(tmp_path)
    record.add("key", EVALUATION)
    (path,) = (tmp_path / "evaluations").iterdir()
    whole = path.read_bytes()
    for place in range(0, len(whole), 7):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        assert record.find("key") is None, place


def test_a_file_of_something_else_counts_as_none(tmp_path) -> None:  # type: ignore[no-untyped-def]
    record = Record(tmp_path)
    for content in (b"", b"no pickle at all", b"\x80\x05]\x94.", bytes(200), b"cno_such_module\nthing\n.", b"I1x\n."):
        (tmp_path / "evaluations" / "key.pkl").write_bytes(content)
        assert record.find("key") is None


def test_writing_leaves_no_half_files(tmp_path) -> None:  # type: ignore[no-untyped-def]
    record = Record(tmp_path)
    record.add("key", EVALUATION)
    record.write("a.txt", "é\n")
    record.write_json("a.json", {"b": [1, "ü"], "a": None})
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == ["a.json", "a.txt", "key.pkl"]
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "é\n"
    assert list(json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))) == ["b", "a"]


def full(*_: object) -> int:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_costs_the_run_nothing_but_its_store(tmp_path, monkeypatch, caplog) -> None:  # type: ignore[no-untyped-def]
    record = Record(tmp_path)
    monkeypatch.setattr(Path, "write_bytes", full)
    for key in ("one", "two"):
        record.add(key, EVALUATION)
        assert record.find(key) is None
    assert [entry.getMessage().count("No space left") for entry in caplog.records] == [1]
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_file_that_could_not_be_written_is_named_with_the_way_out(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    record = Record(tmp_path)
    record.write("verdict.json", "as it was")
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(UserError, match=r"'.*verdict\.json'.*No space left.*runner resume") as caught:
        record.write("verdict.json", "new")
    assert "\n" not in str(caught.value)
    assert (tmp_path / "verdict.json").read_text() == "as it was"


def test_a_folder_is_held_by_one_at_a_time_and_cleared_of_what_was_half_written(tmp_path) -> None:  # type: ignore[no-untyped-def]
    half = (tmp_path / ".verdict.json.123", tmp_path / "evaluations" / ".key.pkl.123")
    record = Record(tmp_path)
    for path in half:
        path.write_text("{")
    with record.held():
        assert not [path for path in half if path.exists()]
        with pytest.raises(UserError, match="still at work"), Record(tmp_path).held():
            pass
    with Record(tmp_path).held():
        pass


def test_json_knows_no_nan_and_the_file_stays_as_it_was(tmp_path) -> None:  # type: ignore[no-untyped-def]
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


def test_a_run_knows_the_command_that_makes_it_again(tmp_path) -> None:  # type: ignore[no-untyped-def]
    command = "python -m runner dataset=glass 'dataset.note=two  words'"
    Record(tmp_path).begin("seed: 0\n", command, 0.0)
    assert command_of(tmp_path) == command
    (tmp_path / "config.yaml").write_text("seed: 0\n")  # of an older version
    assert command_of(tmp_path) == f"python -m runner resume {tmp_path}"


@pytest.mark.parametrize("config", ["seed: 0\n", "seed: 1\n"])
def test_a_run_in_the_folder_of_a_finished_one_begins_without_what_that_has_left(tmp_path, config) -> None:  # type: ignore[no-untyped-def]
    record = Record(tmp_path)
    record.begin("seed: 0\n", "python -m runner", 0.0)
    record.add("one", EVALUATION)
    for name in (*OF_ONE_RUN, "mine.csv"):
        (tmp_path / name).write_text("")
    record.begin(config, "python -m runner", 0.0)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config.yaml", "evaluations", "mine.csv"]
    assert record.find("one") is not None


def test_a_run_that_goes_on_keeps_what_it_has_to_send_and_what_it_has_spent(tmp_path) -> None:  # type: ignore[no-untyped-def]
    record = Record(tmp_path)
    record.begin("seed: 0\n", "python -m runner", 0.0)
    for name in ("outbox.jsonl", "spent.json"):
        (tmp_path / name).write_text("{}")
    record.begin("seed: 0\n", "python -m runner", 0.0)
    assert (tmp_path / "outbox.jsonl").exists()
    assert (tmp_path / "spent.json").exists()


def test_a_killed_run_that_its_command_begins_again_was_not_at_work_meanwhile(tmp_path) -> None:  # type: ignore[no-untyped-def]
    record = Record(tmp_path)
    record.begin("seed: 0\n", "python -m runner", 0.0)
    os.utime(tmp_path / "config.yaml", (1, 1))  # long ago
    record.begin("seed: 0\n", "python -m runner", 2.0)
    record.add("one", EVALUATION)
    assert seconds_spent(tmp_path) == pytest.approx(2, abs=1)


def test_the_time_of_a_run_is_that_to_its_last_evaluation_each_time_it_was_begun(tmp_path) -> None:  # type: ignore[no-untyped-def]
    record = Record(tmp_path)
    record.begin("seed: 0\n", "python -m runner seed=0", 5.0)
    assert seconds_spent(tmp_path) == 0.0

    def evaluated(name: str, seconds: float) -> None:
        record.add(name, EVALUATION)
        at = (tmp_path / "config.yaml").stat().st_mtime + seconds
        os.utime(tmp_path / "evaluations" / f"{name}.pkl", (at, at))

    evaluated("one", 12)
    evaluated("two", 30)
    assert seconds_spent(tmp_path) == pytest.approx(30, abs=0.01)
    assert begin_again(tmp_path) == pytest.approx(30, abs=0.01)
    record.begin("seed: 0\n", "python -m runner seed=0", 31.0)  # the same run, which began when it was begun again
    for path in (tmp_path / "evaluations").iterdir():
        os.utime(path, (1, 1))  # long before that
    assert begin_again(tmp_path) == pytest.approx(30, abs=0.01)  # killed before it came to anything
    evaluated("three", 4)
    assert seconds_spent(tmp_path) == pytest.approx(34, abs=0.01)
