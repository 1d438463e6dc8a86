"""What a run sets out with is refused where it could not be judged."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from runner.candidates.pipeline import Candidate, build
from runner.config import Config
from runner.errors import UserError
from runner.plan import make_plan


def rare(count: int, of: int = 300) -> pd.DataFrame:
    """Return a table with so many rows of the class yes."""
    return pd.DataFrame({"x": np.random.default_rng(0).normal(size=of), "y": ["no"] * (of - count) + ["yes"] * count})


@pytest.mark.parametrize("metric", ["roc_auc", "average_precision", "f1", "balanced_accuracy", "f1_macro"])
@pytest.mark.parametrize(("rows", "folds"), [(3, 2), (5, 3), (7, 4), (8, 5)])
def test_folds_are_so_few_that_each_has_both_classes(
    compose: Callable[..., Config], rows: int, folds: int, metric: str
) -> None:
    plan = make_plan(compose("dataset.path=x", "dataset.target=y", f"evaluation.metric={metric}"), rare(rows))
    assert len(plan.splits.folds) == folds
    told = (
        f"Models are chosen on {folds} folds and not on 5 (evaluation.folds): one of {folds + 1} would hold only 'no'."
    )
    assert (told in plan.dataset.notes) == (folds < 5)


@pytest.mark.parametrize(
    ("role", "values", "told"),
    [
        ("group", 5, "3 folds and not on 5 (evaluation.folds): there are only 3 groups besides those kept aside."),
        ("time", 6, "2 folds and not on 5 (evaluation.folds): there are only 4 moments before those kept aside."),
        ("time", 3, "1 fold and not on 5 (evaluation.folds): there are only 2 moments before those kept aside."),
    ],
)
def test_folds_are_as_many_as_groups_or_moments_allow(
    compose: Callable[..., Config], role: str, values: int, told: str
) -> None:
    table = pd.DataFrame({"x": range(300), "of": np.arange(300) * values // 300, "y": ["no", "yes"] * 150})
    plan = make_plan(compose("dataset.path=x", "dataset.target=y", f"dataset.{role}=of"), table)
    assert plan.dataset.notes == (f"Models are chosen on {told}",)


def test_folds_that_would_begin_in_the_same_moment_are_one(compose: Callable[..., Config]) -> None:
    day = np.repeat(np.arange(14), [5, *[1] * 11, 184, 100])
    table = pd.DataFrame({"x": range(300), "day": day, "y": ["no", "yes"] * 150})
    plan = make_plan(compose("dataset.path=x", "dataset.target=y", "dataset.time=day"), table)
    (note,) = plan.dataset.notes
    assert note.startswith(
        "Models are chosen on 1 fold and not on 5 (evaluation.folds): others would judge on the same "
    )


def test_a_class_too_rare_to_be_learned_and_judged_is_one_sentence(compose: Callable[..., Config]) -> None:
    told = r"ROC AUC has no value with only 'no' in .* judge, and of 'yes' the table has 2 rows: give more of them, or "
    with pytest.raises(UserError, match=told) as said:
        make_plan(compose("dataset.path=x", "dataset.target=y"), rare(2))
    assert "\n" not in str(said.value)
    assert make_plan(compose("dataset.path=x", "dataset.target=y", "evaluation.metric=neg_log_loss"), rare(2))


def test_a_class_in_too_few_groups_is_told_with_its_groups(compose: Callable[..., Config]) -> None:
    table = rare(30).assign(g=np.arange(300) // 15)
    with pytest.raises(UserError, match=r"of 'yes' the table has 30 rows in 2 groups: give more of them, or "):
        make_plan(compose("dataset.path=x", "dataset.target=y", "dataset.group=g"), table)


def test_a_class_that_a_sample_has_too_few_of_asks_for_a_larger_sample(compose: Callable[..., Config]) -> None:
    config = compose("dataset.path=x", "dataset.target=y", "budget.rows=2000")
    with pytest.raises(UserError, match=r"of 'yes' the sample has 2 rows: set budget\.rows higher, or "):
        make_plan(config, rare(4, of=4000))
    with pytest.raises(UserError, match=r"of 'yes' the table has 2 rows: give more of them, or "):
        make_plan(config, rare(2, of=2000))


def test_whole_groups_that_leave_room_in_a_sample_are_one_all_the_same(compose: Callable[..., Config]) -> None:
    config = compose("dataset.path=x", "dataset.target=y", "dataset.group=g", "budget.rows=1499")
    with pytest.raises(UserError, match=r"of 'yes' the sample has 30 rows in 2 groups: set budget\.rows higher, or "):
        make_plan(config, rare(30, of=3000).assign(g=np.arange(3000) // 15))


@pytest.mark.parametrize(
    ("outcomes", "asked"),
    [
        (("no", "yes"), "evaluation.metric=accuracy"),
        (("no", "yes"), "evaluation.metric=log_loss"),
        ((2.5, 3.5), "dataset.task=regression"),
    ],
)
def test_rows_to_learn_from_that_all_have_one_outcome_are_refused(
    compose: Callable[..., Config], outcomes: tuple[Any, Any], asked: str
) -> None:
    """Its first other outcome is among the newest rows, which are kept aside."""
    table = pd.DataFrame({"x": range(200), "day": range(200), "y": [outcomes[0]] * 160 + [*outcomes] * 20})
    overrides = ("dataset.path=x", "dataset.target=y", "dataset.time=day", asked)
    told = rf"'y' holds only '{outcomes[0]}' in the \d+ rows that models learn from, .*\(evaluation\.holdout\)\."
    with pytest.raises(UserError, match=told):
        make_plan(compose(*overrides), table)
    assert make_plan(compose(*overrides, "evaluation.holdout=0.1"), table)


@pytest.mark.parametrize("target", [[0.5, 1.5, 3.5] * 40, ["no", "yes", "yes"] * 40])
def test_weights_that_leave_a_fold_without_rows_that_count_are_refused(compose, target) -> None:
    table = pd.DataFrame({"x": range(120), "day": range(120), "weight": [0] * 80 + [1] * 40, "y": target})
    config = compose("dataset.path=x", "dataset.target=y", "dataset.time=day", "dataset.weight=weight")
    with pytest.raises(UserError, match=r"dataset\.weight of .* is 0 in all \d+ rows of a split: leave rows"):
        make_plan(config, table)


@pytest.mark.parametrize(
    ("spared", "told"), [([], "is 0 in all 40 rows of a split"), (["no"], "no value with only 'no'")]
)
def test_an_outer_fold_without_rows_that_count_is_refused(
    compose: Callable[..., Config], spared: list[str], told: str
) -> None:
    """No pair of outer folds lacks them, which is what candidates are fitted without."""
    table = pd.DataFrame({"x": np.random.default_rng(0).normal(size=200), "y": ["no", "yes"] * 100, "weight": 1.0})
    overrides = ("dataset.path=x", "dataset.target=y", "dataset.weight=weight", "evaluation.design=nested")
    outer = make_plan(compose(*overrides), table).splits.outer
    assert outer is not None
    one = np.isin(np.arange(200), outer.test(outer.outer()[0]))
    table.loc[one & ~table["y"].isin(spared), "weight"] = 0.0
    with pytest.raises(UserError, match=told):
        make_plan(compose(*overrides), table)


@pytest.mark.parametrize(
    ("metric", "params"), [("precision", {"strategy": "constant", "constant": 1}), ("roc_auc", {})]
)
def test_no_model_gives_the_best_answer_that_there_is_without_inputs(
    compose: Callable[..., Config], metric: str, params: dict[str, object]
) -> None:
    table = pd.DataFrame({"x": np.random.default_rng(0).normal(size=300), "y": ["no", "no", "yes"] * 100})
    plan = make_plan(compose("dataset.path=x", "dataset.target=y", f"evaluation.metric={metric}"), table)
    assert plan.ladder[0].candidates[0].params == params


def test_models_of_the_median_are_tried_where_absolute_errors_are_judged(compose: Callable[..., Config]) -> None:
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"x": rng.normal(size=400), "y": rng.exponential(size=400) ** 2})  # median 0.5, mean 2

    def tried(metric: str) -> dict[str, Candidate]:
        ladder = make_plan(compose("dataset.path=x", "dataset.target=y", f"evaluation.metric={metric}"), table).ladder
        spaces = {f"search {space.family}": space.candidate for rung in ladder for space in rung.spaces}
        return {candidate.name: candidate for rung in ladder for candidate in rung.candidates} | spaces

    by_mae = tried("mae")
    added = by_mae.keys() - tried("rmse").keys()
    assert added == {"linear-median", "lightgbm-median", "search lightgbm-median"}
    assert tried("d2_absolute_error_score").keys() == by_mae.keys()
    assert tried("mape").keys() - by_mae.keys() == {"lightgbm-percent", "search lightgbm-percent"}
    for name in added:
        model = build(by_mae[name], 0).fit(table[["x"]], table["y"])
        assert abs(np.median(model.predict(table[["x"]])) - 0.5) < 0.25


@pytest.mark.parametrize("rungs", ["none", "none,rule", "none,blend", "none,search"])
def test_a_ladder_of_no_model_alone_is_refused(compose: Callable[..., Config], rungs: str) -> None:
    config = compose("dataset=credit-g", f"ladder.rungs=[{rungs}]")
    with pytest.raises(UserError, match=rf"ladder.rungs=\[{rungs.replace(',', ', ')}\] leaves nothing to compare"):
        make_plan(config)
