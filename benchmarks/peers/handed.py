"""What a system is given and what it hands back; the only module that all environments import."""

import json
import pickle
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

TARGET, GROUP, WEIGHT = "_target", "_group", "_weight"
LIBRARIES = ("flaml", "autogluon.tabular", "mljar-supervised", "lazypredict", "optuna", "lightgbm", "scikit-learn")
PREDICTIONS, TOLD, KEPT = "predictions.npy", "told.json", "kept"
ROWS, REPEATS = 1000, 3  # on which prediction is timed, and how often
Array = NDArray[Any]
Predict = Callable[[pd.DataFrame], Array]


@dataclass(frozen=True, eq=False)
class Job:
    """A table to learn, and how.

    Attributes
    ----------
    train, test : DataFrame
        Features only, in the order of time if there is one.
    target : ndarray, shape (rows,)
        Of the training rows: class codes 0 .. k-1, or values.
    task : str
        ``binary``, ``multiclass`` or ``regression``.
    metric : str
        Name of the scorer in scikit-learn.
    classes : int
        Number of classes; 0 for regression.
    group, weight : ndarray or None
        Of the training rows.
    time : str or None
        Name of the feature by which the rows are ordered.
    roles : dict
        The column of the training table that has each role: target, group, weight, time.
    options : dict
        Of the system, such as a preset.
    begun : float
        Time at which the table was read and the libraries were imported, on the clock of `time.monotonic`.
    """

    train: pd.DataFrame
    test: pd.DataFrame
    target: Array
    task: str
    metric: str
    classes: int
    group: Array | None
    weight: Array | None
    time: str | None
    roles: dict[str, str]
    seconds: float
    seed: int
    options: dict[str, Any]
    paths: tuple[Path, Path]
    out: Path
    begun: float

    def elapsed(self) -> float:
        """Return the seconds since the job began."""
        return time.monotonic() - self.begun

    @property
    def is_classification(self) -> bool:
        """Whether the target has classes, so that probabilities are wanted."""
        return self.classes > 0

    def in_order(self, probabilities: Any, classes: Iterable[Any]) -> Array:
        """Return probabilities with one column per class code, whichever classes the model knows, in any order."""
        ordered = np.zeros((len(probabilities), self.classes))
        ordered[:, [int(code) for code in classes]] = np.asarray(probabilities)
        return ordered


def given() -> Job:
    """Read the job named on the command line: TRAIN TEST META OUT."""
    train_path, test_path, meta_path, out = (Path(word) for word in sys.argv[1:5])
    meta = json.loads(meta_path.read_text())
    train, test = pd.read_parquet(train_path), pd.read_parquet(test_path)
    target = train.pop(TARGET).to_numpy()
    group = train.pop(GROUP).to_numpy() if GROUP in train else None
    weight = train.pop(WEIGHT).to_numpy() if WEIGHT in train else None
    (out / KEPT).mkdir(parents=True, exist_ok=True)
    return Job(
        train, test, target, **meta, group=group, weight=weight, paths=(train_path, test_path), out=out,
        begun=time.monotonic(),
    )  # fmt: skip


def hand_back(
    job: Job, used: float, predict: Predict, model: Any = None, first_model: float | None = None, kept: str = ""
) -> None:
    """Write the predictions for the test rows, and what they took.

    Parameters
    ----------
    used : float
        Seconds from `Job.begun` until there was a model.
    predict : callable
        Takes features and returns values, or probabilities with one column per class code.
    model : object, optional
        To be pickled; if not given, the model is in the folder ``kept`` already.
    first_model : float, optional
        Seconds from `Job.begun` to the first usable model, if the system reports it.
    kept : str
        What it is.
    """
    told: dict[str, Any] = {"used_seconds": used, "first_model_seconds": first_model, "kept": kept}
    np.save(job.out / PREDICTIONS, np.asarray(predict(job.test), dtype=np.float64))
    if model is not None:
        (job.out / KEPT / "model.pkl").write_bytes(pickle.dumps(model))
    files = [path for path in (job.out / KEPT).rglob("*") if path.is_file()]
    told["size_mb"] = sum(path.stat().st_size for path in files) / 2**20
    told["versions"] = {one.name: one.version for one in metadata.distributions() if one.name.lower() in LIBRARIES}
    told["predict_seconds"] = predict_seconds(predict, job.test)
    (job.out / TOLD).write_text(json.dumps(told))


def predict_seconds(predict: Predict, frame: pd.DataFrame) -> float:
    """Return the seconds for predicting 1,000 rows when everything is loaded: the median of a few measurements."""
    rows = frame.iloc[np.resize(np.arange(len(frame)), ROWS)].reset_index(drop=True)
    return statistics.median(seconds(lambda: predict(rows)) for _ in range(REPEATS))


def seconds(call: Callable[[], Any]) -> float:
    """Return the wall seconds of a call."""
    begun = time.monotonic()
    call()
    return time.monotonic() - begun
