"""What a random split hides is measured: of what is declared, and of what looks like time or a group."""

import numpy as np
import pandas as pd
import pytest

from runner.checks import Finding, Severity
from runner.checks.undeclared import look
from runner.dataset import Dataset
from runner.task import Task
from tables import material, split


def codes(findings: list[Finding]) -> list[tuple[str, tuple[str, ...]]]:
    return [(finding.code, finding.columns) for finding in findings]


def test_patients_that_were_not_declared_are_named_with_both_scores(shipped) -> None:
    (finding,) = look(split(shipped("parkinsons", 5875, "dataset.group=null")))
    assert (finding.code, finding.severity, finding.columns) == ("undeclared-group", Severity.WARN, ("subject#",))
    assert finding.figures["random_skill"] > 0.8
    assert finding.figures["obeying_skill"] < 0.3
    assert "'dataset.group=subject#'" in finding.advice


def test_a_date_that_was_not_declared_is_named_with_both_scores(shipped) -> None:
    (finding,) = look(split(shipped("bike-sharing", 8000, "dataset.time=null")))
    assert (finding.code, finding.severity, finding.columns) == ("undeclared-time", Severity.WARN, ("dteday",))
    assert finding.figures["obeying_score"] < 1.1 * finding.figures["random_score"] < 0


@pytest.mark.parametrize("name", ["parkinsons", "bike-sharing"])
def test_of_what_is_declared_it_is_told_how_optimistic_a_random_split_is(shipped, name: str) -> None:
    findings = look(split(shipped(name, 6000)))
    assert [(f.code, f.severity) for f in findings] == [("random-split-optimistic", Severity.INFO)]
    assert "would have been optimistic" in findings[0].evidence


@pytest.mark.parametrize("name", ["credit-g", "titanic", "adult"])
def test_tables_without_time_and_groups_are_passed_over(shipped, name: str) -> None:
    assert look(split(shipped(name, 2000))) == []


def test_where_no_clock_tells_anything_looking_ahead_is_not_fitted(shipped, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runner.checks.undeclared.compare", lambda *_: pytest.fail("it takes most of the fits"))
    assert look(split(shipped("credit-g", 2000))) == []


def walk(rows: int, kind: str) -> Dataset:
    """Return a target that follows a slow walk, and when each row was."""
    random = np.random.default_rng(1)
    target = np.cumsum(random.normal(size=rows))
    when = pd.date_range("2024-01-01", periods=rows, freq="h")
    moments = {"dates": when, "order": random.normal(size=rows)}
    features = pd.DataFrame({"x": random.normal(size=rows), "m": moments[kind]})
    mixed = np.arange(rows) if kind == "order" else random.permutation(rows)
    return Dataset("walk", Task.REGRESSION, "y", features, target, (), "").take(mixed)


def test_dates_are_time_whatever_the_order_of_the_rows() -> None:
    assert codes(look(material(walk(1000, "dates")))) == [("undeclared-time", ("m",))]


def test_where_one_moment_holds_most_rows_looking_ahead_is_measured_on_it_alone() -> None:
    random = np.random.default_rng(0)
    features = pd.DataFrame(random.normal(size=(400, 2)), columns=["x", "z"])
    time = np.concatenate([np.arange(20).repeat(5), np.full(300, 20)])
    target = features["x"].to_numpy() + random.normal(size=400)
    (found,) = look(material(Dataset("t", Task.REGRESSION, "y", features, target, (), "", time=time)))
    assert (found.code, found.severity) == ("random-split-optimistic", Severity.INFO)


def comes_and_goes(share: float, seed: int) -> Dataset:
    """Return few rows, in a mixed order, whose class an input tells and, to a share, a time that goes in turns."""
    random = np.random.default_rng(seed)
    rows = 600
    moment, x = random.permutation(rows), random.normal(size=rows)
    effect = np.sqrt(1 - share) * x + np.sqrt(2 * share) * np.sin(2 * np.pi * 10 * moment / rows)
    when = pd.Timestamp("2024-01-01") + pd.to_timedelta(moment, unit="h")
    features = pd.DataFrame({"x": x, "noise": random.normal(size=rows), "when": when})
    return Dataset("turns", Task.BINARY, "y", features, (effect > 0).astype(int), (0, 1), "")


@pytest.mark.parametrize("seed", range(2))
def test_of_few_rows_a_date_is_named_where_it_tells_half_and_not_where_it_tells_nothing(seed: int) -> None:
    assert codes(look(material(comes_and_goes(0.5, seed)))) == [("undeclared-time", ("when",))]
    assert look(material(comes_and_goes(0.0, seed))) == []


def visits(by_time: bool) -> Dataset:
    """Return patients who come for a few days each, one after the other: ill by chance, or more so in some weeks."""
    random = np.random.default_rng(0)
    patient = np.repeat(np.arange(60), 15)
    rate = 0.5 + 0.5 * np.sin(np.arange(60) / 5) if by_time else np.full(60, 0.5)
    ill = (random.uniform(size=60) < rate).astype(int)[patient]
    when = pd.Timestamp("2024-01-01") + pd.to_timedelta(3 * patient + random.integers(0, 6, 900), unit="D")
    known = {f"x{i}": random.normal(size=60)[patient] + 0.05 * random.normal(size=900) for i in range(3)}
    features = pd.DataFrame({"when": when, **known})
    mixed = random.permutation(900)
    return Dataset("visits", Task.BINARY, "ill", features, ill, (0, 1), "", groups=patient).take(mixed)


def test_time_is_not_named_for_what_declared_groups_hide() -> None:
    assert codes(look(material(visits(by_time=False)))) == [("random-split-optimistic", ())]
    *_, finding = look(material(visits(by_time=True)))
    assert (finding.code, finding.columns) == ("undeclared-time", ("when",))
    assert "on folds of other groups" in finding.evidence


def seasons(share: float, seed: int) -> Dataset:
    """Return rows whose order two slow inputs tell, and a target that, to a share, goes up and down with that order."""
    random = np.random.default_rng(seed)
    rows = 800
    turn = 2 * np.pi * np.arange(rows) / rows
    slow = {"warm": np.sin(7 * turn), "wet": np.cos(5 * turn)}
    features = pd.DataFrame({"x": random.normal(size=rows), **slow}) + random.normal(size=(rows, 3)) * [0, 0.05, 0.05]
    target = 2 * share * np.sin(11 * turn) + features["x"].to_numpy() + random.normal(size=rows)
    return Dataset("seasons", Task.REGRESSION, "y", features, target, (), "")


@pytest.mark.parametrize("seed", range(2))
def test_an_order_of_the_rows_that_tells_is_noted_and_one_that_tells_nothing_or_is_mixed_is_not(seed: int) -> None:
    (finding,) = look(material(seasons(1.0, seed)))
    assert (finding.code, finding.severity, finding.columns) == ("undeclared-time", Severity.INFO, ())
    assert finding.figures["obeying_score"] < finding.figures["random_score"] < 0
    assert look(material(seasons(0.0, seed))) == []
    mixed = seasons(1.0, seed)
    assert look(material(mixed.take(np.random.default_rng(0).permutation(len(mixed))))) == []


def test_a_table_sorted_by_its_target_is_in_no_order_of_time() -> None:
    data = walk(1000, "order")
    assert look(material(data.take(np.argsort(data.target)))) == []


@pytest.mark.parametrize("task", [Task.BINARY, Task.REGRESSION])
def test_a_group_is_known_by_what_follows_it(task: Task) -> None:
    random = np.random.default_rng(0)
    group = random.integers(0, 60, 900)
    effect = random.normal(size=60)[group] * 3 + random.normal(size=900)
    target = (effect > 0).astype(int) if task is Task.BINARY else effect
    features = pd.DataFrame({"x": random.normal(size=900), "who": [f"n{g}" for g in group], "sex": group % 2})
    data = Dataset("t", task, "y", features, target, (0, 1) if task is Task.BINARY else (), "")
    assert codes(look(material(data))) == [("undeclared-group", ("who",))]


@pytest.mark.parametrize("task", [Task.REGRESSION, Task.BINARY])
@pytest.mark.parametrize("knows", [True, False])
def test_a_thing_of_which_most_have_a_single_row_is_a_group_if_it_tells(task: Task, knows: bool) -> None:
    random = np.random.default_rng(0)
    person = random.permutation(np.repeat(np.arange(1_500), random.choice([1, 2, 3], 1_500, p=[0.75, 0.2, 0.05])))
    traits = random.normal(size=(1_500, 3)).round(3)
    value = (traits[:, 0] + 1.5 * knows * random.normal(size=1_500))[person] + 0.3 * random.normal(size=len(person))
    features = pd.DataFrame(traits[person], columns=list("abc")).assign(customer_id=[f"C{p}" for p in person])
    target = value if task is Task.REGRESSION else (value > 0).astype(np.int64)
    data = Dataset("t", task, "y", features, target, () if task is Task.REGRESSION else (0, 1), "")
    found = look(material(data))
    assert codes(found) == [("undeclared-group", ("customer_id",))] * knows
    assert all("about 1.3 rows each" in finding.evidence for finding in found)


def test_things_of_which_most_have_a_single_row_keep_no_other_group_from_being_measured() -> None:
    random = np.random.default_rng(0)
    rows = 2_000
    customer, seller, shop = (random.integers(0, n, rows) for n in (3_000, 400, 100))
    value = random.normal(size=100)[shop] + random.normal(size=rows)
    features = pd.DataFrame({"a": random.normal(size=rows).round(3)}).assign(
        customer_id=[f"C{c}" for c in customer], seller_id=[f"S{s}" for s in seller], shop_id=[f"P{s}" for s in shop]
    )
    found = look(material(Dataset("t", Task.REGRESSION, "y", features, value, (), "")))
    assert codes(found) == [("undeclared-group", ("shop_id",))]


@pytest.mark.parametrize(("kind", "found"), [("all", ["company"]), ("gaps", ["company"]), ("none", [])])
def test_rows_without_a_thing_are_groups_of_their_own_and_a_word_for_none_is_no_thing(kind: str, found: list) -> None:
    random = np.random.default_rng(0)
    company = random.integers(0, 60, 1200)
    effect = random.normal(size=60)[company] * 3
    without = (random.random(1200) < 0.6) & (kind != "all")
    words = pd.Series([f"c{c}" for c in company]).mask(without, None if kind == "gaps" else "no company")
    features = pd.DataFrame({"x": random.normal(size=1200), "company": words.astype("str")})
    target = np.where(without, 0.0, effect) + random.normal(size=1200)
    data = Dataset("t", Task.REGRESSION, "y", features, target, (), "")
    assert [column for finding in look(material(data)) for column in finding.columns] == found


def test_a_category_that_nothing_follows_is_no_group() -> None:
    random = np.random.default_rng(0)
    country = random.integers(0, 60, 900)
    features = pd.DataFrame({"x": random.normal(size=900), "country": [f"c{c}" for c in country]})
    target = random.normal(size=60)[country] * 3 + random.normal(size=900)
    assert look(material(Dataset("t", Task.REGRESSION, "y", features, target, (), ""))) == []


def test_a_column_called_name_is_a_group_and_a_scale_called_as_a_thing_is_none() -> None:
    random = np.random.default_rng(0)
    who, years = random.integers(0, 60, 900), random.integers(3, 17, 900)
    features = pd.DataFrame({"x": random.normal(size=900), "name": [f"n{w}" for w in who], "school": years})
    target = random.normal(size=60)[who] + years / 2 + features["x"].to_numpy()
    data = Dataset("t", Task.REGRESSION, "y", features, target, (), "")
    assert codes(look(material(data))) == [("undeclared-group", ("name",))]


def test_grades_that_classes_of_grades_follow_are_no_group() -> None:
    random = np.random.default_rng(0)
    grade = random.integers(0, 35, 900)
    words = [f"{'ABCDEFG'[g // 5]}{g % 5 + 1}" for g in grade]
    features = pd.DataFrame({"x": random.normal(size=900), "sub_grade": words, "grade": [w[0] for w in words]})
    data = Dataset("t", Task.REGRESSION, "y", features, grade + random.normal(size=900), (), "")
    assert look(material(data)) == []


def test_the_same_rows_give_the_same_figures(shipped) -> None:
    given = split(shipped("parkinsons", 3000))
    assert look(given) == look(given)


def test_what_no_year_has_twice_is_a_group_and_is_told_once() -> None:
    random = np.random.default_rng(0)
    land, year = np.divmod(random.permutation(30 * 25), 25)
    features = pd.DataFrame({"land": land, "iso": [f"L{i:02d}" for i in land], "year": 1990 + year})
    features["x"] = random.normal(size=len(land))
    target = random.normal(size=30)[land] + 0.2 * random.normal(size=len(land))
    rows = Dataset("panel", Task.REGRESSION, "y", features, target, (), "")
    assert codes(look(material(rows))) == [("undeclared-group", ("land",))]


def test_a_thing_that_some_rows_lack_is_a_group() -> None:
    random = np.random.default_rng(0)
    person = pd.Series(random.integers(0, 100, 800))
    target = random.normal(size=100)[person] + 0.2 * random.normal(size=800)
    features = pd.DataFrame({"person": person.where(person.index % 50 > 0), "x": random.normal(size=800)})
    rows = Dataset("gaps", Task.REGRESSION, "y", features, target, (), "")
    assert codes(look(material(rows))) == [("undeclared-group", ("person",))]


def test_groups_are_named_where_a_few_large_values_decide_the_errors() -> None:
    random, patient = np.random.default_rng(0), np.repeat(np.arange(100), 5)
    level = random.normal(size=100)[patient]
    features = pd.DataFrame({"patient": patient, "born": 2 * patient, "x": random.normal(size=500)})
    ill = np.exp(1.5 * level + 0.3 * random.normal(size=500))
    data = Dataset("ill", Task.REGRESSION, "y", features, ill, (), "")
    assert codes(look(material(data))) == [("undeclared-group", ("patient",))]
    mixed = data.take(np.arange(500))
    mixed.features["patient"] = random.permutation(patient)
    mixed.features["born"] = random.permutation(patient)
    assert look(material(mixed)) == []


def test_the_years_of_a_panel_are_no_groups() -> None:
    random = np.random.default_rng(0)
    state, year = np.divmod(np.arange(600), 20)
    features = pd.DataFrame({"state": [f"s{s}" for s in state], "year": year, "x": random.normal(size=600)})
    target = random.normal(size=20)[year] + 0.1 * random.normal(size=600)
    data = Dataset("panel", Task.REGRESSION, "y", features, target, (), "")
    assert ("undeclared-group", ("year",)) not in codes(look(material(data)))
