"""The error for a user's mistake, and every error as a sentence for a person, with the matching exit code."""

import errno
import sys
import traceback
from collections.abc import Callable, Collection
from pathlib import Path

from runner.folders import TRACEBACK

MOST_NAMES = 20  # in one sentence
MOST_LETTERS = 200  # quoted from an error
OF_THE_DISK = {
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EROFS,
    errno.EFBIG,
    errno.EACCES,
    errno.EPERM,
    errno.EIO,
    errno.EEXIST,
    errno.ENOTDIR,
}


class UserError(Exception):
    """Bad data or config: one sentence that names the thing, the value and the way out (exit code 2)."""


def nearest(word: str, known: Collection[str], *, tail: bool = False) -> str:
    """Return a hint with the known names most similar to `word`, or with all of them if none is similar.

    Parameters
    ----------
    tail : bool
        Compare with the part after the last dot only.
    """
    import difflib

    ends = {(name.rpartition(".")[2] if tail else name).lower(): name for name in known}
    close = difflib.get_close_matches(word.lower(), ends, n=3, cutoff=0.6)
    if close:
        return "did you mean " + " or ".join(repr(ends[end]) for end in close) + "?"
    shown = [name if name.isprintable() and len(name) <= 60 else repr(name)[:60] for name in sorted(known)[:MOST_NAMES]]
    more = f" and {len(known) - MOST_NAMES:,} more" if len(known) > MOST_NAMES else ""
    return f"known are {', '.join(shown)}{more}."


def check_known(key: str, value: str, known: Collection[str]) -> None:
    """Refuse the value of a config key if it is none of those that are known.

    Raises
    ------
    UserError
        With the nearest of them.
    """
    if value not in known:
        raise UserError(f"{key}={value!r}: {nearest(value, known)}")


def first_line(error: BaseException) -> str:
    """Return the first line of another library's error message, to be part of a sentence."""
    return _first_line(error).rstrip(".")[:MOST_LETTERS] or type(error).__name__


def in_a_line(error: BaseException) -> str:
    """Return an error, short enough for a table: its class and the first line, or the sentence of a user's mistake."""
    if isinstance(error, UserError):
        return str(error)
    line = f"{type(error).__name__}: {_first_line(error)}".removesuffix(": ")
    return line if len(line) <= MOST_LETTERS else f"{line[: MOST_LETTERS - 3]}..."


def exit_code_of(work: Callable[[], int], folder: Path | None = None) -> int:
    """Call `work` and return its exit code; an error becomes a sentence on stderr and an exit code of its own.

    Parameters
    ----------
    folder : Path, optional
        The run's folder, where the traceback of an unexpected error is kept; without it, such an error is raised.

    Returns
    -------
    int
        What `work` returned; 2 when the data, the config or the disk is at fault; 1 for unexpected errors.
    """
    try:
        return work()
    except UserError as error:
        return _say(str(error), 2)
    except Exception as error:
        if isinstance(error, OSError) and error.errno in OF_THE_DISK:
            return _say(sentence_of(error), 2)
        if folder is None:
            raise
        return _fault(error, folder)


def unwritable(path: Path, error: OSError, way_out: str) -> UserError:
    """Return the sentence for a file that could not be written."""
    return UserError(f"{str(path)!r} could not be written ({error.strerror or error}): {way_out}")


def sentence_of(error: OSError) -> str:
    """Say what the disk refused, and where if that is known."""
    where = f"{str(error.filename)!r} cannot be used" if error.filename else "A file could not be written"
    return f"{where} ({error.strerror or error}): make room, or give a folder that you may write to."


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0].rstrip()


def _say(sentence: str, code: int) -> int:
    print(f"runner: {sentence}", file=sys.stderr)
    return code


def _fault(error: Exception, folder: Path) -> int:
    """Keep the traceback in a file; if even that cannot be written, the sentence has to suffice."""
    path = folder / TRACEBACK
    try:
        path.write_text(traceback.format_exc(), encoding="utf-8")
        where = f"the traceback is in {path}"
    except OSError as refused:
        path.unlink(missing_ok=True)
        where = f"its traceback could not be kept ({refused.strerror})"
    return _say(f"the run failed ({type(error).__name__}: {error}); {where}.", 1)
