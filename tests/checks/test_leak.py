"""A column that gives the target away is named; honest columns are not."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from runner.cells import TEXT
from runner.checks import Finding, Severity, registry
from runner.checks.leak import look
from runner.checks.one_column import column_skill
from runner.checks.registry import OF_TABLE
from runner.config import DatasetConfig
from runner.config.compose import composed, dataset_names
from runner.dataset import Dataset
from runner.reading import build, load
from runner.task import Task
from tables import material, split, table


def stops(findings: list[Finding] | tuple[Finding, ...]) -> list[tuple[str, ...]]:
    return [finding.columns for finding in findings if finding.severity is Severity.STOP]


def test_the_planted_leak_is_named(shipped) -> None:
    findings = look(split(shipped("control-leak", 1500)))
    assert stops(findings) == [("retention_call_outcome",)]
    (finding,) = findings
    assert finding.code == "target-leak"
    assert "'retention_call_outcome'" in finding.evidence
    assert "dataset.drop=[retention_call_outcome]" in finding.advice
    assert "dataset.acknowledged=['target-leak:retention_call_outcome']" in finding.advice  # where it is honest
    assert "\n" not in finding.evidence + finding.advice


def test_the_score_is_told_with_and_without_the_leak(shipped) -> None:
    (finding,) = look(split(shipped("control-leak", 1500)))
    assert finding.figures["with"] > 0.97
    assert 0.75 < finding.figures["without"] < 0.9
    assert "without" in finding.evidence


def test_what_a_column_tells_is_told_as_it_was_measured(shipped) -> None:
    (of_classes,) = look(split(shipped("control-leak", 1500)))
    assert "alone tells the target with AUC 0.99" in of_classes.evidence
    assert ", the next best column AUC 0." in of_classes.evidence
    price = np.random.default_rng(0).exponential(size=400)
    bill = pd.DataFrame({"vat": price + np.random.default_rng(1).normal(size=400) / 50, "x": price % 0.1})
    (of_values,) = look(material(Dataset("t", Task.REGRESSION, "price", bill, price, (), "")))
    assert "'vat' alone tells the target with rank R² 1.000, the next best column rank R² 0." in of_values.evidence


def test_a_copy_of_the_target_is_one_in_any_order_of_rows_and_as_what_a_panel_is_of() -> None:
    subject, time = np.repeat(np.arange(1.0, 41.0), 10), np.tile(np.arange(10.0), 40)
    noise = np.random.default_rng(0).normal(size=400)
    features = pd.DataFrame({"nr": subject, "time": time, "x": noise})
    assert stops(look(material(Dataset("t", Task.REGRESSION, "subject", features, subject, (), "")))) == [("nr",)]
    grown = Dataset("t", Task.REGRESSION, "size", features, subject + noise / 10, (), "")
    assert stops(look(material(grown))) == []


def test_the_rows_of_a_group_that_agree_are_one_case() -> None:
    random, patient = np.random.default_rng(0), np.repeat(np.arange(20), 40)
    cities = pd.Series([f"c{c}" for c in patient], dtype=TEXT)  # each patient has a city and an outcome
    features = pd.DataFrame({"city": cities, "x": random.normal(size=800)})
    data = Dataset("t", Task.BINARY, "ill", features, patient % 2, (0, 1), "", groups=patient)
    assert look(material(data)) == []
    assert [finding.columns for finding in look(material(replace(data, groups=np.arange(800))))] == [("city",)]


def test_a_word_that_a_sample_makes_certain_is_no_mark() -> None:
    random = np.random.default_rng(4)
    frauds = np.arange(100_000) % 200 == 0
    word = np.where(frauds & (random.random(100_000) < 0.3) | (random.random(100_000) < 0.0004), "abroad", "here")
    frame = pd.DataFrame({"place": word, "x": random.normal(size=100_000), "fraud": frauds})
    dataset = build(frame, DatasetConfig(path="frame", target="fraud"), 5_000)
    abroad = (dataset.features["place"] == "abroad").to_numpy()
    assert dataset.target[abroad].mean() > 0.98 > 0.9 > frauds[word == "abroad"].mean()
    assert look(material(dataset)) == []


def test_a_word_has_the_outcome_that_most_of_its_rows_have_by_weight() -> None:
    random = np.random.default_rng(5)
    place = random.choice(["north", "south"], 100_000, p=[0.1, 0.9])
    kind = np.where(place == "north", "one", random.choice(["one", "two"], 100_000))
    kind[np.flatnonzero(place == "north")[:80]] = "odd"
    frame = pd.DataFrame({"place": place, "x": random.normal(size=100_000), "kind": kind})
    dataset = build(frame, DatasetConfig(path="frame", target="kind"), 500)
    north = (dataset.features["place"] == "north").to_numpy()
    assert dataset.classes[int(np.bincount(dataset.target[north]).argmax())] == "odd"
    (finding,) = look(material(dataset))
    assert "have the class 'one', against 5" in finding.evidence


def test_two_columns_that_each_fix_an_amount_are_asked_about() -> None:
    random = np.random.default_rng(0)
    code = random.integers(0, 12, 600)
    named = {"product": [f"p{c}" for c in code], "label": [f"l{c}" for c in code]}
    features = pd.DataFrame({**named, "x": random.normal(size=600)}).astype({"product": TEXT, "label": TEXT})
    price = np.array([1.5, 2.5, 3.5, 4.5, 5.5, 6.5])[code % 6]
    findings = look(material(Dataset("t", Task.REGRESSION, "price", features, price, (), "")))
    assert {finding.columns for finding in findings} == {("product",), ("label",)}
    said = " ".join(finding.evidence for finding in findings)
    assert "the next best column apart from 'label' " in said
    assert "the next best column apart from 'product' " in said


def test_the_score_without_the_leak_is_of_groups_that_were_not_learned_from() -> None:
    random = np.random.default_rng(0)
    patient = np.repeat(np.arange(40), 15)
    ill = random.integers(0, 2, 40)[patient]
    known = {f"x{i}": random.normal(size=40)[patient] + 0.02 * random.normal(size=600) for i in range(3)}
    features = pd.DataFrame({**known, "late": np.where(random.random(600) < 0.99, ill, 1 - ill) + 0.0})
    data = Dataset("t", Task.BINARY, "ill", features, ill, (0, 1), "", groups=patient)
    (finding,) = look(material(data))
    assert finding.columns == ("late",)
    assert finding.figures["with"] > 0.9
    assert finding.figures["without"] < 0.8


@pytest.mark.parametrize("name", sorted({*dataset_names()} - {"control-leak"}))
def test_no_honest_table_is_stopped(shipped, name: str) -> None:
    given = split(shipped(name, 500))
    may_stop = [check for check in OF_TABLE if check != "undeclared"]  # which warns at most, and takes longest
    assert stops([finding for check in may_stop for finding in registry.look(check, given)]) == []


@pytest.mark.parametrize(
    "copy",
    [
        lambda target: target,
        lambda target: 3 - 2.0 * target,
        lambda target: np.round(target, 3),
        lambda target: np.where(np.arange(len(target)) % 50 == 0, np.nan, target),
    ],
    ids=["same", "scaled", "rounded", "with gaps"],
)
@pytest.mark.parametrize("task", Task)
def test_a_numeric_copy_of_the_target_is_found(task: Task, copy) -> None:
    assert stops(look(material(table(task, copy=copy)))) == [("copy",)]


def test_the_logarithm_of_an_amount_is_found_in_few_rows() -> None:
    few = table(Task.REGRESSION, 40, log=np.log)
    assert stops(look(material(few))) == [("log",)]
    grown = few.take(np.argsort(few.target))  # from row to row, as with time
    assert stops(look(material(grown))) == []


@pytest.mark.parametrize("task", [Task.BINARY, Task.MULTICLASS])
@pytest.mark.parametrize("kind", ["str", "category", object])
def test_a_copy_in_words_is_found(task: Task, kind: object) -> None:
    found = look(material(table(task, copy=lambda target: pd.Series([f"class {n}" for n in target]).astype(kind))))
    assert stops(found) == [("copy",)]


def test_a_date_written_after_the_outcome_is_found() -> None:
    later = table(Task.BINARY, closed=lambda t: pd.Timestamp("2024-01-01") + pd.to_timedelta(t * 100, "D"))
    assert stops(look(material(later))) == [("closed",)]


def test_a_date_that_is_there_for_one_class_only_is_found() -> None:
    dates = pd.Series(pd.date_range("2024-01-01", periods=400))
    gone = table(Task.BINARY, left_on=lambda target: dates.where(target == 1))
    assert stops(look(material(gone))) == [("left_on",)]


@pytest.mark.parametrize(("wrong", "severity"), [(0.12, Severity.INFO), (0.03, Severity.WARN)])
def test_a_column_far_above_the_rest_is_a_question(wrong: float, severity: Severity) -> None:
    noisy = table(Task.BINARY, strong=lambda t: np.where(np.random.default_rng(1).random(len(t)) < wrong, 1 - t, t))
    (finding,) = look(material(noisy))
    assert (finding.severity, finding.columns) == (severity, ("strong",))
    assert "known before" in finding.advice
    assert finding.figures["with"] > finding.figures["without"]


def test_a_leak_and_its_copy_are_both_asked_about() -> None:
    flip = np.random.default_rng(1).random(400) < 0.12
    copied = table(
        Task.BINARY, one=lambda t: np.where(flip, 1 - t, t), two=lambda t: np.where(flip, "n", t.astype(str))
    )
    assert sorted(finding.columns for finding in look(material(copied))) == [("one",), ("two",)]


def test_a_leak_that_is_there_in_two_units_stops_as_one_does() -> None:
    grams = np.random.default_rng(1).normal(3_300, 600, 400)
    born = Dataset("t", Task.BINARY, "low", pd.DataFrame({"grams": grams}), (grams < 2_500).astype(int), (0, 1), "")
    noise = np.random.default_rng(2).normal(size=400)
    both = replace(born, features=born.features.assign(ounces=(grams / 28.35).round(2), noise=noise))
    assert stops(look(material(born))) == [("grams",)]
    assert sorted(stops(look(material(both)))) == [("grams",), ("ounces",)]


@pytest.mark.parametrize(("name", "severity"), [("id", Severity.WARN), ("dose", Severity.INFO)])
def test_cases_that_were_numbered_by_their_outcome_are_warned_of(name: str, severity: Severity) -> None:
    random = np.random.default_rng(0)
    case = np.repeat(np.arange(150), 4)
    ill = (random.random(600) < np.where(case < 100, 0.05, 0.8)).astype(int)
    features = pd.DataFrame({name: case, "x": random.normal(size=600)})
    (finding,) = look(material(Dataset("t", Task.BINARY, "ill", features, ill, (0, 1), "")))
    assert (finding.columns, finding.severity) == ((name,), severity)
    assert ("dataset.group=id" in finding.advice) == (name == "id")


def test_a_second_leak_is_judged_without_the_first() -> None:
    def late(target):
        return target + np.random.default_rng(1).normal(size=len(target)) * 0.4

    findings = look(material(table(Task.BINARY, copy=lambda target: target, late=late)))
    assert stops(findings) == [("copy",)]
    (asked,) = (finding for finding in findings if finding.columns == ("late",))
    assert asked.figures["without"] < 0.8 < asked.figures["with"] < 1


def test_gaps_that_give_the_target_away_stop_unless_other_columns_tell_as_much() -> None:
    random = np.random.default_rng(0)
    age, food = random.random((2, 600))
    weight = age + food + 0.02 * random.normal(size=600)
    fed = np.where(age + food < 1, np.nan, random.normal(size=600))
    only = Dataset(
        "t", Task.REGRESSION, "y", pd.DataFrame({"noise": random.normal(size=600), "fed": fed}), weight, (), ""
    )
    assert stops(look(material(only))) == [("fed",)]
    found = look(material(replace(only, features=only.features.assign(age=age, food=food))))
    assert [(each.columns, each.severity) for each in found] == [(("fed",), Severity.WARN)]


def test_gaps_that_other_columns_tell_are_no_stop_beside_a_leak() -> None:
    random = np.random.default_rng(0)
    year = random.integers(0, 50, 600)
    league = np.where(year < 5, 2, random.integers(0, 2, 600))  # one of three was there in the first years only
    hits = np.where(year < 5, np.nan, random.normal(size=600))  # and these were counted later
    team = pd.Series([f"{code}-{n % 3}" for n, code in enumerate(league)], dtype=TEXT)
    features = pd.DataFrame({"year": year, "hits": hits, "team": team})
    found = look(material(Dataset("t", Task.MULTICLASS, "league", features, league, (0, 1, 2), "")))
    assert stops(found) == [("team",)]
    (noted,) = (each for each in found if each.columns == ("hits",))
    assert noted.evidence.startswith("Whether 'hits' is missing tells the class '2' with AUC 1.000.")


def pitches() -> Dataset:
    """Return pitches whose place tells half of the result; the kind of the result is told by their speed."""
    random = np.random.default_rng(0)
    speed, place, chance = random.normal(size=(3, 600))
    result = 2 * (speed > 0) + (place + chance > 0)
    kind = pd.Series(np.where(result < 2, "ball", "strike"), dtype=TEXT)
    features = pd.DataFrame({"speed": speed, "place": place, "kind": kind})
    return Dataset("t", Task.MULTICLASS, "result", features, result, tuple("abcd"), "")


def test_a_coarser_form_of_the_target_is_warned_of_unless_other_columns_tell_as_much() -> None:
    data = pitches()
    told = {}
    for features in (data.features, data.features.drop(columns="speed")):
        (found,) = (each for each in look(material(replace(data, features=features))) if each.columns == ("kind",))
        assert (
            found.evidence == "Each of the 4 classes has a single value of 'kind', as of a coarser form of the target."
        )
        told["speed" in features] = found.severity
    assert told == {True: Severity.INFO, False: Severity.WARN}


def test_coarser_forms_are_told_in_one_sentence() -> None:
    data = pitches()
    swing = pd.Series(np.where(data.target % 2, "yes", "no"), dtype=TEXT)
    found = look(material(replace(data, features=data.features[["place", "kind"]].assign(swing=swing))))
    assert [each.columns for each in found if "single value" in each.evidence] == [("kind", "swing")]


def test_the_call_s_duration_is_asked_about_where_it_is_an_input() -> None:
    data = load(replace(composed(["dataset=bank-marketing"]).dataset, drop=[]), 3000)
    asked = {finding.columns: finding for finding in look(split(data))}
    assert "known before" in asked["duration",].advice


def test_two_strong_columns_are_no_leak() -> None:
    flip = [np.random.default_rng(seed).random(400) < 0.1 for seed in (1, 2)]
    both = table(Task.BINARY, one=lambda t: np.where(flip[0], 1 - t, t), two=lambda t: np.where(flip[1], 1 - t, t))
    assert stops(look(material(both))) == []


def test_the_only_input_may_explain_nearly_all() -> None:
    random = np.random.default_rng(0)
    features = pd.DataFrame({"height": random.normal(size=600)})
    target = features["height"].to_numpy() + 0.05 * random.normal(size=600)
    (finding,) = look(material(Dataset("t", Task.REGRESSION, "weight", features, target, (), "")))
    assert finding.severity is Severity.INFO
    assert finding.figures["skill"] > 0.97
    assert "next best" not in finding.evidence


@pytest.mark.parametrize(("unit", "middle"), [(1e-12, 0.0), (1.0, 1e9)])
@pytest.mark.parametrize("task", [Task.BINARY, Task.REGRESSION])
def test_a_column_of_little_spread_tells_what_it_does_in_any_unit(task: Task, unit: float, middle: float) -> None:
    random = np.random.default_rng(0)
    target = random.normal(size=600)
    features = pd.DataFrame({"late": middle + unit * (target + 0.2 * random.normal(size=600))})
    binary = task is Task.BINARY
    known = (target > 0).astype(int) if binary else target
    data = Dataset("t", task, "y", features, known, (0, 1) if binary else (), "")
    assert column_skill(data, "late") > 0.9


def test_noise_has_no_skill() -> None:
    for task in Task:
        data = table(task)
        assert column_skill(data, "noise") < 0.15
        assert column_skill(data, "honest") > column_skill(data, "noise")


@pytest.mark.parametrize("task", Task)
def test_a_copy_is_found_in_a_table_sorted_by_its_target(task: Task) -> None:
    data = table(task, copy=lambda target: target)
    assert stops(look(material(data.take(np.argsort(data.target, kind="stable"))))) == [("copy",)]


@pytest.mark.parametrize("codes", [[0, 1, 3], [0, 3], [2]], ids=str)
def test_classes_that_the_rows_lack_do_no_harm(codes: list[int]) -> None:
    random = np.random.default_rng(0)
    target = random.choice(codes, 200)
    features = pd.DataFrame({"copy": target.astype(float), "noise": random.normal(size=200)})
    found = look(material(Dataset("t", Task.MULTICLASS, "y", features, target, (0, 1, 2, 3), "")))
    assert stops(found) == ([("copy",)] if len(codes) > 1 else [])


@pytest.mark.parametrize("rows", [2, 5, 8, 30])
def test_a_few_rows_do_no_harm(rows: int) -> None:
    target = np.arange(rows) // 2
    words = pd.Series([f"word {number % 4}" for number in range(rows)], dtype="str")
    features = pd.DataFrame({"x": np.random.default_rng(0).normal(size=rows), "words": words})
    for task, classes in ((Task.MULTICLASS, tuple(range(15))), (Task.REGRESSION, ())):
        values = target if classes else target.astype(float)
        assert stops(look(material(Dataset("t", task, "y", features, values, classes, "")))) == []


def test_the_same_rows_have_the_same_skill(shipped) -> None:
    data = shipped("credit-g", 210)
    assert len({column_skill(data, "checking_status") for _ in range(5)}) == 1


def test_of_a_class_of_two_rows_nothing_is_said() -> None:
    random = np.random.default_rng(0)
    target = (np.arange(400) < 2).astype(int)
    features = pd.DataFrame({"risen": target * 3 + random.normal(size=400), "words": random.choice(["a", "b"], 400)})
    assert look(material(Dataset("t", Task.BINARY, "y", features, target, (0, 1), ""))) == []


def test_columns_that_end_together_are_named_in_one_sentence() -> None:
    def weeks(last: int):
        random = np.random.default_rng(last)
        return lambda target: np.where((target == 1) & (random.random(len(target)) < last / 12), np.nan, 1.0)

    data = table(Task.BINARY, **{f"week{last}": weeks(last) for last in (8, 9, 10)})
    (finding,) = look(material(data))
    assert (finding.severity, finding.columns) == (Severity.WARN, ("week10", "week9", "week8"))
    assert "dataset.drop=[week10,week9,week8]" in finding.advice
    (alike,) = look(material(table(Task.BINARY, one=weeks(9), other=weeks(9))))
    assert re.search(r"each with AUC 0\.\d{3}\.", alike.evidence)  # and no "0.875 to 0.875"


def test_what_the_other_columns_tell_as_well_is_no_more_than_a_note() -> None:
    random = np.random.default_rng(0)
    kind = random.integers(0, 4, 600)
    leaf = pd.DataFrame({"shape": np.where((kind == 3) & (random.random(600) < 0.8), "needle", "round")})
    leaf["fruit"] = np.where((kind == 3) & (random.random(600) < 0.7), np.nan, 1.0)
    leaf["noise"] = random.normal(size=600)
    alone = Dataset("t", Task.MULTICLASS, "y", leaf, kind, (0, 1, 2, 3), "")
    sizes = {name: kind + 0.3 * random.normal(size=600) for name in ("width", "length", "area")}
    measured = replace(alone, features=leaf.assign(**sizes))
    for data, severity in ((alone, Severity.WARN), (measured, Severity.INFO)):
        found = {finding.columns: finding.severity for finding in look(material(data))}
        assert (found["shape",], found["fruit",]) == (severity, severity)


@pytest.mark.parametrize("kind", [int, float, bool])
def test_a_flag_that_is_set_for_one_outcome_only_is_a_warning(kind: type) -> None:
    mode = np.random.default_rng(0).random(600) < 0.2
    data = table(
        Task.BINARY, 600, overheated=lambda target: (mode & (target == 1)).astype(kind), open=lambda _: mode * 1
    )
    (finding,) = look(material(data))
    assert (finding.severity, finding.columns) == (Severity.WARN, ("overheated",))
    assert "rows with 'overheated' = '" in finding.evidence


def test_that_most_rows_have_an_outcome_does_not_tell_whose_word_it_is() -> None:
    random = np.random.default_rng(0)
    target = (random.random(800) < 0.68).astype(int)
    state = np.where((target == 1) & (random.random(800) < 0.5), "closed", random.choice(["a", "b"], 800))
    features = pd.DataFrame({"state": state, "noise": random.normal(size=800)})
    (finding,) = look(material(Dataset("t", Task.BINARY, "y", features, target, (0, 1), "")))
    assert (finding.severity, finding.columns) == (Severity.WARN, ("state",))


def test_gaps_are_no_stop_where_the_rest_tells_all() -> None:
    random = np.random.default_rng(0)
    target = random.integers(0, 2, 600)
    features = pd.DataFrame({name: target + 0.15 * random.normal(size=600) for name in ("wing", "tail", "leg")})
    features["sex"] = np.where((target == 1) ^ (random.random(600) < 0.01), np.nan, 1.0)
    data = Dataset("t", Task.BINARY, "y", features, target, (0, 1), "")
    assert ("sex",) not in stops(look(material(data)))
    assert ("sex",) in stops(look(material(replace(data, features=features[["sex"]].assign(noise=random.random(600))))))


@pytest.mark.parametrize(("others", "coded", "severity"), [(2, 0, "warn"), (0, 0, "stop"), (2, 1, "stop")])
def test_where_classes_are_easy_to_tell_only_a_code_of_them_is_a_stop(others: int, coded: int, severity: str) -> None:
    random, target = np.random.default_rng(0), np.repeat([0, 1], 200)
    features = pd.DataFrame({f"sepal {n}": target + 0.35 * random.normal(size=400) for n in range(others)})
    petal = target if coded else target + 0.05 * random.normal(size=400)
    data = features.assign(petal=petal, noise=random.normal(size=400))
    findings = look(material(Dataset("t", Task.BINARY, "y", data, target, (0, 1), "")))
    assert {finding.columns: finding.severity for finding in findings}[("petal",)] == severity


@pytest.mark.parametrize("declared", [True, False])
def test_what_is_recorded_from_a_date_on_tells_no_more_than_the_date(declared: bool) -> None:
    random, months = np.random.default_rng(0), np.arange(400)
    target = months + 5 * random.normal(size=400)
    features = pd.DataFrame({"chicken": np.where(months < 200, np.nan, random.normal(size=400))})
    data = Dataset("t", Task.REGRESSION, "beef", features, target, (), "")
    assert stops(look(material(data))) == [("chicken",)]
    dated = features.assign(date=pd.Timestamp("1944-01-01") + pd.to_timedelta(months * 30, "D"))
    data = replace(data, time=months) if declared else replace(data, features=dated)
    assert ("chicken",) not in stops(look(material(data)))


@pytest.mark.parametrize(("written", "found"), [(1.0, [("term",)]), (0.9, [])])
def test_text_in_which_a_class_is_spelled_is_a_warning(written: float, found: list[tuple[str]]) -> None:
    random = np.random.default_rng(0)
    target = random.integers(0, 3, 300)
    labels = np.array(["Death", "Retirement", "No"])[target]
    says = np.where(random.random(300) < written, labels, "Unknown")
    term = pd.Series([f"from {n} to {n + 9} ({word.lower()})" for n, word in enumerate(says)])
    features = pd.DataFrame({"term": term, "noise": random.normal(size=300)})
    findings = look(material(Dataset("t", Task.MULTICLASS, "y", features, target, ("Death", "Retirement", "No"), "")))
    assert [finding.columns for finding in findings] == found
    for finding in findings:
        assert finding.severity is Severity.WARN
        assert "in 100.0% of the rows of that class, and in 0.0% of the others" in finding.evidence


def test_an_amount_that_is_looked_up_by_a_word_is_a_question() -> None:
    random = np.random.default_rng(0)
    model = random.integers(0, 60, 1200)
    seats = random.integers(10, 40, 60)[model].astype(float)
    features = pd.DataFrame({"model": [f"m{number}" for number in model], "noise": random.normal(size=1200)})
    (finding,) = look(material(Dataset("t", Task.REGRESSION, "y", features, seats, (), "")))
    assert (finding.severity, finding.columns) == (Severity.WARN, ("model",))
    banded = features.assign(model=[f"band {number:.0f}" for number in seats])
    assert stops(look(material(Dataset("t", Task.REGRESSION, "y", banded, seats, (), "")))) == [("model",)]


def test_the_time_that_is_declared_is_no_leak() -> None:
    when = np.arange(400)
    target = (np.sin(when / 30) + np.random.default_rng(0).normal(size=400) / 4 > 0).astype(int)
    data = replace(table(Task.BINARY), target=target)
    data = replace(data, features=data.features.assign(when=when, reading=target))
    without = replace(data, features=data.features.drop(columns="reading"))
    assert [f.columns for f in look(material(without))] == [("when",)]
    assert look(material(replace(without, time=when))) == []
    assert stops(look(material(replace(data, time=when)))) == [("reading",)]


def test_a_season_of_low_values_is_no_leak_where_they_are_judged_in_time() -> None:
    days = pd.Series(pd.date_range("2024-01-01", periods=800))
    values = np.where(np.arange(800) < 100, 0.0, 10.0) + np.random.default_rng(0).normal(size=800)
    features = pd.DataFrame({"day": days, "x": np.random.default_rng(1).normal(size=800)})
    data = Dataset("t", Task.REGRESSION, "sales", features, values, (), "")
    told = [look(material(replace(data, time=time))) for time in (None, np.arange(800))]
    assert ["from 2024-" in " ".join(finding.evidence for finding in findings) for findings in told] == [True, False]


def low(target: NDArray[np.float64]) -> NDArray[np.str_]:
    return np.where(target < np.quantile(target, 0.1), "low", "not low")


def test_a_column_that_is_cut_from_the_target_is_a_warning() -> None:
    (finding,) = look(material(table(Task.REGRESSION, weight_class=low)))
    assert (finding.severity, finding.columns) == (Severity.WARN, ("weight_class",))
    assert "'low' is 0.0" in finding.evidence and "'not low' is 0.2" in finding.evidence
    assert "dataset.drop=[weight_class]" in finding.advice
    assert finding.figures["with"] > finding.figures["without"]


def test_ranges_may_meet_at_a_rounded_number_but_not_overlap() -> None:
    def rounded(overlap: float) -> list[Finding]:
        data = table(Task.REGRESSION, rows=1000)
        bands = np.where(data.target + overlap * np.random.default_rng(1).normal(size=1000) < 0.5, "a", "b")
        whole = replace(data, target=np.round(data.target, 2), features=data.features.assign(band=bands))
        return [finding for finding in look(material(whole)) if "are ranges of" in finding.evidence]

    assert [len(rounded(overlap)) for overlap in (0.0, 0.05)] == [1, 0]
    visits = table(Task.REGRESSION)  # who is not insured never comes, and of the others some come
    comes = np.where(visits.target < 1.5, 0.0, visits.target)
    none = replace(visits, target=comes, features=visits.features.assign(insured=(visits.target > 0.5).astype(int)))
    assert not [finding for finding in look(material(none)) if "are ranges of" in finding.evidence]


def test_ranges_that_other_columns_tell_as_well_are_no_more_than_a_note() -> None:
    kind = np.random.default_rng(0).integers(0, 2, 400)
    length = kind * 10.0 + np.random.default_rng(1).normal(size=400)
    features = pd.DataFrame({"kind": kind, "width": kind * 10.0 + np.random.default_rng(2).normal(size=400)})
    data = Dataset("t", Task.REGRESSION, "length", features, length, (), "")
    assert {finding.severity for finding in look(material(data))} == {Severity.INFO}
    alone = replace(data, features=features.assign(width=np.random.default_rng(2).normal(size=400)))
    assert Severity.WARN in {finding.severity for finding in look(material(alone))}


def test_what_a_panel_is_of_and_its_time_are_no_leak() -> None:
    random = np.random.default_rng(0)
    country, year = np.divmod(np.arange(600), 20)
    people = np.exp(2 * random.normal(size=30))[country] * (1 + 0.001 * year)
    named = pd.Series([f"c{c}" for c in country], dtype=TEXT)
    features = pd.DataFrame({"country": named, "x": random.normal(size=600), "year": year})
    data = Dataset("t", Task.REGRESSION, "people", features, people, (), "")
    assert look(material(data)) == []
    shuffled = replace(data, features=features.assign(year=random.permutation(year)))
    assert stops(look(material(shuffled))) == [("country",)]
    assert stops(look(material(replace(data, features=features.assign(later=people))))) == [("later",)]


def test_what_follows_from_the_country_of_a_panel_is_no_leak() -> None:
    random = np.random.default_rng(0)
    country, year = np.divmod(np.arange(1200), 40)
    level = np.exp(2 * random.normal(size=30))
    area, people = level.round(2), level[country] * (1 + 0.001 * year)
    area[3] = area[4]
    named = pd.Series([f"c{c}" for c in country], dtype=TEXT)
    features = pd.DataFrame({"country": named, "year": year, "x": random.normal(size=1200)})
    income = level[country] * np.exp(0.15 * random.normal(size=1200))
    for column in (area[country], income):
        data = Dataset("t", Task.REGRESSION, "people", features.assign(column=column), people, (), "")
        assert stops(look(material(data))) == []


def test_of_a_panel_with_one_outcome_each_a_leak_is_seen() -> None:
    random = np.random.default_rng(0)
    patient, month = np.divmod(np.arange(600), 12)
    died = random.integers(0, 2, 50)[patient]
    features = pd.DataFrame({"patient": patient, "month": month, "x": random.normal(size=600), "cause": died * 3 + 1})
    data = Dataset("t", Task.BINARY, "died", features, died, (0, 1), "")
    assert ("cause",) in stops(look(material(data)))
    one_is_lost = replace(data, features=features.assign(patient=np.where(np.arange(600) == 7, np.nan, patient)))
    assert ("cause",) in stops(look(material(one_is_lost)))


def test_a_panel_is_seen_where_a_sample_has_few_of_its_rows() -> None:
    random = np.random.default_rng(0)
    country, year = np.divmod(np.arange(12_000), 60)
    people = np.exp(2 * random.normal(size=200))[country] * (1 + 0.001 * year)
    named = pd.Series([f"c{c}" for c in country], dtype=TEXT)
    data = Dataset("t", Task.REGRESSION, "y", pd.DataFrame({"country": named, "year": year}), people, (), "")
    assert stops(look(material(data))) == []


def test_a_panel_is_seen_in_a_quarter_of_its_rows() -> None:
    """A budget may use no more of them."""
    random = np.random.default_rng(0)
    country, year = np.divmod(np.sort(random.permutation(12_000)[:3_000]), 60)
    people = np.exp(2 * random.normal(size=200))[country] * (1 + 0.001 * year)
    named = pd.Series([f"c{c}" for c in country], dtype=TEXT)
    data = Dataset("t", Task.REGRESSION, "y", pd.DataFrame({"country": named, "year": year}), people, (), "")
    assert stops(look(material(data))) == []
    other = replace(data, features=data.features.assign(year=random.permutation(year)))
    assert stops(look(material(other))) == [("country",)]


def test_a_date_in_each_row_hides_no_leak() -> None:
    data = table(Task.BINARY, 600, leak=lambda target: target)
    dated = replace(data, features=data.features.assign(date=pd.date_range("2020-01-01", periods=600)))
    assert stops(look(material(dated))) == [("leak",)]


def test_a_rare_class_that_is_a_range_of_a_column_is_told_by_it() -> None:
    """Very low weights at birth are those below a limit; a tree whose leaves have ten rows does not see so few."""
    random = np.random.default_rng(0)
    weight = random.normal(3.4, 0.6, 1500)
    for rare, found in ((8, True), (3, False)):  # three may be the lightest of an honest column
        very_low = (weight < np.sort(weight)[rare]).astype(np.int64)
        features = pd.DataFrame({"weight": weight, "age": random.normal(size=1500)})
        data = Dataset("t", Task.BINARY, "low", features, very_low, (0, 1), "")
        assert stops(look(material(data))) == [("weight",)] * found
        noisy = replace(data, features=features.assign(weight=weight + random.normal(size=1500)))
        assert stops(look(material(noisy))) == []


def test_an_abbreviation_of_many_classes_is_told_as_a_copy() -> None:
    random = np.random.default_rng(0)
    team = random.permutation(np.repeat(np.arange(30), 10))
    short = pd.Series([f"T{code}" for code in team], dtype=TEXT)
    features = pd.DataFrame({"short": short, "height": random.normal(size=300)})
    data = Dataset("t", Task.MULTICLASS, "team", features, team, tuple(range(30)), "")
    assert stops(look(material(data))) == [("short",)]
    one_wrong = short.where(np.arange(300) > 0, "T99")
    assert stops(look(material(replace(data, features=features.assign(short=one_wrong))))) == []


def test_an_abbreviation_is_told_where_each_class_has_several_groups() -> None:
    team = np.repeat(np.arange(30), 10)
    features = pd.DataFrame({"short": pd.Series([f"T{code}" for code in team], dtype=TEXT)})
    of_pairs = Dataset("t", Task.MULTICLASS, "team", features, team, tuple(range(30)), "", groups=np.arange(300) // 2)
    assert stops(look(material(of_pairs))) == [("short",)]
    assert stops(look(material(replace(of_pairs, groups=team)))) == []  # each team is one case


def test_an_identifier_of_single_rows_is_no_group() -> None:
    random = np.random.default_rng(0)
    number = np.arange(600.0)
    features = pd.DataFrame({"id": number, "x": random.normal(size=600)}).take(random.permutation(600))
    target = features["id"].to_numpy() + 120 * random.normal(size=600)
    data = Dataset("t", Task.REGRESSION, "y", features.reset_index(drop=True), target, (), "")
    for ids, is_group in ((data.features["id"], False), (data.features["id"] // 4, True)):
        (finding,) = look(material(replace(data, features=data.features.assign(id=ids))))
        assert "named like an identifier" in finding.advice
        assert ("dataset.group=id" in finding.advice) is is_group
        assert finding.advice.endswith(".")
        assert not finding.advice.endswith("..")
