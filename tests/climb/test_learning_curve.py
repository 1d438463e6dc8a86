"""A learning curve of a real table: on the run's own folds, cheap, and said to be missing where it is."""

import re
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import replace

import numpy as np
import pytest

from runner.candidates.pipeline import Candidate
from runner.climb import Climb
from runner.climb.learning_curve import learning_curve, measured
from runner.decision.curve import Curve
from runner.engine import Engine
from runner.evaluation import Evaluation
from runner.judge import Judge
from runner.splits import Fold

Climbed = Callable[[int], tuple[Climb, Judge]]


@pytest.fixture(scope="module")
def situation(climbed: Climbed) -> tuple[Climb, Judge]:
    return climbed(900)


def test_the_sizes_double_and_end_at_the_run_s_own_scores(situation: tuple[Climb, Judge]) -> None:
    climb, judge = situation
    curve = learning_curve(climb, judge, 1000.0)
    assert isinstance(curve, Curve)
    leader = climb.pool()[0][1]
    assert curve.candidate == leader.candidate
    assert np.allclose(np.divide(curve.rows[1:], curve.rows[:-1]), 2, rtol=0.05)
    assert curve.rows[-1] == round(np.mean([len(train) for train, _ in judge.splits.folds[-3:]]))
    assert curve.total_rows == len(judge.dataset)
    assert curve.scores[-1] == pytest.approx(np.mean(leader.fold_scores[-3:]), abs=1e-12)


def test_with_prices_it_is_the_curve_of_the_model_that_is_kept(situation: tuple[Climb, Judge]) -> None:
    climb, judge = situation
    upkeep = {rung.name: 0.0 if rung.name == "tree" else 1000.0 for rung in climb.ladder}
    prices = replace(climb.prices, value_per_unit=1.0, price_per_work_hour=1.0, upkeep_hours=upkeep)
    dear = replace(climb, prices=prices)
    curve, kept = learning_curve(dear, judge, 1000.0), dear.champion()
    assert isinstance(curve, Curve)
    assert kept is not None
    assert kept.rung == "tree"
    assert curve.candidate == kept.candidate
    costly = upkeep | {"tree": 1.0, "none": 0.0}
    worthless = replace(climb, prices=replace(prices, value_per_unit=1e-9, upkeep_hours=costly))
    assert "no model is worth what it costs" in str(learning_curve(worthless, judge, 1000.0))


def test_what_the_folds_have_judged_is_not_fitted_again(
    situation: tuple[Climb, Judge], monkeypatch: pytest.MonkeyPatch
) -> None:
    climb, judge = situation
    evaluate, fitted = judge.evaluate_on, []

    def watched(candidate: Candidate, divisions: Sequence[Sequence[Fold]], deadline: float) -> list[Evaluation]:
        fitted.extend(len(train) for folds in divisions for train, _ in folds)
        return evaluate(candidate, divisions, deadline)

    monkeypatch.setattr(judge, "evaluate_on", watched)
    assert isinstance(learning_curve(climb, judge, 1000.0), Curve)
    assert 0 < max(fitted) <= max(len(train) for train, _ in judge.splits.folds) / 2


def test_a_curve_is_the_same_again_and_costs_nothing_then(
    situation: tuple[Climb, Judge], monkeypatch: pytest.MonkeyPatch
) -> None:
    climb, judge = situation
    first = learning_curve(climb, judge, 1000.0)
    monkeypatch.setattr(
        Engine, "run", lambda _, calls, *_limits, **_named: (pytest.fail("it was stored") for _ in calls)
    )
    assert learning_curve(climb, judge, 1000.0) == first


def test_it_is_drawn_where_a_fit_on_all_rows_for_each_fold_fits_into_an_eighth_of_the_time(
    situation: tuple[Climb, Judge],
) -> None:
    climb, judge = situation
    leader = next(evaluation for _, evaluation in climb.pool())
    slow = replace(leader, costs=replace(leader.costs, wall_seconds=100.0 * judge.workers))
    late = replace(climb, evaluations=[slow if each is leader else each for each in climb.evaluations])
    assert isinstance(learning_curve(late, judge, 8 * 101.0), Curve)
    assert "no time" in str(learning_curve(late, judge, 8 * 59.0))  # of five folds, at least three


def test_a_curve_that_ends_at_next_to_no_loss_promises_no_more_than_that(situation: tuple[Climb, Judge]) -> None:
    climb, judge = situation
    candidate, folds = climb.candidate(climb.pool()[0][1].candidate), judge.splits.folds[-3:]
    curve = measured(candidate, judge, folds, judge.engine.clock.now() + 100.0, [1 - 1e-6] * 3)
    assert isinstance(curve, Curve)
    assert curve.twice.estimate <= curve.twice.high == pytest.approx(1e-6)


def test_where_there_is_no_curve_a_sentence_says_why(situation: tuple[Climb, Judge], climbed: Climbed) -> None:
    climb, judge = situation
    assert re.fullmatch(
        r"There was no time: it would have taken about 0\.\d+ s\.", str(learning_curve(climb, judge, 0.1))
    )
    leader = climb.scored()[0]
    perfect = replace(leader, fold_scores=(1.0,) * len(leader.fold_scores))
    won = replace(climb, evaluations=[perfect if each is leader else each for each in climb.evaluations])
    assert learning_curve(won, judge, 1000.0) == (
        f"{leader.candidate} is nearly perfect on the folds: nothing is left to win."
    )
    assert "too few" in str(learning_curve(*climbed(150), 1000.0))
    of_two = copy(judge)
    of_two.development = replace(judge.development, groups=np.arange(len(judge.development)) % 2)
    assert str(learning_curve(climb, of_two, 1000.0)).startswith("The groups are too large")
