"""A real PostgreSQL, to be asked for a table or to keep runs, and a real MLflow server that tests kill."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from processes import environment

SECONDS = 120.0  # for a server to answer
PLACES = (*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True), Path("/usr/local/bin"))
ALONE = "nobody"  # PostgreSQL refuses to be run by root
PASSWORD = "geheim"


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def why_no_postgres() -> str | None:
    """Return why none can be started here; None when one can."""
    return None if _program("postgres") and _program("initdb") else "PostgreSQL's programs are not installed"


def _program(name: str) -> str | None:
    return shutil.which(name) or next((str(place / name) for place in PLACES if (place / name).exists()), None)


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """Start a new, empty PostgreSQL, and give its address."""
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    user = ALONE if os.getuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    (folder / "password").write_text(PASSWORD)
    data, port = folder / "data", free_port()
    made = [_program("initdb"), "-D", str(data), "-U", "runner", "-A", "scram-sha-256", "--pwfile", "password"]
    subprocess.run([*made, "-E", "UTF8", "--locale=C", "-N"], user=user, cwd=folder, check=True, capture_output=True)
    options = {"listen_addresses": "127.0.0.1", "unix_socket_directories": str(folder), "fsync": "off"}
    settings = [word for key, value in options.items() for word in ("-c", f"{key}={value}")]
    log = (folder / "log").open("w")
    command = [_program("postgres"), "-D", str(data), "-p", str(port), *settings]
    process = subprocess.Popen(command, user=user, cwd=folder, stdout=log, stderr=log)
    address = f"postgresql://runner:{PASSWORD}@127.0.0.1:{port}/postgres"
    try:
        _wait(lambda: _connects(address), process, folder / "log")
        yield address.replace("postgresql", "postgresql+psycopg", 1)
    finally:
        process.send_signal(signal.SIGINT)  # a fast shutdown, workers included
        process.wait(30)
        log.close()
        shutil.rmtree(folder, ignore_errors=True)


def _connects(address: str) -> bool:
    import psycopg

    with contextlib.suppress(psycopg.OperationalError), psycopg.connect(address, connect_timeout=2):
        return True
    return False


@dataclass
class MlflowServer:
    """A server that can be killed, stopped for a while, and started again at the same address."""

    store: str
    folder: Path
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def uri(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [
            sys.executable,
            "-m",
            "mlflow",
            "server",
            "--backend-store-uri",
            self.store,
            "--port",
            str(self.port),
        ]
        artifacts = ["--serve-artifacts", "--artifacts-destination", str(self.folder / "artifacts"), "--workers", "1"]
        quiet = environment() | {"MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
        with (self.folder / "server.log").open("a") as log:
            self.process = subprocess.Popen(
                [*command, *artifacts], cwd=self.folder, env=quiet, stdout=log, stderr=log, start_new_session=True
            )
        _wait(self.answers, self.process, self.folder / "server.log")

    def answers(self) -> bool:
        return answers(f"{self.uri}/health")

    def signal(self, number: int) -> None:
        """Send a signal to the server and its workers."""
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)
        if number == signal.SIGKILL:
            self.process.wait(30)


@contextlib.contextmanager
def mlflow_server(store: str, folder: Path) -> Iterator[MlflowServer]:
    """Start a server that keeps runs in a store and passes artifacts on to a folder."""
    server = MlflowServer(store, folder)
    try:
        server.start()
        yield server
    finally:
        server.signal(signal.SIGKILL)


def answers(page: str) -> bool:
    with contextlib.suppress(OSError), urllib.request.urlopen(page, timeout=2) as answer:
        return bool(answer.status == 200)
    return False


def wait_for_page(page: str, process: "subprocess.Popen[bytes]") -> None:
    """Wait until a server answers."""
    _wait(lambda: answers(page), process, None)


def _wait(ready: Callable[[], bool], process: "subprocess.Popen[bytes]", log: Path | None) -> None:
    end = time.monotonic() + SECONDS
    while not ready():
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"it does not answer: {log.read_text()[-2000:] if log else process.args}")
        time.sleep(0.2)
