"""Prepared folds: many candidates want the same columns in the same form, so each form is made once a fold.

The cleaning, which all forms begin with, is done once for all of them. A candidate is still charged what its
preparation took, as if it had been alone.
"""

import pickle
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from runner.candidates.pipeline import Candidate, preparation_of
from runner.dataset import Dataset
from runner.record import whole
from runner.splits import Rows

LARGEST_MB = 64  # of a prepared fold on disk; a larger one is made anew each time


@dataclass(frozen=True, eq=False)
class PreparedFold:
    """A preparation fitted on the training rows of one fold, and what it made of both sides.

    Attributes
    ----------
    preparation : Pipeline or None
        Fitted; None when the estimator takes the features as they are.
    cpu_seconds, wall_seconds : float
        What making it took.
    """

    preparation: Any
    train: Any
    test: Any
    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0


def prepare(preparation: Any, dataset: Dataset, train: Rows, test: Rows) -> PreparedFold:
    """Fit a preparation (None: there is none) on the training rows and apply it to both sides."""
    raw = PreparedFold(None, dataset.features.iloc[train], dataset.features.iloc[test])
    return raw if preparation is None else _after(raw, preparation, dataset.target[train])


def prepare_ahead(
    candidates: Sequence[Candidate], dataset: Dataset, train: Rows, test: Rows, seed: int, paths: Sequence[Path]
) -> list[bool]:
    """Prepare a fold as each of some candidates wants it and store it for all that want the same.

    Returns
    -------
    list of bool
        Whether each was stored. What is large, or could not be made, is made anew for whoever wants it.
    """
    clean: PreparedFold | None = None
    stored = []
    for candidate, path in zip(candidates, paths, strict=True):
        preparation = preparation_of(candidate, seed)  # not of the whole pipeline: its estimator may be a misspelt one
        try:
            clean = clean or prepare(preparation[:1], dataset, train, test)
            stored.append(_store(_after(clean, preparation[1:], dataset.target[train]), path))
        except Exception:  # of one form: the others can do without it, and its candidate tells why
            stored.append(False)
    return stored


def _after(fold: PreparedFold, steps: Pipeline, target: NDArray[Any]) -> PreparedFold:
    """Prepare a fold further; what it took before counts."""
    wall, cpu = time.monotonic(), time.process_time()
    train, test = steps.fit_transform(fold.train, target), steps.transform(fold.test)
    cpu, wall = time.process_time() - cpu, time.monotonic() - wall
    done = [] if fold.preparation is None else fold.preparation.steps
    preparation = Pipeline([*done, *steps.steps])
    return PreparedFold(preparation, train, test, fold.cpu_seconds + cpu, fold.wall_seconds + wall)


def _store(fold: PreparedFold, path: Path) -> bool:
    """Store a fold, whole or not at all; return whether it was small enough."""
    content = pickle.dumps(fold, protocol=5)
    if len(content) > LARGEST_MB * 2**20:
        return False
    with whole(path) as partial:
        partial.write_bytes(content)
    return True


def find(path: Path | None) -> PreparedFold | None:
    """Return the prepared fold that was stored, if any."""
    if path is None or not path.exists():
        return None
    with path.open("rb") as file:
        found: PreparedFold = pickle.load(file)
    return found


def path_of(store: Path, preparation: str, fold: int) -> Path:
    """Return where a fold prepared in one way is stored."""
    return store / f"{preparation}-{fold}.pkl"
