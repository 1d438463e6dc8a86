"""The model that the verdict keeps, refitted on all rows and stored as a plain scikit-learn pipeline."""

import json
import time
import warnings
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from runner.candidates.decision import DecisionRule, LeastCost
from runner.candidates.dummy import CLASSIFIER
from runner.candidates.pipeline import Candidate
from runner.dataset import Dataset
from runner.engine import Call, Engine
from runner.errors import UserError, in_a_line
from runner.evaluation import Status
from runner.files import whole, write_text
from runner.folders import CARD, EXAMPLE, MODEL

TIMED_CALLS = 3  # of one row each; the fastest counts, as the first may load something
MOST_LEVELS = 30  # of a column; with more, new ones are to be expected


def keep(
    candidate: Candidate,
    dataset: Dataset,
    folder: Path,
    seed: int,
    engine: Engine,
    deadline: float,
    rule: DecisionRule | None = None,
) -> bool:
    """Fit on all rows, in a worker, and write the model; return whether there was time to.

    The pipeline predicts the target's own classes (not their codes), so that whoever loads it needs only this package.

    Parameters
    ----------
    deadline : float
        The time, on the run's clock, at which fitting must end.
    rule : DecisionRule, optional
        How the model decides; for the most probable class when not given.
    """
    call = Call(_fit_and_write, (candidate, engine.share(dataset, "kept.pkl"), folder, seed, rule))
    (_, outcome), *_ = engine.run([call], deadline)
    return outcome.status is Status.OK


def _fit_and_write(candidate: Candidate, dataset: Dataset, folder: Path, seed: int, rule: DecisionRule | None) -> bool:
    import cloudpickle

    from runner.evaluation.evaluate import fit

    names = np.asarray(dataset.classes)
    if names.dtype.kind == "f":  # scikit-learn would take fractions for regression targets
        names = names.astype(str)
    labels = names[dataset.target] if dataset.classes else dataset.target
    if candidate.is_incumbent:
        dataset = dataset.as_the_incumbent_sees_it()
    candidate = _of_labels(candidate, names.tolist())
    model = fit(candidate, replace(dataset, target=labels), seed)
    if rule is not None:
        model = _deciding(model, names.tolist(), rule)
    with whole(folder / EXAMPLE) as partial:
        dataset.features.head(5).to_parquet(partial)
    card = _card(candidate, dataset, rule) | {"one_row_seconds": _one_row_seconds(model, dataset.features.head(1))}
    write_text(folder / CARD, json.dumps(card, indent=2, ensure_ascii=False) + "\n")
    with whole(folder / MODEL) as partial, partial.open("wb") as file:  # last, so that its presence means that all is
        cloudpickle.dump(model, file)
    return True


def _of_labels(candidate: Candidate, names: list[Any]) -> Candidate:
    """Return an incumbent, or a dummy, that is fitted to the classes themselves, not to their codes."""
    own = {}
    if candidate.is_incumbent and "called" in candidate.params:
        own["called"] = {name: names[code] for name, code in candidate.params["called"].items()}
    if candidate.estimator == CLASSIFIER and "constant" in candidate.params:
        own["constant"] = names[candidate.params["constant"]]
    return replace(candidate, params=candidate.params | own)


def _card(candidate: Candidate, dataset: Dataset, rule: DecisionRule | None) -> dict[str, Any]:
    """Return the content of model.json: what the model was fitted on, what it takes, and how it decides."""
    from runner.metrics.thresholds import threshold_of

    return {
        "candidate": candidate.name,
        "dataset": dataset.name,
        "task": str(dataset.task),
        "target": dataset.target_name,
        "classes": [str(name) for name in dataset.classes],
        "columns": {name: str(dtype) for name, dtype in dataset.features.dtypes.items()},
        "spelling": {name: how for name, how in dataset.spelling.items() if name in dataset.features},
        "levels": _levels(dataset.features),
        "rows": len(dataset),
        "decides": "the class of least expected loss" if rule else "the most probable class",
        "threshold": threshold_of(rule.costs if rule else None) if len(dataset.classes) == 2 else None,
        "recalibrated": asdict(rule.line) if rule and rule.line else None,
    }


def _one_row_seconds(model: Any, row: pd.DataFrame) -> float | None:
    """Return the CPU seconds that it takes to predict one row that comes alone; None if the model cannot."""
    took = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(TIMED_CALLS):
            begun = time.process_time()
            try:
                model.predict(row)
            except Exception:  # it is kept all the same: on more rows it has been judged
                return None
            took.append(time.process_time() - begun)
    return min(took)


def _levels(features: pd.DataFrame) -> dict[str, list[str]]:
    """Return the categories of each text column that has few of them: new rows with others cause a warning."""
    found = {name: column.dropna().unique() for name, column in features.items() if column.dtype.kind == "O"}
    return {str(name): sorted(map(str, levels)) for name, levels in found.items() if len(levels) <= MOST_LEVELS}


def _deciding(model: Any, classes: list[Any], rule: DecisionRule) -> Any:
    """Let the last step of a pipeline decide by the rule."""
    from sklearn.pipeline import Pipeline

    *steps, (name, estimator) = model.steps
    return Pipeline([*steps, (name, LeastCost(estimator, classes, rule.costs.tolist(), rule.line))])


def read_card(folder: Path) -> dict[str, Any]:
    """Read the content of model.json."""
    card: dict[str, Any] = json.loads((folder / CARD).read_text(encoding="utf-8"))
    return card


def load_model(folder: Path) -> tuple[Any, dict[str, Any]]:
    """Read the model of a run and its card.

    Raises
    ------
    UserError
        If the folder holds no model.
    """
    import cloudpickle

    if not (folder / MODEL).is_file():
        raise UserError(f"{str(folder)!r} holds no model: give the folder of a finished run (runs/<dataset>/<time>).")
    try:
        with (folder / MODEL).open("rb") as file:
            return cloudpickle.load(file), read_card(folder)
    except Exception as error:  # it was not copied whole, or its libraries are missing or of another version
        raise UserError(
            f"The model of {str(folder)!r} cannot be loaded ({in_a_line(error)}): install the versions that its "
            "verdict.json lists, or run it again."
        ) from error
