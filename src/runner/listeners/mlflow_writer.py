"""What is written to MLflow: a parent run, a child a candidate, one child for all trials of the search.

Used by one thread only. A method may be called twice, when its first call failed halfway.
"""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from runner.evaluation import Evaluation
from runner.events import Evaluated, RunStarted
from runner.listeners import mlflow_store
from runner.listeners import mlflow_values as values
from runner.listeners.mlflow_model import log_model

READABLE = {".json", ".md", ".html", ".csv", ".yaml", ".png"}  # files that a person reads
SEARCH = "search"
PARAMS_AT_ONCE = 100  # MLflow's limit


class MlflowWriter:
    """One run of ours in MLflow.

    Attributes
    ----------
    run_id : str or None
        MLflow's id of the parent, once it is made.
    model_uri : str or None
        Where the champion's model is, once it is logged.
    """

    def __init__(self, uri: str, experiment: str, started: RunStarted, at: float) -> None:
        self.run_id: str | None = None
        self.model_uri: str | None = None
        self._uri = uri
        self._experiment = experiment
        self._experiment_id = ""
        self._client: Any = None
        self._input: Any = None
        self._children: dict[str, str] = {}
        self._started = started
        self._started_at = at

    def begin(self) -> None:
        """Make the parent run, with the config."""
        parent = self._parent()
        params = values.config_params(self._started.config)
        self._log(parent, self._started_at, params=params)

    def candidate(self, evaluation: Evaluation, at: float) -> None:
        """Write a child run, from its start to its end."""
        child = self._child(evaluation.candidate, at - evaluation.costs.wall_seconds)
        metric = self._started.metric
        self._log(
            child,
            at,
            params=values.candidate_params(self._started, evaluation),
            metrics=values.evaluation_metrics(evaluation, metric),
            tags=values.evaluation_tags(evaluation),
        )
        folds = enumerate(map(metric.for_people, evaluation.fold_scores))
        self._client.log_batch(child, metrics=[_metric("fold_score", score, at, fold) for fold, score in folds])
        self._terminate(child, "FINISHED" if evaluation.ok else "FAILED", at)

    def trial(self, heard: Evaluated, best: float | None, cpu_seconds: float, at: float) -> None:
        """Write a step of the search: the trial's score, the best and the time spent so far."""
        done, metric = heard.evaluation, self._started.metric
        child = self._child(SEARCH, at - done.costs.wall_seconds)
        scores = {"score": done.score, "best_score": best}
        seen = {key: metric.for_people(score) for key, score in scores.items() if score is not None}
        self._log(child, at, metrics={**seen, "cpu_seconds": cpu_seconds}, step=heard.trial or 0)

    def end(self, status: str, title: str, at: float, tags: Mapping[str, str], metrics: values.Figures) -> None:
        """Write how the run ended."""
        parent = self._parent()
        name = f"{self._started.dataset.name} · {title}"
        self._log(parent, at, metrics=metrics, tags={**tags, "mlflow.runName": name})
        if SEARCH in self._children:
            self._terminate(self._children[SEARCH], status, at)
        self._terminate(parent, status, at)

    def files(self, folder: Path, trials: tuple[Evaluated, ...]) -> None:
        """Add the files of the run's folder that a person reads, and the table of all trials."""
        parent = self._parent()
        for file in sorted(folder.iterdir()):
            if file.suffix in READABLE:
                self._client.log_artifact(parent, str(file))
        if trials:
            table = values.trials_table(trials, self._started.metric)
            self._client.log_text(self._child(SEARCH, self._started_at), table, "trials.csv")

    def model(self, folder: Path, champion: str, metrics: values.Figures, at: float) -> None:
        """Log the champion's model, and the line that loads it."""
        parent, dataset = self._parent(), self._started.dataset
        model_id = log_model(
            self._client,
            experiment_id=self._experiment_id,
            run_id=parent,
            folder=folder,
            dataset=dataset,
            tags={"candidate": champion, "dataset": dataset.name, **values.origin_tags()},
        )
        used = self._table().dataset
        links = {"model_id": model_id, "dataset_name": used.name, "dataset_digest": used.digest}
        self._client.log_batch(parent, metrics=_metrics(metrics, at, **links))
        self.model_uri = f"models:/{model_id}"
        self._client.set_tag(parent, "load_with", mlflow_store.load_line(self._uri, self.model_uri))

    def _parent(self) -> str:
        if self._client is None:
            self._client, self._experiment_id = mlflow_store.connect(self._uri, self._experiment)
        if self.run_id is None:
            name = f"{self._started.dataset.name} · running"
            self.run_id = self._create(name, self._started_at, values.run_tags(self._started))
        return self.run_id

    def _child(self, name: str, at: float) -> str:
        parent = self._parent()
        if name not in self._children:
            self._children[name] = self._create(name, at, {"mlflow.parentRunId": parent})
        return self._children[name]

    def _create(self, name: str, at: float, tags: Mapping[str, str]) -> str:
        named = {**tags, **values.origin_tags()}
        run = self._client.create_run(self._experiment_id, _milliseconds(at), named, name)
        self._client.log_inputs(run.info.run_id, [self._table()])
        return str(run.info.run_id)

    def _table(self) -> Any:
        if self._input is None:
            self._input = values.dataset_input(self._started.config, self._started.dataset)
        return self._input

    def _terminate(self, run_id: str, status: str, at: float) -> None:
        self._client.set_terminated(run_id, status, _milliseconds(at))

    def _log(
        self,
        run_id: str,
        at: float,
        *,
        params: Mapping[str, str] | None = None,
        metrics: values.Figures | None = None,
        tags: Mapping[str, str] | None = None,
        step: int = 0,
    ) -> None:
        from mlflow.entities import Param, RunTag

        pairs = [Param(key, value) for key, value in (params or {}).items()]
        self._client.log_batch(
            run_id,
            metrics=_metrics(metrics or {}, at, step),
            params=pairs[:PARAMS_AT_ONCE],
            tags=[RunTag(key, value) for key, value in (tags or {}).items()],
        )
        for start in range(PARAMS_AT_ONCE, len(pairs), PARAMS_AT_ONCE):
            self._client.log_batch(run_id, params=pairs[start : start + PARAMS_AT_ONCE])


def _metrics(figures: values.Figures, at: float, step: int = 0, **links: str) -> list[Any]:
    known = {key: value for key, value in figures.items() if value is not None and math.isfinite(value)}
    return [_metric(key, value, at, step, **links) for key, value in known.items()]


def _metric(key: str, value: float, at: float, step: int, **links: str) -> Any:
    from mlflow.entities import Metric

    return Metric(key, value, _milliseconds(at), step, **links)


def _milliseconds(at: float) -> int:
    return int(at * 1000)
