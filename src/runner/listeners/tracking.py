"""Logs a run to MLflow beside the run: events are written to the outbox, and a separate process sends them.

It never delays a score, and none of its faults (a server down, a full disk) ends a run or raises an error here.
What was not sent stays in the run's outbox, and `runner track RUN` sends it.
"""

import logging
import os
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from runner.config import TrackingConfig
from runner.engine.isolation import start
from runner.engine.server import context
from runner.events import Evaluated, Event, RunFailed, RunStarted, VerdictReached
from runner.folders import in_a_command
from runner.ladder import NONE
from runner.listeners import mlflow_store
from runner.listeners.courier import Errand, News, deliver
from runner.listeners.mlflow_run import MlflowRun
from runner.listeners.outbox import FILES, LAST, Outbox, Step
from runner.record import Place
from runner.words import few

NICENESS = 10  # of the courier: it uses what the run leaves idle, or a tenth of a core if nothing is
LAST_CHANCE_SECONDS = 3.0  # how long the end waits for a store that was gone
NAMED = 5  # things that the warning names individually

log = logging.getLogger("runner.tracking")


class Tracking:
    """The listener that logs to MLflow.

    Parameters
    ----------
    config : TrackingConfig
        If it is not `enabled`, events are still written to the outbox and can be sent later.
    root : Path
        The folder of all runs, in which the default store is created.
    """

    def __init__(self, config: TrackingConfig, root: Path) -> None:
        self._store = mlflow_store.store_of(config, root)
        self._is_on = config.enabled
        self._run: MlflowRun | None = None
        self._folder = root
        self._outbox: Outbox | None = None
        self._early: list[Step] = []  # before the first score: nothing is written for a table that is refused
        self._waiting: list[Step] = []  # waiting for a courier
        self._late: list[Step] = []  # sent at the end, as the report is still being made when the verdict is announced
        self._unsent: list[str] = []
        self._fault: str | None = None
        self._courier: Any = None
        self._steps: Any = None  # queue to the courier, once it works
        self._news: Connection | None = None  # connection from the courier, while it works
        self._last = News()

    def place(self, folder: Path, command: str, patience: Callable[[], float]) -> Place:
        """Return where a run in this folder is kept, with the store and id under which it is logged.

        Parameters
        ----------
        patience : callable
            Returns the seconds for which to wait for the id.
        """
        if not self._is_on:
            return Place(folder, command)
        return Place(folder, command, str(self._store), lambda: self.run_id(patience()))

    def hear(self, event: Event) -> None:
        """Write and queue the steps of an event; from the first model's score on, have them sent."""
        now = time.time()
        try:
            self._heard(event, now)
        except Exception as fault:
            self._fault = self._fault or mlflow_store.cause_of(fault)
            self._unsent.append(type(event).__name__)

    def run_id(self, timeout: float = 10.0) -> str | None:
        """Wait for MLflow's id of the run; None if there is none after `timeout` seconds."""
        self._listen(timeout, lambda: self._last != News())  # it has its id, or will not get one soon
        return self._last.run_id

    def close(self, timeout: float = 10.0) -> None:
        """Send the rest within `timeout` seconds, and say in one warning what could not be sent."""
        if self._run is not None and self._outbox is not None:
            self._enqueue(self._run.last_steps(time.time()))
            if self._courier is not None:
                self._wait(timeout)
            self._outbox.close()
        if self._unsent:
            log.warning(self._what_is_missing())

    def _heard(self, event: Event, now: float) -> None:
        if isinstance(event, RunStarted):
            self._folder = event.folder
            self._run = MlflowRun(event, now)
        if self._run is None:
            return  # the run failed while reading its table
        steps = self._run.steps(event, now)
        self._listen(0)
        if self._outbox is not None:
            self._enqueue(steps)
            return
        self._early += steps
        if _begins(event):
            self._start()

    def _enqueue(self, steps: Sequence[Step]) -> None:
        for step in steps:
            if self._outbox and self._outbox.add(step) and self._is_on:
                self._put(step)

    def _put(self, step: Step) -> None:
        self._unsent.append(str(step))
        if step.kind == FILES:
            self._late = [step]
        elif self._steps is None:
            self._waiting.append(step)
        else:
            self._steps.put(step)

    def _start(self) -> None:
        """Open the outbox, and have its steps sent, both stored and new."""
        self._outbox = outbox = Outbox(self._folder)
        before = [step for step in outbox.steps() if step.kind not in LAST]  # written by an earlier start of this run
        if self._is_on:
            for step in before:
                self._put(step)
        self._enqueue(self._early)
        if self._is_on:
            first, variables = outbox.steps()[0], dict(os.environ)
            self._employ(Errand(self._store, self._folder, outbox.key, first, not before, variables, Path.cwd()))

    def _employ(self, errand: Errand) -> None:
        """Start the courier, and give it the waiting steps."""
        steps = context().Queue()
        steps.cancel_join_thread()  # the end waits only for the courier's answer
        news, sender = context().Pipe(duplex=False)
        self._courier = start(deliver, sender, steps, errand, niceness=NICENESS)
        self._news, self._steps = news, steps
        for step in self._waiting:
            steps.put(step)

    def _wait(self, seconds: float) -> None:
        """Wait until the courier has sent what it can, including files, which are now complete."""
        for step in (*self._late, None):
            self._steps.put(step)
        self._listen(0)
        self._listen(min(seconds, LAST_CHANCE_SECONDS) if self._last.is_gone else seconds)
        if self._news is not None:  # it has outlived the wait; what it has not sent can be sent later
            self._courier.kill()

    def _listen(self, seconds: float, until: Callable[[], bool] = lambda: False) -> None:
        """Read the courier's news for at most `seconds`, or until `until` holds or the courier has ended."""
        end = time.monotonic() + seconds
        while self._news is not None and not until():
            try:
                if not self._news.poll(max(0.0, end - time.monotonic())):
                    return
                self._take(self._news.recv())
            except (EOFError, OSError):
                self._news = None

    def _take(self, news: News) -> None:
        self._last = news
        self._fault = self._fault or news.fault
        if news.sent is not None:
            self._unsent.remove(news.sent)

    def _what_is_missing(self) -> str:
        why = self._fault or ("it took too long" if self._news else "its process died")
        later = (
            f" `python -m runner track {in_a_command(self._folder)}` sends it."
            if self._outbox and self._outbox.is_whole
            else ""
        )
        return mlflow_store.without_password(
            f"MLflow at {self._store} did not get {few(self._unsent, NAMED)} ({why}).{later}"
        )


def _begins(event: Event) -> bool:
    """Whether there is something to send: a model's score, or an end. Importing MLflow would delay the first one."""
    if isinstance(event, Evaluated):
        return event.evaluation.rung != NONE
    return isinstance(event, VerdictReached | RunFailed)
