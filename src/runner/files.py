"""Files that are written completely or not at all, and locks on them."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from runner.errors import UserError


@contextlib.contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give a path to write to; it becomes `path` if all went well and is removed otherwise."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        yield partial
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a text file, completely or not at all."""
    with whole(path) as partial:
        partial.write_text(text, encoding="utf-8")


@contextlib.contextmanager
def holding(place: Path, folder: Path, *, wait: bool = False) -> Iterator[None]:
    """Lock a file within a folder, or the folder itself, as `hold` does."""
    file = os.open(place, os.O_RDONLY)
    try:
        hold(file, folder, wait=wait)
        yield
    finally:
        os.close(file)


def hold(file: int, folder: Path, *, wait: bool = False) -> None:
    """Lock an open file for this process for as long as the file is open.

    Parameters
    ----------
    wait : bool
        Whether to wait until another process that has locked it lets go.

    Raises
    ------
    UserError
        If another process has locked it.
    """
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        raise UserError(f"{str(folder)!r} is still at work or being sent: wait for that process to end.") from None
    except OSError:  # a file system without locks
        return
