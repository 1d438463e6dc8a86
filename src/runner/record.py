"""The run's folder: what is stored, and how it is read again.

Each evaluation is stored as soon as it is there, under a key made of all that it depends on. A run that is begun
again in the same folder finds what was finished, and pays for nothing twice.
"""

import hashlib
import json
import os
import pickle
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from runner.evaluation import Evaluation


@dataclass(frozen=True)
class Place:
    """Where a run is kept, and how it is found and repeated.

    Attributes
    ----------
    folder : Path
    command : str
        With which the run can be repeated.
    tracking_uri : str or None
        Of the store that the run is logged to.
    run_id : callable
        Gives the run's id there; None while there is none.
    """

    folder: Path
    command: str
    tracking_uri: str | None = None
    run_id: Callable[[], str | None] = lambda: None


class Record:
    """Evaluations and files of one run.

    Parameters
    ----------
    folder : Path
        Created when it is not there.
    """

    def __init__(self, folder: Path):
        self.folder = folder
        self._store = folder / "evaluations"
        self._store.mkdir(parents=True, exist_ok=True)

    def find(self, key: str) -> Evaluation | None:
        """Return the evaluation stored under a key, or None; a file cut short or of another version counts as none."""
        try:
            evaluation = pickle.loads((self._store / f"{key}.pkl").read_bytes())
        except (FileNotFoundError, EOFError, pickle.UnpicklingError, AttributeError, ImportError):
            return None
        return evaluation if isinstance(evaluation, Evaluation) else None

    def add(self, key: str, evaluation: Evaluation) -> None:
        """Store an evaluation, whole or not at all."""
        self._write_bytes(self._store / f"{key}.pkl", pickle.dumps(evaluation, protocol=5))

    def write(self, name: str, text: str) -> Path:
        """Write a text file, whole or not at all."""
        return self._write_bytes(self.folder / name, text.encode())

    def write_json(self, name: str, content: dict[str, Any]) -> Path:
        """Write a dict as JSON, in the order it has."""
        return self.write(name, json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n")

    @staticmethod
    def _write_bytes(path: Path, content: bytes) -> Path:
        partial = path.with_name(f".{path.name}.{os.getpid()}")
        partial.write_bytes(content)
        return partial.replace(path)


def key_of(*parts: Any) -> str:
    """Return a short name that changes with any of the parts (dataclasses, arrays, plain values)."""
    digest = hashlib.sha256()
    for part in parts:
        if hasattr(part, "tobytes"):
            digest.update(part.tobytes())
        else:
            plain = asdict(part) if hasattr(part, "__dataclass_fields__") else part
            digest.update(json.dumps(plain, sort_keys=True, default=str).encode())
        digest.update(b"|")
    return digest.hexdigest()[:20]


def seconds_spent(folder: Path) -> float:
    """Return how long a run that was cut short had been at work: from its config to its last evaluation."""
    begun = (folder / "config.yaml").stat().st_mtime
    ends = [path.stat().st_mtime for path in (folder / "evaluations").glob("*.pkl")]
    return max([end - begun for end in ends], default=0.0)
