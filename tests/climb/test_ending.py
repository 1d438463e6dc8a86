"""The end is forecast from what was measured on the folds: by rows, each form prepared once, of those who lead."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import get_scorer

from runner.candidates.pipeline import Candidate
from runner.climb import Climb
from runner.climb.ending import (
    AROUND_SECONDS,
    cpu_seconds_of_the_end,
    is_in_time,
    seconds_of_the_end,
    seconds_to_fit,
    share_of_a_rung,
)
from runner.config import EconomicsConfig
from runner.costs import Costs
from runner.decision.economics import Contender
from runner.evaluation import Evaluation, Status
from runner.ladder import Rung
from runner.metrics import Metric
from runner.task import Task

AUC = Metric("roc_auc", Task.BINARY, 2, get_scorer("roc_auc"))
FOLDS, TRAIN, DEVELOPMENT, ALL = 5, 80, 100, 150
ON_ALL_ROWS = ALL / TRAIN / FOLDS  # a fit on all rows over those on the folds
A_LOOK = DEVELOPMENT / TRAIN / FOLDS


def judge(workers: int = 1, outer: Any = None) -> Any:
    """Return what is asked of a judge: 150 rows, of which 100 are for development, in five folds."""
    splits = SimpleNamespace(outer=outer, folds=[(np.arange(TRAIN), np.arange(TRAIN, DEVELOPMENT))] * FOLDS)
    proof = SimpleNamespace(folds=[(np.arange(DEVELOPMENT), np.arange(DEVELOPMENT, ALL))])
    folds = SimpleNamespace(tests=[test for _, test in splits.folds], score=lambda _, mean: -abs(np.mean(mean)))
    return SimpleNamespace(dataset=range(ALL), splits=splits, proof=proof, workers=workers, out_of_fold=folds)


def climbed(*models: tuple[float, float, str], prepared: float = 0.0, pace: float = 1.0) -> Climb:
    """Return a climb of a dummy and models, each of an error on all rows, CPU seconds and a form of the columns."""
    given = [("dummy", 0.5, 0.0, "none"), *((f"m{i}", *model) for i, model in enumerate(models))]
    rungs, evaluations = [], []
    for name, error, cpu, form in given:
        rung = "none" if name == "dummy" else "boosting"
        rungs.append(Candidate(name, rung, "sklearn.dummy.DummyClassifier", form))
        costs = Costs(cpu, pace * cpu, prepare_seconds=prepared if cpu else 0.0)
        scores, said = (1.0 - abs(error),) * FOLDS, np.full(DEVELOPMENT, error)
        evaluations.append(Evaluation(name, rung, Status.OK, costs, fold_scores=scores, predictions=said))
    ladder = Rung("none", tuple(rungs[:1])), Rung("boosting", tuple(rungs[1:]))
    climb = Climb(ladder, AUC, EconomicsConfig("none"), lambda e: Contender(e.candidate, e.rung, 1.0, 0.01))
    climb.evaluations = evaluations
    return climb


def test_a_fit_on_more_rows_takes_longer_by_their_number() -> None:
    climb = climbed((0.2, 10.0, "scaled"))
    assert cpu_seconds_of_the_end(climb, judge()) == pytest.approx((10 * A_LOOK, 10 * ON_ALL_ROWS))
    assert seconds_of_the_end(climb, judge()) == pytest.approx(AROUND_SECONDS + 10 * A_LOOK + 10 * ON_ALL_ROWS)


def test_the_weights_of_a_blend_take_as_long_as_those_of_the_one_before() -> None:
    climb = climbed((0.2, 10.0, "scaled"))
    end = seconds_of_the_end(climb, judge())
    climb.weighing_seconds = 3.0
    assert seconds_of_the_end(climb, judge()) == pytest.approx(end + 3.0)
    assert seconds_of_the_end(climb, judge(outer="five")) == pytest.approx(end + 6.0)  # and for each outer fold


def test_where_nothing_is_known_yet_the_end_takes_what_stands_around_it() -> None:
    empty = climbed()
    empty.evaluations = []
    assert seconds_of_the_end(empty, judge()) == AROUND_SECONDS
    assert seconds_of_the_end(climbed(), judge()) == AROUND_SECONDS


def test_a_form_is_prepared_once_for_all_that_want_it() -> None:
    same = climbed((0.2, 10.0, "scaled"), (-0.21, 10.0, "scaled"), prepared=8.0)
    other = climbed((0.2, 10.0, "scaled"), (-0.21, 10.0, "native"), prepared=8.0)
    assert cpu_seconds_of_the_end(same, judge())[1] == pytest.approx((8 + 2 + 2) * ON_ALL_ROWS)
    assert cpu_seconds_of_the_end(other, judge())[1] == pytest.approx((8 + 2 + 8 + 2) * ON_ALL_ROWS)


def test_time_is_kept_for_those_who_would_be_blended_and_not_for_dearer_ones_that_add_nothing() -> None:
    opposite = (0.2, 10.0, "scaled"), (-0.21, 5.0, "native")
    looks, fit = cpu_seconds_of_the_end(climbed(*opposite, (0.3, 100.0, "native")), judge())
    assert (looks, fit) == pytest.approx((15 * A_LOOK, 15 * ON_ALL_ROWS))
    assert cpu_seconds_of_the_end(climbed(*opposite, (-0.1, 100.0, "native")), judge())[1] > 100 * ON_ALL_ROWS


def test_on_a_busy_machine_wall_time_is_longer_and_cpu_time_is_not() -> None:
    quiet, busy = climbed((0.2, 10.0, "scaled")), climbed((0.2, 10.0, "scaled"), pace=3.0)
    assert seconds_of_the_end(busy, judge()) == pytest.approx(busy.pace() * seconds_of_the_end(quiet, judge()))
    assert busy.pace() == pytest.approx(3, abs=0.25)
    assert cpu_seconds_of_the_end(busy, judge()) == cpu_seconds_of_the_end(quiet, judge())


def test_looks_are_side_by_side_and_the_last_fit_is_alone() -> None:
    climb = climbed((0.2, 10.0, "scaled"), (-0.21, 10.0, "native"))
    one, two = (seconds_of_the_end(climb, judge(workers)) for workers in (1, 2))
    assert one - two == pytest.approx(20 * A_LOOK / 2)


def test_a_fit_takes_what_the_members_of_a_blend_take_and_by_the_number_of_rows() -> None:
    climb = climbed((0.2, 10.0, "scaled"), (0.21, 5.0, "native"), (0.22, 1.0, "native"))
    first, second, third = (climb.candidate(f"m{i}") for i in range(3))
    blend = Candidate("blend", "blend", "runner.candidates.blend.Blend", "none", members=((first, 2.0), (third, 1.0)))
    assert seconds_to_fit(climb, judge(), blend, ALL) == pytest.approx((10 + 1) * ON_ALL_ROWS)
    assert seconds_to_fit(climb, judge(), second, 2 * ALL) == pytest.approx(2 * 5 * ON_ALL_ROWS)


def test_what_a_rung_finds_in_its_share_can_be_fitted_on_all_rows_in_the_rest() -> None:
    for workers in (1, 2):
        share = share_of_a_rung(judge(workers))
        cpu_seconds = share * 100.0 * workers
        assert cpu_seconds * ALL / (FOLDS * TRAIN) == pytest.approx((1 - share) * 100.0)


def test_a_blend_is_in_time_if_a_look_at_it_and_its_last_fit_are() -> None:
    climb = climbed((0.2, 10.0, "scaled"), (-0.21, 30.0, "native"))
    members = [(candidate, 1.0) for candidate in climb.ladder[1].candidates]
    both, first = (replace(members[0][0], name="blend", members=tuple(members[:count])) for count in (2, 1))
    needed = seconds_of_the_end(climb, judge(), both)
    assert needed == pytest.approx(AROUND_SECONDS + 40 * A_LOOK + 40 * ON_ALL_ROWS)
    clock = SimpleNamespace(now=lambda: 0.0, closing=needed - 1.0)
    assert [is_in_time(climb, judge(), clock, blend) for blend in (both, first)] == [False, True]
