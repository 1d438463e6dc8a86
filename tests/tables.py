"""Tables made for tests, and what a check is given of them."""

from typing import Any

import numpy as np
import pandas as pd

from runner.checks import Finding
from runner.checks.material import Material
from runner.checks.registry import OF_TABLE, look
from runner.dataset import Dataset
from runner.metrics import make_metric
from runner.splits import split_off
from runner.task import Task


def table(task: Task, rows: int = 400, **columns: Any) -> Dataset:
    """Return rows with two honest columns, and others; columns are functions of the target."""
    random = np.random.default_rng(0)
    classes = {Task.BINARY: 2, Task.MULTICLASS: 4, Task.REGRESSION: 0}[task]
    target = random.integers(0, classes, rows) if classes else random.lognormal(size=rows)
    features = pd.DataFrame({"honest": target + random.normal(size=rows) * 2, "noise": random.normal(size=rows)})
    for name, make in columns.items():
        features[name] = make(target)
    return Dataset("t", task, "y", features, target, tuple(range(classes)), "")


def material(dataset: Dataset, seed: int = 0) -> Material:
    """Return all rows as development rows."""
    return Material(dataset, make_metric(None, dataset), seed)


def split(dataset: Dataset, seed: int = 0) -> Material:
    """Return what a run's checks are given: the development rows, and the inputs of the holdout."""
    development, holdout = split_off(dataset, 0.3, seed)
    aside = dataset.features.iloc[holdout].reset_index(drop=True)
    return Material(dataset.take(development), make_metric(None, dataset), seed, aside)


def look_at_all(material: Material) -> tuple[Finding, ...]:
    """Make all checks of a table one after the other, here."""
    return tuple(finding for name in OF_TABLE for finding in look(name, material))
