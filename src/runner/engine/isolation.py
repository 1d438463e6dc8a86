"""One call in a process of its own, with a deadline and a memory limit.

A fit cannot be stopped from inside, and a crash in native code kills its whole process. So every call gets a process
of its own, forked within milliseconds from a server that has imported the libraries once, and is killed from outside
when it takes too much.
"""

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, Any

from runner.costs import Costs
from runner.engine.calls import Call, Outcome, SecondsLeft, Shared
from runner.engine.room import Room
from runner.engine.server import context
from runner.errors import in_a_line
from runner.evaluation import Status
from runner.stopwatch import cpu_seconds_of
from runner.words import duration

if TYPE_CHECKING:
    import psutil

_START = threading.Lock()
_POLL_SECONDS = 0.05


def start(function: Callable[..., None], sender: Connection, *arguments: Any, niceness: int = 0) -> Any:
    """Start a process that calls a function, and return it; `sender`, its first argument, is closed here.

    Parameters
    ----------
    niceness : int
        Added to that of this process, so that it gives way to others.
    """
    process = context().Process(target=_alone, args=(function, niceness, sender, *arguments), daemon=True)
    with _START, _hidden_main(), _with_children():
        process.start()
    sender.close()
    return process


def isolated(call: Call, deadline: float, memory_bytes: int, room: Room) -> Outcome:
    """Run one call in a process of its own; kill the process at the deadline or the memory limit.

    Parameters
    ----------
    deadline : float
        On the clock of `time.monotonic`.
    memory_bytes : int
        Resident memory that the call may take.
    room : Room
        The memory that it shares with the other calls.
    """
    import psutil

    if time.monotonic() >= deadline:
        return Outcome(Status.SKIPPED, reason="no time was left to begin.")
    receiver, sender = context().Pipe(duplex=False)
    begun = time.monotonic()
    try:
        process = _started(sender, call, deadline - begun)
    except (EOFError, OSError) as error:
        receiver.close()
        sender.close()
        return Outcome(Status.OUT_OF_MEMORY, reason=f"no process could be started for it ({in_a_line(error)}).")
    cpu_seconds, peak = 0.0, 0
    ended: Outcome | None = None
    with contextlib.suppress(psutil.NoSuchProcess):  # it may be done before it is watched
        watched = psutil.Process(process.pid)
        shared = _resident(watched.parent())  # with the server that it was forked from
        while not ended and not receiver.poll(_POLL_SECONDS):
            resident = watched.memory_info().rss
            cpu_seconds, peak = cpu_seconds_of(watched), max(peak, resident)
            if resident > memory_bytes:
                ended = _out_of_memory("it", memory_bytes)
            elif room.has_to_go(process.pid, max(resident - shared, 0)):
                ended = _out_of_memory("everything that ran at once", room.most, ", and it took the most")
            elif time.monotonic() >= deadline:
                ended = Outcome(Status.TIMED_OUT, reason=f"stopped after {duration(time.monotonic() - begun)}.")
        if ended:
            started = watched.children(recursive=True)
            cpu_seconds += sum(map(cpu_seconds_of, started))
            _kill(*started, watched)  # what it started goes with it
    outcome = ended or _received(receiver, process)
    process.join()
    room.leave(process.pid)
    receiver.close()
    if outcome.value is None:
        wall = time.monotonic() - begun
        return Outcome(outcome.status, None, outcome.reason, Costs(cpu_seconds, wall, peak / 2**20))
    return outcome


def _started(sender: Connection, call: Call, seconds: float) -> Any:
    """Start the process of a call; where that fails as the server is gone, a second try starts another server."""
    try:
        return start(_work, sender, call, seconds)
    except (EOFError, OSError):
        return start(_work, sender, call, seconds)


def _out_of_memory(what: str, most: float, more: str = "") -> Outcome:
    return Outcome(Status.OUT_OF_MEMORY, reason=f"{what} took more than {most / 2**30:.3g} GB of memory{more}.")


def _kill(*processes: "psutil.Process") -> None:
    """Kill processes; ignore those that have ended by themselves."""
    import psutil

    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()


def _resident(process: "psutil.Process | None") -> int:
    """Return the resident bytes of a process; 0 if it is gone."""
    import psutil

    try:
        return int(process.memory_info().rss) if process else 0
    except psutil.NoSuchProcess:
        return 0


def _received(receiver: Connection, process: Any) -> Outcome:
    """Return what the process sent, or say how it died if it sent nothing."""
    try:
        outcome = receiver.recv()
    except (EOFError, OSError):
        wait([process.sentinel])
        with _START:  # starting a process also reaps ended ones; if two threads reap the same one, one of them gets 255
            process.join()
        code = process.exitcode or 0
        cause = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        return Outcome(Status.FAILED, reason=f"its process died ({cause}).")
    assert isinstance(outcome, Outcome)
    return outcome


def _alone(function: Callable[..., None], niceness: int, *arguments: Any) -> None:
    """Run in the child: without output, and gone when the run is."""
    os.nice(niceness)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent answers Ctrl-C
    threading.Thread(target=_end_with_the_run, daemon=True).start()
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    function(*arguments)


def _work(sender: Connection, call: Call, seconds: float) -> None:
    """Run in the child: send the value, or the error as a sentence."""
    try:
        outcome = Outcome(Status.OK, call.function(*(_argument(item, seconds) for item in call.arguments)))
    except MemoryError:
        outcome = Outcome(Status.OUT_OF_MEMORY, reason="it could not get the memory it asked for.")
    except Exception as error:
        outcome = Outcome(Status.FAILED, reason=in_a_line(error))
    sender.send(outcome)
    sender.close()


def _argument(item: Any, seconds: float) -> Any:
    if isinstance(item, SecondsLeft):
        return seconds
    return item.load() if isinstance(item, Shared) else item


def _end_with_the_run() -> None:
    """Wait until the run's own process has ended, possibly killed, then end this process and all that it started."""
    import psutil

    if run := multiprocessing.parent_process():
        run.join()
        _kill(*psutil.Process().children(recursive=True))
        os._exit(1)


@contextlib.contextmanager
def _hidden_main() -> Iterator[None]:
    """Keep multiprocessing from running the user's script again in the child.

    Workers only run functions of this package, so a script that calls `decide` needs no ``if __name__ == "__main__"``.
    """
    main = sys.modules["__main__"]
    spec, file = getattr(main, "__spec__", None), getattr(main, "__file__", None)
    main.__spec__ = None
    if file is not None:
        del main.__file__
    try:
        yield
    finally:
        main.__spec__ = spec
        if file is not None:
            main.__file__ = file


@contextlib.contextmanager
def _with_children() -> Iterator[None]:
    """Let a process of a `multiprocessing.Pool` start others, which it may not as its pool may end it: ours end too."""
    ours = multiprocessing.current_process()
    before, ours.daemon = ours.daemon, False
    try:
        yield
    finally:
        ours.daemon = before
