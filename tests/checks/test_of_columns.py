"""Checks that look at one column after the other: identifiers, stand-ins, mixed types, constants, copies."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from runner.checks import Finding, Severity, constant, copies, identifier, mixed_types, stand_ins, unweighted
from runner.dataset import Dataset
from runner.task import Task
from tables import material, split, table

ROWS = 400
RANDOM = np.random.default_rng(1)


def columns(findings: list[Finding]) -> list[tuple[str, ...]]:
    return [finding.columns for finding in findings]


def with_column(values: Any) -> Any:
    return material(table(Task.BINARY, ROWS, it=lambda _: values))


@pytest.mark.parametrize(
    "values",
    [
        np.arange(ROWS),
        np.arange(ROWS) * 3 + 1000,
        RANDOM.permutation(ROWS),
        pd.Series([f"{n:08x}" for n in RANDOM.permutation(10**6)[:ROWS]], dtype="str"),
    ],
    ids=["counter", "steps", "mixed", "keys"],
)
def test_a_column_that_names_the_rows_is_an_identifier(values: Any) -> None:
    (finding,) = identifier.look(with_column(values))
    assert finding.columns == ("it",)
    assert "dataset.drop=[it]" in finding.advice


@pytest.mark.parametrize(
    "values",
    [
        RANDOM.integers(0, 200, ROWS),
        RANDOM.integers(10_000, 10**9, ROWS),  # amounts so fine that no two were due to be equal
        RANDOM.normal(size=ROWS),
        pd.Series([f"Mr. John {n} of York" for n in range(ROWS)], dtype="str"),
        pd.Series(pd.date_range("2024", periods=ROWS)),
    ],
    ids=["small", "amounts", "measured", "text", "dates"],
)
def test_a_column_that_says_something_is_none(values: Any) -> None:
    assert identifier.look(with_column(values)) == []


def test_what_grows_with_the_year_counts_no_rows() -> None:
    people = 200_000_000 + np.cumsum(RANDOM.integers(10**5, 10**6, ROWS))
    data = table(Task.REGRESSION, ROWS, people=lambda _: people, row=lambda _: np.arange(ROWS))
    assert columns(identifier.look(material(data))) == [("people",), ("row",)]
    by_year = replace(data, features=data.features.assign(year=1900 + np.arange(ROWS) // 4))
    assert columns(identifier.look(material(by_year))) == [("row",)]


def test_a_rare_amount_is_an_identifier_only_by_its_name() -> None:
    amounts = RANDOM.permutation(10**6)[:ROWS] * 997
    data = table(Task.BINARY, ROWS, customerID=lambda _: amounts, idno=lambda _: amounts, price=lambda _: amounts)
    assert columns(identifier.look(material(data))) == [("customerID",), ("idno",)]


def test_the_identifier_of_customers_is_named(shipped) -> None:
    findings = identifier.look(split(shipped("control-leak", 1500, "dataset.drop=[]")))
    assert columns(findings) == [("customerID",)]


@pytest.mark.parametrize(
    ("values", "stand_in"),
    [
        (RANDOM.normal(50, 9, ROWS), -999.0),
        (RANDOM.integers(1, 90, ROWS), -1.0),
        (RANDOM.random(ROWS), 9999.0),
        (np.arange(ROWS) % 5 + 1, 99.0),
        (RANDOM.integers(20, 900, ROWS), -200.0),
        (RANDOM.normal(13, 6, ROWS), -200.0),
    ],
    ids=["far below", "the only negative", "far above", "beyond a rating", "of its own", "of its own, far below"],
)
def test_a_number_that_stands_alone_is_warned_of(values: Any, stand_in: float) -> None:
    mixed = np.where(RANDOM.random(ROWS) < 0.1, stand_in, values)
    (finding,) = stand_ins.look(with_column(mixed))
    assert (finding.severity, finding.columns) == (Severity.WARN, ("it",))
    assert f"{stand_in:g}" in finding.evidence


@pytest.mark.parametrize(
    "values",
    [
        RANDOM.normal(size=ROWS) * 500,
        RANDOM.integers(0, 100, ROWS),  # 99 is the greatest of many
        np.where(RANDOM.random(ROWS) < 0.6, 0, RANDOM.exponential(100, ROWS)),  # nothing spent, mostly
        RANDOM.choice([-1, 0, 1], ROWS),
        np.choose(np.arange(ROWS) % 4, [-1, 1, 2, 3]),
        np.maximum(RANDOM.integers(-9, 50, ROWS), -2),
        np.where(RANDOM.random(ROWS) < 0.1, -3, RANDOM.integers(0, 50, ROWS)),
    ],
    ids=["normal", "percent", "zeros", "levels", "a negative level", "cut below", "a little below zero"],
)
def test_honest_numbers_are_passed_over(values: Any) -> None:
    assert stand_ins.look(with_column(values)) == []


def test_a_number_that_stands_for_a_target_is_warned_of() -> None:
    data = table(Task.REGRESSION, ROWS)
    unknown = np.where(RANDOM.random(ROWS) < 0.1, -200.0, data.target)
    (finding,) = stand_ins.look(material(replace(data, target=unknown)))
    assert (finding.severity, finding.columns) == (Severity.WARN, ())
    assert finding.evidence.startswith("-200 is in ") and "of 'y'" in finding.evidence
    assert stand_ins.look(material(replace(data, target=np.where(unknown < 0, 0.0, data.target + 1000)))) == []


def test_a_zero_where_none_can_be_is_noted() -> None:
    pressure = np.where(RANDOM.random(ROWS) < 0.05, 0, RANDOM.integers(60, 110, ROWS))
    (finding,) = stand_ins.look(with_column(pressure))
    assert finding.severity is Severity.INFO


def test_words_for_missing_are_noted(shipped) -> None:
    findings = stand_ins.look(split(shipped("bank-marketing", 2000)))
    assert [(f.severity, f.columns) for f in findings] == [
        (Severity.WARN, ("pdays",)),
        (Severity.INFO, ("job", "education", "contact", "poutcome")),
    ]


def test_what_databases_write_for_missing_is_noted() -> None:
    (finding,) = stand_ins.look(with_column(pd.Series(RANDOM.choice(["\\N", "a", "b"], ROWS), dtype="str")))
    assert finding.columns == ("it",)


def test_numbers_spoiled_by_a_word_are_warned_of_and_codes_are_noted() -> None:
    numbers = pd.Series(RANDOM.integers(0, 1000, ROWS).astype(str))
    spoiled = numbers.where(RANDOM.random(ROWS) > 0.1, "n/k")
    tickets = numbers.where(RANDOM.random(ROWS) > 0.3, "PC " + numbers)
    data = table(Task.BINARY, ROWS, spoiled=lambda _: spoiled, ticket=lambda _: tickets, fine=lambda _: numbers)
    findings = mixed_types.look(material(data))
    assert [(f.severity, f.columns) for f in findings] == [
        (Severity.WARN, ("spoiled",)),
        (Severity.INFO, ("ticket",)),
    ]
    assert f"numbers in {(spoiled != 'n/k').sum()} cells and text in {(spoiled == 'n/k').sum()}" in findings[0].evidence


@pytest.mark.parametrize(
    ("name", "severity"), [("survey_weight", Severity.WARN), ("weight", Severity.INFO), ("parcel_weight", None)]
)
def test_a_weight_that_is_an_input_is_asked_about(name: str, severity: Severity | None) -> None:
    data = table(Task.BINARY)
    weights = np.where(data.target == 1, 3.0, 1.0)
    data = replace(data, features=data.features.assign(**{name: weights}))
    findings = unweighted.look(material(data))
    assert [finding.severity for finding in findings] == ([severity] if severity else [])
    assert all(f"dataset.weight={name}" in finding.advice for finding in findings)
    shares = data.target.mean(), np.average(data.target, weights=weights)
    assert all(f"is {shares[0]:.1%}; weighted, it is {shares[1]:.1%}." in each.evidence for each in findings)
    of_sample = replace(data, weights=1 + data.target)
    assert len(unweighted.look(material(of_sample))) == len(findings)
    assert unweighted.look(material(replace(of_sample, weight_name="other"))) == []


def test_a_weight_that_changes_no_digit_is_said_to_change_nothing() -> None:
    years = table(Task.REGRESSION, 400, weight=lambda _: RANDOM.uniform(1, 9, 400))
    years = replace(years, target=np.tile([1988.0, 1990.0], 200))
    (finding,) = unweighted.look(material(years))
    assert "the mean of 'y' is 1989, weighted or not." in finding.evidence


def test_a_weight_beside_a_height_is_not_asked_about() -> None:
    weights = RANDOM.uniform(50, 90, 400)
    data = table(Task.BINARY, 400, weight=lambda _: weights, ht=lambda _: weights * 2, case_weight=lambda _: weights)
    assert columns(unweighted.look(material(data))) == [("case_weight",)]


def test_constant_and_nearly_constant_columns_are_noted() -> None:
    nearly = np.where(np.arange(2000) == 7, 1, 0)
    data = table(Task.BINARY, 2000, same=lambda _: "a", gone=lambda _: 0.0, nearly=lambda _: nearly)
    assert columns(constant.look(material(data))) == [("same", "gone"), ("nearly",)]


def test_a_year_is_no_number_of_the_row() -> None:
    assert identifier.look(material(table(Task.BINARY, ROWS, year=lambda _: np.arange(ROWS)))) == []


def test_a_number_of_the_row_that_tells_the_target_says_so() -> None:
    mixed, ordered = with_column(np.arange(ROWS)), with_column(np.arange(ROWS))
    by_outcome = np.argsort(ordered.rows.target, kind="stable")
    ordered = replace(ordered, rows=replace(ordered.rows, target=ordered.rows.target[by_outcome]))
    assert "tells the target" not in identifier.look(mixed)[0].evidence
    (finding,) = identifier.look(ordered)
    assert "It also tells the target: alone with " in finding.evidence
    assert finding.figures["skill"] > 0.9


def test_columns_that_say_the_same_are_noted() -> None:
    x = RANDOM.normal(size=ROWS)
    letters = pd.Series(RANDOM.choice(list("abcd"), ROWS))
    data = table(
        Task.BINARY,
        ROWS,
        x=lambda _: x,
        scaled=lambda _: 7 - 2 * x,
        letters=lambda _: letters,
        names=lambda _: letters.map({"a": "south", "b": "north", "c": "west", "d": "east"}),
    )
    (finding,) = copies.look(material(data))
    assert set(finding.columns) == {"x", "scaled", "letters", "names"}


def test_columns_that_are_alike_in_their_gaps_alone_or_in_the_alphabet_are_no_copies() -> None:
    random = np.random.default_rng(0)
    rare = np.arange(1000) % 40 == 0
    features = pd.DataFrame({name: np.where(rare, random.normal(size=1000), np.nan) for name in ("one", "two")})
    features["day"] = pd.date_range("2024-01-01", periods=50).repeat(20)
    features["order"] = [f"2024-{number // 3:05d}" for number in range(1000)]
    data = Dataset("orders", Task.REGRESSION, "y", features, random.normal(size=1000), (), "")
    assert copies.look(material(data)) == []
    twice = features.assign(two=3 - features["one"])
    (finding,) = copies.look(material(replace(data, features=twice)))
    assert finding.columns == ("one", "two")


def test_the_district_of_persons_who_were_numbered_by_it_is_no_copy() -> None:
    numbered = table(Task.BINARY, ROWS, person=lambda _: np.arange(ROWS), district=lambda _: np.arange(ROWS) // 8)
    assert copies.look(material(numbered)) == []


@pytest.mark.parametrize("grouped", [False, True])
def test_what_is_measured_of_each_patient_is_no_copy_of_what_else_is(grouped: bool) -> None:
    random = np.random.default_rng(0)
    patients = np.repeat(np.arange(60), 5)
    of_each = pd.DataFrame({"weight": random.normal(size=60), "iron": random.normal(size=60)})
    of_each["born"] = random.permutation(60)
    of_each["clinic"], of_each["town"] = of_each["born"] % 6, (of_each["born"] + 3) % 6
    found = copies.copied(of_each.iloc[patients], patients if grouped else None)
    assert found == [("clinic", "town")] if grouped else ("iron", "weight") not in found


def test_honest_columns_are_no_copies(shipped) -> None:
    assert copies.look(split(shipped("credit-g", 1000))) == []
