"""Whatever goes wrong is one sentence, with the exit code that says whose fault it is."""

import errno
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from runner.errors import UserError, exit_code_of, first_line, in_a_line

FULL = OSError(errno.ENOSPC, "No space left on device", "runs/mlflow.db")


def raising(error: Exception) -> Callable[[], int]:
    def work() -> NoReturn:
        raise error

    return work


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (UserError("There is no table 'x'."), 2, "runner: There is no table 'x'.\n"),
        (FULL, 2, "'runs/mlflow.db' cannot be used (No space left on device): make room"),
        (OSError(errno.ENOSPC, "No space left on device"), 2, "A file could not be written (No space left on device)"),
        (PermissionError(errno.EACCES, "Permission denied", "runs"), 2, "'runs' cannot be used (Permission denied)"),
        (NotADirectoryError(errno.ENOTDIR, "Not a directory", "runs/x"), 2, "'runs/x' cannot be used"),
        (ConnectionResetError(errno.ECONNRESET, "reset"), 1, "ConnectionResetError"),
        (KeyError("y"), 1, "KeyError: 'y'"),
    ],
)
def test_a_fault_is_one_sentence_and_a_code(
    error: Exception, code: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code_of(raising(error), tmp_path) == code
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1
    assert (tmp_path / "traceback.txt").exists() == (code == 1)


def test_work_that_went_well_keeps_its_code(tmp_path: Path) -> None:
    assert exit_code_of(lambda: 3, tmp_path) == 3


def test_a_fault_whose_traceback_finds_no_room_is_a_sentence_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(path: Path, _text: str, **_options: str) -> NoReturn:
        path.touch()
        raise FULL

    monkeypatch.setattr(Path, "write_text", full)
    assert exit_code_of(raising(ValueError("odd")), tmp_path) == 1
    assert "ValueError: odd" in capsys.readouterr().err
    assert not [*tmp_path.iterdir()]


def test_without_a_folder_a_fault_of_ours_is_raised() -> None:
    with pytest.raises(ValueError, match="odd"):
        exit_code_of(raising(ValueError("odd")))


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ValueError("one\ntwo"), "ValueError: one"),
        (KeyError(), "KeyError"),
        (ValueError("\n  \n after"), "ValueError: after"),
        (ValueError("x" * 500), "ValueError: " + "x" * 185 + "..."),
        (UserError("no column is left."), "no column is left."),
    ],
)
def test_an_error_is_told_in_one_short_line(error: Exception, text: str) -> None:
    assert in_a_line(error) == text


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ValueError("  one.\ntwo"), "one"),
        (KeyError(), "KeyError"),
        (ValueError("x" * 500), "x" * 200),
    ],
)
def test_what_an_error_says_is_part_of_a_sentence(error: Exception, text: str) -> None:
    assert first_line(error) == text
