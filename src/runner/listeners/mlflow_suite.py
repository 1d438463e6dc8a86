"""A night of a suite in MLflow: a parent run with the runs of its tables below it, and the nights before."""

import json
import math
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from runner.config import TrackingConfig
from runner.folders import NIGHT, SUMMARY
from runner.listeners import mlflow_store
from runner.listeners.mlflow_tags import LONGEST_TAG, cut, origin_tags


def log_night(tracking: TrackingConfig, root: Path, content: Mapping[str, Any], folder: Path) -> str:
    """Create the parent run of a night and put the runs of its tables below it; return its id.

    Parameters
    ----------
    root : Path
        The folder of all runs, which contains the default store.
    content : mapping
        The content of suite.json.
    folder : Path
        The folder of the night; its reports are stored with the run.
    """
    with mlflow_store.quiet(patient=True):
        from mlflow.entities import Metric, RunTag

        client, experiment = mlflow_store.store_of(tracking, root).connect()
        started, ended = (_milliseconds(content[key]) for key in ("started_at", "finished_at"))
        name = f"suite {content['suite']} · {'FAILED' if content['failed'] else 'passed'}"
        run = str(client.create_run(experiment, started, {**_tags(content, folder), **origin_tags()}, name).info.run_id)
        figures = {key: float(value) for key, value in _figures(content).items()}
        metrics = [Metric(key, value, ended, 0) for key, value in figures.items() if math.isfinite(value)]
        client.log_batch(run, metrics=metrics)
        for entry in (one["entry"] for one in content["runs"] if one["entry"]):
            if entry["mlflow_run_id"]:
                client.log_batch(entry["mlflow_run_id"], tags=[RunTag("mlflow.parentRunId", run)])
        for file in sorted(folder.iterdir()):
            if file.suffix in (".json", ".md", ".xml", ".html"):
                client.log_artifact(run, str(file))
        client.set_terminated(run, "FAILED" if content["failed"] else "FINISHED", ended)
    return run


def past_nights(tracking: TrackingConfig, root: Path, suite: str, count: int) -> list[dict[str, Any]]:
    """Return the content of suite.json for the last nights of a suite, oldest first."""
    with mlflow_store.quiet(patient=True), tempfile.TemporaryDirectory() as aside:
        client, experiment = mlflow_store.store_of(tracking, root).connect()
        runs = client.search_runs(
            [experiment], f"tags.suite = '{suite}'", max_results=count, order_by=["attributes.start_time DESC"]
        )
        found = (mlflow_store.artifact_of(client, run.info.run_id, NIGHT, aside) for run in reversed(runs))
        return [json.loads(path.read_bytes()) for path in found if path]


def _tags(content: Mapping[str, Any], folder: Path) -> dict[str, str]:
    summary = folder / SUMMARY
    tags = {"suite": content["suite"], "headline": cut(content["headline"], LONGEST_TAG), "folder": str(folder)}
    if summary.is_file():
        tags["mlflow.note.content"] = cut(summary.read_text(encoding="utf-8"), LONGEST_TAG)
    return {**tags, **content["git"]}


def _figures(content: Mapping[str, Any]) -> dict[str, float]:
    outcomes = [item["outcome"] for item in content["judged"]]
    return {
        "failed": outcomes.count("failed"),
        "warned": outcomes.count("warned"),
        "runs": len(content["runs"]),
        "without_verdict": sum(run["entry"] is None for run in content["runs"]),
        "cpu_seconds": sum(run["entry"]["cpu_seconds"] for run in content["runs"] if run["entry"]),
        "wall_seconds": content["wall_seconds"],
    }


def _milliseconds(time: str) -> int:
    return int(datetime.fromisoformat(time).timestamp() * 1000)
