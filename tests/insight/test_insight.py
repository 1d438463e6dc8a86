"""What is looked for once the verdict stands is what there is time for."""

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import get_scorer

from runner.candidates.pipeline import Candidate
from runner.climb import Climb
from runner.config import EconomicsConfig
from runner.costs import Costs
from runner.dataset import Dataset
from runner.decision.economics import Contender
from runner.engine import Outcome
from runner.evaluation import Evaluation, Status
from runner.gain.interval import Interval
from runner.insight import look_closer
from runner.insight.earnings import Earning
from runner.insight.slices import MOST_COLUMNS
from runner.insight.unused import without
from runner.judge.looks import Look
from runner.ladder import Rung
from runner.metrics import Metric
from runner.task import Task

METRIC = Metric("roc_auc", Task.BINARY, 2, get_scorer("roc_auc"))
TRAIN, ROWS, FOLDS, MEMBERS = 80, 150, 5, 8
PREPARED, FITTED = 10.0, 0.1  # CPU seconds of a member on all folds


def judge_with(begun: list[Any], earned: list[Earning] | None = None, outer: Any = None) -> Any:
    """Return what is asked of a judge, on whose clock it is always 0 s, and for whom columns earn what is given."""

    def run(calls: list[Any], _deadline: float) -> Any:
        begun.extend(calls)
        yield 0, Outcome(Status.SKIPPED if earned is None else Status.OK, earned, "it was only begun.")

    target = np.tile([0, 1], ROWS // 2)
    features = pd.DataFrame({each.name: target for each in earned} if earned else {"x": target})
    dataset = Dataset("table", Task.BINARY, "y", features, target, ("no", "yes"), "print")
    choosing = ((np.arange(TRAIN), np.arange(TRAIN, 100)),) * (4 * FOLDS if outer else FOLDS)
    splits = SimpleNamespace(outer=outer, folds=choosing)
    folds = [(np.arange(100), np.arange(100, ROWS))]
    clock = SimpleNamespace(now=lambda: 0.0, pace=1.0)
    engine = SimpleNamespace(clock=clock, run=run, share=lambda *_: None)
    proof = SimpleNamespace(folds=folds, rows=folds[0][1])
    return SimpleNamespace(
        dataset=dataset, development=dataset, splits=splits, metric=METRIC, proof=proof, engine=engine, seed=0
    )


def climbed() -> Climb:
    """Return a climb of models that all need the columns in the same form, and the blend of them."""
    models = [Candidate(f"m{i}", "boosting", "sklearn.dummy.DummyClassifier", "scaled") for i in range(MEMBERS)]
    blend = Candidate(
        "blend", "blend", "runner.candidates.blend.Blend", "none", members=tuple((m, 1.0) for m in models)
    )
    ladder = (Rung("boosting", tuple(models)),)
    climb = Climb(
        ladder, judge_with([]).metric, EconomicsConfig("none"), lambda e: Contender(e.candidate, e.rung, 1.0, 0)
    )
    alone = Costs(PREPARED + FITTED, 0.0, prepare_seconds=PREPARED)
    all_of_them = sum([alone] * MEMBERS, Costs())
    costs = {**{model.name: alone for model in models}, "blend": all_of_them}
    climb.blends.append(blend)
    climb.evaluations = [
        Evaluation(name, "boosting" if name != "blend" else "blend", Status.OK, cost, fold_scores=(0.9,) * FOLDS)
        for name, cost in costs.items()
    ]
    return climb


def test_what_the_columns_of_a_blend_earn_is_measured_where_there_is_time_to_prepare_them_once() -> None:
    looks = {"blend": Look("blend", np.full((50, 2), 0.5), 0.5, Costs())}
    for deadline, is_begun in ((20.0, True), (5.0, False)):  # half of it for this; members alone would take 24 s
        begun: list[Any] = []
        insight = look_closer(judge_with(begun), climbed(), looks, "blend", deadline)
        assert bool(begun) is is_begun
        assert any("was not measured" in note for note in insight.notes) is not is_begun


def test_that_there_was_no_time_to_leave_inputs_out_is_said_where_some_might_be() -> None:
    looks = {"blend": Look("blend", np.full((50, 2), 0.5), 0.5, Costs())}
    for chances, might_be in (((0.001, 0.9), True), ((0.001, 0.001), False), ((0.9, 0.9), False)):
        earned = [
            Earning(name, Interval(0.1, -math.inf, math.inf), chance)
            for name, chance in zip("xz", chances, strict=True)
        ]
        notes = look_closer(judge_with([], earned), climbed(), looks, "blend", 30.0).notes
        assert any("Leaving out inputs was not tried" in note for note in notes) is might_be


def test_under_nested_folds_leaving_out_inputs_is_forecast_from_the_folds_that_it_takes() -> None:
    looks = {"blend": Look("blend", np.full((50, 2), 0.5), 0.5, Costs())}
    chances = {"x": 0.001, "z": 0.9}
    earned = [Earning(name, Interval(0.1, -math.inf, math.inf), chance) for name, chance in chances.items()]
    for deadline, is_tried in ((28.0, True), (22.0, False)):  # half of it for 2 x 5 fits, 12 s; all pairs take 16 s
        begun: list[Any] = []
        judge = judge_with(begun, earned, SimpleNamespace(folds=FOLDS))
        notes = look_closer(judge, climbed(), looks, "blend", deadline).notes
        assert any(call.function is without for call in begun) is is_tried
        assert any("Leaving out inputs was not tried" in note for note in notes) is not is_tried


def test_that_slices_of_some_columns_were_not_looked_at_is_said() -> None:
    looks = {"blend": Look("blend", np.full((50, 2), 0.5), 0.5, Costs())}
    for columns, is_said in ((MOST_COLUMNS, False), (MOST_COLUMNS + 1, True)):
        earned = [Earning(f"c{i}", Interval(0.1, 0.0, 0.2), 0.001) for i in range(columns)]
        notes = look_closer(judge_with([], earned), climbed(), looks, "blend", 900.0).notes
        assert any("is weak was looked for in the first" in note for note in notes) is is_said


def test_where_nothing_was_looked_at_there_is_nothing_to_say_of_the_model() -> None:
    assert look_closer(judge_with([]), climbed(), {}, "none", 9.0).notes == []
