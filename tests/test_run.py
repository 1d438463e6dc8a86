"""A run from table to verdict: what it decides on tables whose answer is known, and what it leaves behind."""

import csv
import errno
import json
import math
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import psutil
import pytest

from processes import SMALL, Command, environment, verdict_in
from runner.candidates.pipeline import Candidate
from runner.candidates.rules import as_learned
from runner.checks import Severity
from runner.clock import LAST_SECONDS
from runner.errors import UserError
from runner.evaluation.evaluate import cross_validate
from runner.events import Checked, Confirming, Evaluated, GateDecided, RungStarted, RunStarted, VerdictReached
from runner.folders import CONFIG, EVALUATIONS, OF_ONE_RUN
from runner.metrics import make_metric
from runner.model import keep, load_model
from runner.model.prediction import predict
from runner.reading import build
from runner.record import Record
from runner.report.closing import closing_lines
from runner.rules.rule_file import as_text, read_rules
from runner.run import end_of_closer_look
from runner.splits import make_splits
from staged import Model, Stage, StagedEngine

SEARCHING = ("economics.value_per_unit=1000000", "budget.trials=6", "evaluation.folds=5")
VOLATILE = {
    "code", "costs", "started_at", "finished_at", "folder", "command", "gates", "facts", "break_even", "net_benefit",
    "sentence", "search", "candidates", "tracking_uri", "mlflow_run_id", "whole_exercise_pays", "p_pays",
    "worthwhile_gain", "worth_of_certainty", "model_one_row_seconds",
}  # fmt: skip


def lasting(content: dict[str, Any]) -> dict[str, Any]:
    """Return what must not differ between two runs of the same: all but times, ids, folders and costs."""
    content = json.loads(json.dumps(content))  # as it is kept
    kept = {key: value for key, value in content.items() if key not in VOLATILE}
    fields = ("rung", "name", "status", "score", "holdout_score", "fold_scores", "params", "text")
    kept["candidates"] = [{field: c[field] for field in fields} for c in content["candidates"]]
    kept["gates"] = [{field: gate[field] for field in ("rung", "open", "code")} for gate in content["gates"]]
    kept["search"] = content["search"] and content["search"]["trials"]
    return kept


def by_name(content: dict[str, Any]) -> dict[str, Any]:
    return {candidate["name"]: candidate for candidate in content["candidates"]}


def test_what_the_verdict_does_not_need_takes_no_more_than_the_money_still_buys():
    clock: Any = SimpleNamespace(now=lambda: 10.0, deadline=1000.0, pace=1.0, interrupted=False)
    assert end_of_closer_look(clock, math.inf) == 1000.0 - LAST_SECONDS
    assert end_of_closer_look(clock, 8.0) == 18.0
    assert end_of_closer_look(clock, -3.0) == 10.0
    clock.interrupted = True
    assert end_of_closer_look(clock, math.inf) == 10.0


@pytest.mark.slow
def test_a_table_without_signal_is_no_go_and_says_so(small, run_here, tmp_path: Path) -> None:
    verdict = run_here(small("dataset=control-noise", "budget.rows=500"), tmp_path / "run").content
    assert (verdict["decision"], verdict["reason"]) == ("NO-GO", "no-signal")
    assert verdict["search"] is None
    assert verdict["cheap_champion"] == "dummy"
    assert closing_lines(verdict, 100)[0].startswith("NO-GO")


@pytest.mark.slow
def test_a_leak_is_named_and_nothing_is_searched(small, run_here, tmp_path: Path) -> None:
    verdict = run_here(small("dataset=control-leak", "budget.rows=500"), tmp_path / "run").content
    assert (verdict["decision"], verdict["reason"], verdict["settled"]) == ("NO-GO", "data-not-trustworthy", True)
    assert "retention_call_outcome" in verdict["sentence"]
    stops = [each for each in verdict["checks"] if each["severity"] == "stop"]
    assert [[*each["columns"]] for each in stops] == [["retention_call_outcome"]]
    assert verdict["search"] is None
    assert "retention_call_outcome" in "\n".join(closing_lines(verdict, 100))


@pytest.mark.slow
def test_a_table_by_its_path_is_judged_as_by_its_name(finished, run_here, small, tmp_path: Path, compose) -> None:
    pd.read_parquet(compose("dataset=credit-g").dataset.path).to_csv(tmp_path / "mine.csv", index=False)
    table = (f"dataset.path={tmp_path / 'mine.csv'}", "dataset.target=class", "dataset.positive=2", "budget.rows=300")
    own, known = run_here(small(*table, *SEARCHING), tmp_path / "run").content, finished.content
    assert own["dataset"]["name"] == "mine"
    assert (own["decision"], own["reason"], own["gain"]) == (known["decision"], known["reason"], known["gain"])
    scores, expected = by_name(own), by_name(known)
    assert scores.keys() == expected.keys()
    for name in scores:
        assert scores[name]["fold_scores"] == pytest.approx(expected[name]["fold_scores"], abs=1e-9)


@pytest.mark.slow
def test_a_run_that_was_killed_goes_on_where_it_was_and_reaches_the_same_verdict_as_one_that_was_not(
    finished, command: Command, tmp_path: Path
) -> None:
    arguments = [*SMALL, "dataset=credit-g", "budget.rows=300", "budget.seconds=150", *SEARCHING]
    process = subprocess.Popen(
        [sys.executable, "-m", "runner", *arguments],
        cwd=tmp_path, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    wait_for(lambda: len(stored(tmp_path)) >= 5 or process.poll() is not None)
    started = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGKILL)
    process.wait()
    (folder,) = tmp_path.glob("runs/credit-g/*")
    assert not (folder / "verdict.json").exists()
    _, alive = psutil.wait_procs(started, timeout=20)
    assert alive == []
    before = stored(tmp_path)
    assert len(before) >= 5

    resumed = command("resume", str(folder.relative_to(tmp_path)))
    assert resumed.returncode == 0, resumed.stderr
    assert lasting(verdict_in(tmp_path)) == lasting(finished.content)
    assert shlex.split(verdict_in(tmp_path)["command"])[-len(arguments[2:]) :] == arguments[2:]  # of the run, as begun
    after = stored(tmp_path)
    assert {path: after[path] for path in before} == before
    assert len(after) > len(before)

    again = command("resume", str(folder.relative_to(tmp_path)))
    assert again.returncode == 0
    assert "is finished" in again.stdout
    assert stored(tmp_path) == after


def begun_again(finished, folder: Path) -> Path:
    """Return a folder with all that a finished run has stored, but its verdict."""
    shutil.copytree(finished.folder, folder, ignore=shutil.ignore_patterns("verdict.json"))
    return folder


@pytest.mark.slow
def test_what_is_spoilt_in_the_store_is_paid_for_again(finished, run_here, tmp_path: Path) -> None:
    folder = begun_again(finished, tmp_path / "run")
    first, second, *others = sorted((folder / "evaluations").glob("*.pkl"))
    first.write_bytes(first.read_bytes()[:100])
    second.write_bytes(b"\x80\x04garbage" * 50)
    before = {path: path.stat().st_mtime_ns for path in others}
    again, whole = lasting(run_here(finished.events[0].config, folder).content), lasting(finished.content)
    for name in ("decision", "reason", "gain", "candidates", "gates", "search"):  # insight depends on the time left
        assert again[name] == whole[name], name
    assert {path: path.stat().st_mtime_ns for path in others} == before
    assert len(first.read_bytes()) > 100
    assert second.read_bytes()[:8] != b"\x80\x04garba"


@pytest.mark.slow
def test_a_disk_that_is_full_at_the_end_takes_the_files_and_not_the_verdict(
    finished, run_here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = begun_again(finished, tmp_path / "run")
    monkeypatch.setattr("runner.record.Path.replace", lambda *_: _refuse())
    with pytest.raises(UserError) as caught:
        run_here(finished.events[0].config, folder)
    assert finished.content["decision"] in str(caught.value)
    assert finished.content["sentence"].split(",")[0] in str(caught.value)
    assert "No space left on device" in str(caught.value)
    assert f"runner resume {folder}" in str(caught.value)
    assert not list(folder.rglob(".*.[0-9]*"))
    assert not (folder / "verdict.json").exists()


def _refuse() -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def stored(folder: Path) -> dict[str, int]:
    """Return the evaluations in a folder with the time when each was written."""
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("evaluations/*.pkl")}


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)


def rare_noise(seed: int = 0) -> pd.DataFrame:
    """Return 400 rows with 6 positives and 8 columns that tell nothing of them."""
    random = np.random.default_rng(seed)
    frame = pd.DataFrame(random.normal(size=(400, 8)), columns=[f"x{number}" for number in range(8)])
    frame["y"] = (np.arange(400) < 6).astype(int)
    return frame


def test_noise_with_a_rare_class_is_never_go(run_here, small, tmp_path: Path) -> None:
    given = ("dataset.path=frame", "dataset.target=y", "evaluation.metric=average_precision")
    config = small(*given, "economics.policy=bank", "budget.trials=12")
    content = run_here(config, tmp_path, rare_noise()).content
    assert content["decision"] == "NO-GO"
    assert content["search"] is None or content["search"]["trials"] <= 12


def test_noise_with_a_rare_class_does_not_look_good(compose) -> None:
    """Copies of a rare row on both sides would give 0.6 and more; alone in its fold it gives 0.08 by chance."""
    linear = Candidate("l", "simple", "sklearn.linear_model.LogisticRegression", "scaled", {"class_weight": "balanced"})
    nearest = Candidate("n", "simple", "sklearn.neighbors.KNeighborsClassifier", "scaled", {"n_neighbors": 1})
    for candidate in (linear, nearest):
        scores = []
        for seed in range(3):
            config = compose("dataset.path=frame", "dataset.target=y")
            dataset = build(rare_noise(seed), config.dataset)
            splits, metric = make_splits(dataset, config.evaluation, seed), make_metric("average_precision", dataset)
            evaluation = cross_validate(candidate, dataset.take(splits.development), splits.folds, metric, 0, 1000.0)
            scores.append(evaluation.score)
        assert np.mean(scores) < 0.25


def test_where_there_is_no_time_to_fit_what_is_kept_the_best_that_there_is_time_for_is(
    small, run_here, tmp_path, monkeypatch
) -> None:
    asked: list[str] = []

    def no_time_for_the_first(candidate, *given):
        asked.append(candidate.name)
        return len(asked) > 1 and keep(candidate, *given)

    monkeypatch.setattr("runner.run.keep", no_time_for_the_first)
    content = run_here(small("dataset=credit-g", "budget.rows=300", "budget.trials=0"), tmp_path / "run").content
    kept = content["cheap_champion"]
    others = [candidate for candidate in content["candidates"] if candidate["name"] != kept]
    best = max(others, key=lambda candidate: candidate["score"])["name"]
    assert asked == [kept, best]
    assert load_model(tmp_path / "run")[1]["candidate"] == content["model_of"] == best
    assert any(line.startswith(f"Model saved   {best}, ROC AUC ") for line in closing_lines(content, 100))


def test_what_takes_the_place_of_a_model_is_one_that_beats_no_model(small, run_here, tmp_path, monkeypatch) -> None:
    asked: list[str] = []

    def only_no_model_is_fitted(candidate, *given):
        asked.append(candidate.name)
        return candidate.rung == "none" and keep(candidate, *given)

    monkeypatch.setattr("runner.run.keep", only_no_model_is_fitted)
    content = run_here(small("dataset=credit-g", "budget.rows=300", "budget.trials=0"), tmp_path / "run").content
    assert "dummy" not in asked
    assert len(asked) > 1
    assert content["model"] is content["model_of"] is None


@pytest.mark.parametrize(("metric", "least"), [("balanced_accuracy", 0.62), ("f1", 0.42)])
def test_the_kept_model_decides_as_it_was_judged(small, run_here, shipped, tmp_path, metric: str, least: float) -> None:
    """Under metrics with a threshold of their own, which a class of a quarter of the rows reaches before one half."""
    given = ("dataset=blood-transfusion", f"evaluation.metric={metric}", "budget.trials=0")
    content = run_here(small(*given), tmp_path / "run").content
    model, card = load_model(tmp_path / "run")
    data = shipped("blood-transfusion", 10_000)
    decided = predict(model, card, data.features)
    above = decided["probability_1"] >= card["threshold"]
    assert 0.1 < card["threshold"] < 0.4
    assert ((decided["prediction"].astype(str) == "1") == above).all()
    assert 1.2 * data.target.sum() < above.sum() < 0.7 * len(data)
    scores = {each["name"]: each["score"] for each in content["candidates"]}
    share = data.target.mean()
    assert scores["dummy"] == pytest.approx(0.5 if metric == "balanced_accuracy" else 2 * share / (1 + share), abs=0.01)
    assert max(scores.values()) > least


def test_a_run_leaves_what_others_build_on(finished) -> None:
    names = {path.name for path in finished.folder.iterdir()}
    files = {"verdict.json", "summary.md", "report.html", "ladder.csv", "config.yaml", "model.pkl", "model.json"}
    assert files <= names
    assert not [name for name in names if name.startswith(".")]
    assert json.loads((finished.folder / "verdict.json").read_text()) == json.loads(json.dumps(finished.content))
    with (finished.folder / "ladder.csv").open() as file:
        rows = [*csv.DictReader(file)]
    assert [row["name"] for row in rows] == [candidate["name"] for candidate in finished.content["candidates"]]


def test_all_that_a_run_leaves_is_known_to_the_next_one_in_its_folder(finished) -> None:
    assert {path.name for path in finished.folder.iterdir()} <= {*OF_ONE_RUN, CONFIG, EVALUATIONS}


def test_a_folder_that_a_run_is_at_work_in_is_left_as_it_is(small, run_here, tmp_path: Path) -> None:
    record = Record(tmp_path)
    record.begin("seed: 0\n", "its command")
    before = (tmp_path / "config.yaml").read_text()
    with record.held(), pytest.raises(UserError, match="still at work"):
        run_here(small("dataset=credit-g", "budget.rows=300"), tmp_path)
    assert (tmp_path / "config.yaml").read_text() == before


def test_what_happens_is_told_in_order(finished) -> None:
    kinds = [type(event) for event in finished.events]
    assert kinds[0] is RunStarted
    assert kinds[-1] is VerdictReached
    assert kinds.count(Checked) == kinds.count(Confirming) == 1
    assert RungStarted in kinds[: kinds.index(Checked)]  # the first rungs are climbed while the checks run
    gates = [event.gate.rung for event in finished.events if isinstance(event, GateDecided)]
    assert gates == [gate["rung"] for gate in finished.content["gates"]]
    told = [event.trial for event in finished.events if isinstance(event, Evaluated) and event.trial is not None]
    assert sorted(told) == list(range(finished.content["search"]["trials"]))


def test_nothing_is_judged_on_the_holdout_before_the_end(finished) -> None:
    start = finished.events[0]
    assert start.design.rows + start.design.train_rows == 300
    looked = {c["name"] for c in finished.content["candidates"] if c["holdout_score"] is not None}
    assert {"dummy", finished.content["cheap_champion"], finished.content["challenger"]} <= looked
    assert len(looked) <= 4


def test_the_budget_of_trials_is_kept(finished) -> None:
    search = finished.content["search"]
    assert 4 <= search["trials"] <= 6
    assert search["stopped_by"] in ("trials", "rule")


@pytest.mark.slow
def test_a_run_without_time_ends_in_a_verdict_too(run_here, small, tmp_path: Path) -> None:
    content = run_here(small("dataset=glass", "budget.seconds=0.5"), tmp_path).content
    assert (content["decision"], content["reason"]) == ("NO-GO", "out-of-budget")
    assert not any("ValueError" in note for note in content["notes"])  # what there is not is not a fault
    assert content["settled"] is False
    assert (tmp_path / "summary.md").is_file()


@pytest.mark.slow
def test_the_time_of_the_budget_ends_the_search_and_what_it_found_is_found_again(
    finished, run_here, small, tmp_path: Path
) -> None:
    config = small("dataset=credit-g", "budget.rows=300", "budget.seconds=8", *SEARCHING, "budget.trials=100000")
    folder = begun_again(finished, tmp_path / "run")
    content = run_here(config, folder).content
    if content["search"]:
        assert content["search"]["stopped_by"] in ("time", "rule")
        assert content["search"]["trials"] < 100000

    (folder / "verdict.json").unlink()  # killed when all that was left to do was to write it
    before = stored(folder)
    again = run_here(config, folder).content
    assert {path: changed for path, changed in stored(folder).items() if path in before} == before
    assert bool(again["search"]) == bool(content["search"])
    if content["search"]:
        assert again["search"]["trials"] >= content["search"]["trials"]
    assert again["costs"]["wall_seconds"] > 0.5 * content["costs"]["wall_seconds"]


@pytest.mark.slow
@pytest.mark.parametrize(("table", "rows"), [("bike-sharing", 400), ("parkinsons", 1500)])
def test_every_kind_of_table_reaches_a_verdict(run_here, small, tmp_path: Path, table: str, rows: int) -> None:
    content = run_here(small(f"dataset={table}", f"budget.rows={rows}"), tmp_path).content
    assert content["decision"] in ("GO", "NO-GO")
    assert {candidate["status"] for candidate in content["candidates"]} == {"ok"}
    assert content["signal"] is not None or content["reason"] == "no-signal"


def in_time(late: int) -> pd.DataFrame:
    """Return 200 days whose class can be told, of which the last so many have one class only."""
    random = np.random.default_rng(0)
    target = np.where(np.arange(200) < 200 - late, random.integers(0, 2, 200), 0)
    days = pd.date_range("2024-01-01", periods=200)
    return pd.DataFrame({"x": target + random.normal(size=200), "day": days, "y": np.where(target == 1, "yes", "no")})


def test_a_holdout_of_one_class_is_refused_where_the_metric_needs_two(run_here, small, tmp_path: Path) -> None:
    asked = ("dataset.path=frame", "dataset.target=y", "dataset.time=day", "evaluation.folds=3")
    sentence = r"ROC AUC has no value with only 'no' in 61 rows that must judge.*: leave out the newest"
    with pytest.raises(UserError, match=sentence):
        run_here(small(*asked), tmp_path / "auc", in_time(80))
    assert not (tmp_path / "auc").exists()
    content = run_here(small(*asked, "evaluation.metric=neg_log_loss"), tmp_path / "loss", in_time(80)).content
    assert content["decision"] in ("GO", "NO-GO")


@pytest.mark.slow
def test_where_the_newest_rows_refute_all_models_that_they_held_before_is_told(run_here, small, tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    x, days = random.normal(size=700), pd.date_range("2024-01-01", periods=700)
    frame = pd.DataFrame({"x": x, "day": days, "y": np.where(days < days[490], x, -x) + 0.3 * random.normal(size=700)})
    content = run_here(small("dataset.path=frame", "dataset.target=y", "dataset.time=day"), tmp_path, frame).content
    assert (content["reason"], content["cheap_champion"]) == ("no-signal", "dummy")
    told = [check["evidence"] for check in content["checks"] if check["code"] == "falls-short"]
    assert len(told) == 1
    assert told[0].startswith("On the newest rows")


@pytest.mark.parametrize("classes", [["a", "b"], ["a", "b", "c", "d"], []], ids=["two", "four", "values"])
def test_a_dozen_rows_end_in_a_verdict_or_a_sentence(run_here, small, tmp_path: Path, classes: list[str]) -> None:
    random = np.random.default_rng(0)
    target = [classes[number % len(classes)] for number in range(12)] if classes else random.normal(size=12)
    frame = pd.DataFrame({"x": random.normal(size=12), "word": [*"aabbccddeeff"], "y": target})
    config = small("dataset.path=frame", "dataset.target=y", *(["dataset.task=multiclass"] if len(classes) > 2 else []))
    try:
        content = run_here(config, tmp_path, frame).content
    except UserError as error:
        assert "\n" not in str(error)
    else:
        assert content["decision"] == "NO-GO"


def test_a_class_with_fewer_rows_than_folds_ends_in_a_verdict_too(run_here, small, tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    frame = pd.DataFrame({"x": random.normal(size=150), "y": ["a", "b", "c"] * 50})
    frame.loc[:2, "y"] = "rare"
    content = run_here(small("dataset.path=frame", "dataset.target=y"), tmp_path, frame).content
    assert by_name(content)["dummy"]["status"] == "ok"
    assert content["reason"] != "out-of-budget"


@pytest.mark.parametrize(
    "override",
    ["dataset.target=Tpye", "evaluation.metric=acuracy", "evaluation.folds=1", "evaluation.folds=500", "budget.rows=3"],
)
def test_what_is_wrong_is_found_before_anything_is_written(run_here, small, tmp_path: Path, override: str) -> None:
    with pytest.raises(UserError) as caught:
        run_here(small("dataset=glass", override), tmp_path / "run")
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "run").exists()


def test_another_seed_is_another_split(run_here, small, tmp_path: Path, finished) -> None:
    ladder = small("dataset=credit-g").ladder
    cheap = replace(ladder, candidates={name: ladder.candidates[name] for name in ("dummy", "tree")}, search={})
    config = replace(small("dataset=credit-g", "budget.rows=300", "evaluation.folds=5", "seed=1"), ladder=cheap)
    content = run_here(config, tmp_path).content
    assert content["dataset"]["fingerprint"] == finished.content["dataset"]["fingerprint"]
    assert by_name(content)["tree"]["fold_scores"] != by_name(finished.content)["tree"]["fold_scores"]
    assert content["reason"] != "data-not-trustworthy"


def test_a_leak_is_a_leak_on_a_ladder_without_a_search_too(run_here, small, tmp_path: Path, monkeypatch) -> None:
    stage = Stage({"tree": Model()}, [Model()], {"leak": Severity.STOP})
    monkeypatch.setattr("runner.run.Engine", partial(StagedEngine, stage))
    config = small("dataset=glass")
    config = replace(config, ladder=replace(config.ladder, rungs=["none", "tree"]))
    assert run_here(config, tmp_path).content["reason"] == "data-not-trustworthy"


@pytest.mark.slow
def test_a_leak_is_a_leak_in_time_too(run_here, small, tmp_path: Path) -> None:
    config = small("dataset=bike-sharing")
    known = pd.read_parquet(config.dataset.path)
    known["registered_and_casual"] = known[config.dataset.target]
    known.to_csv(tmp_path / "known.csv", index=False)
    table = ("dataset=bike-sharing", f"dataset.path={tmp_path / 'known.csv'}", "budget.rows=400")
    finished = run_here(small(*table), tmp_path / "run")
    assert finished.content["dataset"]["has_time"]
    assert finished.content["reason"] == "data-not-trustworthy"
    assert finished.content["signal"] is None
    assert "Signal test" not in (tmp_path / "run" / "summary.md").read_text()


@pytest.mark.slow
def test_man_against_machine(small, run_here, tmp_path) -> None:
    finished = run_here(small("dataset=titanic-rules"), tmp_path / "titanic")
    ladder = by_name(finished.content)
    assert {candidate["status"] for candidate in ladder.values()} == {"ok"}  # text, numbers and gaps
    today = finished.content["incumbent"]
    assert ladder["incumbent"]["rung"] == "rule"
    assert ladder["incumbent"]["text"].splitlines() == today["rules"]
    assert today["kind"] == "rules"
    assert today["score"] == ladder["incumbent"]["holdout_score"]
    kept = ladder[today["model"]]
    assert today["gain"]["estimate"] == pytest.approx(kept["holdout_score"] - today["score"])
    assert today["beaten"] is True
    assert today["sentence"].startswith(f"{today['model']} gains +")
    assert "Used today" in (finished.folder / "summary.md").read_text()


@pytest.mark.slow
def test_an_incumbent_that_is_kept_can_be_used(small, run_here, tmp_path) -> None:
    """Of a table in which the rule is the truth, and the classes stand in reverse order."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"x": rng.normal(size=600), "noise": rng.normal(size=600), "z": ["a", "b"] * 300})
    truth = (frame["x"] > 0.3) & (frame["z"] == "a")
    frame["y"] = np.where(truth ^ (rng.random(600) < 0.1), "no", "yes")
    rules = "[{when:'x > 0.3 and z == a',then:'no'},{otherwise:'yes'}]"
    given = ("dataset.target=y", "dataset.positive='no'", "evaluation.metric=log_loss")
    config = small("dataset.path=frame", f"dataset.incumbent={rules}", *given)
    finished = run_here(config, tmp_path / "rule", frame)
    assert (finished.content["reason"], finished.content["cheap_champion"]) == ("incumbent-better", "incumbent")
    predicted = predict(*load_model(finished.folder), frame)
    assert (predicted["prediction"] == np.where(truth, "no", "yes")).all()
    assert list(json.loads((finished.folder / "model.json").read_text())["columns"]) == ["x", "z"]


def test_the_tree_is_kept_as_rules_that_can_be_read_again(finished) -> None:
    rules = read_rules(finished.folder / finished.content["rules"])
    assert len(rules) > 1
    features = finished.events[0].dataset.features  # without gaps, of which people are then told nothing
    assert finished.content["readable"]["lines"] == as_text(as_learned(rules, features))
    assert all(condition.column in features for r in rules for condition in r.conditions)


@pytest.mark.slow
def test_with_the_leak_acknowledged_the_run_goes_on_and_says_so(small, run_here, tmp_path: Path) -> None:
    known = "dataset.acknowledged=[target-leak:retention_call_outcome]"
    content = run_here(small("dataset=control-leak", "budget.rows=500", known), tmp_path / "run").content
    assert content["reason"] != "data-not-trustworthy"
    (leak,) = [each for each in content["checks"] if [*each["columns"]] == ["retention_call_outcome"]]
    assert (leak["severity"], leak["acknowledged"]) == ("warn", True)
    assert "Acknowledged: 'retention_call_outcome'" in (tmp_path / "run" / "summary.md").read_text()


def test_a_misspelt_acknowledgement_is_told_before_anything_is_read(small, run_here, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="did you mean 'target-leak'"):
        run_here(small("dataset=credit-g", "dataset.acknowledged=[target-leek]"), tmp_path / "run")
    assert not (tmp_path / "run").exists()
