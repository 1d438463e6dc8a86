"""Errors as one sentence for a person, with the matching exit code."""

import errno
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from runner.errors import UserError
from runner.folders import TRACEBACK

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


def _say(sentence: str, code: int) -> int:
    print(f"runner: {sentence}", file=sys.stderr)
    return code


def _fault(error: Exception, folder: Path) -> int:
    """Keep the traceback in a file; if even that cannot be written, the sentence has to suffice."""
    path = folder / TRACEBACK
    try:
        path.write_text(traceback.format_exc())
        where = f"the traceback is in {path}"
    except OSError as refused:
        path.unlink(missing_ok=True)
        where = f"its traceback could not be kept ({refused.strerror})"
    return _say(f"the run failed ({type(error).__name__}: {error}); {where}.", 1)
