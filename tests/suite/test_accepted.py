"""What was accepted is a file that a person can review, and that can be written anew when it cannot be read."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from runner.errors import UserError
from runner.suite.accepted import cut_short, read_accepted, write_accepted

Entry = dict[str, Any]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "accepted" / "nightly.json"


def test_a_run_without_a_verdict_keeps_what_was_accepted_of_it(path: Path, entry: Callable[..., Entry]) -> None:
    write_accepted(path, "nightly", {"glass": entry(rows=1), "adult": entry(rows=1)}, {})
    write_accepted(path, "nightly", {"adult": entry(rows=2, mlflow_run_id="of this machine")}, {})
    runs = read_accepted(path)
    assert {key: run["rows"] for key, run in runs.items()} == {"adult": 2, "glass": 1}
    assert "mlflow_run_id" not in runs["adult"]


def test_what_time_cut_off_does_not_take_the_place_of_a_whole_run(entry: Callable[..., Entry]) -> None:
    whole, cut = entry(), entry(cut=True)
    before = {"glass": whole, "adult": cut}
    assert cut_short({"glass": cut, "adult": cut, "titanic": cut}, before) == ["glass"]
    assert cut_short({"glass": whole, "adult": whole}, before) == []


def test_a_list_of_scores_is_one_line_of_the_file(path: Path, entry: Callable[..., Entry]) -> None:
    write_accepted(path, "nightly", {"glass": entry()}, {})
    assert '"linear": [0.74, 0.78, 0.76, 0.8, 0.75],' in path.read_text()
    assert read_accepted(path)["glass"]["scores"] == entry()["scores"]


@pytest.mark.parametrize("text", ["{", "[]", json.dumps({"schema_version": 0, "runs": {}})])
def test_what_cannot_be_read_is_told_with_the_way_out(path: Path, text: str) -> None:
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(UserError, match="remove it, and accept a night again"):
        read_accepted(path)
    path.unlink()
    write_accepted(path, "nightly", {}, {})
    assert read_accepted(path) == {}
