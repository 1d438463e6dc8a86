"""Columns that may name what several rows belong to."""

import numpy as np
import pandas as pd

from runner.hints import outcomes
from runner.proposal.things import Thing, things
from runner.task import Task


def found(table):
    told = outcomes(table["y"].to_numpy(), Task.REGRESSION)
    return [thing.name for thing in things(table.drop(columns="y"), told)]


def test_a_measurement_in_three_units_is_none():
    width = np.random.default_rng(0).integers(100, 160, 600)
    table = pd.DataFrame({"width": width, "in": width / 25.4, "ft": width / 305, "y": np.arange(600) % 7 / 3})
    assert found(table) == []


def test_a_thing_that_most_rows_are_without_is_none():
    rng = np.random.default_rng(0)
    company = rng.integers(0, 30, 600)
    table = pd.DataFrame({"company": [f"c{i}" for i in company], "y": rng.random(600)})
    assert found(table) == ["company"]
    elsewhere = np.where(rng.random(600) < 0.7, "none of them", table["company"])
    assert found(table.assign(company=elsewhere)) == []


def test_what_has_each_year_once_is_one():
    rng = np.random.default_rng(0)
    state, year = np.divmod(np.arange(12 * 15), 15)
    table = pd.DataFrame({"state": state, "year": 1980 + year, "age": rng.integers(20, 40, 180), "y": rng.random(180)})
    assert found(table) == ["state"]
    assert found(table.assign(state=rng.permutation(state))) == []


def test_an_age_in_classes_is_none_nor_is_what_is_alike_in_being_missing():
    rng = np.random.default_rng(0)
    age, state = rng.integers(18, 66, 600), rng.integers(0, 50, 600)
    classes = {"old": age > 50, "class": age // 10}
    table = pd.DataFrame({"age": age, **classes, "y": rng.random(600)})
    assert found(table) == []
    local = pd.Series(rng.random(600)).where(state == 7)
    table = pd.DataFrame({"state": state, "one": local, "two": -local, "y": rng.random(600)})
    assert found(table) == []


def test_a_thing_is_the_last_word_of_a_name():
    rng = np.random.default_rng(0)
    names = ["Lot_Area", "account_length", "YearsAtCompany", "business_tax", "payee"]
    of_things = ["store_name", "business_name", "participant"]
    table = pd.DataFrame({name: rng.integers(0, 60, 600) for name in [*names, *of_things]} | {"y": rng.random(600)})
    assert sorted(found(table)) == sorted(of_things)


def test_what_is_called_a_thing_and_tells_other_columns_is_sure_and_comes_first():
    sure = Thing("patient", 80, is_named=True, same=["born", "height"], period=None)
    small, unnamed = Thing("ward", 12, True, ["floor"], None), Thing("code", 300, False, ["a", "b", "c"], "year")
    assert [each.is_sure for each in (sure, small, unnamed)] == [True, False, False]
    assert max((unnamed, small, sure), key=lambda thing: thing.rank) is sure
    assert sure.why(600) == (
        "80 different values over 600 rows, born, height are the same in all rows of each, named like a thing"
    )
    assert unnamed.why(600).endswith("a, b, c are the same in all rows of each, none has the same year twice")
