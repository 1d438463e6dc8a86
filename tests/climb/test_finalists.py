"""Nested folds fill the role of a finalist anew, each for itself; what is used today is always itself."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from runner.candidates.pipeline import INCUMBENT, Candidate
from runner.climb import Climb
from runner.climb.blending import blend_cheap
from runner.climb.finalists import CHAMPION, correction, name_finalists, seen_without
from runner.config import EconomicsConfig
from runner.costs import Costs
from runner.dataset import Dataset
from runner.decision.economics import Contender
from runner.evaluation import Evaluation, Status
from runner.judge.out_of_fold import make_out_of_fold
from runner.ladder import BLEND, Rung
from runner.metrics import make_metric
from runner.metrics.money import money_metric
from runner.splits import make_nested_splits
from runner.task import Task

ROWS = 120


def situation(cheap: str, costs: dict[int, dict[int, float]] | None = None) -> tuple[Climb, Any]:
    """Return a climb of a dummy, a cheap candidate and a tree, of which one leads here and one there, and a judge."""
    random, target = np.random.default_rng(0), np.tile([0, 1], ROWS // 2)
    data = Dataset("t", Task.BINARY, "y", pd.DataFrame({"x": np.zeros(ROWS)}), target, (0, 1), "")
    splits, metric = make_nested_splits(data, 0), money_metric(data, costs) if costs else make_metric(None, data)
    folds = make_out_of_fold(data, splits, metric)
    candidates = (
        Candidate("dummy", "none", "sklearn.dummy.DummyClassifier", "none"),
        Candidate("cheap", "rule", cheap, "none"),
        Candidate("tree", "tree", "sklearn.tree.DecisionTreeClassifier", "onehot"),
    )

    def evaluated(candidate: Candidate, score: NDArray[np.float64]) -> Evaluation:
        parts = np.column_stack([1 - score, score])[np.concatenate([test for _, test in splits.folds])]
        return folds.scored(Evaluation(candidate.name, candidate.rung, Status.OK, Costs(1.0, 1.0)), parts)

    scores = [np.full(ROWS, 0.5), *(1 / (1 + np.exp(-1.5 * target - random.normal(size=ROWS))) for _ in range(2))]
    ladder = tuple(Rung(candidate.rung, (candidate,)) for candidate in candidates)
    climb = Climb(ladder, metric, EconomicsConfig(name="none"), lambda e: Contender(e.candidate, e.rung, 1.0, 1.0))
    climb.evaluations = list(map(evaluated, candidates, scores))
    return climb, SimpleNamespace(out_of_fold=folds, metric=metric, development=data)


@pytest.mark.parametrize(
    ("cheap", "itself"), [(f"{INCUMBENT}IncumbentClassifier", True), ("sklearn.naive_bayes.GaussianNB", False)]
)
def test_each_outer_fold_has_its_own_champion_but_what_is_used_today_is_itself(cheap: str, itself: bool) -> None:
    climb, judge = situation(cheap)
    found = name_finalists(climb, judge)
    assert found is not None
    assert found.roles[CHAMPION] is climb.champion()
    assert found.roles[CHAMPION].candidate == "cheap"
    assert {pick["cheap"].name for pick in found.picks} == ({"cheap"} if itself else {"cheap", "tree"})
    assert {pick["dummy"].name for pick in found.picks} == {"dummy"}


@pytest.mark.parametrize(
    ("cheap", "corrected"), [(f"{INCUMBENT}IncumbentClassifier", False), ("sklearn.naive_bayes.GaussianNB", True)]
)
def test_under_costs_probabilities_are_corrected_but_what_is_used_today_decides_as_it_does(
    cheap: str, corrected: bool
) -> None:
    climb, judge = situation(cheap, costs={0: {1: 1.0}, 1: {0: 5.0}})
    assert (correction(climb, judge, "cheap") is not None) is corrected


@pytest.mark.parametrize("slow", [set(), {"tree"}])
def test_the_blends_of_outer_folds_leave_out_whom_the_run_had_no_time_for(slow: set[str]) -> None:
    climb, judge = situation("sklearn.naive_bayes.GaussianNB")
    assert blend_cheap(climb, judge.out_of_fold)
    climb.too_slow[BLEND] = slow
    views = [seen_without(climb, judge.out_of_fold, outer) for outer in judge.out_of_fold.folds.outer()]
    members = {member.name for view in views for blend in view.blends for member, _ in blend.members}
    assert members == (set() if slow else {"cheap", "tree"})
