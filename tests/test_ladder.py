"""The rungs as the config says, for one task; what does not fit together is told in a sentence."""

from typing import Any

import numpy as np
import pytest

from runner.config import CandidateConfig, DimensionConfig, LadderConfig, SpaceConfig
from runner.errors import UserError
from runner.ladder import make_ladder, suited
from runner.task import Task


def config(**changes: Any) -> LadderConfig:
    candidates: dict[str, CandidateConfig | None] = {
        "dummy": CandidateConfig("none", "a.Dummy", "a.DummyR", "none"),
        "bayes": CandidateConfig("simple", "a.Bayes", None),
        "linear": CandidateConfig(
            "simple", "a.Logistic", "a.Ridge", "scaled", {"tol": 1}, {"C": 2.0, "tol": 3}, {"alpha": 4.0}
        ),
    }
    ranges = ({"C": DimensionConfig(low=0.1, high=1.0)}, {"alpha": DimensionConfig(choices=[1])})
    space = SpaceConfig("linear", {}, *ranges)
    given = {"rungs": ["none", "rule", "simple", "search"], "candidates": candidates, "search": {"linear": space}}
    return LadderConfig(**(given | changes))


def test_rungs_stand_in_the_order_given_and_empty_ones_are_left_out() -> None:
    ladder = make_ladder(config(), Task.BINARY)
    assert [rung.name for rung in ladder] == ["none", "simple", "search"]
    assert [rung.is_search for rung in ladder] == [False, False, True]
    assert [candidate.name for candidate in ladder[1].candidates] == ["bayes", "linear"]


def test_each_task_has_its_estimators_and_parameters() -> None:
    classifier = make_ladder(config(), Task.MULTICLASS)[1].candidates[-1]
    (regressor,) = make_ladder(config(), Task.REGRESSION)[1].candidates
    assert (classifier.estimator, classifier.params) == ("a.Logistic", {"tol": 3, "C": 2.0})
    assert (regressor.estimator, regressor.params) == ("a.Ridge", {"tol": 1, "alpha": 4.0})


def test_each_task_has_its_space() -> None:
    for task, names in ((Task.BINARY, ["C"]), (Task.REGRESSION, ["alpha"])):
        (space,) = make_ladder(config(), task)[-1].spaces
        assert (space.family, space.candidate.name, [*space.dimensions]) == ("linear", "linear", names)


def test_what_is_null_is_taken_out() -> None:
    candidates = config().candidates | {"linear": None}
    ladder = make_ladder(config(candidates=candidates), Task.BINARY)
    assert [rung.name for rung in ladder] == ["none", "simple"]  # nothing is left to search
    assert [rung.name for rung in make_ladder(config(search={"linear": None}), Task.BINARY)] == ["none", "simple"]


def test_a_rung_that_is_not_named_is_left_out_with_its_candidates(compose) -> None:
    ladder = make_ladder(compose("dataset=glass", "ladder.rungs=[none,tree,blend]").ladder, Task.MULTICLASS)
    assert [rung.name for rung in ladder] == ["none", "tree", "blend"]
    assert [candidate.name for candidate in ladder[1].candidates] == ["stump", "tree"]


def test_what_fits_logarithms_is_climbed_where_the_target_has_a_long_tail() -> None:
    entry = CandidateConfig("late", regressor="a.Ridge", target="log")
    spaces = config().search | {"of-log": SpaceConfig("of-log", {"alpha": DimensionConfig(choices=[1])})}
    rungs = ["none", "simple", "late", "search"]
    given = config(candidates=config().candidates | {"of-log": entry}, search=spaces, rungs=rungs)
    ladder = make_ladder(given, Task.REGRESSION)
    assert [rung.name for rung in ladder] == rungs
    assert ladder[2].candidates[0].target == "log"
    assert [space.family for space in ladder[3].spaces] == ["linear", "of-log"]
    assert suited(ladder, np.exp(np.arange(20.0))) == ladder
    without = suited(ladder, np.arange(20.0))
    assert [rung.name for rung in without] == ["none", "simple", "search"]
    assert [space.family for space in without[2].spaces] == ["linear"]
    assert [rung.name for rung in make_ladder(given, Task.BINARY)] == ["none", "simple", "search"]


def test_models_learn_a_target_of_little_spread_at_scale_1() -> None:
    given = config().candidates | {"dummy": CandidateConfig("none", None, "sklearn.dummy.DummyRegressor", "none")}
    ladder = make_ladder(config(candidates=given), Task.REGRESSION)
    for target in (1e9 + np.arange(20.0) - 0.5, 1e-12 * (np.arange(20.0) - 9)):
        dummy, *others = suited(ladder, target)
        assert not any(candidate.rescaled for candidate in dummy.candidates)
        found = [one for rung in others for one in (*rung.candidates, *(space.candidate for space in rung.spaces))]
        assert [candidate.rescaled for candidate in found] == [True, True]
    of_amounts = make_ladder(
        config(), Task.REGRESSION, "neg_mean_poisson_deviance"
    )  # in which great ones differ little
    assert not any(one.rescaled for rung in suited(of_amounts, 1e9 + np.arange(20.0)) for one in rung.candidates)


@pytest.mark.parametrize("metric", ["neg_root_mean_squared_log_error", "neg_mean_poisson_deviance"])
def test_where_amounts_are_judged_models_say_no_less_than_amounts_and_logarithms_are_fitted(metric: str) -> None:
    entry = CandidateConfig("late", regressor="a.Ridge", target="log")
    given = config(candidates=config().candidates | {"of-log": entry}, rungs=["none", "late"])
    ladder = make_ladder(given, Task.REGRESSION, metric)
    assert all(candidate.floored for rung in ladder for candidate in rung.candidates)
    assert suited(ladder, np.arange(20.0)) == ladder
    assert [rung.name for rung in suited(ladder, np.arange(20.0) - 0.5)] == ["none"]
    assert not any(c.floored for rung in make_ladder(given, Task.REGRESSION, "r2") for c in rung.candidates)


def test_what_is_meant_for_some_metrics_is_climbed_and_searched_under_these() -> None:
    entry = CandidateConfig("late", "a.Logistic", "a.Ridge", metrics=["mae", "roc_auc"])
    spaces = config().search | {"of-some": SpaceConfig("of-some", {"alpha": DimensionConfig(choices=[1])})}
    rungs = ["none", "simple", "late", "search"]
    given = config(candidates=config().candidates | {"of-some": entry}, search=spaces, rungs=rungs)
    told = make_ladder(given, Task.REGRESSION, "neg_mean_absolute_error")
    assert [rung.name for rung in told] == rungs
    assert [space.family for space in told[-1].spaces] == ["linear", "of-some"]
    for metric in (None, "neg_root_mean_squared_error"):  # None: the default, which is the same
        assert make_ladder(given, Task.REGRESSION, metric) == make_ladder(
            config(rungs=rungs[:2] + rungs[3:]), Task.REGRESSION
        )
    assert [rung.name for rung in make_ladder(given, Task.BINARY)] == rungs  # by ROC AUC, when not given


@pytest.mark.parametrize("task", Task)
def test_the_ladder_that_ships_has_a_dummy_first_and_a_search_last(compose, task: Task) -> None:
    ladder = make_ladder(compose("dataset=glass").ladder, task)
    assert [candidate.name for candidate in ladder[0].candidates] == ["dummy"]
    assert ladder[-1].is_search
    assert len(ladder[-1].spaces) >= 3
    assert len({candidate.name for rung in ladder for candidate in rung.candidates}) >= 8


@pytest.mark.parametrize(
    ("changes", "parts"),
    [
        ({"rungs": ["none", "simpel", "search"]}, ["ladder.rungs has 'simpel'", "'simple'"]),
        ({"candidates": {"t": CandidateConfig("nine", "a.T", "a.T")}}, ["candidates.t.rung='nine'", "'none'"]),
        ({"rungs": ["none", "simple", "simple"]}, ["ladder.rungs has 'simple' twice"]),
        ({"rungs": ["simple", "search"]}, ["must begin with rung 'none'", "binary"]),
        ({"rungs": ["simple", "none"]}, ["must begin with rung 'none'"]),
        ({"rungs": ["none", "search", "simple"]}, ["ladder.rungs has 'simple' after 'search'"]),
        ({"candidates": {"blend": CandidateConfig("none", "a.T", "a.T")}}, ["one named 'blend'", "rename it"]),
        ({"candidates": {"t": CandidateConfig("none", None, "a.T")}, "search": {}}, ["must begin with rung 'none'"]),
        (
            {"candidates": {"t": CandidateConfig("none", "a.T", "a.T", "onehott")}},
            ["ladder.candidates.t.preparation='onehott'", "'onehot'"],
        ),
        (
            {"candidates": {"t": CandidateConfig("none", "a.T", "a.T", target="sqrt")}},
            ["ladder.candidates.t.target='sqrt'", "log"],
        ),
        (
            {"candidates": {"t": CandidateConfig("none", "a.T", "a.T", metrics=["maee"])}},
            ["ladder.candidates.t.metrics='maee'", "'mae'"],
        ),
        ({"search": {"s": SpaceConfig("linear", {"C": DimensionConfig()})}}, ["ladder.search.s.params.C", "`low`"]),
        (
            {"search": {"s": SpaceConfig("linear", {"C": DimensionConfig(choices=[])})}},
            ["ladder.search.s.params.C.choices is empty"],
        ),
        (
            {"search": {"s": SpaceConfig("linear", {"C": DimensionConfig(low=2.0, high=1.0)})}},
            ["ladder.search.s.params.C", "low=2", "high=1"],
        ),
        (
            {"search": {"s": SpaceConfig("linear", {"C": DimensionConfig(low=0.0, high=1.0, log=True)})}},
            ["ladder.search.s.params.C", "log scale"],
        ),
        ({"search": {"s": SpaceConfig("liner", {"C": DimensionConfig(choices=[1])})}}, ["'liner'", "'linear'"]),
    ],
    ids=[
        "rung",
        "rung of a candidate",
        "rung twice",
        "no dummy",
        "dummy last",
        "search not last",
        "name of a blend",
        "no dummy for the task",
        "preparation",
        "target",
        "metric",
        "no range",
        "no choice",
        "reversed",
        "log of zero",
        "candidate",
    ],
)
def test_what_does_not_fit_is_told_in_a_sentence(changes: dict[str, Any], parts: list[str]) -> None:
    with pytest.raises(UserError) as caught:
        make_ladder(config(**changes), Task.BINARY)
    message = str(caught.value)
    assert all(part in message for part in parts), message
    assert "\n" not in message
