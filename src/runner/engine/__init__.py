"""The engine: runs calls side by side, each in a process of its own and within limits.

joblib runs the calls in threads, each of which starts the process of its call on this machine and watches over it.
"""

import contextlib
import math
import os
import pickle
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from runner.clock import Clock
from runner.config import EngineConfig
from runner.engine.calls import Call, Outcome, SecondsLeft, Shared
from runner.engine.isolation import isolated
from runner.engine.room import SHARE, Room, machine_bytes
from runner.engine.server import cool, warm
from runner.errors import UserError, check_known, unwritable
from runner.evaluation import Status
from runner.files import hold, holding
from runner.stopwatch import Meter

__all__ = ["Call", "Engine", "Outcome", "SecondsLeft", "Shared", "cool", "warm"]

PREFIX = "runner-work-"
JUST_MADE_SECONDS = 60  # a folder that is younger may not be locked yet


class Engine:
    """Runs calls side by side, each within limits.

    Parameters
    ----------
    memory_gb : float
        Resident memory that one call may take; all calls that run at once have to fit into the machine's memory.
    meter : Meter, optional
        Counts the CPU seconds of the whole run; by default from when the engine is made.
    clock : Clock, optional
        The run's, on which deadlines are given; by default one without a deadline.
    """

    def __init__(self, config: EngineConfig, memory_gb: float, meter: Meter | None = None, clock: Clock | None = None):
        from joblib import cpu_count

        self.workers: int = config.workers or cpu_count()
        self.meter, self.clock = meter or Meter(), clock or Clock(math.inf)
        self._backend = config.backend
        self._memory_bytes = int(memory_gb * 2**30)
        self._room = Room(SHARE * machine_bytes())
        _clear_away_what_was_left()
        self._temporary = tempfile.TemporaryDirectory(prefix=PREFIX)
        self.folder = Path(self._temporary.name)  # shared by the workers
        self._place = os.open(self.folder, os.O_RDONLY)
        hold(self._place, self.folder)

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, *_error: object) -> None:
        self._room.close()
        self._temporary.cleanup()
        os.close(self._place)

    def share(self, thing: Any, name: str) -> Shared:
        """Write an object once for many calls.

        Raises
        ------
        UserError
            If the disk is full.
        """
        path = self.folder / name
        try:
            with path.open("wb") as file:
                pickle.dump(thing, file, protocol=5)
        except OSError as error:
            raise unwritable(path, error, "make room there, or name a folder with more in TMPDIR.") from error
        return Shared(path)

    def run(
        self,
        calls: Sequence[Call],
        deadline: float,
        seconds: float = math.inf,
        share: float = 1.0,
        needed: bool = True,
    ) -> Iterator[tuple[int, Outcome]]:
        """Run calls side by side; yield each outcome with the position of its call as soon as it is there.

        Parameters
        ----------
        deadline : float
            On the clock of the run; calls that have not begun by then are skipped, those that run are ended.
        seconds : float
            Wall seconds that a single call may take before it is ended.
        share : float
            The share of the time left that a call may take while others wait for their turn.
        needed : bool
            Whether the verdict needs the calls; if not, those that have not begun are skipped when the run is asked to
            stop.
        """
        from joblib import Parallel, delayed, parallel_config

        workers = max(1, min(self.workers, len(calls)))

        def numbered(number: int, call: Call) -> tuple[int, Outcome]:
            if self.clock.interrupted and not needed:
                return number, Outcome(Status.SKIPPED, reason="the run was asked to stop (Ctrl-C).")
            now, others_wait = self.clock.now(), number < len(calls) - workers
            end = now + min(seconds, (deadline - now) * (share if others_wait else 1.0))
            return number, isolated(call, self.clock.outside(end), self._memory_bytes, self._room)

        with parallel_config(backend=self._backend, n_jobs=workers):
            yield from Parallel(return_as="generator_unordered", pre_dispatch="all")(
                delayed(numbered)(number, call) for number, call in enumerate(calls)
            )


def check_backend(name: str) -> None:
    """Refuse a backend of joblib that does not run calls in threads of this process, where the run watches over them.

    Raises
    ------
    UserError
        With those that do.
    """
    from joblib.parallel import BACKENDS

    in_threads = [name for name, backend in BACKENDS.items() if getattr(backend, "supports_sharedmem", False)]
    check_known("engine.backend", name, sorted(in_threads))


def _clear_away_what_was_left() -> None:
    """Remove the folders of runs that were killed; a run that is alive has locked its own."""
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError, UserError):
            if time.time() - path.stat().st_mtime >= JUST_MADE_SECONDS:
                with holding(path, path) as is_ours:
                    if is_ours:
                        shutil.rmtree(path, ignore_errors=True)
