"""What is written to MLflow: a parent run, one child per candidate, and one child for all trials of the search.

Only one thread uses it. Everything may be sent repeatedly, also by another process, and still arrives once: runs and
models carry a key of ours, MLflow ignores a metric that it already has for a time and step, and a child that has ended
is left alone.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from runner.folders import EXAMPLE, TRIALS
from runner.listeners import mlflow_store
from runner.listeners import mlflow_values as values
from runner.listeners.mlflow_model import KEY, log_model
from runner.listeners.mlflow_registry import register
from runner.listeners.mlflow_tags import origin_tags
from runner.listeners.outbox import CANDIDATE, END, FILES, MODEL, RUN, TRIAL, Step, digest

READABLE = {".json", ".md", ".html", ".csv", ".yaml", ".png", ".svg", ".parquet"}  # files that a person looks at
TEXT = {".json", ".md", ".yaml"}  # files that may contain an address with its password
PRIVATE = {EXAMPLE}  # part of the model
PART = "runner.part"  # the tag that names a child
MARK = "runner.sent"  # the tag that says what the parent was sent last
PARAMS_AT_ONCE, METRICS_AT_ONCE = 100, 1000  # MLflow's limits
ENDED = ("FINISHED", "FAILED")


class MlflowWriter:
    """One run of ours in MLflow.

    Parameters
    ----------
    key : str
        Names the run.
    first : Step
        The first step of the outbox: what is known of the run before its first score.
    is_new : bool
        Whether nothing can have been sent before, so that the store need not be searched for the run.

    Attributes
    ----------
    run_id : str or None
        MLflow's id of the parent, once there is one.
    """

    def __init__(self, store: mlflow_store.Store, folder: Path, key: str, first: Step, *, is_new: bool) -> None:
        self.run_id: str | None = None
        self._store, self._folder, self._key, self._first = store, folder, key, first
        self._experiment_id = ""
        self._client: Any = None
        self._input: Any = None
        self._children: dict[str, str] = {}
        self._ended: set[str] = set()  # children that need nothing more
        self._sure = is_new  # whether what is unknown here does not exist in the store
        self._send: Mapping[str, Callable[[Step], None]] = {
            RUN: self._begin,
            CANDIDATE: self._candidate,
            TRIAL: lambda step: self.trials([step]),
            END: self._end,
            FILES: self._files,
            MODEL: self._model,
        }

    def send(self, step: Step) -> None:
        """Write a step; one that failed halfway may be sent again."""
        try:
            self._send[step.kind](step)
        except Exception:
            self._sure = False  # the server may have done more than it reported
            raise

    def trials(self, steps: Sequence[Step]) -> None:
        """Write steps of the search: the score, the best so far, and the time spent."""
        child = self._child(values.SEARCH, values.PARENT, steps[0].at - steps[0].content["wall_seconds"])
        pairs = ((step, item) for step in steps for item in step.content["metrics"].items())
        metrics = [_metric(key, value, step.at, step.content["step"]) for step, (key, value) in pairs]
        for start in range(0, len(metrics), METRICS_AT_ONCE):
            self._client.log_batch(child, metrics=metrics[start : start + METRICS_AT_ONCE])

    def has_all(self) -> bool:
        """Return whether the store was sent everything and still has it."""
        self._look()
        return self.run_id is not None and self._client.get_run(self.run_id).data.tags.get(MARK) == self._digest()

    def mark(self) -> None:
        """Record in the store that everything was sent."""
        self._client.set_tag(self._parent(), MARK, self._digest())

    def files(self) -> list[Path]:
        """Return the files of the run's folder that are sent, including those in the folder of pictures."""
        return sorted(
            file
            for pattern in ("*", "*/*")
            for file in self._folder.glob(pattern)
            if file.suffix in READABLE and file.is_file() and file.name not in PRIVATE
        )

    def _begin(self, step: Step) -> None:
        self._log(self._parent(), self._first.at, params=step.content["params"])
        self._client.log_inputs(self.run_id, [self._table()])

    def _candidate(self, step: Step) -> None:
        """Write a child run, from its start to its end."""
        told = step.content
        child = self._child(step.name, told["below"], step.at - told["wall_seconds"])
        if child in self._ended:
            return
        folds = [_metric("fold_score", score, step.at, fold) for fold, score in enumerate(told["folds"])]
        self._log(child, step.at, params=told["params"], metrics=told["metrics"], tags=told["tags"], series=folds)
        self._client.log_inputs(child, [self._table()])
        self._terminate(child, "FINISHED" if told["ok"] else "FAILED", step.at)

    def _end(self, step: Step) -> None:
        parent, told = self._parent(), step.content
        tags = {**told["tags"], **values.description(self._folder), "mlflow.runName": told["title"]}
        self._log(parent, step.at, metrics=told["metrics"], tags=tags)
        if search := self._children.get(values.SEARCH):
            self._client.log_inputs(search, [self._table()])
            self._terminate(search, told["status"], step.at)
        self._terminate(parent, told["status"], step.at)

    def _files(self, step: Step) -> None:
        """Add the files of the run's folder that people read, and to the search the table of its trials."""
        parent = self._parent()
        for file in self.files():
            below = file.relative_to(self._folder).parent.as_posix()
            text = file.read_text(encoding="utf-8") if file.suffix in TEXT else ""
            if (public := mlflow_store.without_password(text)) != text:
                self._client.log_text(parent, public, file.relative_to(self._folder).as_posix())
            else:
                self._client.log_artifact(parent, str(file), None if below == "." else below)
        trials = self._folder / TRIALS
        if trials.exists() and (search := self._children.get(values.SEARCH)):
            self._client.log_artifact(search, str(trials))

    def _model(self, step: Step) -> None:
        """Log the champion's model, the line that loads it, and, if requested, its version in the registry."""
        parent, told = self._parent(), step.content
        tags = {**told["tags"], KEY: self._key, **origin_tags()}
        model_id = log_model(
            self._client,
            experiment_id=self._experiment_id,
            run_id=parent,
            folder=self._folder,
            told=self._first.content,
            tags=tags,
        )
        used = self._table().dataset
        links = {"model_id": model_id, "dataset_name": used.name, "dataset_digest": used.digest}
        self._client.log_batch(parent, metrics=_metrics(told["metrics"], step.at, **links))
        self._client.set_tag(parent, "load_with", self._store.load_line(f"models:/{model_id}"))
        if name := self._store.register:
            version = register(
                self._client, name, model_id=model_id, run_id=parent, tags=told["tags"], usable=told["usable"]
            )
            self._client.set_tag(parent, "registered_model", f"{name} version {version}")

    def _digest(self) -> str:
        sent = digest(self._folder, self.files())
        return f"{sent}-{self._store.register}" if self._store.register else sent

    def _parent(self) -> str:
        self._look()
        if self.run_id is None:
            self.run_id = self._create(
                f"running · {self._first.content['dataset']}", self._first.at, self._first.content["tags"]
            )
        return self.run_id

    def _child(self, name: str, below: str, at: float) -> str:
        parent = self._child(below, values.PARENT, at) if below else self._parent()
        self._look()
        if name not in self._children:
            self._children[name] = self._create(name, at, {"mlflow.parentRunId": parent, PART: name})
        return self._children[name]

    def _look(self) -> None:
        """Connect, and find what an earlier attempt already created."""
        if self._client is None:
            self._client, self._experiment_id = self._store.connect()
        if self._sure:
            return
        for run in mlflow_store.runs_of(self._client, self._experiment_id, f"tags.`{KEY}` = '{self._key}'"):
            part = run.data.tags.get(PART, "")
            if part:
                self._children[part] = run.info.run_id
            else:
                self.run_id = run.info.run_id
            if part not in ("", values.SEARCH) and run.info.status in ENDED:
                self._ended.add(run.info.run_id)
        self._sure = True

    def _create(self, name: str, at: float, tags: Mapping[str, str]) -> str:
        named = {**origin_tags(), **tags, KEY: self._key}
        run = self._client.create_run(self._experiment_id, _milliseconds(at), named, name)
        return str(run.info.run_id)

    def _table(self) -> Any:
        from mlflow.entities import Dataset, DatasetInput, InputTag

        if self._input is None:
            used = Dataset(**self._first.content["input"])
            self._input = DatasetInput(used, [InputTag("mlflow.data.context", "training")])
        return self._input

    def _terminate(self, run_id: str, status: str, at: float) -> None:
        self._client.set_terminated(run_id, status, _milliseconds(at))

    def _log(
        self,
        run_id: str,
        at: float,
        *,
        params: Mapping[str, str] | None = None,
        metrics: Mapping[str, float] | None = None,
        tags: Mapping[str, str] | None = None,
        series: Sequence[Any] = (),  # metrics with a step each
    ) -> None:
        from mlflow.entities import Param, RunTag

        pairs = [Param(key, value) for key, value in (params or {}).items()]
        self._client.log_batch(
            run_id,
            metrics=[*_metrics(metrics or {}, at), *series],
            params=pairs[:PARAMS_AT_ONCE],
            tags=[RunTag(key, value) for key, value in (tags or {}).items()],
        )
        for start in range(PARAMS_AT_ONCE, len(pairs), PARAMS_AT_ONCE):
            self._client.log_batch(run_id, params=pairs[start : start + PARAMS_AT_ONCE])


def _metrics(figures: Mapping[str, float], at: float, **links: str) -> list[Any]:
    return [_metric(key, value, at, 0, **links) for key, value in figures.items()]


def _metric(key: str, value: float, at: float, step: int = 0, **links: str) -> Any:
    from mlflow.entities import Metric

    return Metric(key, value, _milliseconds(at), step, **links)


def _milliseconds(at: float) -> int:
    return int(at * 1000)
