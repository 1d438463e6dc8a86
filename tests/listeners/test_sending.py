import json
import socket
from pathlib import Path
from random import Random

import pytest

from heard import TITLE, VERDICT, client_of, climb, play, start, write_folder
from runner.config import TrackingConfig
from runner.costs import Costs
from runner.errors import UserError
from runner.events import VerdictReached
from runner.folders import OUTBOX
from runner.listeners.mlflow_store import Store, address
from runner.listeners.outbox import Outbox
from runner.listeners.sending import NotSentError, send
from runner.listeners.tracking import Tracking

CHILDREN = ["dummy", "lightgbm 0", "lightgbm 1", "logistic", "net", "search", "svm"]


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """Return a folder with a store in it: to make one takes seconds."""
    root = tmp_path_factory.mktemp("runs")
    Store(address(TrackingConfig(), root), "first").connect()
    return root


def store_of(root, experiment, register=None):
    return Store(address(TrackingConfig(), root), experiment, register)


def everything(root, experiment):
    """Return all that MLflow has of an experiment, as plain data."""
    client = client_of(root)
    number = client.get_experiment_by_name(experiment).experiment_id
    runs = client.search_runs([number])
    return {
        run.info.run_id: (
            run.to_dictionary(),
            {key: len(client.get_metric_history(run.info.run_id, key)) for key in run.data.metrics},
            sorted(file.path for file in client.list_artifacts(run.info.run_id)),
        )
        for run in runs
    } | {model.model_id: model.to_dictionary() for model in client.search_logged_models([number])}


def names(root, experiment):
    client = client_of(root)
    runs = client.search_runs([client.get_experiment_by_name(experiment).experiment_id])
    return sorted(run.info.run_name for run in runs)


def without_tracking(folder, root, play_it=play):
    tracking = Tracking(TrackingConfig(enabled=False), root)
    play_it(tracking, folder)
    assert tracking.run_id() is None


def test_a_run_that_was_not_tracked_is_sent_later_and_once(tmp_path, root):
    without_tracking(tmp_path, root)
    store = store_of(root, "later")
    assert send(tmp_path, store)
    sent = everything(root, "later")
    assert names(root, "later") == [TITLE, *CHILDREN]
    assert not send(tmp_path, store)
    assert everything(root, "later") == sent


def test_later_is_as_good_as_at_once(tmp_path, root):
    play(Tracking(TrackingConfig(experiment="at once"), root), tmp_path / "a")
    without_tracking(tmp_path / "b", root)
    send(tmp_path / "b", store_of(root, "after"))

    def told(experiment):
        found = []
        for entry in everything(root, experiment).values():
            if isinstance(entry, tuple):
                data = entry[0]["data"]
                found.append((entry[0]["info"]["status"], data["params"], sorted(data["tags"]), *entry[1:]))
        return sorted(found, key=str)

    assert told("at once") == told("after")


def test_what_was_sent_at_once_is_not_sent_again(tmp_path, root):
    play(Tracking(TrackingConfig(experiment="live"), root), tmp_path)
    assert not send(tmp_path, store_of(root, "live"))


def test_a_report_made_anew_is_sent(tmp_path, root):
    without_tracking(tmp_path, root)
    store = store_of(root, "anew")
    send(tmp_path, store)
    before = names(root, "anew")
    (tmp_path / "report.html").write_text("<p>new</p>")
    assert send(tmp_path, store)
    assert names(root, "anew") == before
    client = client_of(root)
    [parent] = client.search_runs([client.get_experiment_by_name("anew").experiment_id], "tags.decision = 'NO-GO'")
    assert "report.html" in {file.path for file in client.list_artifacts(parent.info.run_id)}


@pytest.mark.parametrize("call", ["create_run", "log_batch", "log_inputs", "set_terminated", "log_artifact"])
def test_a_store_that_fails_after_it_has_written_gets_nothing_twice(tmp_path, root, monkeypatch, call):
    from mlflow import MlflowClient

    real, chance = getattr(MlflowClient, call), Random(0)

    def answers_too_late(self, *arguments, **named):
        answer = real(self, *arguments, **named)
        if chance.random() < 1 / 3:  # by chance: each third could be the same one in each attempt
            raise TimeoutError("read timed out")
        return answer

    monkeypatch.setattr(MlflowClient, call, answers_too_late)
    tracking = Tracking(TrackingConfig(experiment=call), root)
    play(tracking, tmp_path)
    for _ in range(20):
        try:
            send(tmp_path, store_of(root, call))
        except NotSentError:
            continue
        break
    assert names(root, call) == [TITLE, *CHILDREN]
    for content in everything(root, call).values():
        if isinstance(content, tuple):
            run, lengths, _ = content
            assert run["info"]["status"] in ("FINISHED", "FAILED")
            assert all(count == 1 for key, count in lengths.items() if "." not in key and key not in MANY), lengths


@pytest.mark.parametrize("call", ["log_outputs", "log_model_artifacts", "finalize_logged_model"])
def test_a_model_of_which_a_part_was_sent_is_completed(tmp_path, root, monkeypatch, call):
    from mlflow import MlflowClient

    real = getattr(MlflowClient, call)

    def killed_afterwards(self, *arguments, **named):
        real(self, *arguments, **named)
        raise TimeoutError("read timed out")

    without_tracking(tmp_path, root)
    with monkeypatch.context() as patch:
        patch.setattr(MlflowClient, call, killed_afterwards)
        with pytest.raises(NotSentError, match="the model"):
            send(tmp_path, store_of(root, call))
    assert send(tmp_path, store_of(root, call))
    client = client_of(root)
    [model] = client.search_logged_models([client.get_experiment_by_name(call).experiment_id])
    assert str(model.status) == "READY"
    assert "MLmodel" in {file.path for file in client.list_logged_model_artifacts(model.model_id)}


MANY = ("fold_score", "score", "best_score", "cpu_seconds")  # a step a fold or a trial


def test_a_run_that_was_killed_is_sent_as_far_as_it_came(tmp_path, root):
    tracking = Tracking(TrackingConfig(enabled=False), root)
    start(tracking, tmp_path)
    climb(tracking)
    tracking._outbox.close()  # as the end of its process does
    store = store_of(root, "killed")
    assert send(tmp_path, store)
    assert names(root, "killed") == ["dummy", "logistic", "net", "search", "stopped · adult", "svm"]
    assert not send(tmp_path, store)
    resumed = Tracking(TrackingConfig(experiment="killed"), root)
    play(resumed, tmp_path)
    assert names(root, "killed") == [TITLE, *CHILDREN]


def test_a_run_at_work_is_left_alone(tmp_path, root):
    box = Outbox(tmp_path)
    with pytest.raises(UserError, match="still at work"):
        send(tmp_path, store_of(root, "busy"))
    box.close()


def test_a_dead_server_keeps_everything(tmp_path, root, monkeypatch):
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    without_tracking(tmp_path, root)
    before = (tmp_path / OUTBOX).read_bytes()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(NotSentError, match="did not answer"):
        send(tmp_path, Store(f"http://me:secret@127.0.0.1:{port}", "runner"))
    assert (tmp_path / OUTBOX).read_bytes() == before


def test_a_database_that_cannot_be_opened_is_given_up_at_once(tmp_path, root, monkeypatch):
    waits = []
    without_tracking(tmp_path, root)
    (tmp_path / "folder.db").mkdir()
    monkeypatch.setattr("time.sleep", waits.append)
    with pytest.raises(NotSentError, match=r"did not answer \(OperationalError: unable to open database file\)"):
        send(tmp_path, Store(f"sqlite:///{tmp_path / 'folder.db'}", "runner"))
    assert waits == []


def test_the_champion_is_registered_once_with_its_verdict(tmp_path, root):
    without_tracking(tmp_path, root)
    store = store_of(root, "registry", register="income")
    assert send(tmp_path, store)
    (tmp_path / "report.html").write_text("new")
    assert send(tmp_path, store)
    client = client_of(root)
    [version] = client.search_model_versions("name='income'")
    assert (version.tags["decision"], version.tags["candidate"]) == ("NO-GO", "logistic")
    assert version.description == VERDICT.sentence
    assert client.get_model_version_by_alias("income", "champion").version == version.version
    assert client.get_run(version.run_id).data.tags["registered_model"] == f"income version {version.version}"


def test_what_took_the_place_of_the_kept_model_goes_by_its_own_name_and_is_no_champion(tmp_path, root):
    def play_short_of_time(tracking, folder):
        dataset = start(tracking, folder)
        climb(tracking)
        write_folder(folder, dataset)
        tracking.hear(VerdictReached(VERDICT, folder, Costs(13.0, 1.5, 100.0), -0.6, "stump"))
        tracking.close()

    without_tracking(tmp_path, root, play_short_of_time)
    send(tmp_path, store_of(root, "short", register="in-place"))
    [version] = client_of(root).search_model_versions("name='in-place'")
    assert (version.tags["cheap_champion"], version.tags["candidate"]) == ("logistic", "stump")
    assert client_of(root).get_registered_model("in-place").aliases == {}


def test_an_older_run_does_not_take_the_alias_back(tmp_path, root):
    store = store_of(root, "aliases", register="aliased")
    for name in ("first", "second"):
        without_tracking(tmp_path / name, root)
        send(tmp_path / name, store)
    (tmp_path / "first" / "report.html").write_text("new")
    assert send(tmp_path / "first", store)
    assert int(client_of(root).get_model_version_by_alias("aliased", "champion").version) == 2


def test_passwords_in_files_stay_here(tmp_path, root):
    def play_with_password(tracking, folder):
        dataset = start(tracking, folder)
        climb(tracking)
        write_folder(folder, dataset)
        (folder / "config.yaml").write_text("path: https://me:secret@example.org/t.csv\n")
        tracking.hear(VerdictReached(VERDICT, folder, Costs(13.0, 1.5, 100.0)))
        tracking.close()

    without_tracking(tmp_path, root, play_with_password)
    send(tmp_path, store_of(root, "passwords"))
    client = client_of(root)
    [parent] = client.search_runs([client.get_experiment_by_name("passwords").experiment_id], "tags.decision = 'NO-GO'")
    place = Path(parent.info.artifact_uri.removeprefix("file://"))
    assert (place / "config.yaml").read_text() == "path: https://example.org/t.csv\n"
    assert "secret" not in json.dumps(parent.to_dictionary())
