"""What was heard of one run, counted up, and turned into steps that another thread sends to MLflow."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from runner.costs import Costs
from runner.economics import compute_cost
from runner.events import Evaluated, Event, RunFailed, RunStarted, VerdictReached
from runner.listeners import mlflow_values as values
from runner.listeners.mlflow_model import MODEL
from runner.listeners.mlflow_writer import MlflowWriter


class Step(NamedTuple):
    """Something to be sent: what it is, and how."""

    name: str
    send: Callable[[], None]


class MlflowRun:
    """One run: what it has cost so far, the best scores, the trials."""

    def __init__(self, writer: MlflowWriter, started: RunStarted, at: float) -> None:
        self._writer = writer
        self._started = started
        self._started_at = at
        self._ended = False
        self._spent = Costs()
        self._best: dict[str, float] = {}  # of each candidate, greater is better
        self._trials: list[Evaluated] = []
        self._search = Costs()

    def steps(self, event: Event, at: float) -> list[Step]:
        """Take notice of an event, and return what is to be sent.

        Parameters
        ----------
        at : float
            When it was heard, in seconds of the epoch.
        """
        match event:
            case RunStarted():
                return [Step("the run", self._writer.begin)]
            case Evaluated():
                return [self._evaluated(event, at)]
            case VerdictReached():
                return self._verdict(event, at)
            case RunFailed():
                return [self._broken_off("FAILED", "failed", {"reason": event.reason}, at)]
        return []

    def last_steps(self, at: float) -> list[Step]:
        """Return what is to be sent when nothing more will be heard."""
        return [] if self._ended else [self._broken_off("KILLED", "stopped", {}, at)]

    def _evaluated(self, event: Evaluated, at: float) -> Step:
        evaluation = event.evaluation
        self._spent += evaluation.costs
        if evaluation.score is not None:
            known = self._best.get(evaluation.candidate, evaluation.score)
            self._best[evaluation.candidate] = max(known, evaluation.score)
        if event.trial is None:
            return Step(evaluation.candidate, partial(self._writer.candidate, evaluation, at))
        self._trials.append(event)
        self._search += evaluation.costs
        scores = [trial.evaluation.score for trial in self._trials if trial.evaluation.score is not None]
        best = max(scores, default=None)
        return Step(f"trial {event.trial}", partial(self._writer.trial, event, best, self._search.cpu_seconds, at))

    def _verdict(self, event: VerdictReached, at: float) -> list[Step]:
        self._ended = True
        verdict, writer = event.verdict, self._writer
        champion = verdict.challenger if verdict.go and verdict.challenger else verdict.cheap_champion
        score = self._best.get(champion)
        figures = {
            "score": None if score is None else self._started.metric.for_people(score),
            **values.verdict_metrics(verdict),
            **self._costs(at),
        }
        tags = values.verdict_tags(verdict) | values.description(event.folder)
        title = f"{verdict.decision} · {champion}"
        steps = [
            Step("the verdict", partial(writer.end, "FINISHED", title, at, tags, figures)),
            Step("the files", partial(writer.files, event.folder, tuple(self._trials))),
        ]
        if (event.folder / MODEL).exists():
            steps.append(Step("the model", partial(writer.model, event.folder, champion, figures, at)))
        return steps

    def _broken_off(self, status: str, title: str, tags: dict[str, str], at: float) -> Step:
        self._ended = True
        ended = {"decision": "none", **tags}
        return Step("the end", partial(self._writer.end, status, title, at, ended, self._costs(at)))

    def _costs(self, at: float) -> values.Figures:
        return {
            "cpu_seconds": self._spent.cpu_seconds,
            "wall_seconds": at - self._started_at,
            "peak_memory_mb": self._spent.peak_memory_mb,
            "cost": compute_cost(self._started.config.economics, self._spent.cpu_seconds),
        }
