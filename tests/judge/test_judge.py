"""Every candidate is judged on the same rows; one that fails harms no other; none is paid for twice."""

import math
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from runner.candidates.pipeline import Candidate
from runner.clock import Clock
from runner.config import EvaluationConfig
from runner.dataset import Dataset
from runner.engine import Engine, Outcome
from runner.evaluation import Evaluation, Status
from runner.evaluation.evaluate import cross_validate
from runner.judge import Judge
from runner.judge.looks import look
from runner.metrics import Metric, make_metric
from runner.metrics.money import money_metric
from runner.record import Record
from runner.splits import Splits, make_splits

DUMMY = Candidate("dummy", "none", "sklearn.dummy.DummyClassifier", "none")
LINEAR = Candidate("linear", "simple", "sklearn.linear_model.LogisticRegression", "scaled", {"max_iter": 1000})
TREE = Candidate("tree", "tree", "sklearn.tree.DecisionTreeClassifier", "onehot", {"max_depth": 3})
LIGHTGBM = Candidate("lightgbm", "boosting", "lightgbm.LGBMClassifier", "native", {"verbosity": -1, "n_estimators": 5})
FAILING = Candidate("failing", "mine", "estimators.Failing", "scaled")
DYING = Candidate("dying", "mine", "estimators.Dying", "none")
MISSPELT = Candidate("misspelt", "mine", "sklearn.linear_model.LogisticRegresion", "scaled")
NOT_PARAMS = Candidate("not-params", "mine", "sklearn.linear_model.LogisticRegression", "scaled", {"max_itre": 3})
LATER = 120.0


@pytest.fixture(scope="module")
def dataset(shipped) -> Dataset:
    found: Dataset = shipped("credit-g", 200)
    return found


def judge_of(dataset: Dataset, engine: Engine, folder: Path, seed: int = 0) -> Judge:
    splits = make_splits(dataset, EvaluationConfig(folds=3), seed)
    return Judge(dataset, splits, make_metric(None, dataset), seed, engine, Record(folder))


def judged(judge: Judge, *candidates: Candidate, seconds: float = LATER) -> dict[str, Evaluation]:
    return {e.candidate: e for e in judge.evaluate(candidates, time.monotonic() + seconds)}


@pytest.fixture(scope="module")
def evaluations(
    dataset: Dataset, engine: Engine, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Judge, dict[str, Evaluation], Path]]:
    """Judge good and bad candidates in one batch."""
    folder = tmp_path_factory.mktemp("judge")
    judge = judge_of(dataset, engine, folder)
    candidates = (DUMMY, FAILING, LINEAR, DYING, TREE, MISSPELT, LIGHTGBM, NOT_PARAMS)
    yield judge, judged(judge, *candidates), folder


Batch = tuple[Judge, dict[str, Evaluation], Path]


def test_a_fold_too_large_to_be_stored_is_not_prepared_ahead(
    dataset: Dataset, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge, asked = judge_of(dataset, engine, tmp_path), []
    monkeypatch.setattr(engine, "run", lambda calls, *_: asked.append(len(calls)) or iter(()))
    folds = [(LINEAR, number, rows) for number, rows in enumerate(judge.splits.folds)]
    for most in (1, 0.001):  # 140 rows of 20 columns take 0.01 MB
        monkeypatch.setattr("runner.evaluation.prepared.LARGEST_MB", most)
        judge.prepare(folds, judge._development(), LATER)
    assert asked == [3, 0]


def test_to_prepare_folds_leaves_time_to_fit(
    dataset: Dataset, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge, until = judge_of(dataset, engine, tmp_path), []
    monkeypatch.setattr(engine, "run", lambda _calls, deadline, *_, **_given: until.append(deadline) or iter(()))
    begun = engine.clock.now()
    list(judge.evaluate((LINEAR, TREE), begun + 100.0))
    assert until == [pytest.approx(begun + 50.0, abs=1.0), begun + 100.0]


@pytest.mark.parametrize("candidate", [DUMMY, LINEAR, TREE, LIGHTGBM], ids=lambda candidate: candidate.name)
def test_workers_score_as_a_call_in_this_process_does(evaluations: Batch, candidate: Candidate) -> None:
    judge, batch, _ = evaluations
    with threadpool_limits(1):  # as in a worker: sums over two threads differ in the last digits
        here = cross_validate(candidate, judge.development, judge.splits.folds, judge.metric, 0, LATER)
    evaluation = batch[candidate.name]
    assert evaluation.status is Status.OK, evaluation.reason
    assert evaluation.fold_scores == here.fold_scores
    assert evaluation.predictions is not None
    np.testing.assert_array_equal(evaluation.predictions, here.predictions)
    assert judge.out_of_fold.scores(evaluation.predictions) == pytest.approx(here.fold_scores)


@pytest.mark.parametrize(
    ("candidate", "reason"),
    [
        (FAILING, "ValueError: no such luck"),
        (DYING, "its process died (exit code 3)."),
        (MISSPELT, "'LogisticRegression'"),
        (NOT_PARAMS, "max_itre"),
    ],
    ids=lambda given: getattr(given, "name", ""),
)
def test_what_fails_is_recorded_with_its_reason(evaluations: Batch, candidate: Candidate, reason: str) -> None:
    evaluation = evaluations[1][candidate.name]
    assert evaluation.status is Status.FAILED
    assert evaluation.score is None
    assert reason in (evaluation.reason or "")
    assert "\n" not in (evaluation.reason or "")


def test_a_second_evaluation_is_found_without_running_anything(
    evaluations: Batch, dataset: Dataset, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _, batch, folder = evaluations

    def must_not_run(*_: object) -> None:
        raise AssertionError("something was run")

    with monkeypatch.context() as patched:
        idle = Engine.__new__(Engine)
        idle.workers, idle.folder, idle.clock = 1, tmp_path, Clock(math.inf)
        patched.setattr(Engine, "run", lambda _, calls, *_limits, **_named: map(must_not_run, calls))
        patched.setattr("runner.judge.cross_validate", must_not_run)
        again = judged(judge_of(dataset, idle, folder), DUMMY, FAILING, LINEAR, DYING, TREE)
    assert again.keys() == {"dummy", "failing", "linear", "dying", "tree"}
    for name, evaluation in again.items():
        assert (evaluation.fold_scores, evaluation.status) == (batch[name].fold_scores, batch[name].status)
        assert evaluation.costs == batch[name].costs


def _narrower(dataset: Dataset) -> Dataset:
    return replace(dataset, features=dataset.features.iloc[:, 1:])


def _weighted(dataset: Dataset) -> Dataset:
    return replace(dataset, weights=np.linspace(1, 2, len(dataset)))


def _money(judge: Judge, missed: float) -> Metric:
    bad, good = map(str, judge.dataset.classes)
    return money_metric(judge.dataset, {bad: {good: missed}, good: {bad: 1.0}})


def _after_a_gap(splits: Splits) -> Splits:
    """Judge the same rows, and learn from fewer."""
    return replace(splits, folds=tuple((train[:-9], test) for train, test in splits.folds))


@pytest.mark.parametrize(
    "change",
    [
        lambda judge: judge_of(judge.dataset, judge.engine, judge.record.folder, seed=1),
        lambda judge: judge_of(replace(judge.dataset, fingerprint="x"), judge.engine, judge.record.folder),
        lambda judge: judge_of(_narrower(judge.dataset), judge.engine, judge.record.folder),
        lambda judge: Judge(
            *(judge.dataset, _after_a_gap(judge.splits), judge.metric, judge.seed, judge.engine, judge.record)
        ),
        lambda judge: judge_of(_weighted(judge.dataset), judge.engine, judge.record.folder),
    ],
    ids=["seed", "table", "columns", "gap", "weights"],
)
def test_an_evaluation_of_other_rows_is_not_taken_for_this_one(evaluations: Batch, change) -> None:
    other = change(evaluations[0])
    assert other.record.find(evaluations[0]._key(LINEAR)) is not None
    assert other.record.find(other._key(LINEAR)) is None


def test_an_evaluation_under_other_costs_of_errors_is_another(evaluations: Batch) -> None:
    judge = evaluations[0]
    judges = [
        Judge(judge.dataset, judge.splits, _money(judge, missed), 0, judge.engine, judge.record)
        for missed in (5.0, 5.0, 6.0)
    ]
    keys = [each.rows_key for each in judges]
    assert keys[0] == keys[1] != keys[2]


def test_another_parameter_is_another_evaluation(evaluations: Batch) -> None:
    judge = evaluations[0]
    changed = replace(LINEAR, params={"max_iter": 999})
    assert judge._key(changed) != judge._key(LINEAR)


def test_what_there_was_no_room_for_is_tried_again_when_the_run_is_resumed(
    dataset: Dataset, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = Outcome(Status.OUT_OF_MEMORY, reason="everything that ran at once took more than 1 GB of memory.")
    monkeypatch.setattr(
        Engine, "run", lambda _self, calls, *_, **_named: ((number, full) for number in range(len(calls)))
    )
    assert judged(judge_of(dataset, engine, tmp_path), LINEAR)["linear"].status is Status.OUT_OF_MEMORY
    assert not list(tmp_path.rglob("*.pkl"))


def test_a_slow_candidate_without_preparation_is_ended_too(dataset: Dataset, engine: Engine, tmp_path: Path) -> None:
    judge = judge_of(dataset, engine, tmp_path)
    slow = judged(judge, Candidate("slow", "mine", "estimators.Hanging", "none"), seconds=2)["slow"]
    assert slow.status in (Status.TIMED_OUT, Status.SKIPPED)
    stored = [path.stem for path in (tmp_path / "evaluations").iterdir()]
    assert [key for key in stored if Record(tmp_path).find(key)] == []  # another run may have time for it


def test_the_holdout_is_looked_at_by_a_model_of_all_development_rows(evaluations: Batch) -> None:
    judge = evaluations[0]
    looks = look(judge, [{"linear": LINEAR, "failing": FAILING}], time.monotonic() + LATER)
    linear, failing = looks["linear"], looks["failing"]
    assert linear.predictions is not None
    assert linear.predictions.shape == (len(judge.splits.holdout), 2)
    assert linear.score == pytest.approx(judge.proof.score(linear.predictions))
    assert failing.predictions is None
    assert failing.score is None
    assert "no such luck" in (failing.reason or "")


def test_the_gain_of_the_better_prediction_is_positive(evaluations: Batch) -> None:
    judge = evaluations[0]
    looks = look(judge, [{"dummy": DUMMY, "linear": LINEAR}], time.monotonic() + LATER)
    dummy, linear = looks["dummy"], looks["linear"]
    assert dummy.predictions is not None
    assert linear.predictions is not None
    gain = judge.proof.gain(dummy.predictions, linear.predictions)
    assert gain.estimate == pytest.approx((linear.score or 0) - (dummy.score or 0))
    assert gain.low < gain.estimate < gain.high
