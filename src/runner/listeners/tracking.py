"""Log a run to MLflow beside the run: what happens is written down, and one background thread sends it.

MLflow takes a second to import and as long to make a new store. None of it stands between the user and the
first model's score, and no fault of it (a server down, a full disk) ends a run or raises here: what was not sent stays
in the run's outbox, and `runner track RUN` sends it.
"""

import logging
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from queue import SimpleQueue
from threading import Event as Signal
from threading import Lock, Thread

from runner.climb import DUMMY_RUNG
from runner.config import TrackingConfig
from runner.events import Evaluated, Event, RunFailed, RunStarted, VerdictReached
from runner.listeners import mlflow_store
from runner.listeners.mlflow_run import MlflowRun
from runner.listeners.mlflow_writer import MlflowWriter
from runner.listeners.outbox import LAST, Outbox, Step
from runner.record import Place

FAULTS_IN_A_ROW = 2  # then the store is taken for gone, and nothing more is sent before the end of the run
LAST_CHANCE_SECONDS = 3.0  # that the end waits for a store that was gone
NAMED = 5  # things that the warning names one by one

log = logging.getLogger("runner.tracking")


class Tracking:
    """The listener that logs to MLflow.

    Parameters
    ----------
    config : TrackingConfig
        When it is not `enabled`, what happens is written down all the same, and can be sent later.
    root : Path
        The folder of all runs; the default store is made there.
    """

    def __init__(self, config: TrackingConfig, root: Path) -> None:
        self._store = mlflow_store.Store(mlflow_store.address(config, root), config.experiment, config.register)
        self._is_on = config.enabled
        self._run: MlflowRun | None = None
        self._folder = root
        self._outbox: Outbox | None = None
        self._writer: MlflowWriter | None = None
        self._early: list[Step] = []  # from before the first score: nothing is written for a table that is refused
        self._queue: SimpleQueue[Step | None] = SimpleQueue()
        self._unsent: list[str] = []
        self._fault: Exception | None = None
        self._settled = Signal()  # the run has its id, or will not get one soon
        self._gone = False  # the store does not answer
        self._starting = Lock()
        self._thread: Thread | None = None

    @property
    def model_uri(self) -> str | None:
        """Return where the champion's model is (``models:/<id>``); None as long as it is not logged."""
        return self._writer.model_uri if self._writer else None

    def place(self, folder: Path, command: str) -> Place:
        """Return where a run in this folder is kept, and the store and id under which it is logged."""
        return Place(folder, command, str(self._store), self.run_id) if self._is_on else Place(folder, command)

    def hear(self, event: Event) -> None:
        """Write down and queue what is to be sent; from the first model's score on, have it sent."""
        now = time.time()
        try:
            if isinstance(event, RunStarted):
                self._folder = event.folder
                self._run = MlflowRun(event, now)
            if self._run is None:
                return  # the run failed while reading its table
            steps = self._run.steps(event, now)
            if self._outbox is None:
                self._early += steps
                if _begins(event):
                    self._start()
            else:
                self._enqueue(steps)
        except Exception as fault:
            self._fault = self._fault or fault
            self._unsent.append(type(event).__name__)

    def run_id(self, timeout: float = 10.0) -> str | None:
        """Wait for MLflow's id of the run; None when there is none after `timeout` seconds."""
        if self._thread is not None:
            self._settled.wait(timeout)
        return self._writer.run_id if self._writer else None

    def close(self, timeout: float = 10.0) -> None:
        """Send the rest, for at most `timeout` seconds, and say in one warning what could not be sent."""
        if self._run is not None and self._outbox is not None:
            self._enqueue(self._run.last_steps(time.time()))
            if self._thread is not None:
                patience = min(timeout, LAST_CHANCE_SECONDS) if self._gone else timeout
                self._queue.put(None)
                self._thread.join(patience)
            if self._thread is None or not self._thread.is_alive():
                self._outbox.close()  # else whoever outlives the wait holds it to its end
        if self._unsent:
            log.warning(self._what_is_missing())

    def _enqueue(self, steps: Sequence[Step]) -> None:
        for step in steps:
            if self._outbox and self._outbox.add(step) and self._is_on:
                self._put(step)

    def _put(self, step: Step) -> None:
        self._unsent.append(str(step))
        self._queue.put(step)

    def _start(self) -> None:
        """Open the outbox, and have sent what stands in it and what comes."""
        with self._starting:
            if self._outbox is not None:
                return
            self._outbox = outbox = Outbox(self._folder)
            before = [step for step in outbox.steps() if step.kind not in LAST]  # of a run that is begun again
            if self._is_on:
                for step in before:
                    self._put(step)
            self._enqueue(self._early)
            if self._is_on:
                first = outbox.steps()[0]
                self._writer = MlflowWriter(self._store, self._folder, outbox.key, first, is_new=not before)
                self._thread = Thread(target=self._work, args=(self._writer, outbox), name="mlflow", daemon=True)
                self._thread.start()

    def _work(self, writer: MlflowWriter, outbox: Outbox) -> None:
        try:
            with mlflow_store.quiet():
                held = self._send(iter(self._queue.get, None), writer)
                held = self._send(iter(held), writer)  # a second chance: the server may be back
                if not held:
                    writer.mark(outbox)
        except Exception as fault:  # MLflow itself cannot be imported
            self._fault = fault
        finally:
            self._settled.set()

    def _send(self, steps: Iterator[Step], writer: MlflowWriter) -> list[Step]:
        """Return the steps that failed, and those not tried since the store was taken for gone."""
        held: list[Step] = []
        faults = 0
        self._gone = False
        for step in steps:
            if self._gone:
                held.append(step)
                continue
            try:
                writer.send(step)
                self._unsent.remove(str(step))
                faults = 0
            except Exception as fault:
                self._fault = self._fault or fault
                held.append(step)
                faults += 1
            self._gone = faults >= FAULTS_IN_A_ROW or writer.run_id is None
            self._settled.set()
        return held

    def _what_is_missing(self) -> str:
        missing = list(self._unsent)
        names = ", ".join(missing[:NAMED])
        if len(missing) > NAMED:
            names += f" and {len(missing) - NAMED} more"
        why = mlflow_store.in_a_line(self._fault) if self._fault else "it took too long"
        later = (
            f" `python -m runner track {_from_here(self._folder)}` sends it."
            if self._outbox and self._outbox.is_whole
            else ""
        )
        return mlflow_store.without_password(f"MLflow at {self._store} did not get {names} ({why}).{later}")


def _begins(event: Event) -> bool:
    """Whether there is something to send: a model's score, or an end. The import would delay the first of them."""
    if isinstance(event, Evaluated):
        return event.evaluation.rung != DUMMY_RUNG
    return isinstance(event, VerdictReached | RunFailed)


def _from_here(folder: Path) -> Path:
    return folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder
