import json
import logging
import multiprocessing
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from heard import (
    SUMMARY,
    TITLE,
    VERDICT,
    client_of,
    climb,
    evaluated,
    make_config,
    make_dataset,
    play,
    runs_of,
    start,
    write_folder,
)
from runner.clock import Clock
from runner.config import CandidateConfig, LadderConfig, SpaceConfig, TrackingConfig
from runner.costs import Costs
from runner.decision.reasons import Reason
from runner.engine import isolation, warm
from runner.evaluation import Evaluation, Status
from runner.events import Evaluated, RunFailed, RungStarted, RunStarted, VerdictReached
from runner.listeners import mlflow_store
from runner.listeners.mlflow_store import Store, address, without_password
from runner.listeners.mlflow_table import dataset_input
from runner.listeners.mlflow_tags import LONGEST_PARAM, LONGEST_TAG
from runner.listeners.mlflow_values import candidate_params, config_params, verdict_title
from runner.listeners.outbox import Outbox
from runner.listeners.tracking import Tracking
from runner.metrics import make_metric
from runner.splits.design import Design


def variables() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    root = tmp_path_factory.mktemp("runs")
    tracking = Tracking(TrackingConfig(), root)
    environment = variables()
    play(tracking, root / "adult" / "now")
    parent, children = runs_of(root)
    return root, tracking, parent, children, environment


@pytest.mark.parametrize("reason", [Reason.NO_SIGNAL, Reason.DATA_NOT_TRUSTWORTHY])
def test_the_name_of_a_run_names_no_model_that_should_not_be_used(reason):
    dataset = make_dataset()
    metric, design = make_metric("neg_log_loss", dataset), Design("holdout", "", 10, 50)
    started = RunStarted(make_config(), dataset, metric, Path("runs"), design, Clock(60))
    assert verdict_title(started, replace(VERDICT, reason=reason), 13.0) == f"NO-GO · {reason} · cost EUR 13.00 · adult"


def test_parent_tells_the_verdict(played):
    _, tracking, parent, _, _ = played
    assert parent.info.run_id == tracking.run_id()
    assert parent.info.run_name == TITLE
    assert parent.info.status == "FINISHED"
    tags = parent.data.tags
    assert tags["mlflow.note.content"] == SUMMARY
    assert (tags["decision"], tags["reason"], tags["settled"]) == ("NO-GO", "gain-too-small", "true")
    assert (tags["cheap_champion"], tags["challenger"]) == ("logistic", "lightgbm 1")
    assert (tags["dataset"], tags["task"], tags["budget"], tags["seed"]) == ("adult", "binary", "quick", "0")
    assert tags["metric"] == "log loss"
    assert tags["mlflow.source.name"] == "runner"
    assert "lean" not in tags
    assert {"python", "version.scikit-learn", "version.mlflow"} <= set(tags)


def test_parent_has_figures_as_people_read_them(played):
    metrics = played[2].data.metrics
    assert metrics["score"] == pytest.approx(0.33)  # a log loss, not its negative; on the rows that prove
    assert metrics["gain"] == 0.002 and metrics["gain_low"] == -0.001
    assert "gain_high" not in metrics  # infinity is no figure
    assert "net_benefit" not in metrics
    assert metrics["cpu_seconds"] == 13 and metrics["cost"] == 13  # of the whole run
    assert metrics["peak_memory_mb"] == 100


def test_config_is_logged_as_params_without_passwords(played):
    params = played[2].data.params
    assert params["budget.seconds"] == "60.0"
    assert params["dataset.path"] == "https://example.org/adult.csv"
    assert json.loads(params["ladder.candidates.logistic"])["params"] == {"C": 0.5}
    assert not {"economics.value_per_unit", "dataset.drop"} & set(params)  # nothing was said of them


def test_dataset_is_an_input_of_the_run(played):
    [used] = played[2].inputs.dataset_inputs
    assert used.dataset.name == "adult"
    assert ("ab" * 32).startswith(used.dataset.digest)
    columns = {c["name"]: (c["type"], c["required"]) for c in json.loads(used.dataset.schema)["mlflow_colspec"]}
    assert columns == {
        "age": ("long", True),
        "income": ("double", False),
        "city": ("string", True),
        "job": ("any", True),
        "since": ("datetime", True),
        "member": ("boolean", True),
        "income_class": ("long", True),
    }
    assert json.loads(used.dataset.profile)["num_rows"] == 60
    assert json.loads(used.dataset.source) == {"url": "https://example.org/adult.csv"}


def test_each_candidate_is_a_child(played):
    root, _, parent, children, _ = played
    assert set(children) == {"dummy", "logistic", "svm", "net", "search", "lightgbm 0", "lightgbm 1"}
    logistic, failed = children["logistic"], children["svm"]
    assert logistic.data.tags["mlflow.parentRunId"] == parent.info.run_id
    assert logistic.data.tags["rung"] == "linear"
    assert logistic.data.params["C"] == "0.5"
    assert logistic.data.metrics["score"] == pytest.approx(0.35)
    assert logistic.info.end_time - logistic.info.start_time == 1000
    folds = client_of(root).get_metric_history(logistic.info.run_id, "fold_score")
    assert {fold.step: fold.value for fold in folds} == {0: 0.3, 1: 0.4}
    assert (failed.info.status, failed.data.tags["status"]) == ("FAILED", "timed out")
    assert failed.data.tags["reason"] == "ValueError: no."
    assert "score" not in failed.data.metrics
    assert (children["net"].info.status, children["net"].data.tags["status"]) == ("FINISHED", "pruned")  # it lost


def test_a_trial_has_the_params_of_its_candidate_and_the_preparation_that_it_drew():
    own = {"classifier_params": {"m": 8}, "regressor_params": {"m": 7}}
    forest = CandidateConfig(classifier="a.Forest", preparation="native", params={"n": 9}, **own)
    ladder = LadderConfig(candidates={"forest": forest}, search={"deep": SpaceConfig(candidate="forest")})
    config, dataset = replace(make_config(), ladder=ladder), make_dataset()
    start = RunStarted(config, dataset, make_metric(None, dataset), Path("x"), Design("holdout", "", 10, 50), 0.0)
    drawn = Evaluation("deep #3", "search", Status.OK, Costs(), params={"depth": 6})
    told = candidate_params(start, Evaluated(drawn, 3, "deep", "ordinal"))
    assert told == {"estimator": "a.Forest", "preparation": "ordinal", "n": "9", "m": "8", "depth": "6"}


def test_search_is_one_child_with_a_step_a_trial(played):
    root, _, _, children, _ = played
    search, client = children["search"], client_of(root)
    assert search.info.status == "FINISHED"

    def steps(name):
        return {m.step: m.value for m in client.get_metric_history(search.info.run_id, name)}

    assert steps("score") == {0: 0.5, 1: 0.3}
    assert steps("best_score") == {0: 0.5, 1: 0.3, 2: 0.3}
    assert steps("cpu_seconds") == {0: 2.0, 1: 4.0, 2: 6.0}
    logged = Path(search.info.artifact_uri.removeprefix("file://"), "trials.csv").read_text()
    assert logged == (root / "adult" / "now" / "trials.csv").read_text()


def test_files_for_people_are_artifacts(played):
    root, _, parent, _, _ = played
    kept = {file.path for file in client_of(root).list_artifacts(parent.info.run_id)}
    assert kept == {"verdict.json", "summary.md", "ladder.csv", "trials.csv"}
    assert parent.info.artifact_uri.startswith((root / "mlartifacts").as_uri())


def test_model_is_logged_with_signature_example_and_pins(played):
    root, _, parent, _, _ = played
    client = client_of(root)
    [output] = parent.outputs.model_outputs
    model = client.get_logged_model(output.model_id)
    assert str(model.status) == "READY"
    assert {metric.key: metric.value for metric in model.metrics}["score"] == pytest.approx(0.33)
    folder = Path(model.artifact_location.removeprefix("file://"))
    pins = (folder / "requirements.txt").read_text()
    assert "scikit-learn==" in pins and "skrub==" in pins


def test_model_answers_through_pyfunc(played, monkeypatch):
    import mlflow

    root, _, parent, _, _ = played
    [output] = parent.outputs.model_outputs
    folder = root / "mlartifacts" / "models" / output.model_id / "artifacts"
    loaded = mlflow.pyfunc.load_model(str(folder))
    example = loaded.input_example
    assert list(example.columns) == list(make_dataset().features.columns)
    assert set(loaded.predict(make_dataset().features.head(5))) <= {"<=50K", ">50K"}
    assert [column.type.name for column in loaded.metadata.signature.outputs] == ["string"]


def test_nothing_global_is_left_behind(played):
    import mlflow

    assert variables() == played[4]
    assert mlflow.active_run() is None
    assert "runs" not in mlflow.get_tracking_uri()
    assert logging.getLogger("mlflow").isEnabledFor(logging.INFO)
    filters = [kept for handler in logging.getLogger("mlflow").handlers for kept in handler.filters]
    assert not any(callable(kept) for kept in filters)


def test_second_run_uses_the_same_store(played, caplog):
    root = played[0]
    tracking = Tracking(TrackingConfig(experiment="again"), root)
    start(tracking, root / "adult" / "later")
    tracking.hear(evaluated("dummy", -0.7))
    tracking.hear(RunFailed("KeyError: 'x'"))
    tracking.close(60)
    assert caplog.text == ""
    run = client_of(root).get_run(tracking.run_id())
    assert (run.info.status, run.info.run_name) == ("FAILED", "failed · adult")
    assert (run.data.tags["reason"], run.data.tags["decision"]) == ("KeyError: 'x'", "none")


def test_run_that_is_broken_off_is_marked_and_a_blend_costs_nothing_more(played):
    root = played[0]
    tracking = Tracking(TrackingConfig(experiment="again"), root)
    start(tracking, root / "adult" / "later")
    tracking.hear(evaluated("dummy", -0.7))
    blended = replace(evaluated("blend", -0.6).evaluation, rung="blend")
    tracking.hear(Evaluated(blended))
    tracking.close(60)
    run = client_of(root).get_run(tracking.run_id())
    assert run.data.metrics["cpu_seconds"] == 2
    assert (run.info.status, run.info.run_name) == ("KILLED", "stopped · adult")


def test_store_that_another_run_made_meanwhile_is_kept(tmp_path):
    (tmp_path / "mlflow.db").write_text("theirs")
    mlflow_store._create(tmp_path / "mlflow.db")
    assert (tmp_path / "mlflow.db").read_text() == "theirs"
    assert [file.name for file in tmp_path.iterdir()] == ["mlflow.db"]


def test_a_store_is_made_once_and_what_a_killed_process_began_is_cleared_away(tmp_path, monkeypatch):
    begun = []

    def migrated(uri):
        begun.append(uri)
        time.sleep(0.3)
        mlflow_store._database(uri).write_text("made")

    monkeypatch.setattr(mlflow_store, "_client", migrated)
    (tmp_path / f"{mlflow_store.ASIDE}left").mkdir()
    with ThreadPoolExecutor(2) as pool:
        [*pool.map(mlflow_store._create, [tmp_path / "mlflow.db"] * 2)]
    assert [file.name for file in tmp_path.iterdir()] == ["mlflow.db"]
    assert len(begun) == 1


def test_nothing_is_begun_before_the_first_score(tmp_path, caplog):
    tracking = Tracking(TrackingConfig(), tmp_path / "runs")
    start(tracking, tmp_path / "runs" / "adult" / "now")
    tracking.hear(RungStarted("nothing", ("dummy",)))
    assert tracking.run_id() is None
    tracking.close()
    assert not (tmp_path / "runs").exists()
    assert caplog.text == ""


def test_failure_before_the_table_was_read_is_no_run(tmp_path, caplog):
    tracking = Tracking(TrackingConfig(), tmp_path)
    tracking.hear(RunFailed("no such file"))
    tracking.close()
    assert list(tmp_path.iterdir()) == []
    assert caplog.text == ""


def test_dead_server_ends_in_one_warning(tmp_path, caplog, monkeypatch):
    for name in ("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "MLFLOW_HTTP_REQUEST_TIMEOUT"):
        monkeypatch.delenv(name, raising=False)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    tracking = Tracking(TrackingConfig(uri=f"http://me:secret@127.0.0.1:{port}"), tmp_path)
    begun = time.monotonic()
    play(tracking, tmp_path / "adult" / "now")
    assert time.monotonic() - begun < 100  # of the 180 s that the run has left
    assert tracking.run_id() is None
    [warning] = caplog.records
    assert warning.name == "runner.tracking"
    assert "the run, dummy, logistic, svm, net and 8 more" in warning.getMessage()
    assert "secret" not in warning.getMessage()


def test_store_that_cannot_be_written_ends_in_one_warning(tmp_path, caplog):
    (tmp_path / "file").write_text("")  # no folder can be made below it, whoever asks
    tracking = Tracking(TrackingConfig(uri=f"sqlite:///{tmp_path}/file/mlflow.db"), tmp_path)
    play(tracking, tmp_path / "adult" / "now")
    [warning] = caplog.records
    assert "did not get the run" in warning.getMessage()


def test_a_store_that_somebody_has_locked_costs_no_more_than_the_time_given(tmp_path, played, caplog):
    shutil.copy(played[0] / "mlflow.db", tmp_path / "mlflow.db")
    with sqlite3.connect(tmp_path / "mlflow.db", isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        tracking = Tracking(TrackingConfig(), tmp_path)
        start(tracking, tmp_path)
        tracking.hear(evaluated("dummy", -0.7))
        begun = time.monotonic()
        tracking.close(0.5)
        assert time.monotonic() - begun < 60
        other.execute("ROLLBACK")
    [warning] = caplog.records
    assert "did not get the run, dummy, the end" in warning.getMessage()
    assert "runner track" in warning.getMessage()


def test_a_fault_in_one_thing_does_not_lose_the_others(tmp_path, played, caplog):
    root = played[0]
    tracking = Tracking(TrackingConfig(experiment="again"), root)
    dataset = start(tracking, tmp_path)
    climb(tracking)
    write_folder(tmp_path, dataset)
    (tmp_path / "example.parquet").write_bytes(b"cut off")
    tracking.hear(VerdictReached(VERDICT, tmp_path, Costs(13.0, 1.5, 100.0)))
    tracking.close(60)
    [warning] = caplog.records
    assert "did not get the model (" in warning.getMessage()
    run = client_of(root).get_run(tracking.run_id())
    assert (run.info.status, run.data.tags["decision"]) == ("FINISHED", "NO-GO")


def test_what_failed_is_sent_again_at_the_end(tmp_path, played, caplog, monkeypatch):
    from mlflow import MlflowClient

    create = MlflowClient.create_run
    faults = [ConnectionError("down")]

    def shaky(self, *arguments):
        if faults:
            raise faults.pop()
        return create(self, *arguments)

    monkeypatch.setattr(MlflowClient, "create_run", shaky)
    tracking = Tracking(TrackingConfig(experiment="shaky"), played[0])
    play(tracking, tmp_path)
    assert caplog.text == ""
    client = client_of(played[0])
    experiment = client.get_experiment_by_name("shaky")
    names = sorted(run.info.run_name for run in client.search_runs([experiment.experiment_id]))
    assert names == [
        TITLE,
        "dummy",
        "lightgbm 0",
        "lightgbm 1",
        "logistic",
        "net",
        "search",
        "svm",
    ]


def test_where_no_process_can_be_started_all_is_kept(tmp_path, caplog, monkeypatch):
    def refuses(*_given, **_named):
        raise OSError("no more processes")

    monkeypatch.setattr("runner.listeners.tracking.start", refuses)
    tracking = Tracking(TrackingConfig(), tmp_path)
    play(tracking, tmp_path)
    assert tracking.run_id() is None
    [warning] = caplog.records
    assert "and 9 more (OSError: no more processes)" in warning.getMessage()
    kinds = [step.kind for step in Outbox(tmp_path).steps()]
    assert (kinds[0], kinds[-3:]) == ("run", ["end", "files", "model"])


def test_neither_the_id_nor_the_end_is_waited_for_beyond_the_budget(tmp_path, caplog, monkeypatch):
    from mlflow import MlflowClient

    over = threading.Event()
    monkeypatch.setattr(MlflowClient, "create_run", lambda *_: over.wait(180))
    tracking = Tracking(TrackingConfig(), tmp_path)
    start(tracking, tmp_path)
    tracking.hear(evaluated("dummy", -0.7))
    begun = time.monotonic()
    assert tracking.place(tmp_path, "the command", lambda: 0.1).run_id() is None
    tracking.close(0.1)
    assert time.monotonic() - begun < 60
    over.set()
    [warning] = caplog.records
    assert "the run, dummy, the end (it took too long)" in warning.getMessage()


def test_address_prefers_config_then_environment(tmp_path, monkeypatch):
    assert address(TrackingConfig(), tmp_path) == f"sqlite:///{tmp_path}/mlflow.db"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://team:5000")
    assert address(TrackingConfig(), tmp_path) == "http://team:5000"
    assert address(TrackingConfig(uri="http://mine:5000"), tmp_path) == "http://mine:5000"


@pytest.mark.parametrize("name", ["a%20b", "a%b", "what?", "a b=é#'"])
def test_a_folder_may_be_called_anything(name, tmp_path):
    from sqlalchemy.engine import make_url

    at = address(TrackingConfig(), tmp_path / name)
    assert make_url(at).database == str(tmp_path / name / "mlflow.db")
    assert address(TrackingConfig(uri=at), tmp_path) == at
    assert Store(at, "e").existing() == (None, None)
    (tmp_path / name).mkdir()
    mlflow_store._database(at).touch()
    assert (tmp_path / name / "mlflow.db").exists()


def test_passwords_are_left_out():
    assert without_password("at http://me:x@host:5000/a?b=c@d") == "at http://host:5000/a?b=c@d"
    assert "x" not in Store("http://me:x@host", "e").load_line("m")


def test_long_values_are_cut_to_what_mlflow_takes():
    config = make_config()
    config.dataset.note = "n" * 7000
    assert len(config_params(config)["dataset.note"]) == LONGEST_PARAM
    assert LONGEST_TAG > LONGEST_PARAM


def test_classes_that_are_no_names_to_mlflow_are_a_value():
    from mlflow.utils.validation import _validate_param

    config = make_config()
    config.economics.cost_matrix = {"<=50K": {">50K": 1.0}, ">50K": {"<=50K": 5.0}}
    config.economics.upkeep_hours = {"linear": 2.0}
    params = config_params(config)
    for key, value in params.items():
        _validate_param(key, value)
    assert json.loads(params["economics.cost_matrix"]) == config.economics.cost_matrix
    assert params["economics.upkeep_hours.linear"] == "2.0"


def test_a_table_too_wide_for_a_schema_is_an_input_all_the_same():
    from mlflow.entities import Dataset as Input
    from mlflow.utils.validation import _validate_dataset

    dataset = make_dataset()
    wide = pd.DataFrame(np.zeros((60, 20_000)), columns=[f"gene number {number}" for number in range(20_000)])
    told = dataset_input(make_config(), replace(dataset, features=wide))
    assert told["schema"] is None
    _validate_dataset(Input(**told))
    assert json.loads(dataset_input(make_config(), dataset)["schema"])["mlflow_colspec"][0]["name"] == "age"


@pytest.mark.slow
def test_a_process_of_its_own_sends_it_and_its_death_loses_nothing(tmp_path, monkeypatch, caplog):
    warm()  # as a run does: a server that was started without the libraries would have each later worker load them
    monkeypatch.setattr("runner.listeners.tracking.start", isolation.start)
    monkeypatch.chdir(tmp_path)
    play(Tracking(TrackingConfig(), Path("runs")), Path("runs", "adult", "now"))
    assert caplog.text == ""
    parent, children = runs_of(Path("runs"))
    assert (parent.info.run_name, len(children)) == (TITLE, 7)
    done = {child.pid for child in multiprocessing.active_children()}  # the first one may still be at its end
    doomed = Tracking(TrackingConfig(experiment="doomed"), Path("runs"))
    start(doomed, Path("runs", "adult", "later"))
    doomed.hear(evaluated("logistic", -0.3))
    [courier] = [child for child in multiprocessing.active_children() if child.pid not in done]
    courier.kill()
    doomed.close(60)
    [warning] = caplog.records
    assert "did not get the run, logistic, the end (its process died)" in warning.getMessage()
    assert "`python -m runner track runs/adult/later` sends it" in warning.getMessage()


@pytest.mark.slow
def test_printed_line_loads_the_model_in_a_fresh_process(played):
    _, _, parent, _, _ = played
    line = parent.data.tags["load_with"]
    rows = "import pandas as pd; X = pd.read_parquet('example.parquet'); print(list(model.predict(X)))"
    apart = "import sys; print('by the run', file=sys.stderr)"  # after which MLflow shows how its download goes on
    by_run = f"model = mlflow.sklearn.load_model('runs:/{parent.info.run_id}/model')"
    answer = subprocess.run(
        [sys.executable, "-c", f"{line}; {rows}; {apart}; {by_run}; print(list(model.predict(X)))"],
        cwd=parent.data.tags["folder"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true"},
    )
    first, second = answer.stdout.splitlines()
    assert "<=50K" in first
    assert first == second
    assert answer.stderr.startswith("by the run\n")
