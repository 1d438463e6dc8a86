"""Prepared folds: many candidates want the same columns in the same form, so each form is made once a fold.

A candidate is still charged what its preparation took, as if it had been alone.
"""

import os
import pickle
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runner.candidates.pipeline import Candidate, preparation_of
from runner.dataset import Dataset
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
    features = dataset.features
    if preparation is None:
        return PreparedFold(None, features.iloc[train], features.iloc[test])
    wall, cpu = time.monotonic(), time.process_time()
    train_features = preparation.fit_transform(features.iloc[train], dataset.target[train])
    test_features = preparation.transform(features.iloc[test])
    return PreparedFold(preparation, train_features, test_features, time.process_time() - cpu, time.monotonic() - wall)


def prepare_ahead(candidate: Candidate, dataset: Dataset, train: Rows, test: Rows, seed: int, path: Path) -> bool:
    """Prepare a fold as a candidate wants it and store it for all that want the same; return whether it was small."""
    preparation = preparation_of(candidate, seed)  # not of the whole pipeline: its estimator may be a misspelt one
    content = pickle.dumps(prepare(preparation, dataset, train, test), protocol=5)
    if len(content) > LARGEST_MB * 2**20:
        return False
    partial = path.with_suffix(f".{os.getpid()}")
    partial.write_bytes(content)
    partial.replace(path)
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
