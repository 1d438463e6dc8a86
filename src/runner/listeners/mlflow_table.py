"""A table in MLflow's format, as the input of a run and the schema of a frame; plain data, without importing MLflow."""

import json
from typing import Any

import pandas as pd

from runner.config import Config
from runner.dataset import Dataset
from runner.listeners.mlflow_store import without_password

DIGEST = 12  # characters of the fingerprint, as many as the summary shows; MLflow accepts 36
LONGEST_SCHEMA = 1_048_575  # MLflow's limit, in characters: some 15,000 columns


def dataset_input(config: Config, dataset: Dataset) -> dict[str, str | None]:
    """Return the table as an input of a run: name, digest, source, schema (unless too long) and size, but no rows."""
    path = without_password(config.dataset.path)
    is_web = path.startswith(("http://", "https://"))
    columns = [*schema(dataset.features), *schema(pd.DataFrame({dataset.target_name: dataset.target}))]
    told = json.dumps({"mlflow_colspec": columns})
    return {
        "name": dataset.name,
        "digest": dataset.fingerprint[:DIGEST],
        "source_type": "http" if is_web else "local",
        "source": json.dumps({"url" if is_web else "uri": path}),
        "schema": told if len(told) <= LONGEST_SCHEMA else None,
        "profile": json.dumps({"num_rows": len(dataset), "num_elements": dataset.features.size}),
    }


def schema(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a frame's columns as JSON in the format of MLflow's schemas.

    `mlflow.models.infer_signature` would look at every value, and warn about integer columns through a filter that all
    threads share.
    """
    return [
        {"type": _type(frame[name].dtype), "name": str(name), "required": not frame[name].hasnans} for name in frame
    ]


def _type(dtype: Any) -> str:
    if isinstance(dtype, pd.CategoricalDtype):
        return "any"  # declared as a string, MLflow would refuse a frame of categories
    if pd.api.types.is_bool_dtype(dtype):
        return "boolean"
    if pd.api.types.is_integer_dtype(dtype):
        return "long"
    if pd.api.types.is_float_dtype(dtype):
        return "double"
    return "datetime" if pd.api.types.is_datetime64_any_dtype(dtype) else "string"
