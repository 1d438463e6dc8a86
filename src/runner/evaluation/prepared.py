"""Prepared folds: many candidates need the same prepared columns, so each preparation is fitted once per fold.

The cleaning that all preparations begin with is done once per fold, and stored for the forms that later rungs need. A
candidate is still charged for its preparation in full, as if it had been alone.
"""

import pickle
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from runner.candidates.pipeline import Candidate, preparation_of
from runner.dataset import Dataset
from runner.files import write_bytes
from runner.splits import Rows

CLEANED = "cleaned"  # in the place of a form: a fold that is cleaned and not yet encoded
LARGEST_MB = 64  # of a prepared fold on disk; a larger one is prepared again each time


@dataclass(frozen=True, eq=False)
class PreparedFold:
    """A preparation fitted on the training rows of one fold, and the features it made for both sides.

    Attributes
    ----------
    preparation : Pipeline or None
        The fitted preparation; None if the estimator takes the features as they are.
    cpu_seconds, wall_seconds : float
        What the preparation took.
    """

    preparation: Any
    train: Any
    test: Any
    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0


def may_be_stored(rows: int, columns: int) -> bool:
    """Whether a fold of so many rows of the table is small enough to be stored once it is numbers."""
    return rows * columns * np.dtype(np.float32).itemsize <= LARGEST_MB * 2**20


def prepare(preparation: Any, dataset: Dataset, train: Rows, test: Rows) -> PreparedFold:
    """Fit a preparation (None if there is none) on the training rows and apply it to both sides.

    Parameters
    ----------
    train, test : ndarray of int64
        Positions in the rows of `dataset`.
    """
    raw = PreparedFold(None, dataset.features.iloc[train], dataset.features.iloc[test])
    return raw if preparation is None else _after(raw, preparation, dataset.target[train])


def prepare_ahead(
    candidates: Sequence[Candidate],
    dataset: Dataset,
    train: Rows,
    test: Rows,
    seed: int,
    paths: Sequence[Path],
    cleaned: Path,
) -> None:
    """Prepare a fold as some candidates need it, and store the result for all that need the same.

    A fold that is too large or could not be made is not stored, and prepared again when needed.

    Parameters
    ----------
    cleaned : Path
        Where the fold is stored, or was stored before, with no more than the cleaning that all forms share.
    """
    clean = find(cleaned)
    for candidate, path in zip(candidates, paths, strict=True):
        preparation = preparation_of(candidate, seed)  # not of the whole pipeline, whose estimator may be misspelt
        with suppress(Exception):  # of one preparation: its candidate reports why, and the others can do without it
            if clean is None:
                clean = prepare(preparation[:1], dataset, train, test)
                _store(clean, cleaned)
            _store(_after(clean, preparation[1:], dataset.target[train]), path)


def _after(fold: PreparedFold, steps: Pipeline, target: NDArray[Any]) -> PreparedFold:
    """Apply further steps to a prepared fold; the cost so far is added."""
    wall, cpu = time.monotonic(), time.process_time()
    train, test = steps.fit_transform(fold.train, target), steps.transform(fold.test)
    cpu, wall = time.process_time() - cpu, time.monotonic() - wall
    done = [] if fold.preparation is None else fold.preparation.steps
    preparation = Pipeline([*done, *steps.steps])
    return PreparedFold(preparation, train, test, fold.cpu_seconds + cpu, fold.wall_seconds + wall)


def _store(fold: PreparedFold, path: Path) -> None:
    """Store a fold, completely or not at all, if it is small enough."""
    content = pickle.dumps(fold, protocol=5)
    if len(content) <= LARGEST_MB * 2**20:
        write_bytes(path, content)


def find(path: Path | None) -> PreparedFold | None:
    """Return the stored prepared fold, if there is one."""
    if path is None or not path.exists():
        return None
    with path.open("rb") as file:
        found: PreparedFold = pickle.load(file)
    return found


def path_of(store: Path, preparation: str, fold: int) -> Path:
    """Return the path of a fold prepared in one way."""
    return store / f"{preparation}-{fold}.pkl"
