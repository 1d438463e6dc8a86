"""From Python: a frame in, a decision out, as it stands in a notebook or in a script."""

import json

import pandas as pd
import pytest

from processes import Script
from runner import decide
from runner.errors import UserError

SCRIPT = """
import sys, numpy as np, pandas as pd
from runner import decide
assert not {"sklearn", "lightgbm", "mlflow", "optuna"} & {*sys.modules}, "to import it costs too much"
print("begun")
random = np.random.default_rng(0)
frame = pd.DataFrame({"a": random.normal(size=200), "it's, a {key}": random.normal(size=200)})
frame["y, 'quoted'"] = frame["a"] + 0.3 * random.normal(size=200)
before = frame.copy()
overrides = ["tracking=none", "budget.seconds=150", "ladder.rungs=[none,tree,simple]"]
decision = decide(frame, "y, 'quoted'", budget="smoke", overrides=overrides)
pd.testing.assert_frame_equal(frame, before)
print(decision.folder.parent, decision.go, decision.verdict["decision"])
print([*decision.ladder.columns][:2], len(decision.ladder) == len(decision.verdict["candidates"]))
print([*decision.predict(frame.head(3)).columns], decision.champion.predict(frame.iloc[:3, :2]).shape)
print(str(decision).splitlines()[0][:5], decision._repr_markdown_()[:1], decision._repr_html_()[:4], end=" ")
print(decision.report()._repr_html_()[:7])
"""


@pytest.mark.slow
def test_a_script_without_a_main_guard_decides(script: Script) -> None:
    done = script(SCRIPT)
    assert done.returncode == 0, done.stderr
    begun, kept, ladder, predicted, shown = done.stdout.strip().splitlines()[-5:]
    assert done.stdout.count("begun") == 1
    assert begun == "begun"
    assert kept in ("runs/frame False NO-GO", "runs/frame True GO")
    assert ladder == "['rung', 'name'] True"
    assert predicted == "['prediction'] (3,)"
    assert shown.startswith(("GO", "NO-GO"))
    assert shown.endswith("# <div <iframe")


@pytest.mark.slow
def test_a_run_can_be_kept_anywhere(tmp_path, monkeypatch, shipped) -> None:
    monkeypatch.chdir(tmp_path)
    dataset = shipped("glass", 214)
    frame = dataset.features.assign(Type=[f"kind {code}" for code in dataset.target])
    given = ["tracking=none", "budget.seconds=150", "dataset.name=mine", "ladder.rungs=[none,tree,simple]"]
    decision = decide(frame, "Type", "smoke", overrides=given, folder=tmp_path / "here")
    assert decision.folder == tmp_path / "here"
    assert (tmp_path / "here" / "verdict.json").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["here"]
    assert decision.verdict["dataset"]["name"] == "mine"
    predicted = decision.predict(frame)
    assert [*predicted.columns][:2] == ["prediction", "probability_kind 0"]
    assert (predicted["prediction"] == frame["Type"]).mean() > 0.5


@pytest.mark.parametrize(
    ("target", "given", "part"),
    [
        ("yy", {}, "dataset.target='yy'"),
        ("y", {"budget": "smok"}, "'smoke'"),
        ("y", {"overrides": ["tracking=none", "budget.secnds=3"]}, "'budget.seconds'"),
        ("y", {"overrides": ["tracking=none", "evaluation.metric=acuracy"]}, "'accuracy'"),
    ],
)
def test_what_is_wrong_is_told_in_a_sentence(tmp_path, monkeypatch, target: str, given: dict, part: str) -> None:
    monkeypatch.chdir(tmp_path)
    frame = pd.DataFrame({"x": range(50), "y": [0, 1] * 25})
    with pytest.raises(UserError) as caught:
        decide(frame, target, **{"budget": "smoke", "overrides": ["tracking=none"], **given})
    assert part in str(caught.value)
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_file_where_the_folder_should_be_is_told_in_a_sentence(tmp_path) -> None:
    (tmp_path / "taken").touch()
    frame = pd.DataFrame({"x": range(50), "y": [0, 1] * 25})
    with pytest.raises(UserError, match=r"taken.* cannot be used .*give a folder that you may write to"):
        decide(frame, "y", "smoke", overrides=["tracking=none"], folder=tmp_path / "taken")


def test_a_run_that_fails_is_told_as_failed_with_the_reason(tmp_path, monkeypatch) -> None:
    def fails(*_given: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("runner.run.ascend", fails)
    frame = pd.DataFrame({"x": range(60), "y": [0, 1] * 30})
    monkeypatch.setattr("runner.api.of_now", lambda home: home / "now")
    for _ in range(2):  # in one second
        with pytest.raises(RuntimeError, match="a fault of ours"):
            decide(frame, "y", "smoke", overrides=["tracking=none"])
    assert sorted(path.name for path in (tmp_path / "runs" / "frame").iterdir()) == ["now", "now-2"]
    first, *_, last = (tmp_path / "runs" / "frame" / "now-2" / "log.txt").read_text(encoding="utf-8").splitlines()
    assert " s  frame · binary · 60 rows" in first
    assert last.endswith("run        failed            RuntimeError: a fault of ours")
    end = json.loads((tmp_path / "runs" / "frame" / "now-2" / "outbox.jsonl").read_text().splitlines()[-1])
    assert (end["kind"], end["content"]["status"]) == ("end", "FAILED")
    assert "a fault of ours" in end["content"]["tags"]["reason"]


def test_a_frame_must_be_one() -> None:
    with pytest.raises(UserError, match="DataFrame"):
        decide([[1, 2]], "y", "smoke", overrides=["tracking=none"])
