"""What is remembered of a team's finished searches, read from MLflow: the input of `runner learn`."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from runner.config import TrackingConfig
from runner.errors import UserError
from runner.folders import MEMORY
from runner.listeners import mlflow_store
from runner.words import one_line


def memories(tracking: TrackingConfig, root: Path) -> list[str]:
    """Return, as JSON, the memories of an experiment's finished searches; a missing store or experiment is not created.

    Parameters
    ----------
    root : Path
        The folder of all runs, which contains the default store.

    Raises
    ------
    UserError
        If the store cannot be read.
    """
    from mlflow.exceptions import MlflowException

    try:
        with mlflow_store.quiet(patient=True):
            return list(_read(mlflow_store.store_of(tracking, root)))
    except (OSError, MlflowException) as error:
        why = one_line(mlflow_store.without_password(str(error)), 160)
        raise UserError(f"MLflow's history could not be read ({why}): check tracking.uri.") from error


def _read(store: mlflow_store.Store) -> Iterator[str]:
    client, experiment = store.existing()
    if experiment is None:
        return
    with tempfile.TemporaryDirectory() as aside:
        for run in mlflow_store.runs_of(client, experiment, "tags.challenger != ''"):
            if path := mlflow_store.artifact_of(client, run.info.run_id, MEMORY, aside):
                yield path.read_text(encoding="utf-8", errors="replace")
