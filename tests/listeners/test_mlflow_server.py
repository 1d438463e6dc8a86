"""End to end: a real MLflow server on a real PostgreSQL, artifacts passed on by it, killed and stopped in mid-run."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from browser import browser, why_no_browser
from heard import TITLE, VERDICT, play
from processes import SECONDS, SMALL, environment, python
from runner.config import TrackingConfig
from runner.folders import OUTBOX
from runner.listeners.mlflow_store import Store
from runner.listeners.sending import send
from runner.listeners.tracking import Tracking
from servers import mlflow_server, postgres, why_no_postgres

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(why_no_postgres()), reason=str(why_no_postgres())),
]
PLAYED = sorted([TITLE, "dummy", "lightgbm 0", "lightgbm 1", "logistic", "net", "search", "svm"])
JOB = ("dataset=credit-g", "budget.rows=300", "budget.trials=4", f"budget.seconds={SECONDS}", *SMALL[:-2])


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with postgres() as store, mlflow_server(store, tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture(autouse=True)
def answering(server):
    """Have the server answer before a test, whatever the one before did to it."""
    server.signal(signal.SIGCONT)
    if not server.answers():
        server.start()


def client(server):
    from mlflow import MlflowClient

    return MlflowClient(server.uri)


def runs(server, experiment):
    known = client(server)
    return known.search_runs([known.get_experiment_by_name(experiment).experiment_id])


def contents(server, experiment):
    known = client(server)
    return {
        run.info.run_id: (
            run.info.status,
            run.data.to_dictionary(),
            {key: len(known.get_metric_history(run.info.run_id, key)) for key in run.data.metrics},
            sorted(file.path for file in known.list_artifacts(run.info.run_id)),
        )
        for run in runs(server, experiment)
    }


def config(server, experiment, register=None):
    return TrackingConfig(uri=server.uri, experiment=experiment, register=register)


def start_run(folder, server, experiment):
    """Start a run, and return its process and folder once it has a score."""
    tracked = ("tracking=server", f"tracking.uri={server.uri}", f"tracking.experiment={experiment}")
    process = subprocess.Popen(
        [sys.executable, "-m", "runner", *JOB, *tracked],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    end = time.monotonic() + SECONDS
    while not (boxes := [box for box in folder.glob(f"runs/*/*/{OUTBOX}") if box.read_bytes().count(b"\n") > 2]):
        assert process.poll() is None and time.monotonic() < end
        time.sleep(0.05)
    return process, boxes[0].parent


def test_server_gets_what_the_embedded_store_gets(server, tmp_path, caplog):
    import mlflow

    tracking = Tracking(config(server, "played", register="income"), tmp_path)
    play(tracking, tmp_path)
    assert caplog.text == ""
    assert sorted(run.info.run_name for run in runs(server, "played")) == PLAYED
    known = client(server)
    parent = known.get_run(tracking.run_id())
    assert parent.info.artifact_uri.startswith("mlflow-artifacts:")
    assert {"summary.md", "ladder.csv"} <= {file.path for file in known.list_artifacts(parent.info.run_id)}
    version = known.get_model_version_by_alias("income", "champion")
    assert (version.run_id, version.tags["reason"]) == (parent.info.run_id, str(VERDICT.reason))
    place = known.get_model_version_download_uri("income", version.version)
    here = mlflow.artifacts.download_artifacts(f"{place}/model.pkl", tracking_uri=server.uri)
    assert Path(here).read_bytes() == (tmp_path / "model.pkl").read_bytes()
    assert not send(tmp_path, Store(server.uri, "played", "income"))


def test_server_that_hangs_does_not_hold_a_run_up(server, tmp_path, caplog):
    server.signal(signal.SIGSTOP)
    begun = time.monotonic()
    play(Tracking(config(server, "hangs"), tmp_path), tmp_path)
    assert time.monotonic() - begun < 100  # of the 180 s that the run has left
    assert f"`python -m runner track {tmp_path}` sends it." in caplog.text
    server.signal(signal.SIGCONT)
    end = time.monotonic() + SECONDS
    while not server.answers() and time.monotonic() < end:
        time.sleep(0.1)
    assert send(tmp_path, Store(server.uri, "hangs"))
    assert sorted(run.info.run_name for run in runs(server, "hangs")) == PLAYED


def test_server_killed_in_mid_run_and_started_again_has_everything_once(server, tmp_path):
    process, folder = start_run(tmp_path, server, "killed server")
    while not any(process.poll() is not None or run.data.params for run in runs_so_far(server, "killed server")):
        time.sleep(0.05)
    server.signal(signal.SIGKILL)
    out, err = process.communicate(timeout=SECONDS)
    assert process.returncode == 0, err
    assert "GO" in out
    assert f"runner track {folder.relative_to(tmp_path)}" in err
    server.start()
    done = python("-m", "runner", "track", str(folder), folder=tmp_path)
    assert (done.returncode, "sent to" in done.stdout) == (0, True), done.stderr
    found = contents(server, "killed server")
    assert not send(folder, Store(server.uri, "killed server"))
    assert contents(server, "killed server") == found
    names = [run.info.run_name for run in runs(server, "killed server")]
    assert len(names) == len(set(names))
    fitted = {one["name"]: one["status"] for one in json.loads((folder / "verdict.json").read_text())["candidates"]}
    for run in runs(server, "killed server"):  # a fit that there was no time for has failed there too
        status = fitted.get(run.info.run_name, "ok")
        assert run.info.status == ("FINISHED" if status in ("ok", "pruned") else "FAILED"), run.info.run_name
    [parent] = [run for run in runs(server, "killed server") if "mlflow.parentRunId" not in run.data.tags]
    assert parent.data.tags["decision"] in ("GO", "NO-GO")


def runs_so_far(server, experiment):
    known = client(server).get_experiment_by_name(experiment)
    return runs(server, experiment) if known else []


def test_run_that_was_killed_is_sent_as_far_as_it_came(server, tmp_path):
    process, folder = start_run(tmp_path, server, "killed run")
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert send(folder, Store(server.uri, "killed run"))
    names = [run.info.run_name for run in runs(server, "killed run")]
    assert "stopped · credit-g" in names and "dummy" in names and len(names) == len(set(names))


@pytest.mark.skipif(bool(why_no_browser()), reason=str(why_no_browser()))
def test_pages_show_the_verdict(server, tmp_path):
    from selenium.webdriver.support.ui import WebDriverWait

    tracking = Tracking(config(server, "shown"), tmp_path)
    play(tracking, tmp_path)
    number = client(server).get_experiment_by_name("shown").experiment_id
    pages = {
        f"{number}/runs?workflowType=machine_learning": TITLE,
        f"{number}/runs/{tracking.run_id()}": "The gain is too small.",
        f"{number}/runs/{tracking.run_id()}/artifacts": "ladder.csv",
    }
    with browser() as driver:
        for page, text in pages.items():
            driver.get(f"{server.uri}/#/experiments/{page}")
            waiting = WebDriverWait(driver, 60)
            assert waiting.until(lambda seen, text=text: text in seen.find_element("tag name", "body").text), page
