"""The champion as an MLflow model: the run's own pickle, copied, with what a stranger needs to use it.

`mlflow.sklearn.log_model` would load the pickle (importing skrub and LightGBM into this process), write it
anew and warn of pickles. The folder that it would make is MLflow's documented model format; we make the same.
"""

import json
import platform
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from runner.dataset import Dataset
from runner.listeners.mlflow_values import schema
from runner.provenance import DISTRIBUTION, versions

MODEL = "model.pkl"
EXAMPLE = "input_example.json"
SERVING_EXAMPLE = "serving_input_example.json"
REQUIREMENTS = ("mlflow", "scikit-learn", "skrub", "lightgbm", "pandas", "numpy", DISTRIBUTION)


def log_model(
    client: Any, *, experiment_id: str, run_id: str, folder: Path, dataset: Dataset, tags: Mapping[str, str]
) -> str:
    """Log ``model.pkl`` of the run's folder and return the id of the logged model.

    Parameters
    ----------
    folder : Path
        Holds ``model.pkl``, a fitted pipeline, and ``example.parquet``, a few rows that it can predict.
    tags : dict
        Of the logged model.
    """
    from mlflow.entities import LoggedModelOutput
    from mlflow.models import Model

    logged = client.create_logged_model(
        experiment_id, name="model", source_run_id=run_id, tags=dict(tags), model_type=dataset.task.value
    )
    client.log_outputs(run_id, [LoggedModelOutput(logged.model_id, step=0)])
    model = Model(
        artifact_path=logged.artifact_location,
        run_id=run_id,
        model_uuid=logged.model_id,
        model_id=logged.model_id,
        signature=_signature(dataset),
        metadata={"target": dataset.target_name, "classes": [str(name) for name in dataset.classes]},
    )
    with tempfile.TemporaryDirectory() as made:
        _write(model, folder, Path(made))
        client.log_model_artifacts(logged.model_id, made)
    client.finalize_logged_model(logged.model_id, "READY")
    return str(logged.model_id)


def _signature(dataset: Dataset) -> Any:
    """Return inputs and outputs; a classifier answers with the names of the classes."""
    from mlflow.models import ModelSignature

    answers = np.asarray(dataset.classes) if dataset.classes else dataset.target
    return ModelSignature(schema(dataset.features), schema(pd.DataFrame({"prediction": answers})))


def _write(model: Any, folder: Path, made: Path) -> None:
    """Fill the folder of a scikit-learn model."""
    from mlflow import pyfunc

    shutil.copyfile(folder / MODEL, made / MODEL)
    _write_example(model, folder / "example.parquet", made)
    required = versions(REQUIREMENTS)
    _write_environment(required, made)
    pyfunc.add_to_model(
        model,
        loader_module="mlflow.sklearn",
        model_path=MODEL,
        python_env="python_env.yaml",
        predict_fn="predict",
    )
    model.add_flavor(
        "sklearn",
        pickled_model=MODEL,
        sklearn_version=required["scikit-learn"],
        serialization_format="cloudpickle",  # reads plain pickles as well
        code=None,
    )
    model.model_size_bytes = (made / MODEL).stat().st_size
    model.save(str(made / "MLmodel"))


def _write_example(model: Any, example: Path, made: Path) -> None:
    if not example.exists():
        return
    rows = json.loads(pd.read_parquet(example).to_json(orient="split", index=False, date_format="iso"))
    (made / EXAMPLE).write_text(json.dumps(rows))
    (made / SERVING_EXAMPLE).write_text(json.dumps({"dataframe_split": rows}, indent=2))
    model.saved_input_example_info = {
        "artifact_path": EXAMPLE,
        "serving_input_path": SERVING_EXAMPLE,
        "type": "dataframe",
        "pandas_orient": "split",
    }


def _write_environment(required: dict[str, str], made: Path) -> None:
    pins = "".join(f"{name}=={number}\n" for name, number in required.items())
    (made / "requirements.txt").write_text(pins)
    (made / "python_env.yaml").write_text(
        f"python: {platform.python_version()}\nbuild_dependencies: [pip]\ndependencies: [-r requirements.txt]\n"
    )
