"""Where MLflow keeps its runs: a server, or a SQLite file that is created if missing."""

import logging
import os
import re
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from runner.config import TrackingConfig
from runner.errors import in_a_line
from runner.files import holding
from runner.folders import STORE
from runner.loading import uncollected

SQLITE = "sqlite:///"
ASIDE = ".mlflow-"  # prefix of the folder in which a store is created
DEFAULTS = {  # environment of MLflow while in use here, unless the user has set these variables
    "MLFLOW_DISABLE_TELEMETRY": "true",  # users' runs are not reported to others
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "0",  # not 7 with growing pauses: what failed is sent again at the end
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "3",  # seconds, not 120
    "MLFLOW_ARTIFACT_UPLOAD_DOWNLOAD_TIMEOUT": "60",  # seconds; a server may have to pass a model on before it answers
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    "PGCONNECT_TIMEOUT": "5",  # seconds, not 130; PostgreSQL's own variable
}
PATIENT = {"MLFLOW_HTTP_REQUEST_MAX_RETRIES": "3", "MLFLOW_HTTP_REQUEST_TIMEOUT": "30"}  # for use when nobody waits
FAULTS_IN_A_ROW = 2  # after so many the store counts as gone
CHATTERERS = ("mlflow", "alembic")
EXPERIMENT_TAGS = {
    "mlflow.experimentKind": "custom_model_development",  # otherwise the page asks, and shows LLM traces first
    "mlflow.note.content": (
        "*Is the costly model worth it?* A run's description is the verdict; each candidate has a run below it."
    ),
}


def address(config: TrackingConfig, root: Path) -> str:
    """Return the tracking URI: from the config, else from the environment, else ``mlflow.db`` in `root`."""
    uri = config.uri or os.environ.get("MLFLOW_TRACKING_URI") or _address_of(root / STORE)
    if uri.startswith(SQLITE):
        return _address_of(_database(uri))
    return uri


def without_password(text: str) -> str:
    """Return the text without the credentials before the @ of an address, since it is logged for all to read."""
    return re.sub(r"(?<=://)[^/@\s]+@", "", text)


@dataclass(frozen=True)
class Store:
    """A store, with the experiment and registered model used here.

    Attributes
    ----------
    register : str or None
        Registered model of which the champion becomes a version.
    """

    uri: str
    experiment: str
    register: str | None = None

    def __str__(self) -> str:
        return without_password(self.uri)

    def connect(self) -> tuple[Any, str]:
        """Return a client and the experiment's id; store and experiment are created if missing."""
        artifacts = None
        if self.uri.startswith(SQLITE):
            database = _database(self.uri)
            if not database.exists():
                _create(database)
            artifacts = (database.parent / "mlartifacts").as_uri()
        client = _client(self.uri)
        return client, _experiment_id(client, self.experiment, artifacts)

    def existing(self) -> tuple[Any, str | None]:
        """Return a client and the experiment's id; None if there is no such store or experiment."""
        if self.uri.startswith(SQLITE) and not _database(self.uri).exists():
            return None, None
        client = _client(self.uri)
        found = client.get_experiment_by_name(self.experiment)
        return client, found.experiment_id if found else None

    def load_line(self, model_uri: str) -> str:
        """Return the line of Python that loads a model from the store."""
        return (
            f"import mlflow; mlflow.set_tracking_uri({str(self)!r}); model = mlflow.sklearn.load_model({model_uri!r})"
        )


def store_of(config: TrackingConfig, root: Path) -> Store:
    """Return the store that a config names; `root` is the folder of all runs, which contains the default store."""
    return Store(address(config, root), config.experiment, config.register)


@contextmanager
def quiet(*, patient: bool = False) -> Iterator[None]:
    """Import MLflow, keep its output off this thread and its waits short, and restore all settings afterwards."""
    wanted = DEFAULTS | PATIENT if patient else DEFAULTS
    ours = {key: value for key, value in wanted.items() if key not in os.environ}
    os.environ.update(ours)
    handlers: set[logging.Handler] = set()
    this_thread = threading.get_ident()

    def is_of_others(record: logging.LogRecord) -> bool:
        return record.thread != this_thread

    try:
        with uncollected():
            import mlflow  # noqa: F401  (it installs the handlers)

        handlers = {handler for name in CHATTERERS for handler in logging.getLogger(name).handlers}
        for handler in handlers:
            handler.addFilter(is_of_others)
        yield
    finally:
        for handler in handlers:
            handler.removeFilter(is_of_others)
        for key in ours:
            os.environ.pop(key, None)


def runs_of(client: Any, experiment_id: str, wanted: str) -> Iterator[Any]:
    """Yield all runs of an experiment that match a filter."""
    token = None
    while True:
        page = client.search_runs([experiment_id], wanted, page_token=token)
        yield from page
        token = page.token
        if not token:
            return


def artifact_of(client: Any, run_id: str, name: str, folder: str) -> Path | None:
    """Return a copy of a run's artifact in a folder; None if it has none."""
    is_there = any(file.path == name for file in client.list_artifacts(run_id))
    return Path(client.download_artifacts(run_id, name, folder)) if is_there else None


def _client(uri: str) -> Any:
    """Return a client; the first call imports what its store needs."""
    from mlflow import MlflowClient
    from mlflow.store.db.db_types import DATABASE_ENGINES

    with uncollected():
        if uri.partition("://")[0].partition("+")[0] in DATABASE_ENGINES:
            _assert_opens(uri)
        return MlflowClient(uri)


def _assert_opens(uri: str) -> None:
    """Raise what a database answers that cannot be opened, because MLflow would try it for 100 seconds first."""
    from mlflow.store.db.utils import create_sqlalchemy_engine

    engine = create_sqlalchemy_engine(uri)
    try:
        engine.connect().close()
    finally:
        engine.dispose()


def _database(uri: str) -> Path:
    return Path(unquote(uri.removeprefix(SQLITE)))


def _address_of(database: Path) -> str:
    """Return the URI of a file; quoted, because SQLAlchemy decodes % and reads options after a ?."""
    return SQLITE + database.absolute().as_posix().replace("%", "%25").replace("?", "%3F")


def _create(database: Path) -> None:
    """Create a store beside its place and move it there, once, and remove what a killed process left unfinished.

    MLflow's migrations fail if two processes run them on one file, and a file whose migrations were cut off is refused
    for good.
    """
    folder = database.parent
    folder.mkdir(parents=True, exist_ok=True)
    with holding(folder, folder, wait=True) as is_ours:
        for left in folder.glob(f"{ASIDE}*") if is_ours else ():
            shutil.rmtree(left, ignore_errors=True)
        if database.exists():  # another run was faster
            return
        with tempfile.TemporaryDirectory(dir=folder, prefix=ASIDE, ignore_cleanup_errors=True) as aside:
            new = Path(aside, STORE)
            _client(_address_of(new))
            with suppress(FileExistsError):
                os.link(new, database)  # fails if the file exists, as a rename would not; not every disk has locks


def _experiment_id(client: Any, name: str, artifacts: str | None) -> str:
    from mlflow.exceptions import MlflowException

    known = client.get_experiment_by_name(name)
    if known is None:
        try:
            return str(client.create_experiment(name, artifact_location=artifacts, tags=EXPERIMENT_TAGS))
        except MlflowException:  # another run was faster
            known = client.get_experiment_by_name(name)
            if known is None:
                raise
    return str(known.experiment_id)


def cause_of(fault: BaseException) -> str:
    """Return the root cause, such as "Connection refused", rather than that MLflow's third attempt failed."""
    while cause := fault.__cause__ or fault.__context__:
        fault = cause
    return in_a_line(fault)
