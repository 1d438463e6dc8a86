"""predictions.parquet: each finalist's predictions of rows it had not seen, so that any figure can be recomputed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from runner.evaluation import Evaluation
from runner.files import whole
from runner.folders import PREDICTIONS
from runner.judge import Judge
from runner.judge.looks import Look
from runner.splits import Rows


def write_predictions(judge: Judge, evaluations: Sequence[Evaluation], looks: Mapping[str, Look]) -> None:
    """Write the predictions of the finalists into the run's folder, completely or not at all."""
    with whole(judge.record.folder / PREDICTIONS) as partial:
        predictions_table(judge, evaluations, looks).to_parquet(partial, index=False)


def predictions_table(judge: Judge, evaluations: Sequence[Evaluation], looks: Mapping[str, Look]) -> pd.DataFrame:
    """Return one line per finalist and row.

    Parameters
    ----------
    evaluations : sequence of Evaluation
        Those of the finalists, on the folds.
    looks : mapping
        By finalist, its predictions of the proof rows. For nested folds only these are written; a name is then a role,
        which each outer fold fills again.

    Returns
    -------
    DataFrame
        ``row`` (position in the table that was read, from 0), ``part`` (a fold, or ``holdout``), ``candidate``,
        ``target`` as written in the table, and, as in the output of `runner predict`, ``prediction`` (which follows the
        cost matrix, if there is one) and ``probability_<class>``; ``weight`` where rows have weights.
    """
    parts = []
    for evaluation in evaluations:
        if evaluation.predictions is not None and evaluation.candidate in looks:
            for part, within in _folds(judge):
                rows, said = judge.splits.development[within], evaluation.predictions[within]
                parts.append(_part(judge, rows, part, evaluation.candidate, said))
    for name, look in looks.items():
        if look.predictions is not None:
            said_of = zip(_proving(judge), judge.proof.folds, judge.proof.parts(look.predictions), strict=True)
            parts += [_part(judge, rows, part, name, said) for part, (_, rows), said in said_of]
    if not parts:
        return pd.DataFrame(columns=["row", "part", "candidate", "target", "prediction"])
    return pd.concat(parts, ignore_index=True).sort_values(["candidate", "row"], ignore_index=True)


def _folds(judge: Judge) -> Iterator[tuple[str, Rows]]:
    if judge.splits.outer is None:  # nested folds have several predictions per row
        for number, (_, test) in enumerate(judge.splits.folds, start=1):
            yield f"fold {number}", test


def _proving(judge: Judge) -> list[str]:
    if judge.splits.outer is None:
        return ["holdout"]
    return [f"repeat {outer.repeat + 1}, fold {outer.fold + 1}" for outer in judge.splits.outer.outer()]


def _part(judge: Judge, rows: Rows, part: str, candidate: str, said: NDArray[np.float64]) -> pd.DataFrame:
    dataset = judge.dataset
    table = pd.DataFrame(
        {
            "row": dataset.source_rows[rows],
            "part": part,
            "candidate": candidate,
            "target": _written(judge, dataset.target[rows]),
        }
    )
    weights = None if dataset.weights is None else dataset.weights[rows]
    if weights is not None:
        table["weight"] = weights
    if not dataset.classes:
        return table.assign(prediction=said)
    table["prediction"] = _written(judge, judge.metric.decide(said, weights))
    chances = pd.DataFrame(said, columns=[f"probability_{name}" for name in dataset.classes])
    return pd.concat([table, chances], axis="columns")


def _written(judge: Judge, target: NDArray[np.int64]) -> NDArray[Any]:
    """Return classes as text, as they stand in the table; values stay as they are."""
    classes = judge.dataset.classes
    return np.array([str(name) for name in classes], dtype=object)[target] if classes else target
