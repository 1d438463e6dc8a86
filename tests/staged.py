"""An engine whose models say what a test drew: nothing is fitted, so that a whole run takes a fraction of a second."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from runner.candidates.pipeline import Candidate
from runner.checks import Finding, Severity
from runner.checks.registry import CHECKS
from runner.costs import Costs
from runner.dataset import Dataset
from runner.engine import Call, Engine, Outcome, Shared
from runner.errors import in_a_line
from runner.evaluation import Status
from runner.evaluation.evaluate import _out_of_fold, unscored
from runner.folders import CARD, MODEL
from runner.metrics import Metric
from runner.splits import Fold, Rows

LOST = Outcome(Status.TIMED_OUT, reason="stopped after 1 s.", costs=Costs(1.0, 1.0))


@dataclass(frozen=True)
class Model:
    """How a model ends, and how much of the truth it says: 0 is noise, 1 all of it, and below 0 its reverse."""

    status: Status = Status.OK
    on_folds: float = 0.5
    on_look: float | None = 0.5  # on the rows that prove; None: it has no time to
    cpu_seconds: float = 0.5


@dataclass(frozen=True)
class Stage:
    """What is drawn of a run: its models, its trials in turn, what checks find, and what stops it at which call."""

    models: Mapping[str, Model]
    trials: Sequence[Model]
    found: Mapping[str, Severity]
    keeps: bool = True
    stops_at: int | None = None
    by_hand: bool = False  # as by Ctrl-C; else time is up


class StagedEngine(Engine):
    """Answers each call as the stage says."""

    def __init__(self, stage: Stage, *given: Any) -> None:
        super().__init__(*given)
        self._stage, self._calls = stage, 0

    def run(
        self,
        calls: Sequence[Call],
        deadline: float,
        seconds: float = math.inf,
        share: float = 1.0,
        needed: bool = True,
    ) -> Iterator[tuple[int, Outcome]]:
        """Yield the outcomes in order."""
        for number, call in enumerate(calls):
            self._calls += 1
            if self._calls == self._stage.stops_at:
                self.clock.interrupted = self._stage.by_hand
                self.clock.catch_up(0.0 if self._stage.by_hand else self.clock.seconds)
            late = self.clock.now() >= deadline or (self.clock.interrupted and not needed)
            yield number, Outcome(Status.SKIPPED, reason="no time was left to begin.") if late else self._ended(call)

    def _ended(self, call: Call) -> Outcome:
        try:
            return self._outcome(call)
        except Exception as error:  # such as the logarithm of a prediction below zero
            return Outcome(Status.FAILED, reason=in_a_line(error))

    def _outcome(self, call: Call) -> Outcome:
        given = [each.load() if isinstance(each, Shared) else each for each in call.arguments]
        match call.function.__name__:
            case "prepare_ahead":
                return Outcome(Status.OK)
            case "cross_validate":
                return self._on_folds(*given[:4])
            case "fit_and_predict":
                return self._on_look(call, *given[:4])
            case "look":
                return Outcome(Status.OK, self._findings(given[0]))
            case "_fit_and_write" if self._stage.keeps:
                (given[2] / CARD).write_text('{"one_row_seconds": 0.01}')
                (given[2] / MODEL).write_bytes(b"a model")
                return Outcome(Status.OK, value=True)
            case _:
                return LOST

    def _model(self, candidate: Candidate) -> Model:
        family, _, number = candidate.name.partition(" #")
        return self._stage.trials[int(number) % len(self._stage.trials)] if number else self._stage.models[family]

    def _on_folds(self, candidate: Candidate, dataset: Dataset, folds: Sequence[Fold], metric: Metric) -> Outcome:
        model, tests = self._model(candidate), [test for _, test in folds]
        costs = Costs(model.cpu_seconds, model.cpu_seconds, 30.0)
        if model.status is not Status.OK:
            return Outcome(model.status, reason="it was drawn to end so.", costs=costs)
        parts = [_said(candidate, dataset, test, model.on_folds, len(train)) for train, test in folds]
        scores = [metric.score(dataset.target[t], p, dataset.weights_of(t)) for t, p in zip(tests, parts, strict=True)]
        if not np.isfinite(scores).all():
            return Outcome(Status.FAILED, reason="its score is not a finite number.", costs=costs)
        predictions, joined = _out_of_fold(parts, tests, len(dataset))
        done = unscored(candidate, Status.OK, replace(costs, predict_seconds=0.01, size_mb=0.1))
        return Outcome(Status.OK, replace(done, fold_scores=tuple(scores), predictions=predictions, parts=joined))

    def _on_look(self, call: Call, candidate: Candidate, dataset: Dataset, train: Rows, test: Rows) -> Outcome:
        if candidate.is_free:  # the dummy, and what is used today
            return Outcome(Status.OK, call.function(candidate, dataset, train, test, 0))
        knows = self._model(candidate).on_look
        return LOST if knows is None else Outcome(Status.OK, (_said(candidate, dataset, test, knows, 0), Costs(0.1)))

    def _findings(self, check: str) -> list[Finding]:
        if check not in self._stage.found:
            return []
        code = CHECKS[check].CODES[0]
        return [Finding(code, self._stage.found[check], ("a",), "It was seen in a.", f"Look at {code} in a.")]


def _said(candidate: Candidate, dataset: Dataset, rows: Rows, knows: float, salt: int) -> NDArray[np.float64]:
    """Mix the truth with noise, around the usual answer."""
    truth = np.eye(len(dataset.classes))[dataset.target] if dataset.classes else dataset.target.astype(np.float64)
    usual, spread = truth.mean(axis=0), truth.std()
    noise = np.random.default_rng(crc32(f"{candidate.name} {salt}".encode())).normal(size=truth[rows].shape)
    said = usual + knows * (truth[rows] - usual) + (1 - abs(knows)) * spread * noise
    if not dataset.classes:
        return np.asarray(said)
    likely = np.clip(said, 1e-6, 1.0)
    return np.asarray(likely / likely.sum(axis=1, keepdims=True))
