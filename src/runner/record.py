"""The run's folder: what is stored, and how it is read again.

Each evaluation, and what each check found, is stored as soon as it is finished, under a key made from everything that
it depends on. A run that starts again in the same folder finds what was finished and pays for nothing twice.
"""

import contextlib
import hashlib
import json
import logging
import math
import pickle
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from runner.clock import Clock
from runner.errors import UserError, sentence_of, unwritable
from runner.evaluation import Evaluation, Status
from runner.files import as_line, holding, read_lines, write_bytes, write_text
from runner.folders import CONFIG, EVALUATIONS, MOMENTS, OF_ONE_RUN, VERDICT, in_a_command

COMMENT = "# "  # prefix of the command in the first line of the config
DIGEST = hashlib.sha256().digest_size

log = logging.getLogger("runner.record")


@dataclass(frozen=True)
class Place:
    """Where a run is kept, and how it is found and repeated.

    Attributes
    ----------
    command : str
        The command that repeats the run.
    tracking_uri : str or None
        Where the run is logged.
    run_id : callable
        Returns the run's id there; None until there is one.
    """

    folder: Path
    command: str
    tracking_uri: str | None = None
    run_id: Callable[[], str | None] = lambda: None


class Record:
    """The evaluations and files of one run.

    Parameters
    ----------
    folder : Path
    clock : Clock, optional
        The run's clock, which is set to the times of evaluations that are found.
    """

    def __init__(self, folder: Path, clock: Clock | None = None):
        self.folder = folder
        self._clock = clock or Clock(math.inf)
        self._moments: dict[str, float] = {}  # seconds after the start of the run, by evaluation or point
        self._store = folder / EVALUATIONS
        self._can_store = True

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Keep other processes from working in the folder, and remove files that a killed one left half-written.

        Raises
        ------
        UserError
            If another process holds it, or if it cannot be made.
        """
        try:
            self._store.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(sentence_of(error)) from error
        with holding(self._store, self.folder):
            for part in [*self.folder.glob(".*.[0-9]*"), *self._store.glob(".*.[0-9]*")]:
                part.unlink(missing_ok=True)
            yield

    def begin(self, config: str, command: str) -> None:
        """Write the config of the run, with its command on the first line.

        What another or a finished run left in the folder is removed, except for evaluations, which may be found again.
        """
        path, config = self.folder / CONFIG, f"{COMMENT}{' '.join(command.splitlines())}\n{config}"
        goes_on = path.is_file() and path.read_bytes() == config.encode() and not (self.folder / VERDICT).exists()
        if not goes_on:
            for name in OF_ONE_RUN:
                (self.folder / name).unlink(missing_ok=True)
            self.write(CONFIG, config)
        self._moments = _read_moments(self.folder / MOMENTS)

    def find(self, key: str) -> Evaluation | None:
        """Return the evaluation stored under a key, or None; the clock moves to the time when this run stored it.

        One that timed out in another run counts as absent.
        """
        evaluation = self.recall(key)
        if not isinstance(evaluation, Evaluation):
            return None
        moment = self._moments.get(key)
        if moment is None:
            return None if evaluation.status is Status.TIMED_OUT else evaluation
        self._clock.catch_up(moment)
        return evaluation

    def recall(self, key: str) -> Any:
        """Return what is stored under a key, or None.

        A file that cannot be read, was cut short, has a flipped bit or is of another version counts as absent.
        """
        try:
            content = (self._store / f"{key}.pkl").read_bytes()
            pickled, digest = content[:-DIGEST], content[-DIGEST:]
            return pickle.loads(pickled) if hashlib.sha256(pickled).digest() == digest else None
        except Exception:
            return None

    def add(self, key: str, evaluation: Evaluation) -> None:
        """Store an evaluation; if the disk takes no more, the run goes on without storing and says so once."""
        with self._as_long_as_there_is_room():
            self._keep(key, evaluation)
            self._note(key)

    def keep(self, key: str, value: Any) -> None:
        """Store likewise what was found beside the climb, so that the clock need not move when it is found again."""
        with self._as_long_as_there_is_room():
            self._keep(key, value)

    def _keep(self, key: str, value: Any) -> None:
        content = pickle.dumps(value, protocol=5)
        write_bytes(self._store / f"{key}.pkl", content + hashlib.sha256(content).digest())

    def reach(self, point: str) -> None:
        """Note that the run has come to a named point; the clock moves to when this run was there before, if it was.

        So what passes between two evaluations, such as a wait for the checks, passes again when the run is resumed.
        """
        if (moment := self._moments.get(point)) is not None:
            self._clock.catch_up(moment)
            return
        with self._as_long_as_there_is_room():
            self._note(point)

    def _note(self, key: str) -> None:
        """Store the present moment under a key."""
        self._moments[key] = self._clock.elapsed()
        with (self.folder / MOMENTS).open("a", encoding="utf-8") as file:
            file.write(as_line({"key": key, "seconds": self._moments[key]}))

    @contextlib.contextmanager
    def _as_long_as_there_is_room(self) -> Iterator[None]:
        try:
            self._store.mkdir(parents=True, exist_ok=True)
            yield
        except OSError as error:
            if self._can_store:
                log.warning(
                    "What is evaluated can no longer be stored in %r (%s): the run goes on, but could not be resumed.",
                    str(self._store),
                    error.strerror,
                )
            self._can_store = False

    def write(self, name: str, text: str) -> Path:
        """Write a text file.

        Raises
        ------
        UserError
            If the disk is full or cannot be written to.
        """
        path = self.folder / name
        try:
            write_text(path, text)
        except OSError as error:
            again = "run the command again." if name == CONFIG else f"go on with `{_to_go_on(self.folder)}`."
            raise unwritable(path, error, f"make room, then {again}") from error
        return path

    def write_json(self, name: str, content: dict[str, Any]) -> Path:
        """Write a dict as JSON, keeping its order."""
        return self.write(name, json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def key_of(*parts: Any) -> str:
    """Return a short key that changes with any of the parts (dataclasses, arrays, plain values)."""
    digest = hashlib.sha256()
    for part in parts:
        if hasattr(part, "tobytes"):
            digest.update(part.tobytes())
        else:
            plain = asdict(part) if hasattr(part, "__dataclass_fields__") else part
            digest.update(json.dumps(plain, sort_keys=True, default=str).encode())
        digest.update(b"|")
    return digest.hexdigest()[:20]


def command_of(folder: Path) -> str:
    """Return the command that a run was started with, which makes the run again; `resume` does not."""
    first, *_ = (folder / CONFIG).read_text(encoding="utf-8").splitlines() or [""]
    return first.removeprefix(COMMENT) if first.startswith(COMMENT) else _to_go_on(folder)


def _to_go_on(folder: Path) -> str:
    return f"python -m runner resume {in_a_command(folder)}"


def _read_moments(path: Path) -> dict[str, float]:
    """Read when each evaluation of a run was stored."""
    lines = (line for line in read_lines(path) if line.keys() == {"key", "seconds"})
    return {str(line["key"]): float(line["seconds"]) for line in lines}
