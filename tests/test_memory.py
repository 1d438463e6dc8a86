"""What a finished search leaves, and what is learned from it."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from runner.commands import track
from runner.commands.learn import main
from runner.config import TrackingConfig
from runner.errors import UserError
from runner.folders import MEMORY
from runner.listeners.tracking import Tracking
from runner.memory import looks_before, recalled
from runner.prior import learned, past_searches
from runner.prior.team import Remembered, accuracy


def write(folder: Path, number: int, gain: float) -> None:
    run = folder / f"table{number}" / "night"
    run.mkdir(parents=True)
    search = {"gain": gain, "standard_error": 0.005, "losses": [0.5, None, 0.45, 0.47]}
    content = {"schema_version": 1, "project": f"table{number}", "fingerprint": f"{number:012d}", "search": search}
    (run / MEMORY).write_text(json.dumps(content))


def test_a_finished_search_leaves_figures_and_no_values(finished: Any) -> None:
    content = json.loads((finished.folder / MEMORY).read_text())
    verdict = finished.content
    assert content["search"]["gain"] == pytest.approx(verdict["skill"]["estimate"])
    assert len(content["search"]["losses"]) == verdict["search"]["trials"]
    assert verdict["dataset"]["target"] not in json.dumps(content).split('"')
    assert recalled([json.dumps(content)])[0].standard_error > 0


def test_other_searches_of_a_table_are_looks_and_the_same_one_again_is_none(tmp_path: Path) -> None:
    def leave(run: str, gain: float, fingerprint: str = "0" * 12) -> dict[str, Any]:
        search = {"gain": gain, "standard_error": 0.005, "losses": [0.5, None]}
        content = {"schema_version": 1, "project": "t", "fingerprint": fingerprint, "search": search}
        (tmp_path / run).mkdir()
        (tmp_path / run / MEMORY).write_text(json.dumps(content))
        return content

    ours = leave("now", 0.02)
    assert looks_before(ours, tmp_path / "now") == 0
    leave("same", 0.02)
    leave("another-table", 0.03, "1" * 12)
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / MEMORY).write_text("{")
    assert looks_before(ours, tmp_path / "now") == 0
    leave("first", -0.01)
    leave("first-again", -0.01)
    leave("second", 0.004)
    assert looks_before(ours, tmp_path / "now") == 2


def test_a_team_unlike_those_that_ship_gets_a_prior_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(8):
        write(tmp_path, number, 0.08 + 0.001 * number)
    out = tmp_path / "prior.json"
    assert main([str(tmp_path), "--out", str(out)]) == 0
    assert "your team's prior will be used" in capsys.readouterr().out
    past = past_searches(str(out))
    assert "your team's in 8 projects" in past.whose
    assert past_searches(str(out)) is past  # whose spreads are not computed again for each gate
    assert past.weights @ past.capped[:, 3] > past_searches().weights @ past_searches().capped[:, 3] + 0.01
    first = out.read_text()
    main([str(tmp_path), "--out", str(out)])
    assert out.read_text() == first
    write(tmp_path, 8, 0.088)
    main([str(tmp_path), "--out", str(out)])
    assert "your team's in 9 projects" in past_searches(str(out)).whose  # in one process, as in a notebook


def test_a_prior_may_be_in_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(8):
        write(tmp_path, number, 0.08 + 0.001 * number)
    main([str(tmp_path), "--out", str(tmp_path / "prior.json")])
    monkeypatch.setenv("HOME", str(tmp_path))
    assert "your team's in 8 projects" in past_searches("~/prior.json").whose


def test_what_was_gained_on_the_very_table_is_not_among_what_its_gate_expects(tmp_path: Path) -> None:
    for number in range(8):
        write(tmp_path, number, 0.08 + 0.001 * number)
    out = tmp_path / "prior.json"
    main([str(tmp_path), "--out", str(out)])
    past = past_searches(str(out), f"{3:012d}" + 52 * "f")
    assert "your team's in 7 projects" in past.whose
    assert set(past_searches(str(out)).tables) - set(past.tables) == {"team: table3"}


def test_where_it_forecasts_no_better_the_one_that_ships_speaks(tmp_path: Path) -> None:
    one = Remembered("a", 0.0, 0.01, (0.5, 0.4))
    out = tmp_path / "prior.json"
    out.write_text(json.dumps(learned([one], accuracy(past_searches(), [one]))))
    assert past_searches(str(out)).tables == past_searches().tables
    assert past_searches(str(out)).whose == past_searches().whose


@pytest.mark.parametrize("text", [None, "", "{}", '{"schema_version": 9, "searches": []}'])
def test_a_prior_that_is_none_is_refused_in_one_sentence(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "prior.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(UserError, match="runner learn"):
        past_searches(str(path))


def test_without_a_search_there_is_nothing_to_learn(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="No finished search was found"):
        main([str(tmp_path), "--out", str(tmp_path / "prior.json")])


@pytest.mark.parametrize(("out", "part"), [("nowhere/prior.json", "there is no folder"), (".", "is a folder")])
def test_a_place_where_nothing_can_be_written_is_refused(tmp_path: Path, out: str, part: str) -> None:
    write(tmp_path, 1, 0.05)
    with pytest.raises(UserError, match=part):
        main([str(tmp_path), "--out", str(tmp_path / out)])


def test_a_copy_among_the_artifacts_of_mlflow_counts_once(tmp_path: Path) -> None:
    write(tmp_path / "runs", 1, 0.05)
    copy = tmp_path / "runs" / "mlartifacts" / "1" / "artifacts"
    copy.mkdir(parents=True)
    (copy / MEMORY).write_text((tmp_path / "runs" / "table1" / "night" / MEMORY).read_text())
    assert main([str(tmp_path), "--out", str(tmp_path / "prior.json")]) == 0
    assert len(json.loads((tmp_path / "prior.json").read_text())["searches"]) == 1


@pytest.mark.parametrize("text", ['{"schema_version": 1, "pro', "[]", "7", '{"schema_version": 1}', "\xff", ""])
def test_a_file_that_is_none_of_ours_costs_the_others_nothing(tmp_path: Path, text: str) -> None:
    write(tmp_path / "my=runs", 1, 0.05)
    (tmp_path / "my=runs" / MEMORY).write_text(text, encoding="latin-1")
    assert main([str(tmp_path / "my=runs"), "--out", str(tmp_path / "prior.json")]) == 0
    assert len(json.loads((tmp_path / "prior.json").read_text())["searches"]) == 1


@pytest.mark.slow
def test_a_history_in_mlflow_tells_the_same_as_the_folders(finished: Any, tmp_path: Path) -> None:
    folder, store = tmp_path / "runs" / "credit-g" / "night", f"tracking.uri=sqlite:///{tmp_path}/mlflow.db"
    shutil.copytree(finished.folder, folder)
    started, *later = finished.events
    tracking = Tracking(TrackingConfig(enabled=False), tmp_path / "runs")
    for event in (replace(started, folder=folder), *later):
        tracking.hear(event)
    tracking.close()
    assert track.main([str(folder), "tracking=local", store]) == 0
    priors = [tmp_path / "folders.json", tmp_path / "mlflow.json"]
    assert main([str(folder), "--out", str(priors[0])]) == 0
    assert main(["tracking=local", store, "--out", str(priors[1])]) == 0
    assert priors[0].read_text() == priors[1].read_text()
    assert len(json.loads(priors[1].read_text())["searches"]) == 1


@pytest.mark.parametrize("word", ["tracking.uri=sqlite:///{folder}/none.db", "tracking.experiment=none"])
def test_a_store_that_is_not_there_is_not_made(tmp_path: Path, word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    with pytest.raises(UserError, match="No finished search was found"):
        main([word.format(folder=tmp_path), "--out", "prior.json"])
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_is_down_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with pytest.raises(UserError, match=r"history could not be read .*: check tracking\.uri"):
        main(["tracking.uri=http://me:secret@127.0.0.1:9", "--out", str(tmp_path / "prior.json")])
