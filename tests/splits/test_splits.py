"""No row, group or moment is ever on both sides; all rows are used; classes stay in proportion."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runner.config import DatasetConfig, EvaluationConfig
from runner.dataset import Dataset
from runner.errors import UserError
from runner.reading import build
from runner.splits import Splits, assert_obeyed, make_folds, make_splits
from runner.task import Task

many = settings(max_examples=150, deadline=None)
seeds = st.integers(0, 1000)
any_size = st.integers(10, 90)
configs = st.builds(
    EvaluationConfig, folds=st.integers(2, 6), holdout=st.none() | st.sampled_from([0.05, 0.2, 0.3, 0.5])
)


@st.composite
def datasets(
    draw: st.DrawFn, rows: st.SearchStrategy[int] = any_size, tasks: tuple[Task, ...] = tuple(Task)
) -> Dataset:
    count, task, seed = draw(rows), draw(st.sampled_from(tasks)), draw(seeds)
    random = np.random.default_rng(seed)
    classes = {Task.BINARY: 2, Task.MULTICLASS: draw(st.integers(3, 5)), Task.REGRESSION: 0}[task]
    if classes:
        share = random.dirichlet(np.ones(classes))
        target = np.append(random.choice(classes, count - classes, p=share), np.arange(classes))
        random.shuffle(target)
    else:
        target = random.normal(size=count)
    groups = draw(st.none() | st.integers(2, 30))
    moments = draw(st.none() | st.integers(1, 60))
    return Dataset(
        name="drawn",
        task=task,
        target_name="y",
        features=pd.DataFrame({"x": np.arange(count)}),
        target=target,
        classes=tuple(range(classes)),
        fingerprint="",
        groups=None if groups is None else random.integers(groups, size=count),
        time=None if moments is None else np.sort(random.integers(moments, size=count)),
    )


def split_or_sentence(dataset: Dataset, config: EvaluationConfig, seed: int) -> Splits | None:
    """Return the splits, or None when the data set was refused in one sentence."""
    try:
        return make_splits(dataset, config, seed)
    except UserError as error:
        assert "\n" not in str(error)
        assert str(error).endswith(".")
        return None


def table(rows: int, task: Task = Task.REGRESSION) -> Dataset:
    random = np.random.default_rng(0)
    target = random.normal(size=rows) if task is Task.REGRESSION else np.arange(rows) % 2
    classes = () if task is Task.REGRESSION else (0, 1)
    return Dataset("t", task, "y", pd.DataFrame({"x": np.arange(rows)}), target, classes, "")


@many
@given(datasets(), configs, seeds)
def test_development_and_holdout_are_all_rows_without_one_twice(
    dataset: Dataset, config: EvaluationConfig, seed: int
) -> None:
    if splits := split_or_sentence(dataset, config, seed):
        together = np.concatenate([splits.development, splits.holdout])
        assert len(splits.development) > 0
        assert len(splits.holdout) > 0
        assert len(set(together)) == len(together)
        if dataset.time is None or dataset.groups is None:  # else a group's past may have to be left out
            assert sorted(together) == list(range(len(dataset)))
        assert (np.diff(splits.development) > 0).all()


@many
@given(datasets(), configs, seeds)
def test_nothing_is_on_both_sides_of_any_split(dataset: Dataset, config: EvaluationConfig, seed: int) -> None:
    if splits := split_or_sentence(dataset, config, seed):
        dev = splits.development
        for train, test in [(dev, splits.holdout), *((dev[a], dev[b]) for a, b in splits.folds)]:
            assert len(train) > 0
            assert len(test) > 0
            assert not set(train) & set(test)
            if dataset.groups is not None:
                assert not set(dataset.groups[train]) & set(dataset.groups[test])
            if dataset.time is not None:
                assert dataset.time[train].max() < dataset.time[test].min()


@many
@given(datasets(), configs, seeds)
def test_the_folds_judge_on_each_development_row_once(dataset: Dataset, config: EvaluationConfig, seed: int) -> None:
    if splits := split_or_sentence(dataset, config, seed):
        judged = np.concatenate([test for _, test in splits.folds])
        assert len(judged) == len(set(judged))
        if dataset.time is None:
            groups = config.folds if dataset.groups is None else len(np.unique(dataset.groups[splits.development]))
            assert len(splits.folds) == min(config.folds, groups)
            assert sorted(judged) == list(range(len(splits.development)))
            assert all(len(train) + len(test) == len(splits.development) for train, test in splits.folds)
        else:  # the earliest rows can only be learned from
            assert dataset.groups is not None or judged.max() == len(splits.development) - 1
            assert [test.min() for _, test in splits.folds] == sorted(test.min() for _, test in splits.folds)


@many
@given(datasets(st.integers(60, 200), (Task.BINARY, Task.MULTICLASS)), seeds)
def test_classes_stay_in_proportion(dataset: Dataset, seed: int) -> None:
    plain = replace(dataset, groups=None, time=None)
    counts = np.bincount(plain.target)
    if counts.min() < 10:
        return
    splits = make_splits(plain, EvaluationConfig(folds=3, holdout=0.3), seed)
    expected = counts * len(splits.holdout) / len(plain)
    assert np.abs(np.bincount(plain.target[splits.holdout]) - expected).max() <= 1
    in_folds = [np.bincount(plain.target[splits.development][test]) for _, test in splits.folds]
    assert np.ptp(in_folds, axis=0).max() <= 1


@many
@given(datasets(), configs, seeds)
def test_the_same_seed_gives_the_same_split(dataset: Dataset, config: EvaluationConfig, seed: int) -> None:
    first, second = split_or_sentence(dataset, config, seed), split_or_sentence(dataset, config, seed)
    if first is None or second is None:
        assert first is second
        return
    np.testing.assert_array_equal(first.holdout, second.holdout)
    for one, other in zip(first.folds, second.folds, strict=True):
        np.testing.assert_array_equal(one[1], other[1])


@pytest.mark.parametrize("task", [Task.BINARY, Task.REGRESSION])
def test_another_seed_gives_another_split(task: Task) -> None:
    first, second = (make_splits(table(100, task), EvaluationConfig(), seed) for seed in (0, 1))
    assert first.holdout.tolist() != second.holdout.tolist()
    assert first.folds[0][1].tolist() != second.folds[0][1].tolist()


@pytest.mark.parametrize(("rows", "share"), [(1_000, 0.3), (10_000, 0.3), (10_001, 0.2), (20_000, 0.2)])
def test_a_large_table_keeps_a_smaller_share_aside(rows: int, share: float) -> None:
    splits = make_splits(table(rows), EvaluationConfig(), 0)
    assert len(splits.holdout) == pytest.approx(share * rows, abs=1)
    assert len(make_splits(table(rows), EvaluationConfig(holdout=0.1), 0).holdout) == pytest.approx(rows / 10, abs=1)


@pytest.mark.parametrize(
    ("rows", "rare", "aside"), [(20_000, 70, 20), (20_000, 200, 40), (3_000, 60, 20), (300, 30, 12)]
)
def test_of_a_rare_class_as_many_rows_are_kept_aside_as_an_interval_needs(rows: int, rare: int, aside: int) -> None:
    data = replace(table(rows, Task.BINARY), target=(np.arange(rows) < rare).astype(np.int64))
    assert data.target[make_splits(data, EvaluationConfig(), 0).holdout].sum() == aside


@pytest.mark.parametrize(("rows", "aside"), [(40, 16), (50, 20), (60, 20), (66, 20), (70, 21)])
def test_a_small_table_keeps_as_many_rows_aside_as_an_interval_needs(rows: int, aside: int) -> None:
    assert len(make_splits(table(rows), EvaluationConfig(), 0).holdout) == pytest.approx(aside, abs=1)
    assert len(make_splits(table(rows), EvaluationConfig(), 0).holdout) >= min(aside, 20)


@pytest.mark.parametrize(("rows", "aside"), [(450, 135), (500, 200), (574, 200), (700, 210)])
def test_in_time_as_many_rows_are_kept_aside_as_an_interval_needs_if_there_are_as_many(rows: int, aside: int) -> None:
    data = replace(table(rows), time=np.arange(rows))
    assert len(make_splits(data, EvaluationConfig(), 0).holdout) == aside


@pytest.mark.parametrize(("groups", "aside"), [(20, 6), (25, 10), (28, 10), (40, 12)])
def test_as_many_groups_are_kept_aside_as_an_interval_needs_where_there_are_so_many(groups: int, aside: int) -> None:
    data = replace(table(groups * 10), groups=np.repeat(np.arange(groups), 10))
    assert len(np.unique(data.groups[make_splits(data, EvaluationConfig(), 0).holdout])) == aside


@pytest.mark.parametrize("seed", range(10))
def test_a_class_of_few_groups_is_on_both_sides_and_in_each_of_two_folds(seed: int) -> None:
    groups = np.repeat(np.arange(30), 10)
    target = np.isin(groups, [3, 14, 15]).astype(np.int64)
    data = Dataset("t", Task.BINARY, "y", pd.DataFrame({"x": groups}), target, (0, 1), "", groups=groups)
    splits = make_splits(data, EvaluationConfig(folds=2), seed)
    assert target[splits.holdout].any()
    assert all(target[splits.development[test]].any() for _, test in splits.folds)


def test_the_holdout_of_rows_in_time_is_the_latest_and_no_moment_is_cut() -> None:
    days = np.repeat(np.arange(20), 5)
    splits = make_splits(replace(table(100), time=days), EvaluationConfig(folds=3, holdout=0.32), 0)
    assert splits.holdout.tolist() == list(range(65, 100))
    assert all(len(np.unique(days[test])) >= 2 for _, test in splits.folds)


@pytest.mark.parametrize(("groups", "aside", "folds"), [(3, 1, 2), (4, 2, 2), (5, 2, 3), (6, 2, 4), (8, 3, 5)])
def test_few_groups_are_a_fold_each(groups: int, aside: int, folds: int) -> None:
    data = replace(table(120), groups=np.arange(120) % groups)
    splits = make_splits(data, EvaluationConfig(), 0)
    assert len(np.unique(data.groups[splits.holdout])) == aside
    assert len(splits.folds) == folds


@pytest.mark.parametrize(
    ("sizes", "aside", "folds"),
    [([40] * 3, 1, 1), ([30] * 4, 2, 1), ([20] * 6, 2, 2), ([10] * 12, 4, 4), ([70, 14, 36], 1, 1)],
)
def test_folds_in_time_are_as_many_as_moments_allow(sizes: list[int], aside: int, folds: int) -> None:
    data = replace(table(120), time=np.repeat(np.arange(len(sizes)), sizes))
    splits = make_splits(data, EvaluationConfig(), 0)
    assert len(np.unique(data.time[splits.holdout])) == aside
    assert len(splits.folds) == folds


def test_folds_in_time_learn_from_half_of_the_past_at_least_and_judge_the_rest() -> None:
    rows = 103
    folds = make_folds(replace(table(rows), time=np.arange(rows)), 4, 0)
    assert [train.tolist() for train, _ in folds] == [list(range(test[0])) for _, test in folds]
    assert np.concatenate([test for _, test in folds]).tolist() == list(range(rows // 2, rows))
    assert {len(test) for _, test in folds} == {13}


def test_the_past_of_a_group_that_reaches_into_the_future_is_on_neither_side() -> None:
    groups = np.arange(100) // 8
    splits = make_splits(replace(table(100), time=np.arange(100), groups=groups), EvaluationConfig(folds=3), 0)
    assert splits.holdout.tolist() == list(range(70, 100))
    assert splits.development.tolist() == list(range(64))


@pytest.mark.parametrize(
    ("dataset", "config", "parts"),
    [
        (table(50), EvaluationConfig(holdout=0.9), ["evaluation.holdout=0.9", "0.05 to 0.5"]),
        (table(50), EvaluationConfig(holdout=0.0), ["evaluation.holdout=0"]),
        (table(50), EvaluationConfig(folds=1), ["evaluation.folds=1", "2 or more"]),
        (table(50), EvaluationConfig(folds=50), ["evaluation.folds=50"]),
        (replace(table(50), groups=np.arange(50) % 2), EvaluationConfig(), ["dataset.group", "single value besides"]),
        (replace(table(50), time=np.zeros(50)), EvaluationConfig(), ["dataset.time", "no past"]),
        (replace(table(50), time=np.arange(50) // 30), EvaluationConfig(), ["dataset.time", "single value besides"]),
    ],
    ids=["share", "no share", "one fold", "folds", "two groups", "one moment", "two moments"],
)
def test_what_cannot_be_split_is_told_in_a_sentence(
    dataset: Dataset, config: EvaluationConfig, parts: list[str]
) -> None:
    with pytest.raises(UserError) as caught:
        make_splits(dataset, config, 0)
    message = str(caught.value)
    assert "\n" not in message
    assert all(part in message for part in parts), message


@pytest.mark.parametrize(("rows", "folds"), [(10, 5), (50, 20)])
def test_more_folds_than_a_class_has_members_are_made_without_regard_to_it(rows: int, folds: int) -> None:
    assert len(make_splits(table(rows, Task.BINARY), EvaluationConfig(folds=folds), 0).folds) == folds


@pytest.mark.parametrize(
    ("break_it", "words"),
    [
        (lambda s: replace(s, holdout=s.development[:3]), "same row"),
        (lambda s: replace(s, folds=((np.arange(5), np.arange(4, 9)),)), "same row"),
        (lambda s: replace(s, folds=((np.array([0]), np.array([1])),)), "one group"),
        (lambda s: replace(s, folds=((np.array([20]), np.array([10])),)), "not older"),
    ],
    ids=["holdout", "fold", "group", "time"],
)
def test_a_split_that_does_not_obey_is_a_fault(break_it: Callable[[Splits], Splits], words: str) -> None:
    dataset = replace(table(60), groups=np.arange(60) // 3, time=np.arange(60))
    splits = make_splits(dataset, EvaluationConfig(folds=3), 0)
    with pytest.raises(RuntimeError, match=words):
        assert_obeyed(dataset, break_it(splits))


def test_a_class_with_fewer_members_than_folds_is_kept() -> None:
    dataset = table(60, Task.BINARY)
    rare = replace(dataset, target=(np.arange(60) < 3).astype(int))
    folds = make_folds(rare, 5, 0)
    assert sum(int(rare.target[test].sum()) for _, test in folds) == 3


def rows(n=120, **roles):
    return pd.DataFrame({"x": range(n), "y": ["no", "yes"] * (n // 2), **roles})


def own(frame, **config):
    dataset = build(frame, DatasetConfig(name="t", path="", target="y", **config))
    return dataset, make_splits(dataset, EvaluationConfig(folds=3), 0)


@pytest.mark.parametrize(
    ("names", "aside"), [(("a", "b", "c", "d"), "d"), (("a", "holdout", "x", "z"), "holdout"), ((1, 2, 3, 10), 10)]
)
def test_a_fold_column_is_obeyed(names, aside):
    frame = rows(f=list(names) * 30)
    dataset, splits = own(frame, fold="f")
    assert list(dataset.features) == ["x"]
    assert set(frame["f"].iloc[splits.holdout]) == {aside}
    tests = [set(frame["f"].iloc[splits.development[test]]) for _, test in splits.folds]
    assert sorted(tests, key=str) == [{name} for name in sorted(set(names) - {aside}, key=str)]
    assert f"Folds are those of 'f'; {str(aside)!r} is kept aside." in dataset.notes


@pytest.mark.parametrize(
    ("frame", "config", "sentence"),
    [
        (rows(f=["a", "b"] * 60), {"fold": "f"}, r"Fold column 'f' holds 2 different values"),
        (rows(f=["a", "b", None] * 40), {"fold": "f"}, r"Fold column 'f' is missing in 40 rows"),
        (rows(f=list("abc") * 40, g=range(120)), {"fold": "f", "time": "g"}, r"are two ways to split"),
        (rows(f=list("abc") * 40, g=[0, 1] * 60), {"fold": "f", "group": "g"}, r"puts rows of one group into two"),
        (rows(), {"gap": "7d"}, r"dataset.gap is a gap in time"),
        (rows(t=range(120)), {"gap": "7d", "time": "t"}, r"dataset.gap='7d' must be 0 or a number above it"),
        (rows(t=pd.date_range("2026", periods=120)), {"gap": "soon", "time": "t"}, r"must be a duration such as 7d"),
        (rows(t=pd.date_range("2026", periods=120)), {"gap": 7, "time": "t"}, r"dataset.gap=7 must be a duration such"),
        (rows(t=range(120)), {"gap": -1, "time": "t"}, r"dataset.gap=-1 must be 0 or a number above it"),
        (rows(t=range(120)), {"gap": 119, "time": "t"}, r"leaves no past to learn from"),
        (rows(t=range(120), g=[0, 1, 2] * 40), {"group": "g", "time": "t"}, r"Leave dataset.group out if the model"),
    ],
)
def test_folds_and_gaps_that_cannot_be_obeyed_are_one_sentence(frame, config, sentence):
    with pytest.raises(UserError, match=sentence):
        own(frame, **config)


@pytest.mark.parametrize(
    ("times", "gap", "least"),
    [
        (pd.date_range("2026-01-01", periods=120), "7d", np.timedelta64(7, "D")),
        (pd.date_range("2262-02-01", periods=120, unit="s"), "7 days 0 ns", np.timedelta64(7, "D")),
        (range(120), 5, 5),
    ],
)
def test_a_gap_in_time_is_left_out_of_training(times, gap, least):
    dataset, splits = own(rows(t=times), time="t", gap=gap)
    dev = splits.development
    sides = [(dev, splits.holdout), *((dev[train], dev[test]) for train, test in splits.folds)]
    assert len(sides) == 4
    for train, test in sides:
        assert dataset.time[test].min() - dataset.time[train].max() >= least
    assert len(dev) + len(splits.holdout) == 120 - (int(gap[0]) if isinstance(gap, str) else gap) + 1
    broken = replace(splits, folds=((np.arange(10), np.arange(10, 20)),))
    with pytest.raises(RuntimeError, match="within the gap"):
        assert_obeyed(dataset, broken)


def test_the_proof_covers_own_folds():
    dataset, splits = own(rows(f=list("abcd") * 30), fold="f")
    with pytest.raises(RuntimeError, match="user's folds"):
        assert_obeyed(dataset, replace(splits, folds=((np.arange(10), np.arange(10, 20)),)))
