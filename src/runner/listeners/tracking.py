"""Log a run to MLflow beside the run: what happens is queued, and one background thread sends it.

MLflow takes a second to import and as long to make a new store. None of it stands between the user and the
first score, and no fault of it (a server down, a full disk) ends a run or raises here.
"""

import logging
import time
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue
from threading import Event as Signal
from threading import Lock, Thread

from runner.config import TrackingConfig
from runner.events import Evaluated, Event, RunFailed, RunStarted, VerdictReached
from runner.listeners import mlflow_store
from runner.listeners.mlflow_run import MlflowRun, Step
from runner.listeners.mlflow_writer import MlflowWriter
from runner.record import Place

FAULTS_IN_A_ROW = 2  # then the store is taken for gone, and nothing more is sent before the end of the run
LAST_CHANCE_SECONDS = 3.0  # that the end waits for a store that was gone
NAMED = 5  # things that the warning names one by one
LETTERS = 200  # that it cites of an error

log = logging.getLogger("runner.tracking")


class Tracking:
    """The listener that logs to MLflow.

    Parameters
    ----------
    config : TrackingConfig
    root : Path
        The folder of all runs; the default store is made there.
    """

    def __init__(self, config: TrackingConfig, root: Path) -> None:
        self._address = mlflow_store.address(config, root)
        self._experiment = config.experiment
        self._run: MlflowRun | None = None
        self._writer: MlflowWriter | None = None
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
        return Place(folder, command, mlflow_store.without_password(self._address), self.run_id)

    def hear(self, event: Event) -> None:
        """Queue what is to be sent; from the first score on, have it sent."""
        now = time.time()
        try:
            if isinstance(event, RunStarted):
                self._writer = MlflowWriter(self._address, self._experiment, event, now)
                self._run = MlflowRun(self._writer, event, now)
            if self._run is None:
                return  # the run failed while reading its table
            self._enqueue(self._run.steps(event, now))
            if isinstance(event, Evaluated | VerdictReached | RunFailed):
                self._start()
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
        if self._run is None or self._thread is None:
            return  # stopped before there was a score: nothing to tell
        patience = min(timeout, LAST_CHANCE_SECONDS) if self._gone else timeout
        self._enqueue(self._run.last_steps(time.time()))
        self._queue.put(None)
        self._thread.join(patience)
        if self._unsent:
            log.warning(self._what_is_missing())

    def _enqueue(self, steps: list[Step]) -> None:
        for step in steps:
            self._unsent.append(step.name)
            self._queue.put(step)

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = Thread(target=self._work, args=(self._writer,), name="mlflow", daemon=True)
                self._thread.start()

    def _work(self, writer: MlflowWriter) -> None:
        try:
            with mlflow_store.quiet():
                held = self._send(iter(self._queue.get, None), writer)
                self._send(iter(held), writer)  # a second chance: the server may be back
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
                step.send()
                self._unsent.remove(step.name)
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
        why = _in_a_line(self._fault) if self._fault else "it took too long"
        return mlflow_store.without_password(f"MLflow at {self._address} did not get {names} ({why}).")


def _in_a_line(fault: BaseException) -> str:
    """Return what began it: "Connection refused", not that MLflow's third try failed."""
    while cause := fault.__cause__ or fault.__context__:
        fault = cause
    text = " ".join(str(fault).split())
    return f"{type(fault).__name__}: {text[:LETTERS]}"
