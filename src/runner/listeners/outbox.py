"""What is to be told to MLflow, kept in the run's folder: a line a step, written as it happens.

A run that is killed, or a server that is down, loses nothing: `runner track RUN` sends what stands here. A step
is plain data, so it can be sent by another process, to another server, and again.
"""

import hashlib
import json
import os
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from runner.errors import UserError
from runner.folders import OUTBOX
from runner.record import hold

RUN, CANDIDATE, TRIAL, END, FILES, MODEL = "run", "candidate", "trial", "end", "files", "model"
LAST = (END, FILES, MODEL)  # of a run that is begun again, only the last of each counts
NAMES = {RUN: "the run", END: "the end", FILES: "the files", MODEL: "the model"}


@dataclass(frozen=True)
class Step:
    """Something to be sent.

    Attributes
    ----------
    kind : str
    at : float
        When it happened, in seconds of the epoch.
    content : dict
        What JSON knows, and nothing else.
    name : str
        Of the candidate, or the number of the trial.
    """

    kind: str
    at: float
    content: dict[str, Any]
    name: str = ""

    def __str__(self) -> str:
        return NAMES.get(self.kind) or (f"trial {self.name}" if self.kind == TRIAL else self.name)


STEP = {field.name for field in fields(Step)}


class Outbox:
    """The file of one run; one process at a time may hold it.

    Attributes
    ----------
    key : str
        Names the run wherever it is sent to; made once.
    is_whole : bool
        Whether all that was added could be written: not so on a full disk.
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
        lines = _lines(self._path)
        if _is_cut_off(self._path):
            self._append("\n")
        self._steps = [Step(**line) for line in lines if line.keys() == STEP]
        self.key = next((str(line["key"]) for line in lines if line.keys() == {"key"}), "")
        if not self.key:
            self.key = uuid.uuid4().hex
            self._write({"key": self.key})

    def add(self, step: Step) -> bool:
        """Write a step down; one that a resumed run tells again is left out, and False is returned."""
        if step.kind not in LAST and any((known.kind, known.name) == (step.kind, step.name) for known in self._steps):
            return False
        self._steps.append(step)
        self._write(vars(step))
        return True

    def steps(self) -> list[Step]:
        """Return what is to be sent, in order; of an end that came twice only the last."""
        last = {step.kind: position for position, step in enumerate(self._steps)}
        return [
            step for position, step in enumerate(self._steps) if step.kind not in LAST or last[step.kind] == position
        ]

    def close(self) -> None:
        """Let others hold it."""
        self._file.close()

    def _write(self, line: dict[str, Any]) -> None:
        self._append(json.dumps(line, ensure_ascii=False, allow_nan=False) + "\n")

    def _append(self, text: str) -> None:
        """Write, or take note that it could not be: the step can be sent now, but not later."""
        content = text.encode()
        try:
            self.is_whole &= self._file.write(content) == len(content)
        except OSError:
            self.is_whole = False


def digest(folder: Path, files: Sequence[Path]) -> str:
    """Return a short name of all that there is to send, the files' content included."""
    made = hashlib.sha256((folder / OUTBOX).read_bytes())
    for file in files:
        made.update(file.name.encode())
        made.update(file.read_bytes())
    return made.hexdigest()[:16]


def exists(folder: Path) -> bool:
    """Return whether a run has written down what is to be sent."""
    return bool(_lines(folder / OUTBOX))


def _lines(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    text = path.read_text(encoding="utf-8", errors="replace")
    return list(_whole(text.split("\n")))  # `splitlines` would cut at signs that JSON leaves in a text, as U+2028


def _whole(lines: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Leave out a line that was cut off when its process was killed, or is none of ours."""
    for line in lines:
        try:
            content = json.loads(line)
        except json.JSONDecodeError:
            continue
        if isinstance(content, dict):
            yield content


def _is_cut_off(path: Path) -> bool:
    if path.stat().st_size == 0:
        return False
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) != b"\n"
