"""Files that are written completely or not at all, files that grow line by line, and locks on them."""

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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
    write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file, completely or not at all."""
    with whole(path) as partial:
        partial.write_bytes(content)


def check_place(option: str, path: Path) -> None:
    """Refuse a file that cannot be where an option names it, before there is anything to write.

    Raises
    ------
    UserError
        If there is no such folder, or the path is a folder itself.
    """
    if not path.resolve().parent.is_dir():
        raise UserError(f"{option}{str(path)!r}: there is no folder {str(path.parent)!r}.")
    if path.is_dir():
        raise UserError(f"{option}{str(path)!r} is a folder: name a file in it.")


def as_line(content: dict[str, Any]) -> str:
    """Write an object as a line to append; it begins with its line break, and so ends one that a kill has cut off."""
    return "\n" + json.dumps(content, ensure_ascii=False, allow_nan=False)


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Return the objects of a file that grows, one a line, without those that were cut off or are not ours."""
    found = []
    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    for line in text.split("\n"):  # `splitlines` would also split at U+2028 and others in the JSON text
        with contextlib.suppress(ValueError):
            found.append(json.loads(line))
    return [content for content in found if isinstance(content, dict)]


@contextlib.contextmanager
def holding(place: Path, folder: Path, *, wait: bool = False) -> Iterator[bool]:
    """Lock a file within a folder, or the folder itself, as `hold` does; give what that returns."""
    file = os.open(place, os.O_RDONLY)
    try:
        yield hold(file, folder, wait=wait)
    finally:
        os.close(file)


def hold(file: int, folder: Path, *, wait: bool = False) -> bool:
    """Lock an open file for this process for as long as the file is open.

    Parameters
    ----------
    wait : bool
        Whether to wait until another process that has locked it lets go.

    Returns
    -------
    bool
        False where locks tell nothing of other processes, as the file system has none.

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
    except OSError:  # such as NFS, which locks no folders
        return False
    return True
