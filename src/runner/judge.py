"""Every candidate sees the same rows: development folds for all, the holdout once for the finalists."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.candidates.pipeline import Candidate
from runner.costs import Costs
from runner.dataset import Dataset
from runner.economics import Contender
from runner.engine import Call, Engine, Outcome, Shared, in_a_sentence
from runner.evaluate import cross_validate, fit_and_predict
from runner.evaluation import Evaluation, Status
from runner.gain import Gain, association_p_value, paired_gain
from runner.metrics import Metric
from runner.prepared import path_of, prepare_ahead
from runner.record import Record, key_of
from runner.splits import Rows, Splits


@dataclass(frozen=True, eq=False)
class HoldoutLook:
    """What a finalist, fitted on all development rows, said of the holdout rows."""

    candidate: str
    predictions: NDArray[np.float64] | None
    score: float | None
    costs: Costs
    reason: str | None = None


class Judge:
    """Evaluates candidates of one run on one split of one table.

    Parameters
    ----------
    dataset : Dataset
        All rows; folds and holdout are taken from them as `splits` says.
    """

    def __init__(self, dataset: Dataset, splits: Splits, metric: Metric, seed: int, engine: Engine, record: Record):
        self.dataset, self.splits, self.metric, self.seed = dataset, splits, metric, seed
        self.workers = engine.workers
        self.development = dataset.take(splits.development)
        self._engine, self._record = engine, record
        self._shared: Shared | None = None
        self._prepared: set[str] = set()
        self._rows_key = key_of(
            dataset.fingerprint, metric.name, seed, splits.development, *(test for _, test in splits.folds)
        )

    @property
    def engine(self) -> Engine:
        """Return where all that this run computes is computed."""
        return self._engine

    def evaluate(self, candidates: Sequence[Candidate], deadline: float) -> Iterator[Evaluation]:
        """Evaluate candidates side by side, in whatever order they end; one found in the record costs nothing.

        Parameters
        ----------
        deadline : float
            On the clock of `time.monotonic`.
        """
        todo: list[Candidate] = []
        for candidate in candidates:
            found = self._record.find(self._key(candidate))
            if found:
                yield found
            elif candidate.is_free:
                yield self._kept(candidate, self._evaluate_here(candidate, deadline))
            else:
                todo.append(candidate)
        self._prepare(todo, deadline)
        calls = [self._call(candidate, deadline) for candidate in todo]
        for number, outcome in self._engine.run(calls, deadline) if calls else ():
            candidate = todo[number]
            yield self._kept(candidate, outcome.value or _lost(candidate, outcome))

    def look(self, candidates: Sequence[Candidate], deadline: float) -> dict[str, HoldoutLook]:
        """Fit the finalists on all development rows and let them see the holdout: to be called once a run."""
        dev, holdout = self.splits.development, self.splits.holdout
        shared = self._engine.share(self.dataset, "all.pkl")
        calls = [Call(fit_and_predict, (c, shared, dev, holdout, self.seed)) for c in candidates]
        looks = {}
        for number, outcome in self._engine.run(calls, deadline):
            looks[candidates[number].name] = self._look(candidates[number].name, outcome)
        return looks

    def ask(self, question: Callable[[Candidate, Dataset, int], Any], candidate: Candidate, deadline: float) -> Any:
        """Let a worker answer something about a candidate and the development rows; None when it could not."""
        call = Call(question, (candidate, self._development(), self.seed))
        return next(self._engine.run([call], deadline))[1].value

    def fold_scores(self, predictions: NDArray[np.float64]) -> tuple[float, ...]:
        """Score out-of-fold predictions of the development rows, fold by fold."""
        data = self.development
        weights = data.weights
        return tuple(
            self.metric.score(data.target[test], predictions[test], None if weights is None else weights[test])
            for _, test in self.splits.folds
        )

    def holdout_score(self, predictions: NDArray[np.float64]) -> float:
        """Score predictions of the holdout rows."""
        rows = self.splits.holdout
        weights = None if self.dataset.weights is None else self.dataset.weights[rows]
        return self.metric.score(self.dataset.target[rows], predictions, weights)

    def gain(self, rows: Rows, reference: NDArray[np.float64], challenger: NDArray[np.float64]) -> Gain:
        """Return the paired gain of one prediction of some rows over another, as groups, time and weights ask for."""
        data = self.dataset
        return paired_gain(
            self.metric,
            data.target[rows],
            reference,
            challenger,
            weights=None if data.weights is None else data.weights[rows],
            groups=None if data.groups is None else data.groups[rows],
            ordered=data.time is not None,
            seed=self.seed,
        )

    def association(self, rows: Rows, predictions: NDArray[np.float64]) -> float:
        """Return the p-value of the predictions of some rows knowing nothing of their target."""
        weights = None if self.dataset.weights is None else self.dataset.weights[rows]
        return association_p_value(self.metric, self.dataset.target[rows], predictions, weights, self.seed)

    def contender(self, evaluation: Evaluation) -> Contender:
        """Return what a candidate costs to have: one fit on all rows is forecast from those on the folds."""
        train = float(np.mean([len(train) for train, _ in self.splits.folds]))
        one_fit = evaluation.costs.cpu_seconds / len(self.splits.folds) * len(self.dataset) / train
        return Contender(evaluation.candidate, evaluation.rung, one_fit, evaluation.costs.predict_seconds or 0.0)

    def _look(self, name: str, outcome: Outcome) -> HoldoutLook:
        if outcome.value is None:
            return HoldoutLook(name, None, None, outcome.costs, outcome.reason)
        predictions, costs = outcome.value
        score = self.holdout_score(predictions)
        return HoldoutLook(name, predictions, score if np.isfinite(score) else None, costs)

    def _prepare(self, candidates: Sequence[Candidate], deadline: float) -> None:
        """Prepare, side by side, the folds in each form that is new."""
        new = {c.preparation: c for c in candidates if c.preparation not in self._prepared}
        self._prepared |= new.keys()
        store, shared = self._engine.folder, self._development()
        calls = [
            Call(prepare_ahead, (candidate, shared, *rows, self.seed, path_of(store, name, number)))
            for name, candidate in new.items()
            for number, rows in enumerate(self.splits.folds)
        ]
        for _ in self._engine.run(calls, deadline) if calls else ():
            pass  # one that failed is made anew, and its candidate tells why

    def _development(self) -> Shared:
        if self._shared is None:
            self._shared = self._engine.share(self.development, "development.pkl")
        return self._shared

    def _call(self, candidate: Candidate, deadline: float) -> Call:
        seconds = deadline - time.monotonic()
        return Call(
            cross_validate,
            (candidate, self._development(), self.splits.folds, self.metric, self.seed, seconds, self._engine.folder),
        )

    def _evaluate_here(self, candidate: Candidate, deadline: float) -> Evaluation:
        seconds = deadline - time.monotonic()
        try:
            return cross_validate(candidate, self.development, self.splits.folds, self.metric, self.seed, seconds)
        except Exception as error:  # what goes wrong in one candidate never loses another's result
            return _lost(candidate, Outcome(Status.FAILED, reason=in_a_sentence(error)))

    def _key(self, candidate: Candidate) -> str:
        return key_of(self._rows_key, replace(candidate, drawn={}))

    def _kept(self, candidate: Candidate, evaluation: Evaluation) -> Evaluation:
        """Store what does not depend on how much time there was."""
        if evaluation.status in (Status.OK, Status.FAILED, Status.OUT_OF_MEMORY):
            self._record.add(self._key(candidate), evaluation)
        return evaluation


def _lost(candidate: Candidate, outcome: Outcome) -> Evaluation:
    return Evaluation(
        candidate.name, candidate.rung, outcome.status, outcome.costs, outcome.reason, params=dict(candidate.drawn)
    )
