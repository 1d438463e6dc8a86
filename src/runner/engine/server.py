"""The server that workers are forked from: a process that has loaded the libraries once.

On the command line it is forked in its turn from the run's own process, so that the two share the memory of what both
have loaded. Where that is not safe it is a new Python, which loads everything for itself.
"""

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from importlib import import_module
from multiprocessing import util
from pathlib import Path
from typing import Any

from runner.loading import one_thread, uncollected

OF_BOTH = ("sklearn.ensemble", "jinja2")  # what the run loads late, and its server at once


def context() -> Any:
    """Return the multiprocessing context: forkserver where there is one, else spawn."""
    methods = multiprocessing.get_all_start_methods()
    return multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")


def warm(*, fork: bool = False) -> None:
    """Start the server; it loads what workers need while the table is read.

    Parameters
    ----------
    fork : bool
        Whether the server may be forked from this process, if that is safe. It keeps what this process has in memory
        for as long as it lives: that should be the libraries, and no table yet.
    """
    ours = context()
    if ours.get_start_method() == "forkserver":
        from multiprocessing import forkserver

        ours.set_forkserver_preload(["runner.worker"])
        with one_thread(), _forking() if fork and _is_safe_to_fork() else nullcontext():
            try:
                forkserver.ensure_running()
            except ChildProcessError:  # it is the server of the process that this one was forked from
                forkserver._forkserver._forkserver_pid = None  # type: ignore[attr-defined]
                forkserver.ensure_running()


def cool() -> None:
    """End the server, and free its memory, as nothing more will be computed; what was forked from it goes on."""
    if context().get_start_method() == "forkserver":
        from multiprocessing import forkserver

        server: Any = forkserver._forkserver
        number = server._forkserver_pid
        with suppress(ChildProcessError):  # it is gone, or that of the process that this one was forked from
            if number is not None and os.waitpid(number, os.WNOHANG) == (0, 0):
                os.kill(number, signal.SIGTERM)  # by itself it would wait for what it has forked
                server._stop()


def _is_safe_to_fork() -> bool:
    """Tell whether no other thread may hold a lock now; on macOS, the system's own libraries have such threads."""
    return sys.platform == "linux" and threading.active_count() == 1


@contextmanager
def _forking() -> Iterator[None]:
    """Have multiprocessing fork its server where it would start a new Python; if it does not ask here, it does that."""
    start = util.spawnv_passfds

    def fork_or_start(path: Any, args: Sequence[Any], passfds: Sequence[int]) -> int:
        code = str(args[-1])
        return _forked(code, passfds) if "multiprocessing.forkserver" in code else start(path, args, passfds)

    util.spawnv_passfds = fork_or_start
    try:
        yield
    finally:
        util.spawnv_passfds = start


def _forked(code: str, files: Iterable[int]) -> int:
    """Run code in a fork of this process that has only the given files open; return its number."""
    with uncollected():
        for name in OF_BOTH:
            import_module(name)
    sys.stdout.flush()  # else the fork would write it again
    sys.stderr.flush()
    gc.freeze()  # neither process's collector need look at what they share, nor copy its pages by doing so
    if number := os.fork():
        return number
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        _let_go_of_files({0, 1, 2, *files})
        from multiprocessing import forkserver

        forkserver._forkserver._lock = threading.Lock()  # type: ignore[attr-defined]  # it was taken for the fork
        exec(code, {})
    except Exception:  # as a new Python would tell
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(0)


def _let_go_of_files(others: set[int]) -> None:
    """Close all files but some others; their numbers stay taken, as objects may be left here that would close them."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in {int(path.name) for path in Path("/proc/self/fd").iterdir()} - others:
        os.dup2(nowhere, number)
