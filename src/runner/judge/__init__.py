"""The evaluation of all candidates on the same rows, with what is shared between them."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from runner.candidates.pipeline import Candidate
from runner.dataset import Dataset
from runner.decision.economics import Contender
from runner.decision.racing import Bar
from runner.engine import Call, Engine, Outcome, SecondsLeft, Shared
from runner.errors import in_a_line
from runner.evaluation import Evaluation, Status
from runner.evaluation.evaluate import cross_validate, unscored
from runner.evaluation.prepared import CLEANED, may_be_stored, path_of, prepare_ahead
from runner.gain import Gain, corrected_gain
from runner.judge.out_of_fold import OutOfFold, make_out_of_fold
from runner.judge.proof import make_proof
from runner.metrics import Metric
from runner.record import Record, key_of
from runner.splits import Fold, Splits

FAIR_SHARE = 2 / 3  # of the time left, for one candidate while others wait, so that a slow one leaves time for them
SHARE_TO_PREPARE = 1 / 2  # of the time left: prepared folds are of no use where no time is left to fit


class Judge:
    """Evaluates the candidates of one run on one split of one table.

    Parameters
    ----------
    dataset : Dataset
        All rows, which `splits` divides into folds and holdout.
    engine : Engine
        Runs all that the run computes.
    record : Record
        Stores the evaluations.
    seconds : float
        Wall seconds that a single evaluation may take.

    Attributes
    ----------
    development : Dataset
        The rows on which candidates are chosen.
    rows_key : str
        A key of what all evaluations depend on: the rows, their folds, the metric and the seed.
    """

    def __init__(
        self,
        dataset: Dataset,
        splits: Splits,
        metric: Metric,
        seed: int,
        engine: Engine,
        record: Record,
        seconds: float = math.inf,
    ):
        self.dataset, self.splits, self.metric, self.seed = dataset, splits, metric, seed
        self.workers, self._seconds = engine.workers, seconds
        self.development = dataset.take(splits.development)
        self.out_of_fold: OutOfFold = make_out_of_fold(self.development, splits, metric)
        self.proof = make_proof(dataset, splits, metric, seed)
        self.engine, self.record = engine, record
        self._shared: Shared | None = None
        self._prepared: set[str] = set()
        self.rows_key = key_of(
            *(dataset.fingerprint, list(dataset.features), dataset.target, dataset.weights),
            *(metric.name, metric.class_weights if metric.costs is None else metric.costs, seed, splits.development),
            *(rows for fold in splits.folds for rows in fold),
        )

    def evaluate(
        self, candidates: Sequence[Candidate], deadline: float, bar: Bar | None = None
    ) -> Iterator[Evaluation]:
        """Evaluate candidates side by side and yield each as it ends; one found in the record costs nothing.

        Parameters
        ----------
        deadline : float
            The time, on the run's clock, at which all must have ended.
        bar : Bar, optional
            What the scores of the first folds must pass for the others to be fitted.
        """
        todo: list[Candidate] = []
        for candidate in candidates:
            found = self.record.find(self._key(candidate)) or self.record.find(self._key(candidate, bar))
            if found:
                yield found
            elif candidate.is_free:
                yield self._kept(candidate, self._scored(self._evaluate_here(candidate, deadline)))
            else:
                todo.append(candidate)
        self._prepare_new(todo, deadline)
        calls = [self._call(candidate, bar) for candidate in todo]
        for number, outcome in self.engine.run(calls, deadline, self._seconds, FAIR_SHARE, needed=False):
            candidate = todo[number]
            evaluation = outcome.value or _lost(candidate, outcome)
            yield self._kept(candidate, self._scored(evaluation), bar)

    def evaluate_on(
        self, candidate: Candidate, divisions: Sequence[Sequence[Fold]], deadline: float
    ) -> list[Evaluation]:
        """Evaluate one candidate on several sets of folds other than those of the run, side by side.

        Parameters
        ----------
        divisions : sequence of folds
            Each a sequence of (train, test), positions within the development rows.
        """
        keys = [key_of(self._key(candidate), *(rows for fold in folds for rows in fold)) for folds in divisions]
        found = {number: known for number, key in enumerate(keys) if (known := self.record.find(key))}
        todo = [number for number in range(len(divisions)) if number not in found]
        calls = [
            Call(cross_validate, (candidate, self._development(), divisions[n], self.metric, self.seed, SecondsLeft()))
            for n in todo
        ]
        for place, outcome in self.engine.run(calls, deadline, needed=False):
            evaluation = outcome.value or _lost(candidate, outcome)
            found[todo[place]] = self._stored(keys[todo[place]], evaluation)
        return [found[number] for number in range(len(divisions))]

    def prepare(self, wanted: Sequence[tuple[Candidate, int, Fold]], shared: Shared, deadline: float) -> None:
        """Prepare folds side by side, each in the form that a candidate needs, for all candidates with the same form.

        A fold that would be too large to be stored is left to each candidate: its preparation ahead would be lost.

        Parameters
        ----------
        wanted : sequence of (candidate, fold number, (train, test))
            A prepared fold is found by its number; the positions refer to the rows in `shared`.
        shared : Shared
            The data set.
        """
        columns = self.dataset.features.shape[1]
        folds = {number: rows for _, number, rows in wanted if may_be_stored(sum(map(len, rows)), columns)}
        calls = []
        for fold, rows in folds.items():  # one call prepares a fold in all forms, which share its cleaning
            candidates = [c for c, number, _ in wanted if number == fold and c.preparation != "none"]
            paths = [path_of(self.engine.folder, candidate.preparation, fold) for candidate in candidates]
            cleaned = path_of(self.engine.folder, f"{CLEANED}-{self.rows_key}", fold)  # found only for the same rows
            calls += [Call(prepare_ahead, (candidates, shared, *rows, self.seed, paths, cleaned))] if candidates else []
        for _ in self.engine.run(calls, deadline):
            pass  # a failed one is prepared again by its candidates, whose evaluations give the reason

    def ask(self, question: Callable[[Candidate, Dataset, int], Any], candidate: Candidate, deadline: float) -> Any:
        """Call a function of a candidate, the development rows and the seed in a worker; None if that fails."""
        call = Call(question, (candidate, self._development(), self.seed))
        return next(self.engine.run([call], deadline))[1].value

    def likely_gain(self, reference: Evaluation, challenger: Evaluation, level: float) -> Gain:
        """Return the gain on the development folds, corrected for their shared training rows."""
        gains = np.subtract(challenger.fold_scores, reference.fold_scores)
        return corrected_gain(gains.tolist(), self.out_of_fold.test_to_train, level)

    def contender(self, evaluation: Evaluation) -> Contender:
        """Return the costs of a candidate; that of a fit on all rows is forecast from the fits on the folds."""
        train = float(np.mean([len(train) for train, _ in self.splits.folds]))
        one_fit = evaluation.costs.cpu_seconds / len(self.splits.folds) * len(self.dataset) / train
        return Contender(evaluation.candidate, evaluation.rung, one_fit, evaluation.costs.predict_seconds or 0.0)

    def _scored(self, evaluation: Evaluation) -> Evaluation:
        """Under nested folds, score each fold by all models that have not seen it."""
        return evaluation if evaluation.parts is None else self.out_of_fold.scored(evaluation, evaluation.parts)

    def _prepare_new(self, candidates: Sequence[Candidate], deadline: float) -> None:
        """Prepare the folds, side by side, in each form that is needed for the first time."""
        new = {c.preparation: c for c in candidates if c.preparation not in self._prepared}
        self._prepared |= new.keys()
        folds = [(c, number, rows) for c in new.values() for number, rows in enumerate(self.splits.folds)]
        now = self.engine.clock.now()
        self.prepare(folds, self._development(), now + SHARE_TO_PREPARE * (deadline - now))

    def _development(self) -> Shared:
        if self._shared is None:
            self._shared = self.engine.share(self.development, "development.pkl")
        return self._shared

    def _call(self, candidate: Candidate, bar: Bar | None) -> Call:
        known = (candidate, self._development(), self.splits.folds, self.metric, self.seed)
        return Call(cross_validate, (*known, SecondsLeft(), self.engine.folder, bar))

    def _evaluate_here(self, candidate: Candidate, deadline: float) -> Evaluation:
        seconds = deadline - self.engine.clock.now()
        try:
            return cross_validate(candidate, self.development, self.splits.folds, self.metric, self.seed, seconds)
        except Exception as error:  # a failure of one candidate must not lose the results of others
            return _lost(candidate, Outcome(Status.FAILED, reason=in_a_line(error)))

    def _key(self, candidate: Candidate, bar: Bar | None = None) -> str:
        return key_of(self.rows_key, replace(candidate, drawn={}), *([bar] if bar else []))

    def _kept(self, candidate: Candidate, evaluation: Evaluation, bar: Bar | None = None) -> Evaluation:
        if evaluation.status is Status.PRUNED:  # under another bar it might have gone on
            self.record.add(self._key(candidate, bar), evaluation)
            return evaluation
        return self._stored(self._key(candidate), evaluation)

    def _stored(self, key: str, evaluation: Evaluation) -> Evaluation:
        """Store an evaluation unless it depends on what else took memory, or on whether there was time to begin."""
        if evaluation.status in (Status.OK, Status.FAILED, Status.TIMED_OUT):
            self.record.add(key, evaluation)
        return evaluation


def _lost(candidate: Candidate, outcome: Outcome) -> Evaluation:
    return unscored(candidate, outcome.status, outcome.costs, outcome.reason)
