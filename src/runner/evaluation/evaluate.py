"""One candidate on the folds: fit, predict, score and measure. This runs inside a worker process."""

import io
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner import words
from runner.candidates.pipeline import Candidate, build, join, split
from runner.costs import Costs
from runner.dataset import Dataset
from runner.decision.racing import Bar
from runner.evaluation import Evaluation, Status
from runner.evaluation.prepared import find, path_of, prepare
from runner.metrics import Metric
from runner.rules.rule_file import as_text
from runner.splits import Fold, Rows
from runner.stopwatch import MEGABYTE, Stopwatch
from runner.task import Task
from runner.words import counted


def cross_validate(
    candidate: Candidate,
    dataset: Dataset,
    folds: Sequence[Fold],
    metric: Metric,
    seed: int,
    seconds: float,
    store: Path | None = None,
    bar: Bar | None = None,
) -> Evaluation:
    """Fit and score a candidate on each fold.

    Parameters
    ----------
    folds : sequence of (train, test)
        Positions in the rows of `dataset`.
    seconds : float
        Wall seconds that it may take. It ends early if the first folds show that all folds would take longer.
    store : Path, optional
        Folder of prepared folds, shared by the workers of a run.
    bar : Bar, optional
        What the scores of the first folds must pass for the others to be fitted.

    Returns
    -------
    Evaluation
        With status ``timed out`` if it would not end in time, and ``pruned`` if it did not pass the bar.
    """
    watch, ahead = Stopwatch(), Costs()
    dataset = _seen_by(candidate, dataset)
    parts: list[NDArray[np.float64]] = []
    scores: list[float] = []
    model: Any = None
    for number, (train, test) in enumerate(folds):
        prepared = path_of(store, candidate.preparation, number) if store else None
        fitted = _fitted(candidate, dataset, train, test, seed, prepared)
        model, ahead = fitted.model, ahead + fitted.ahead
        parts.append(fitted.predictions)
        scores.append(metric.score(dataset.target[test], fitted.predictions, dataset.weights_of(test)))
        spent = watch.costs() + ahead
        if bar and bar.ends(scores):
            reason = f"after {counted(len(scores), 'fold')} it was clearly worse than the best so far."
            return replace(unscored(candidate, Status.PRUNED, spent, reason), fold_scores=tuple(scores))
        needed = watch.costs().wall_seconds / len(scores) * len(folds)
        if needed > seconds:
            left = words.duration(max(seconds, 0.0))
            reason = f"{len(folds)} folds would take {words.duration(needed)}; {left} are left for it."
            return unscored(candidate, Status.TIMED_OUT, spent, reason)
    if not np.isfinite(scores).all():
        return unscored(candidate, Status.FAILED, watch.costs() + ahead, "its score is not a finite number.")
    text = _in_words(candidate, model, dataset)
    costs = replace(watch.costs() + ahead, **_serving(model, dataset), size_mb=size_mb(model))
    predictions, stacked = _out_of_fold(parts, [test for _, test in folds], len(dataset))
    done = unscored(candidate, Status.OK, costs)
    return replace(done, fold_scores=tuple(scores), predictions=predictions, parts=stacked, text=text)


def _out_of_fold(
    parts: Sequence[NDArray[np.float64]], tests: Sequence[Rows], rows: int
) -> tuple[NDArray[np.float64], NDArray[np.float64] | None]:
    """Return one prediction per row, and also all parts if several models predict a row, else None."""
    predictions = np.full((rows, *parts[0].shape[1:]), np.nan)
    for test, part in zip(tests, parts, strict=True):
        predictions[test] = part
    several = sum(map(len, tests)) > rows
    return predictions, np.concatenate(parts) if several else None


def fit_and_predict(
    candidate: Candidate, dataset: Dataset, train: Rows, test: Rows, seed: int, prepared: Path | None = None
) -> tuple[NDArray[np.float64], Costs]:
    """Fit on some rows and predict others, for the last look.

    Parameters
    ----------
    train, test : ndarray of int64
        Positions in the rows of `dataset`.
    prepared : Path, optional
        The prepared fold, which is used if the file exists.

    Returns
    -------
    ndarray, shape (rows,) or (rows, classes), and Costs
    """
    watch = Stopwatch()
    fitted = _fitted(candidate, _seen_by(candidate, dataset), train, test, seed, prepared)
    return fitted.predictions, watch.costs() + fitted.ahead


@dataclass(frozen=True, eq=False)
class _Fitted:
    """A pipeline fitted on some rows, its predictions for others, and the costs of preparing these rows ahead."""

    model: Any
    predictions: NDArray[np.float64]
    ahead: Costs


def _fitted(
    candidate: Candidate, dataset: Dataset, train: Rows, test: Rows, seed: int, prepared: Path | None
) -> _Fitted:
    preparation, estimator = split(build(candidate, seed))
    found = find(prepared)
    fold = found or prepare(preparation, dataset, train, test)
    _fit(estimator, fold.train, dataset.target[train], dataset.weights_of(train))
    predictions = predict(estimator, fold.test, dataset, len(train))
    ahead = Costs(found.cpu_seconds, found.wall_seconds, prepare_seconds=found.cpu_seconds) if found else Costs()
    return _Fitted(join(fold.preparation, estimator), predictions, ahead)


def fit(candidate: Candidate, dataset: Dataset, seed: int) -> Any:
    """Fit the candidate's pipeline on all rows of `dataset` and return it."""
    preparation, estimator = split(build(candidate, seed))
    features = _seen_by(candidate, dataset).features
    if preparation is not None:
        features = preparation.fit_transform(features, dataset.target)
    _fit(estimator, features, dataset.target, dataset.weights)
    return join(preparation, estimator)


def _seen_by(candidate: Candidate, dataset: Dataset) -> Dataset:
    return dataset.as_the_incumbent_sees_it() if candidate.is_incumbent else dataset


def _fit(estimator: Any, features: Any, target: NDArray[Any], weights: NDArray[np.float64] | None) -> None:
    """Fit without printing warnings."""
    from runner.candidates.fitting import fit_weighted

    with warnings.catch_warnings():  # about convergence and the like, whose effect shows in the score
        warnings.simplefilter("ignore")
        fit_weighted(estimator, features, target, weights)


def predict(estimator: Any, features: Any, dataset: Dataset, trained_on: int) -> NDArray[np.float64]:
    """Predict values, or probabilities in the order of the dataset's classes, with a fitted estimator or pipeline.

    A class that is missing from the training rows gets the probability of Laplace's rule, 1 / (rows + classes): with
    zero, the log loss of a single row of that class would outweigh all others.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if dataset.task is Task.REGRESSION:
            return np.asarray(estimator.predict(features), dtype=np.float64)
        known = np.asarray(estimator.predict_proba(features), dtype=np.float64)
    classes = len(dataset.classes)
    probabilities = np.full((len(known), classes), 1 / (trained_on + classes))
    probabilities[:, np.asarray(estimator.classes_, dtype=int)] = known
    total: NDArray[np.float64] = probabilities.sum(axis=1, keepdims=True)  # in float32 not exactly 1
    return probabilities / total


def _serving(model: Any, dataset: Dataset) -> dict[str, float]:
    """Return the CPU seconds that a pipeline takes to predict 1,000 rows at once, and the parts for preparation.

    They are what is paid for, and unlike wall seconds do not depend on what else the machine is doing.
    """
    rows: Any = dataset.features.iloc[np.resize(np.arange(len(dataset)), 1000)]
    moments = [time.process_time()]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _, step in model.steps[:-1]:
            rows = step.transform(rows)
            moments.append(time.process_time())
        model[-1].predict(rows)
    ended = time.process_time()
    first, last = moments[min(1, len(moments) - 1)], moments[-1]
    return {
        "predict_seconds": ended - moments[0],
        "clean_seconds": first - moments[0],
        "encode_seconds": last - first,
    }


def size_mb(model: Any) -> float:
    """Return the pickled size of a model in MB, without keeping the bytes in memory."""
    import cloudpickle

    class Counter(io.RawIOBase):
        total = 0

        def write(self, data: Any) -> int:
            size = memoryview(data).nbytes
            self.total += size
            return size

    counter = Counter()
    cloudpickle.dump(model, counter, protocol=5)
    return counter.total / MEGABYTE


def _in_words(candidate: Candidate, model: Any, dataset: Dataset) -> str | None:
    if candidate.is_incumbent:
        assert dataset.incumbent is not None
        return str(model[-1].in_words(dataset.incumbent.name))
    return describe(model, dataset) if candidate.is_readable else None


def describe(model: Any, dataset: Dataset) -> str:
    """Return a fitted tree as rules, one per line, in the names of the columns."""
    from runner.candidates.rules import as_learned, tree_rules

    rules, _ = tree_rules(model, dataset.features, dataset.classes)
    return "\n".join(as_text(as_learned(rules, dataset.features)))


def unscored(candidate: Candidate, status: Status, costs: Costs, reason: str | None = None) -> Evaluation:
    """Return how the evaluation of a candidate ended and what it took; scores, if there are any, are added later."""
    return Evaluation(candidate.name, candidate.rung, status, costs, reason, params=dict(candidate.drawn))
