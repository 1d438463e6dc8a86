"""The process beside a run that logs it to MLflow: steps come in, and news of what became of each goes out.

MLflow takes more than a CPU second to import and to open a store. In a low-priority process of its own it uses only
time that the run leaves idle, and nothing of it enters the process that called `decide`.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue

from runner.listeners import mlflow_store
from runner.listeners.mlflow_writer import MlflowWriter
from runner.listeners.outbox import Step


@dataclass(frozen=True)
class Errand:
    """What a courier needs to know about a run.

    Attributes
    ----------
    key : str
        Names the run wherever it is sent.
    first : Step
        The first step of the outbox: what is known of the run before its first score.
    is_new : bool
        Whether nothing can have been sent before, so that the store need not be searched for the run.
    variables : mapping
        The environment of the run, which may have changed since the server that forks processes was started.
    here : Path
        The working folder.
    """

    store: mlflow_store.Store
    folder: Path
    key: str
    first: Step
    is_new: bool
    variables: Mapping[str, str]
    here: Path


@dataclass(frozen=True)
class News:
    """What became of a step.

    Attributes
    ----------
    sent : str or None
        What was sent; None if it was not sent.
    fault : str or None
        Why it was not sent.
    is_gone : bool
        Whether the store does not answer.
    run_id : str or None
        MLflow's id of the run, once there is one.
    """

    sent: str | None = None
    fault: str | None = None
    is_gone: bool = False
    run_id: str | None = None


def deliver(news: Connection, steps: "SimpleQueue[Step | None]", errand: Errand) -> None:
    """Send what comes in until nothing more comes, then retry what failed, since the server may be back."""
    os.environ.update(errand.variables)
    os.chdir(errand.here)
    try:
        with mlflow_store.quiet():
            writer = MlflowWriter(errand.store, errand.folder, errand.key, errand.first, is_new=errand.is_new)
            held = _send(iter(steps.get, None), writer, news.send)
            held = _send(iter(held), writer, news.send)
            if not held:
                writer.mark()
    except BrokenPipeError:
        return  # nobody waits for the result any more
    except Exception as fault:  # MLflow itself cannot be imported
        news.send(News(fault=mlflow_store.cause_of(fault), is_gone=True))
    finally:
        news.close()


def _send(steps: Iterator[Step], writer: MlflowWriter, tell: Callable[[News], None]) -> list[Step]:
    """Return the steps that failed or were not tried; once the store counts as gone, the rest waits for the end."""
    held: list[Step] = []
    faults, is_gone = 0, False
    for step in steps:
        sent = why = None
        if not is_gone:
            try:
                writer.send(step)
                sent, faults = str(step), 0
            except Exception as fault:
                why, faults = mlflow_store.cause_of(fault), faults + 1
            is_gone = faults >= mlflow_store.FAULTS_IN_A_ROW or writer.run_id is None
            tell(News(sent, why, is_gone, writer.run_id))
        if sent is None:
            held.append(step)
    return held
