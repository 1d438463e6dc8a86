"""The process beside a run that logs it to MLflow: steps come in, and what became of each goes out.

MLflow takes more than a CPU second to import and to open a store. In a process of its own that gives way to others,
it takes what the run leaves idle, and nothing of it comes into the process of whoever called `decide`.
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
    """What a courier is to know of a run.

    Attributes
    ----------
    key : str
        Names the run wherever it is sent to.
    first : Step
        Of the outbox: what is known of the run before its first score.
    is_new : bool
        Whether nothing can have been sent before, so that it need not be looked for.
    variables : mapping
        The environment of the run, which may have changed since the processes' server was started.
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
        What was sent; None when it was not.
    fault : str or None
        Why not.
    is_gone : bool
        Whether the store does not answer.
    run_id : str or None
        Of MLflow, once it is made.
    """

    sent: str | None = None
    fault: str | None = None
    is_gone: bool = False
    run_id: str | None = None


def deliver(news: Connection, steps: "SimpleQueue[Step | None]", errand: Errand) -> None:
    """Send what comes in until there is nothing more, and then what failed a second time: the server may be back."""
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
        return  # nobody waits for it any more
    except Exception as fault:  # MLflow itself cannot be imported
        news.send(News(fault=mlflow_store.cause_of(fault), is_gone=True))
    finally:
        news.close()


def _send(steps: Iterator[Step], writer: MlflowWriter, tell: Callable[[News], None]) -> list[Step]:
    """Return the steps that failed, and those not tried: once the store is taken for gone, none is before the end."""
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
