from pathlib import Path

import pytest

from runner.commands.track import main, tracking
from runner.errors import UserError
from runner.listeners.outbox import RUN, Outbox, Step


def test_a_folder_without_a_run_is_refused(tmp_path):
    with pytest.raises(UserError, match=r"holds no outbox\.jsonl"):
        main([str(tmp_path)])


def test_what_is_no_run_and_a_run_at_work_keep_no_other_from_being_sent(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    folders = [Path(name) for name in ("at-work", "mlartifacts", "other")]
    for folder in (folders[0], folders[2]):
        folder.mkdir()
        (folder / "config.yaml").write_text("tracking: {}\n")
        Outbox(folder).add(Step(RUN, 1.0, {}))

    def send(folder, _store):
        if folder.name == "at-work":
            raise UserError("it is at work")
        return True

    monkeypatch.setattr("runner.listeners.sending.send", send)
    assert main([*map(str, folders), "tracking.uri=http://team:5000"]) == 2
    told = capsys.readouterr()
    assert "other was sent to http://team:5000" in told.out
    assert "it is at work" in told.err
    assert "left out, as they hold no outbox.jsonl: 'mlartifacts'." in told.err


def test_no_folder_is_refused():
    with pytest.raises(UserError, match="No run is given"):
        main(["tracking=local"])


def test_what_is_not_about_tracking_is_refused(tmp_path):
    Outbox(tmp_path).add(Step(RUN, 1.0, {}))
    with pytest.raises(UserError, match="'seed=1' is not about tracking"):
        main([str(tmp_path), "seed=1"])


def test_the_run_own_tracking_is_used_unless_another_is_named(tmp_path):
    (tmp_path / "config.yaml").write_text(
        "tracking: {enabled: false, uri: 'http://team:5000', experiment: its own, register: null}\n"
    )
    assert (tracking(tmp_path, []).uri, tracking(tmp_path, []).experiment) == ("http://team:5000", "its own")
    assert tracking(tmp_path, ["tracking.register=credit"]).register == "credit"
    named = tracking(tmp_path, ["tracking=server", "tracking.experiment=theirs"])
    assert (named.uri, named.experiment) == ("http://127.0.0.1:5000", "theirs")
