"""Checks that look at the rows: copies, contradictions, classes and groups, width, tails, and drift."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from runner.checks import (
    Severity,
    contradictions,
    drift,
    duplicates,
    few_rows,
    outcome_drift,
    outliers,
    promise,
    quick,
    wide,
)
from runner.config import DatasetConfig
from runner.dataset import Dataset
from runner.metrics import make_metric
from runner.reading import build
from runner.task import Task
from tables import material, split, table


def test_rows_written_twice_are_counted_and_warned_of() -> None:
    data = table(Task.BINARY, 400)
    twice = data.take(np.append(np.arange(400), np.arange(40)))
    (finding,) = duplicates.look(material(twice))
    assert (finding.code, finding.severity) == ("duplicate-rows", Severity.WARN)
    assert finding.figures["share"] == pytest.approx(40 / 440)


def test_copies_that_a_model_gains_nothing_from_are_only_noted() -> None:
    random = np.random.default_rng(3)
    features = pd.DataFrame(random.normal(size=(600, 3)), columns=list("abc"))
    target = (features["a"] + random.normal(size=600) > 0).astype(int).to_numpy()
    data = Dataset("t", Task.BINARY, "y", features, target, (0, 1), "")
    (finding,) = duplicates.look(material(data.take(np.append(np.arange(600), np.arange(8)))))
    assert (finding.code, finding.severity) == ("duplicate-rows", Severity.INFO)
    assert "with the copies of a row in one fold" in finding.evidence


def test_of_copies_on_both_sides_that_change_nothing_it_is_not_said_that_they_reward() -> None:
    random = np.random.default_rng(3)
    features = pd.DataFrame(random.normal(size=(600, 3)), columns=list("abc"))
    target = (features["a"] + random.normal(size=600) > 0).astype(int).to_numpy()
    data = Dataset("t", Task.BINARY, "y", features, target, (0, 1), "")
    across = duplicates.look(split(data.take(np.append(np.arange(600), np.arange(14)))))[0]
    assert (across.code, across.severity) == ("duplicates-across-splits", Severity.INFO)
    assert across.advice == duplicates.FIND_OUT


@pytest.mark.parametrize("seed", range(4))
def test_where_answers_of_yes_and_no_come_back_chance_is_no_reward(seed: int) -> None:
    random = np.random.default_rng(seed)
    features = pd.DataFrame(random.integers(0, 2, (1000, 6)), columns=list("abcdef"))
    target = ((features["a"] & features["b"]) | (random.random(1000) < 0.05)).to_numpy(np.int64)
    across, _ = duplicates.look(split(Dataset("t", Task.BINARY, "y", features, target, (0, 1), "")))
    assert (across.code, across.severity) == ("duplicates-across-splits", Severity.INFO)
    assert across.advice == duplicates.FIND_OUT


def test_rows_that_are_there_many_times_are_warned_of_although_most_are_copies() -> None:
    data = table(Task.BINARY, 300)
    (across, _) = duplicates.look(split(data.take(np.tile(np.arange(300), 4))))
    assert across.severity is Severity.WARN


def test_copies_in_a_table_of_a_few_rows_are_counted() -> None:
    data = table(Task.REGRESSION, 12).take(np.array([*range(9), 0, 1, 2]))
    (finding,) = duplicates.look(material(data))
    assert finding.evidence.startswith("3 of 12 rows")


def test_copies_of_very_wide_rows_are_judged_too() -> None:
    features = pd.DataFrame(np.random.default_rng(0).normal(size=(200, quick.COLUMNS + 1))).rename(columns=str)
    data = Dataset("t", Task.BINARY, "y", features, (features["0"] > 0).astype(int).to_numpy(), (0, 1), "")
    (finding,) = duplicates.look(material(data.take(np.append(np.arange(200), np.arange(40)))))
    assert "with the copies of a row in one fold" in finding.evidence


def test_copies_on_both_sides_of_the_split_are_warned_of() -> None:
    data = table(Task.REGRESSION, 400)
    both = split(data.take(np.tile(np.arange(400), 2)))
    across, within = duplicates.look(both)
    assert (across.code, across.severity) == ("duplicates-across-splits", Severity.WARN)
    assert across.figures["share"] > 0.5
    assert within.severity is Severity.INFO


@pytest.mark.parametrize(("strength", "severity"), [(0.0, Severity.STOP), (2.0, Severity.WARN)])
def test_a_rare_class_copied_until_it_is_frequent_is_seen_through(strength: float, severity: Severity) -> None:
    random = np.random.default_rng(0)
    features = pd.DataFrame(random.normal(size=(1000, 4)), columns=list("abcd"))
    target = (random.uniform(size=1000) < 1 / (1 + np.exp(2.5 - strength * features["a"]))).astype(np.int64).to_numpy()
    again = np.append(np.arange(1000), random.choice(np.flatnonzero(target), 700))
    (finding,) = duplicates.look(material(Dataset("t", Task.BINARY, "y", features, target, (0, 1), "").take(again)))
    assert (finding.code, finding.severity) == ("duplicate-rows", severity)
    assert "A quick model scores ROC AUC 0.9" in finding.evidence
    assert "with the copies of a row in one fold" in finding.evidence


def test_look_alikes_that_disagree_are_only_noted(shipped) -> None:
    findings = duplicates.look(split(shipped("blood-transfusion", 748)))
    assert {finding.severity for finding in findings} == {Severity.INFO}
    assert findings
    for finding in findings:
        assert "leave them in" in finding.advice
        assert "drop_copies" not in finding.advice


def test_tables_without_copies_are_passed_over(shipped) -> None:
    assert duplicates.look(split(shipped("credit-g", 1000))) == []


def test_the_ceiling_is_what_the_best_prediction_scores() -> None:
    features = pd.DataFrame({"x": np.repeat(np.arange(50.0), 4)})
    target = np.tile([0, 0, 0, 1], 50)
    (finding,) = contradictions.look(material(Dataset("t", Task.BINARY, "y", features, target, (0, 1), "")))
    assert finding.severity is Severity.WARN
    assert finding.figures == {"share": 1.0, "ceiling": 0.75, "score": 0.5}
    leaves_most = np.where(np.arange(200) % 20 == 0, 0, np.repeat(np.arange(50) % 2, 4))
    (noted,) = contradictions.look(material(Dataset("t", Task.BINARY, "y", features, leaves_most, (0, 1), "")))
    assert (noted.severity, noted.figures["ceiling"] < 0.98) == (Severity.INFO, True)


def test_the_ceiling_is_of_rows_as_they_are_weighted() -> None:
    features = pd.DataFrame({"x": np.repeat(np.arange(100.0), 2)})
    target, weights = np.tile([0, 1], 100), np.tile([1.0, 9.0], 100)
    data = Dataset("t", Task.BINARY, "y", features, target, (0, 1), "", weights=weights)
    (finding,) = contradictions.look(replace(material(data), metric=make_metric("accuracy", data)))
    assert finding.figures["ceiling"] == pytest.approx(0.9)
    assert finding.figures["score"] == pytest.approx(0.9)
    values = replace(data, task=Task.REGRESSION, target=target.astype(float), classes=())
    (finding,) = contradictions.look(material(values))
    assert finding.figures["ceiling"] == pytest.approx(0, abs=1e-9)
    assert finding.figures["score"] == pytest.approx(-0.3)


def test_a_ceiling_is_told_of_all_rows_and_only_where_it_is_one() -> None:
    inputs = pd.DataFrame({"x": np.append(np.repeat(np.arange(10.0), 2), np.arange(10.0, 190.0))})
    data = Dataset("t", Task.REGRESSION, "y", inputs, np.random.default_rng(0).normal(size=200), (), "")
    (finding,) = contradictions.look(replace(material(data), metric=make_metric("mae", data)))
    assert "over all rows, no model can exceed R² 0.9" in finding.evidence
    assert "to predict the mean of such rows gives MAE" in finding.evidence  # their median has less
    nearly = replace(data, target=inputs["x"].to_numpy() + 0.01 * data.target)
    assert contradictions.look(material(nearly)) == []  # no model can exceed R² 1.000


@settings(deadline=None, max_examples=30)
@given(
    inputs=arrays(np.int64, 60, elements=st.integers(0, 9)),
    target=arrays(np.float64, 60, elements=st.floats(-10, 10, width=16)),
    guess=arrays(np.float64, 10, elements=st.floats(-10, 10, width=16)),
)
def test_no_prediction_from_the_inputs_gets_beyond_the_ceiling(inputs, target, guess) -> None:
    assume(target.var() >= 1e-6)
    features = pd.DataFrame({"x": inputs})
    findings = contradictions.look(material(Dataset("t", Task.REGRESSION, "y", features, target, (), "")))
    assume(findings)
    for finding in findings:
        reached = 1 - ((target - guess[inputs]) ** 2).mean() / target.var()
        assert reached <= finding.figures["ceiling"] + 1e-9


def test_rare_classes_and_few_groups_are_warned_of(shipped) -> None:
    (finding,) = few_rows.look(split(shipped("glass", 214)))
    assert "'6'" in finding.evidence
    data = replace(table(Task.REGRESSION), groups=np.arange(400) % 7)
    (finding,) = few_rows.look(material(data))
    assert "7 groups" in finding.evidence
    assert few_rows.look(material(table(Task.MULTICLASS))) == []


def test_a_table_wider_than_long_is_warned_of() -> None:
    random = np.random.default_rng(0)
    features = pd.DataFrame(random.normal(size=(60, 61))).add_prefix("x")
    data = Dataset("t", Task.REGRESSION, "y", features, random.normal(size=60), (), "")
    assert [finding.code for finding in wide.look(material(data))] == ["wide-table"]
    assert wide.look(material(replace(data, features=features.iloc[:, :60]))) == []


def test_absolute_errors_are_not_advised_where_most_targets_are_the_same() -> None:
    amounts = np.random.default_rng(0).lognormal(size=2000)
    said = []
    for nothing in (0.4, 0.6):
        target = np.where(np.arange(2000) < nothing * 2000, 0.0, amounts)
        (found,) = outliers.look(material(replace(table(Task.REGRESSION, 2000), target=target)))
        said.append(("metric=mae" in found.advice, "most targets are 0" in found.advice))
    assert said == [(True, False), (False, True)]


@pytest.mark.parametrize(
    ("draw", "severity"),
    [("normal", None), ("exponential", None), ("lognormal", Severity.INFO), ("pareto", Severity.WARN)],
)
def test_tails_are_told_by_their_share_of_the_squares(draw: str, severity: Severity | None) -> None:
    random = np.random.default_rng(0)
    target = random.pareto(1.1, 2000) if draw == "pareto" else getattr(random, draw)(size=2000)
    data = replace(table(Task.REGRESSION, 2000), target=target)
    assert [f.severity for f in outliers.look(material(data))] == ([severity] if severity else [])


def test_who_judges_by_absolute_errors_is_not_advised_to() -> None:
    data = replace(table(Task.REGRESSION, 2000), target=np.random.default_rng(0).pareto(1.1, 2000) + 1)
    for metric, codes in (("r2", ["target-outliers"]), ("mae", []), ("mape", []), ("rmsle", [])):
        given = replace(material(data), metric=make_metric(metric, data))
        assert [finding.code for finding in outliers.look(given)] == codes


def shifted(data: Dataset, by: float) -> Dataset:
    late = np.arange(len(data)) >= 0.7 * len(data)
    return replace(data, features=data.features.assign(noise=data.features["noise"] + by * late))


def test_a_column_that_moves_is_named_and_one_that_stays_is_not() -> None:
    data = table(Task.BINARY, 1000)
    (finding,) = drift.look(material(shifted(data, 1.5)))
    assert (finding.columns, finding.severity) == (("noise",), Severity.INFO)
    assert drift.look(material(data)) == []


def test_where_many_columns_move_a_little_none_is_said_to() -> None:
    late = np.arange(2000) >= 1400
    moved = pd.DataFrame(np.random.default_rng(0).normal(size=(2000, 40)) + 0.2 * late[:, None]).add_prefix("x")
    (finding,) = drift.look(material(replace(table(Task.BINARY, 2000), features=moved)))
    assert finding.columns == ()
    assert (
        finding.advice
        == "Find out what changes; what was learned may not hold, so judge on the newest rows (dataset.time)."
    )


def test_in_time_it_is_a_warning_and_the_rows_kept_aside_are_the_newer_ones() -> None:
    data = replace(table(Task.REGRESSION, 1000), time=np.arange(1000))
    (finding,) = drift.look(split(shifted(data, 4)))
    assert (finding.columns, finding.severity) == (("noise",), Severity.WARN)
    assert finding.figures["auc"] > 0.9
    older, newest = data.take(np.arange(900)), data.features.iloc[900:].assign(noise=4.0)
    (finding,) = drift.look(replace(material(older), aside=newest))
    assert "the newest 10% of the rows" in finding.evidence
    assert "sample" not in finding.evidence


def test_the_calendar_does_not_count_as_drift(shipped) -> None:
    drifting = {column for finding in drift.look(split(shipped("bike-sharing", 4000))) for column in finding.columns}
    assert not drifting & {"yr", "mnth", "season", "dteday"}


@pytest.mark.parametrize("task", [Task.BINARY, Task.REGRESSION])
def test_outcomes_of_another_rate_in_the_newest_rows_are_told(task: Task) -> None:
    random, late = np.random.default_rng(0), np.arange(600) >= 420
    target = (random.random(600) < 0.3 + 0.6 * late).astype(int) if task is Task.BINARY else random.normal(size=600)
    classes = (0, 1) if task is Task.BINARY else ()
    features = pd.DataFrame({"x": random.normal(size=600)})
    steady = Dataset("t", task, "y", features, random.permutation(target), classes, "", time=np.arange(600))
    moved = replace(steady, target=target if task is Task.BINARY else target + 2 * late)
    assert outcome_drift.look(material(steady)) == []
    assert outcome_drift.look(material(replace(moved, time=None))) == []
    (finding,) = outcome_drift.look(material(moved))
    assert finding.severity is Severity.WARN
    assert finding.figures["newer"] > finding.figures["older"] + 0.5


def test_shares_of_a_rare_class_are_those_of_the_table_and_not_of_the_sample() -> None:
    random, moments = np.random.default_rng(3), np.arange(60_000)
    rare = random.random(60_000) < np.where(moments < 40_000, 0.01, 0.03)
    frame = pd.DataFrame({"x": random.normal(size=60_000), "t": moments, "y": rare})
    dataset = build(frame, DatasetConfig(path="frame", target="y", time="t"), 6_000)
    assert dataset.target[:2_000].mean() < 0.12 < 0.24 < dataset.target[-2_000:].mean()
    assert outcome_drift.look(material(dataset)) == []


def test_a_table_sorted_by_class_does_not_drift(shipped) -> None:
    assert drift.look(split(shipped("glass", 214))) == []


@pytest.mark.parametrize("by", [["Adelie", "Gentoo", "Chinstrap"], [2, 1, 0]], ids=["words", "numbers"])
def test_a_table_sorted_by_an_input_does_not_drift(by: list[object]) -> None:
    data = table(Task.REGRESSION, 600)
    kinds = pd.Series(np.repeat(by, 200))
    moved = data.features["noise"] + 3 * (np.arange(600) // 200)
    blocks = replace(data, features=data.features.assign(noise=moved, kind=kinds))
    assert drift.look(material(blocks)) == []
    of_years = blocks.features.assign(year=1990 + np.arange(600) // 30)
    assert [each.code for each in drift.look(material(replace(blocks, features=of_years)))] == ["drift"]


def test_a_rare_value_in_the_last_row_does_not_make_a_table_sorted() -> None:
    data = table(Task.REGRESSION, 600)
    row = np.arange(600)
    moved = data.features.assign(noise=data.features["noise"] + row / 100, rare=(row == 599).astype(int))
    assert [each.code for each in drift.look(material(replace(data, features=moved)))] == ["drift"]


def test_of_groups_too_large_to_stay_whole_some_rows_of_each_are_looked_at() -> None:
    rows = 3 * promise.ROWS
    features = pd.DataFrame({"x": np.arange(rows, dtype=float)})
    groups = np.arange(rows) % 4
    data = Dataset("t", Task.REGRESSION, "y", features, np.arange(rows, dtype=float), (), "", groups=groups)
    sample = promise.sampled(data, 0)
    assert sample.groups is not None
    assert len(sample) == promise.ROWS
    assert np.bincount(sample.groups).min() > promise.ROWS / 5
