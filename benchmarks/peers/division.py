"""One table, divided once for all systems: a file to learn from, and rows kept aside, whose target no system sees."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.peers.handed import GROUP, TARGET, WEIGHT
from benchmarks.prior import part
from runner.config import DatasetConfig
from runner.dataset import Dataset
from runner.metrics import Metric, make_metric
from runner.reading import load
from runner.splits import split_off

ASIDE, MOST_ASIDE = 0.3, 3000


@dataclass(frozen=True, eq=False)
class Division:
    """A table that is divided for all systems.

    Attributes
    ----------
    train, test : Path
        Parquet files: the training rows with their target, and the features of the rows kept aside.
    meta : dict
        What an adapter is told about the table.
    score : callable
        Takes predictions for the rows kept aside and returns the runner's own score.
    dummy : float
        The score without a model: the class shares or the mean of the training rows are predicted.
    """

    name: str
    train: Path
    test: Path
    meta: dict[str, Any]
    sizes: tuple[int, int]
    metric: Metric
    score: Callable[[NDArray[np.float64]], float]
    dummy: float

    def skill(self, score: float) -> float:
        """Return the share of the way from no model to a perfect one."""
        return 1 - self.metric.loss(score) / self.metric.loss(self.dummy)


def divide(table: DatasetConfig, rows: int, seed: int, folder: Path) -> Division:
    """Keep rows aside, with groups and time respected, and write both parts.

    Raises
    ------
    UserError
        If nothing can be learned from the table.
    """
    whole = load(table, None, seed)
    development, aside = split_off(whole, ASIDE, seed)
    train = whole.take(part(whole, development, rows, seed))
    test = whole.take(part(whole, aside, MOST_ASIDE, seed))
    metric = make_metric(None, whole)
    paths = folder / f"{whole.name}-train.parquet", folder / f"{whole.name}-test.parquet"
    beside = {TARGET: train.target, GROUP: train.groups, WEIGHT: train.weights}
    beside = {name: values for name, values in beside.items() if values is not None}
    train.features.assign(**beside).to_parquet(paths[0])
    test.features.to_parquet(paths[1])
    meta = {"task": str(whole.task), "metric": metric.name, "classes": len(whole.classes), "time": table.time}
    meta["roles"] = {name.removeprefix("_"): name for name in beside} | ({"time": table.time} if table.time else {})

    def score(predictions: NDArray[np.float64]) -> float:
        return metric.score(test.target, predictions, test.weights)

    sizes = len(train), len(test)
    return Division(whole.name, *paths, meta, sizes, metric, score, score(without_model(train, len(test))))


def without_model(train: Dataset, rows: int) -> NDArray[np.float64]:
    """Predict the class shares or the mean of the training rows for all rows."""
    if not train.classes:
        return np.full(rows, np.average(train.target, weights=train.weights))
    shares = np.bincount(train.target, train.weights, len(train.classes))
    return np.tile(shares / shares.sum(), (rows, 1))


def write_meta(division: Division, path: Path, **more: Any) -> Path:
    """Write what an adapter is told about the table."""
    path.write_text(json.dumps(division.meta | more))
    return path
