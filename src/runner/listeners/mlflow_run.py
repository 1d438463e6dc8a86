"""Collects what happens in one run and turns it into the steps that MLflow is sent."""

from dataclasses import replace
from typing import Any

from runner.costs import Costs
from runner.decision.economics import compute_cost
from runner.events import Evaluated, Event, RunFailed, RunStarted, VerdictReached
from runner.folders import MODEL as MODEL_FILE
from runner.ladder import BLEND, SEARCH
from runner.listeners import mlflow_values as values
from runner.listeners.outbox import CANDIDATE, END, FILES, MODEL, RUN, TRIAL, Step

BEST_TRIALS = 5  # trials that get a run of their own


class MlflowRun:
    """One run: what it has cost so far, the best scores, the trials."""

    def __init__(self, started: RunStarted, at: float) -> None:
        self._started = started
        self._started_at = at
        self._ended = False
        self._spent = Costs()
        self._trials: list[tuple[Evaluated, float]] = []
        self._search = Costs()

    def steps(self, event: Event, at: float) -> list[Step]:
        """Take in an event, and return the steps to send.

        Parameters
        ----------
        at : float
            When the event happened, in seconds since the epoch.
        """
        match event:
            case RunStarted():
                return [Step(RUN, at, values.run_content(event))]
            case Evaluated():
                return [self._evaluated(event, at)]
            case VerdictReached():
                return self._verdict(event, at)
            case RunFailed() if not self._ended:
                return [self._broken_off("FAILED", "failed", {"reason": event.reason}, at)]
        return []

    def last_steps(self, at: float) -> list[Step]:
        """Return the steps to send when no more events will come."""
        return [] if self._ended else [self._broken_off("KILLED", "stopped", {}, at)]

    def _evaluated(self, event: Evaluated, at: float) -> Step:
        evaluation = event.evaluation
        if event.trial is not None or evaluation.rung not in (BLEND, SEARCH):  # a blend repeats its members' cost
            self._spent += evaluation.costs
        if event.trial is None:
            return self._candidate(event, at, values.PARENT)
        self._trials.append((event, at))
        self._search += evaluation.costs
        return Step(TRIAL, at, self._trial_content(event), str(event.trial))

    def _candidate(self, event: Evaluated, at: float, below: str) -> Step:
        content = values.candidate_content(self._started, event)
        return Step(CANDIDATE, at, {"below": below, **content}, event.evaluation.candidate)

    def _trial_content(self, event: Evaluated) -> dict[str, Any]:
        metric, done = self._started.metric, event.evaluation
        best = max((trial.evaluation.score for trial, _ in self._scored()), default=None)  # type: ignore[type-var]
        scores = {"score": done.score, "best_score": best}
        seen = {key: metric.for_people(score) for key, score in scores.items() if score is not None}
        return {
            "step": len(self._trials) - 1,  # as they ended, so that the best score and the time spent only rise
            "wall_seconds": done.costs.wall_seconds,
            "metrics": values.known({**seen, "cpu_seconds": self._search.cpu_seconds}),
        }

    def _scored(self) -> list[tuple[Evaluated, float]]:
        return [each for each in self._trials if each[0].evaluation.score is not None]

    def _verdict(self, event: VerdictReached, at: float) -> list[Step]:
        self._ended = True
        verdict, score, costs = event.verdict, event.score, self._priced(event.costs)
        figures = values.known(
            {
                "score": None if score is None else self._started.metric.for_people(score),
                **values.verdict_metrics(verdict),
                **costs,
            }
        )
        best = sorted(self._scored(), key=lambda each: each[0].evaluation.score or 0.0, reverse=True)[:BEST_TRIALS]
        end = {
            "status": "FINISHED",
            "title": values.verdict_title(self._started, verdict, costs["cost"]),
            "tags": values.verdict_tags(verdict),
            "metrics": figures,
        }
        steps = [self._candidate(trial, heard, values.SEARCH) for trial, heard in best]
        steps += [Step(END, at, end), Step(FILES, at, {})]
        if (event.folder / MODEL_FILE).exists():
            content = values.model_content(self._started, verdict, event.model or verdict.kept)
            model = {**content, "metrics": figures, "usable": event.is_usable}
            steps.append(Step(MODEL, at, model))
        return steps

    def _broken_off(self, status: str, title: str, tags: dict[str, str], at: float) -> Step:
        self._ended = True
        spent = replace(self._spent, wall_seconds=at - self._started_at)
        end = {
            "status": status,
            "title": f"{title} · {self._started.dataset.name}",
            "tags": {"decision": "none", **tags},
            "metrics": values.known(self._priced(spent)),
        }
        return Step(END, at, end)

    def _priced(self, spent: Costs) -> dict[str, float]:
        return {
            "cpu_seconds": spent.cpu_seconds,
            "wall_seconds": spent.wall_seconds,
            "peak_memory_mb": spent.peak_memory_mb,
            "cost": compute_cost(self._started.config.economics, spent.cpu_seconds),
        }
