"""The search draws the same trials whoever is faster, keeps its limits, and survives what fails."""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from runner.candidates.pipeline import Candidate
from runner.config import DimensionConfig, EngineConfig, EvaluationConfig
from runner.costs import Costs
from runner.decision.racing import Bar
from runner.engine import Engine
from runner.evaluation import Evaluation, Status
from runner.judge import Judge
from runner.ladder import Space
from runner.metrics import make_metric
from runner.record import Record
from runner.search import ROUND, Limits, Search
from runner.search.study import make_study, tell_known
from runner.splits import make_splits

LIGHTGBM = Candidate("lightgbm", "boosting", "lightgbm.LGBMClassifier", "native", {"verbosity": -1})
LINEAR = Candidate("linear", "simple", "sklearn.linear_model.LogisticRegression", "scaled")
SPACES = (
    Space(
        "lightgbm",
        LIGHTGBM,
        {
            "n_estimators": DimensionConfig(low=5, high=20, integer=True),
            "learning_rate": DimensionConfig(low=0.01, high=0.3, log=True),
            "subsample_freq": DimensionConfig(choices=[0, 1]),
        },
    ),
    Space("linear", LINEAR, {"C": DimensionConfig(low=0.001, high=10.0, log=True)}),
)


def never() -> float:
    """Return a deadline that never comes."""
    return math.inf


def quality(candidate: Candidate) -> float:
    """Return a score that peaks at a learning rate of 0.1."""
    return -abs(math.log(candidate.drawn.get("learning_rate", candidate.drawn.get("C", 1.0)) / 0.1))


def evaluator(
    reverse: bool = False,
    fails: Callable[[str], bool] = lambda _name: False,
    cpu_seconds: float = 1.0,
) -> Callable[[list[Candidate], float, Bar | None], Iterator[Evaluation]]:
    def evaluate(candidates: list[Candidate], _deadline: float, _bar: Bar | None) -> Iterator[Evaluation]:
        for candidate in candidates[::-1] if reverse else candidates:
            status = Status.FAILED if fails(candidate.name) else Status.OK
            yield Evaluation(
                candidate.name,
                candidate.rung,
                status,
                Costs(cpu_seconds),
                fold_scores=(quality(candidate),) if status is Status.OK else (),
            )

    return evaluate


def searched(limits: Limits, seed: int = 0, **given) -> Search:
    search = Search(SPACES, limits, seed)
    for _ in search.run(evaluator(**given)):
        pass
    return search


def drawn(search: Search) -> list[tuple[str, dict[str, object]]]:
    return [(trial.candidate.name, trial.candidate.drawn) for trial in search.trials]


def test_whoever_is_faster_the_same_trials_are_drawn() -> None:
    in_order, reverse = searched(Limits(14, never)), searched(Limits(14, never), reverse=True)
    assert drawn(in_order) == drawn(reverse)
    assert [trial.number for trial in reverse.trials] == list(range(14))


def test_the_seed_decides_what_is_drawn() -> None:
    assert drawn(searched(Limits(8, never), seed=1)) == drawn(searched(Limits(8, never), seed=1))
    assert drawn(searched(Limits(8, never), seed=1)) != drawn(searched(Limits(8, never), seed=2))


def test_what_is_drawn_lies_within_the_spaces() -> None:
    trials = searched(Limits(24, never)).trials
    assert {trial.candidate.name.split(" #")[0] for trial in trials} == {"lightgbm", "linear"}
    for trial in trials:
        given = trial.candidate.drawn
        if trial.candidate.estimator == LINEAR.estimator:
            assert given.keys() == {"C"}
            assert 0.001 <= given["C"] <= 10
        else:
            assert isinstance(given["n_estimators"], int)
            assert 5 <= given["n_estimators"] <= 20
            assert 0.01 <= given["learning_rate"] <= 0.3
            assert given["subsample_freq"] in (0, 1)
            assert trial.candidate.params == LIGHTGBM.params | given


@pytest.mark.parametrize("trials", [0, 1, ROUND, ROUND + 1, 10])
def test_no_more_trials_than_allowed(trials: int) -> None:
    search = searched(Limits(trials, never))
    assert len(search.trials) == trials
    assert search.stopped_by == "trials"


def test_no_round_begins_after_the_deadline() -> None:
    search = searched(Limits(100, lambda: time.monotonic() - 1))
    assert (len(search.trials), search.stopped_by) == (0, "time")


def rounds(limits: Limits) -> tuple[list[int], Search]:
    """Search, and return how many trials were drawn at once."""
    sizes, evaluate = [], evaluator()

    def counted(candidates: list[Candidate], deadline: float, bar: Bar | None) -> Iterator[Evaluation]:
        sizes.append(len(candidates))
        yield from evaluate(candidates, deadline, bar)

    search = Search(SPACES, limits, 0)
    for _ in search.run(counted):
        pass
    return sizes, search


def test_a_search_ends_when_no_trial_can_end_in_time() -> None:
    def now() -> float:
        return float(len(search.trials))  # each takes a second

    search = Search(SPACES, Limits(100, lambda: 9.5, trial_seconds=lambda: 1.0, now=now), 0)
    for _ in search.run(evaluator()):
        pass
    assert (len(search.trials), search.stopped_by) == (9, "time")


def test_where_a_whole_round_does_not_fit_in_a_smaller_one_is_drawn() -> None:
    end = time.monotonic() + 100
    assert rounds(Limits(ROUND, lambda: end, trial_seconds=lambda: 80.0))[0] == [1, 1, 1, 1]
    assert rounds(Limits(ROUND, lambda: end, trial_seconds=lambda: 40.0))[0] == [2, 2]
    assert rounds(Limits(ROUND, lambda: end, trial_seconds=lambda: 80.0, workers=2))[0] == [2, 2]
    assert rounds(Limits(ROUND, lambda: end, trial_seconds=lambda: 120.0))[0] == []


def test_with_time_enough_rounds_are_the_same_however_many_workers() -> None:
    for workers in (1, 2, 3, 8):
        limits = Limits(10, never, trial_seconds=lambda: 1.0, workers=workers)
        assert rounds(limits)[0] == [ROUND, ROUND, 10 - 2 * ROUND]


def test_the_processor_time_is_kept_to_a_round() -> None:
    search = searched(Limits(100, never, cpu_seconds=10.0), cpu_seconds=1.5)
    assert search.stopped_by == "money"
    assert 10 <= search.cpu_seconds() < 10 + ROUND * 1.5


def test_it_stops_when_no_further_trial_is_worth_its_price() -> None:
    asked = []

    def worth_going_on(scores: list[float]) -> bool:
        asked.append(len(scores))
        return len(scores) < 2 * ROUND

    search = searched(Limits(100, never, worth_going_on=worth_going_on))
    assert (search.stopped_by, len(search.trials)) == ("rule", 2 * ROUND)
    assert asked == [ROUND, 2 * ROUND]


def test_failed_trials_are_told_and_survived() -> None:
    seen: list[float] = []
    limits = Limits(12, never, worth_going_on=lambda scores: bool(seen.__iadd__(scores[len(seen) :])) or True)
    search = searched(limits, fails=lambda name: name.endswith(("#1", "#2")))
    assert [trial.evaluation.status for trial in search.trials[1:3]] == [Status.FAILED] * 2
    assert len(search.trials) == 12
    assert np.isnan(seen[1:3]).all()
    assert np.isfinite(seen[3:]).all()
    assert search.best() is not None


def test_when_all_trials_fail_there_is_no_best() -> None:
    search = searched(Limits(12, never), fails=lambda _name: True)
    assert len(search.trials) == 12
    assert search.best() is None


def test_the_best_is_the_best_and_the_first_of_equals() -> None:
    search = searched(Limits(20, never))
    best = search.best()
    assert best is not None
    assert best.evaluation.score == max(trial.evaluation.score for trial in search.trials)
    same = [replace(t, evaluation=replace(t.evaluation, fold_scores=(0.0,))) for t in search.trials]
    search.trials = same
    assert search.best() is same[0]


def test_it_learns_where_good_trials_are() -> None:
    scores = [quality(trial.candidate) for trial in searched(Limits(60, never)).trials]
    assert np.mean(scores[40:]) > np.mean(scores[:8]) + 0.3


def known(*rates: float) -> list[tuple[Candidate, Evaluation]]:
    """Return candidates that were paid for on the rungs below, each with a learning rate."""
    found = []
    for rate in rates:
        candidate = replace(LIGHTGBM, name=f"l{rate}", params=LIGHTGBM.params | {"learning_rate": rate})
        scores = tuple(quality(replace(candidate, drawn={"learning_rate": rate})) + e for e in (0.1, -0.1))
        found.append((candidate, Evaluation(candidate.name, "boosting", Status.OK, Costs(1.0), fold_scores=scores)))
    return found


def test_what_the_rungs_below_have_paid_for_is_where_it_starts() -> None:
    cold, warm = searched(Limits(8, never)), Search(SPACES, Limits(8, never), 0, known(*[0.1] * 8, *[0.25] * 6))
    for _ in warm.run(evaluator()):
        pass
    first = [
        np.median([quality(t.candidate) for t in search.trials if t.family == "lightgbm"]) for search in (cold, warm)
    ]
    assert first[1] > first[0]
    assert [trial.number for trial in warm.trials] == list(range(8))


def test_only_what_lies_in_a_space_is_told_as_known() -> None:
    study = make_study(0)
    strange = [
        (replace(LIGHTGBM, params={"verbosity": -1, "max_depth": 3}), known(0.1)[0][1]),
        (replace(LIGHTGBM, params={}), known(0.1)[0][1]),  # lacks what all of the space have
        (replace(LIGHTGBM, preparation="ordinal"), known(0.1)[0][1]),
        (Candidate("tree", "tree", "sklearn.tree.DecisionTreeClassifier", "onehot"), known(0.1)[0][1]),
    ]
    tell_known(study, SPACES, strange)
    assert study.trials == []
    tell_known(study, SPACES, known(0.1, 5.0))
    assert len(study.trials) == 2
    assert study.trials[1].params["lightgbm.learning_rate"] == 0.3  # the nearest point that is inside


def test_a_trial_is_held_against_the_best_before_its_round() -> None:
    bars = []

    def evaluate(candidates: list[Candidate], _deadline: float, bar: Bar | None) -> Iterator[Evaluation]:
        bars.append(bar)
        for candidate in candidates:
            yield Evaluation(candidate.name, "search", Status.PRUNED, Costs(1.0), fold_scores=(-9.0,))

    search = Search(SPACES, Limits(8, never), 0, known(0.1, 0.11, 0.09, 0.12, 0.2))
    for _ in search.run(evaluate):
        pass
    assert bars[0] is not None
    assert bars[0] == bars[1]  # trials that were ended early set none
    assert search.best() is None
    expected = bars[0].expected((-9.0,))
    assert [trial.expected for trial in search.trials] == [expected] * 8


def test_it_ends_when_it_is_asked_to() -> None:
    search = searched(Limits(100, never, interrupted=lambda: True))
    assert (len(search.trials), search.stopped_by) == (0, "interrupt")


def test_a_search_whose_winners_need_more_time_at_the_end_ends_earlier() -> None:
    deadlines = iter([time.monotonic() + 60, time.monotonic() + 60, time.monotonic() - 1])
    search = searched(Limits(100, lambda: next(deadlines)))
    assert (len(search.trials), search.stopped_by) == (2 * ROUND, "time")


@pytest.mark.slow
@pytest.mark.usefixtures("engine")
def test_one_worker_and_two_search_the_same_and_score_the_same(shipped, tmp_path) -> None:
    dataset = shipped("credit-g", 150)
    splits, metric = make_splits(dataset, EvaluationConfig(folds=2), 0), make_metric(None, dataset)
    found = []
    for workers in (1, 2):
        with Engine(EngineConfig(workers=workers), memory_gb=2) as engine:
            judge = Judge(dataset, splits, metric, 0, engine, Record(tmp_path / str(workers)))
            search = Search(SPACES, Limits(6, lambda: time.monotonic() + 150), 0)
            for _ in search.run(judge.evaluate):
                pass
        found.append([(*pair, trial.evaluation.fold_scores) for pair, trial in zip(drawn(search), search.trials)])  # noqa: B905
    assert found[0] == found[1]
    assert len(found[0]) == 6
