"""What MLflow is to be sent, kept in the run's folder: one line per step, written as it happens.

Nothing is lost if a run is killed or a server is down: `runner track RUN` sends what is stored here. A step is plain
data, so it can be sent by another process, to another server, and again.
"""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from runner.errors import UserError
from runner.files import as_line, hold, read_lines
from runner.folders import OUTBOX

RUN, CANDIDATE, TRIAL, END, FILES, MODEL = "run", "candidate", "trial", "end", "files", "model"
LAST = (END, FILES, MODEL)  # of a run that is started again, only the last of each counts
NAMES = {RUN: "the run", END: "the end", FILES: "the files", MODEL: "the model"}


@dataclass(frozen=True)
class Step:
    """Something to be sent.

    Attributes
    ----------
    at : float
        When it happened, in seconds since the epoch.
    content : dict
        Plain data that JSON can represent.
    name : str
        The name of the candidate, or the number of the trial.
    """

    kind: str
    at: float
    content: dict[str, Any]
    name: str = ""

    def __str__(self) -> str:
        return NAMES.get(self.kind) or (f"trial {self.name}" if self.kind == TRIAL else self.name)


STEP = {field.name for field in fields(Step)}


class Outbox:
    """The file of one run; only one process at a time may hold it.

    Attributes
    ----------
    key : str
        Names the run wherever it is sent; created once.
    is_whole : bool
        Whether everything added could be written, unlike on a full disk.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._path = folder / OUTBOX
        self.is_whole = True
        self._file = self._path.open("ab", buffering=0)
        try:
            hold(self._file.fileno(), folder)
        except UserError:
            self._file.close()
            raise
        lines = read_lines(self._path)
        self._steps = [Step(**line) for line in lines if line.keys() == STEP]
        self.key = next((str(line["key"]) for line in lines if line.keys() == {"key"}), "")
        if not self.key:
            self.key = uuid.uuid4().hex
            self._write({"key": self.key})

    def add(self, step: Step) -> bool:
        """Write a step; one that a resumed run repeats is left out, and False is returned."""
        if step.kind not in LAST and any((known.kind, known.name) == (step.kind, step.name) for known in self._steps):
            return False
        self._steps.append(step)
        self._write(vars(step))
        return True

    def steps(self) -> list[Step]:
        """Return the steps to send, in order; of repeated ends only the last."""
        last = {step.kind: position for position, step in enumerate(self._steps)}
        return [
            step for position, step in enumerate(self._steps) if step.kind not in LAST or last[step.kind] == position
        ]

    def close(self) -> None:
        """Release the file to other processes."""
        self._file.close()

    def _write(self, line: dict[str, Any]) -> None:
        """Write a line, or note that it could not be written: the step can be sent now, but not later."""
        content = as_line(line).encode()
        try:
            self.is_whole &= self._file.write(content) == len(content)
        except OSError:
            self.is_whole = False


def digest(folder: Path, files: Sequence[Path]) -> str:
    """Return a digest of everything that there is to send, including the content of files."""
    made = hashlib.sha256((folder / OUTBOX).read_bytes())
    for file in files:
        made.update(file.name.encode())
        made.update(file.read_bytes())
    return made.hexdigest()[:16]


def exists(folder: Path) -> bool:
    """Return whether a run has an outbox."""
    return bool(read_lines(folder / OUTBOX))
