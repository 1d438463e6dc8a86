"""What can be gone on with, and what cannot; the way on after a kill is in test_run.py."""

from pathlib import Path

import pytest
from omegaconf import OmegaConf

from runner.commands import resume
from runner.config import Config, compose
from runner.errors import UserError


def test_a_finished_run_is_left_as_it_is(finished, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.stat().st_mtime_ns for path in finished.folder.rglob("*")}
    assert resume.main([str(finished.folder)]) == 0
    assert "is finished" in capsys.readouterr().out
    assert {path: path.stat().st_mtime_ns for path in finished.folder.rglob("*")} == before


@pytest.mark.parametrize("exists", [True, False])
def test_a_folder_without_a_run_is_named(tmp_path: Path, exists: bool) -> None:
    folder = tmp_path / "runs"
    if exists:
        folder.mkdir()
    with pytest.raises(UserError, match="holds no run") as caught:
        resume.main([str(folder)])
    assert str(folder) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_config_of_a_run_is_read_back_as_it_was(finished, small) -> None:
    stored = OmegaConf.merge(OmegaConf.structured(Config), OmegaConf.load(finished.folder / "config.yaml"))
    config = compose.typed(stored)
    assert config == finished.events[0].config
    assert config.ladder == small("dataset=credit-g").ladder


@pytest.mark.parametrize("text", ["seed: [", "seed: many\n", "colour: red\n", "", "- a\n", "\x00"])
def test_a_config_that_was_spoilt_is_named(tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "config.yaml").write_text(text)
    assert resume.main([str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert not (tmp_path / "traceback.txt").exists()


@pytest.mark.slow
def test_a_run_of_a_frame_says_that_its_table_is_gone(finished, tmp_path: Path, capsys) -> None:
    text = (finished.folder / "config.yaml").read_text()
    config = OmegaConf.create(text)
    config.dataset.path = "frame"
    (tmp_path / "config.yaml").write_text(OmegaConf.to_yaml(config))
    assert resume.main([str(tmp_path)]) == 2
    assert "'frame'" in capsys.readouterr().err
