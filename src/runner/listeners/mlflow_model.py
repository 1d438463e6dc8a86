"""The champion as an MLflow model: a copy of the run's own pickle, with what others need in order to use it.

`mlflow.sklearn.log_model` would load the pickle (importing skrub and LightGBM into this process), write it again and
warn about pickles. The folder that it would create has MLflow's documented model format, which is created here.
"""

import json
import platform
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from runner.folders import EXAMPLE, MODEL
from runner.provenance import DISTRIBUTION, versions

KEY = "runner.run"  # the tag that names our run, wherever it was sent
INPUT_EXAMPLE = "input_example.json"
SERVING_EXAMPLE = "serving_input_example.json"
REQUIREMENTS = ("mlflow", "scikit-learn", "skrub", "lightgbm", "pandas", "numpy", DISTRIBUTION)


def log_model(
    client: Any, *, experiment_id: str, run_id: str, folder: Path, told: Mapping[str, Any], tags: Mapping[str, str]
) -> str:
    """Log ``model.pkl`` of the run's folder, once, and return the id of the logged model.

    Parameters
    ----------
    folder : Path
        Contains ``model.pkl``, a fitted pipeline, and ``example.parquet``, a few rows that it can predict.
    told : dict
        What the run's first step says about the table.
    tags : dict
        Tags of the logged model, among them `KEY`, which names its run.
    """
    from mlflow.entities import LoggedModelOutput
    from mlflow.models import Model

    logged = _known(client, experiment_id, tags[KEY]) or client.create_logged_model(
        experiment_id, name="model", source_run_id=run_id, tags=dict(tags), model_type=told["task"]
    )
    if str(logged.status) == "READY":
        return str(logged.model_id)
    if not _is_output(client, run_id, logged.model_id):  # a store takes it once, and an attempt may end after it
        client.log_outputs(run_id, [LoggedModelOutput(logged.model_id, step=0)])
    model = Model(
        artifact_path=logged.artifact_location,
        run_id=run_id,
        model_uuid=logged.model_id,
        model_id=logged.model_id,
        signature=_signature(told),
        metadata={"target": told["target"], "classes": told["classes"]},
    )
    with tempfile.TemporaryDirectory() as made:
        _write(model, folder, Path(made))
        client.log_model_artifacts(logged.model_id, made)
    client.finalize_logged_model(logged.model_id, "READY")
    return str(logged.model_id)


def _known(client: Any, experiment_id: str, key: str) -> Any:
    """Return the logged model that an earlier attempt made, else None."""
    found = client.search_logged_models([experiment_id], filter_string=f"tags.`{KEY}` = '{key}'", max_results=1)
    return next(iter(found), None)


def _is_output(client: Any, run_id: str, model_id: str) -> bool:
    """Whether a run names the logged model as its output."""
    outputs = client.get_run(run_id).outputs
    return outputs is not None and any(output.model_id == model_id for output in outputs.model_outputs)


def _signature(told: Mapping[str, Any]) -> Any:
    """Return inputs and outputs; a classifier returns class names."""
    from mlflow.models import ModelSignature
    from mlflow.types import Schema

    sides = (told["inputs"], told["outputs"])
    return ModelSignature(*(Schema.from_json(json.dumps(columns)) for columns in sides))


def _write(model: Any, folder: Path, made: Path) -> None:
    """Fill the folder of a scikit-learn model."""
    from mlflow import pyfunc

    shutil.copyfile(folder / MODEL, made / MODEL)
    _write_example(model, folder / EXAMPLE, made)
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
        serialization_format="cloudpickle",  # also reads plain pickles
        code=None,
    )
    model.model_size_bytes = (made / MODEL).stat().st_size
    model.save(str(made / "MLmodel"))


def _write_example(model: Any, example: Path, made: Path) -> None:
    if not example.exists():
        return
    rows = json.loads(pd.read_parquet(example).to_json(orient="split", index=False, date_format="iso"))
    (made / INPUT_EXAMPLE).write_text(json.dumps(rows))
    (made / SERVING_EXAMPLE).write_text(json.dumps({"dataframe_split": rows}, indent=2))
    model.saved_input_example_info = {
        "artifact_path": INPUT_EXAMPLE,
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
