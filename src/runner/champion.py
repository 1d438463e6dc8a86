"""The model that the verdict keeps: refitted on all rows, stored as a plain scikit-learn pipeline."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from runner.candidates.pipeline import Candidate
from runner.dataset import Dataset
from runner.engine import Call, Engine
from runner.errors import UserError
from runner.evaluation import Status

MODEL, CARD, EXAMPLE = "model.pkl", "model.json", "example.parquet"


def keep(candidate: Candidate, dataset: Dataset, folder: Path, seed: int, engine: Engine, deadline: float) -> bool:
    """Fit on all rows, in a worker, and write the model; return whether there was time to.

    The pipeline predicts the target's own classes (not their codes), so that whoever loads it needs nothing of ours
    but the package itself.
    """
    call = Call(_fit_and_write, (candidate, engine.share(dataset, "kept.pkl"), folder, seed))
    (_, outcome), *_ = engine.run([call], deadline)
    return outcome.status is Status.OK


def _fit_and_write(candidate: Candidate, dataset: Dataset, folder: Path, seed: int) -> bool:
    from dataclasses import replace

    import cloudpickle

    from runner.evaluate import fit

    labels = np.asarray(dataset.classes)[dataset.target] if dataset.classes else dataset.target
    if dataset.classes and labels.dtype.kind == "f":  # scikit-learn takes fractions for values
        labels = labels.astype(str)
    if candidate.is_incumbent:
        dataset = dataset.as_the_incumbent_sees_it()
        candidate = replace(candidate, params=candidate.params | {"codes": None})  # it meets the classes themselves
    model = fit(candidate, replace(dataset, target=labels), seed)
    with (folder / MODEL).open("wb") as file:
        cloudpickle.dump(model, file)
    dataset.features.head(5).to_parquet(folder / EXAMPLE)
    card = {
        "candidate": candidate.name,
        "dataset": dataset.name,
        "task": str(dataset.task),
        "target": dataset.target_name,
        "classes": [str(name) for name in dataset.classes],
        "columns": {name: str(dtype) for name, dtype in dataset.features.dtypes.items()},
        "rows": len(dataset),
    }
    (folder / CARD).write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n")
    return True


def load_model(folder: Path) -> tuple[Any, dict[str, Any]]:
    """Read the model of a run and its card.

    Raises
    ------
    UserError
        When the folder holds none.
    """
    import cloudpickle

    if not (folder / MODEL).is_file():
        raise UserError(f"{str(folder)!r} holds no model: give the folder of a finished run (runs/<dataset>/<time>).")
    with (folder / MODEL).open("rb") as file:
        return cloudpickle.load(file), json.loads((folder / CARD).read_text())
