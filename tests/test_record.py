"""What is stored is found again, whole or not at all."""

import json
import math
import os

import numpy as np
import pytest

from runner.candidates.pipeline import Candidate
from runner.costs import Costs
from runner.evaluation import Evaluation, Status
from runner.record import Record, key_of, seconds_spent

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


def test_a_file_of_something_else_counts_as_none(tmp_path) -> None:  # type: ignore[no-untyped-def]
    record = Record(tmp_path)
    for content in (b"", b"no pickle at all", b"\x80\x05]\x94.", bytes(200), b"cno_such_module\nthing\n."):
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


def test_the_time_of_a_run_that_was_cut_short_is_that_to_its_last_evaluation(tmp_path) -> None:  # type: ignore[no-untyped-def]
    record = Record(tmp_path)
    record.write("config.yaml", "")
    assert seconds_spent(tmp_path) == 0.0
    for name, seconds in (("one", 12), ("two", 30)):
        record.add(name, EVALUATION)
        begun = (tmp_path / "config.yaml").stat().st_mtime
        os.utime(tmp_path / "evaluations" / f"{name}.pkl", (begun + seconds, begun + seconds))
    assert seconds_spent(tmp_path) == pytest.approx(30, abs=0.01)
