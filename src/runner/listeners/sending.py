"""Sends a run's outbox to MLflow after the run: from beginning to end, and only once."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import groupby
from pathlib import Path

from runner.listeners import mlflow_store
from runner.listeners.mlflow_writer import MlflowWriter
from runner.listeners.outbox import END, TRIAL, Outbox, Step
from runner.words import counted


class NotSentError(Exception):
    """Something could not be sent; the message says what, and why."""


def send(folder: Path, store: mlflow_store.Store) -> bool:
    """Send a run's outbox; return False if the store already has everything.

    Raises
    ------
    UserError
        If another process holds the outbox.
    NotSentError
        If the store does not accept something. Everything else has arrived, and the next attempt sends nothing twice.
    """
    outbox = Outbox(folder)
    try:
        with mlflow_store.quiet(patient=True):
            steps = outbox.steps()
            if not steps:  # a run that was killed before its first line was written
                return False
            writer = MlflowWriter(store, folder, outbox.key, steps[0], is_new=False)
            try:
                if writer.has_all():
                    return False
            except Exception as fault:
                raise NotSentError(f"MLflow at {store} did not answer ({mlflow_store.cause_of(fault)})") from fault
            _send(writer, [*steps, *_stopped(steps)], store)
            writer.mark()
            return True
    finally:
        outbox.close()


def _send(writer: MlflowWriter, steps: Sequence[Step], store: mlflow_store.Store) -> None:
    missing: list[str] = []
    row, last = 0, None
    for name, call in _calls(writer, steps):
        try:
            call()
            row = 0
        except Exception as fault:
            missing.append(name)
            row, last = row + 1, last or fault
            if row == mlflow_store.FAULTS_IN_A_ROW:
                break
    if last:
        why = mlflow_store.cause_of(last)
        raise NotSentError(f"MLflow at {store} did not get {', '.join(missing)} ({why})") from last


def _calls(writer: MlflowWriter, steps: Sequence[Step]) -> Iterator[tuple[str, Callable[[], None]]]:
    """Yield one call per step; consecutive trials go together."""
    for is_trial, group in groupby(steps, lambda step: step.kind == TRIAL):
        together = list(group)
        if is_trial:
            yield counted(len(together), "trial"), partial(writer.trials, together)
        else:
            yield from ((str(step), partial(writer.send, step)) for step in together)


def _stopped(steps: Sequence[Step]) -> list[Step]:
    """Return an end for a run that was killed before it could write one."""
    if any(step.kind == END for step in steps):
        return []
    told = {"decision": "none", "reason": "the run was killed"}
    return [
        Step(
            END,
            steps[-1].at,
            {"status": "KILLED", "title": f"stopped · {steps[0].content['dataset']}", "tags": told, "metrics": {}},
        )
    ]
