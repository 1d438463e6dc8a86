"""Slices: a planted weakness is found, and pure chance is not taken for one."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from runner.gain.units import make_units
from runner.insight.slices import make_slices, p_values
from runner.insight.weak import weak
from runner.metrics import make_metric
from runner.reading import build


def features(rows: int, random: np.random.Generator) -> pd.DataFrame:
    table = {f"number{i}": random.normal(size=rows) for i in range(6)}
    table |= {f"word{i}": random.choice(list("abcd"), rows) for i in range(4)}
    return pd.DataFrame(table)


def test_it_looks_at_values_ranges_and_gaps() -> None:
    random = np.random.default_rng(0)
    table = features(400, random)
    table.loc[:99, "number0"] = np.nan
    slices = make_slices(table)
    names = {(each.column, each.value) for each in slices}
    assert {("word0", "a"), ("number0", "missing")} <= names
    assert sum(each.column == "number1" for each in slices) == 4
    for each in slices:
        assert 20 <= each.rows.sum() <= 380


def test_a_range_is_named_by_values_that_are_there() -> None:
    table = pd.DataFrame({"rain": np.arange(400) % 40 / 2, "day": pd.date_range("2024-01-01", periods=400)})
    names = [each.value for each in make_slices(table)]
    assert names[:4] == ["0 to 4.5", "5 to 9.5", "10 to 14.5", "15 to 19.5"]
    assert names[4:6] == ["2024-01-01 to 2024-04-09", "2024-04-10 to 2024-07-18"]


def test_a_whole_number_is_written_as_one_beside_gaps() -> None:
    table = pd.DataFrame({"schooling": np.tile([1.0, 2.0, np.nan, 0.5], 100)})
    assert {each.value for each in make_slices(table)} == {"1", "2", "0.5", "missing"}


def test_a_planted_weakness_is_found() -> None:
    random = np.random.default_rng(1)
    table = features(800, random)
    losses = random.exponential(size=800) * np.where(table["word2"] == "c", 2.0, 1.0)
    slices = make_slices(table)
    found = p_values(losses, slices, make_units(800, None, None)[0], 0)
    worst = slices[int(np.argmin(found))]
    assert (worst.column, worst.value) == ("word2", "c")
    assert found.min() <= 0.01
    assert np.sum(found <= 0.05) == 1


@pytest.mark.parametrize("unit", [1e-20, 1e6])
@pytest.mark.parametrize("groups", [None, np.arange(800) // 2])
def test_a_weakness_is_one_in_any_unit_of_the_target(groups: "np.ndarray | None", unit: float) -> None:
    random = np.random.default_rng(1)
    table = features(800, random)
    losses = random.exponential(size=800) * np.where(table["word2"] == "c", 2.0, 1.0)
    slices, units = make_slices(table), make_units(800, groups, None)[0]
    plain, scaled = (p_values(losses * factor, slices, units, 0) for factor in (1.0, unit))
    assert scaled == pytest.approx(plain)
    assert plain.min() <= 0.01


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["rows", "groups"])
def test_chance_is_called_a_weakness_in_five_of_a_hundred_tables_at_most(kind: str) -> None:
    runs, false = 80, 0
    for seed in range(runs):
        random = np.random.default_rng(seed)
        table = features(300, random)
        groups = np.repeat(np.arange(30), 10) if kind == "groups" else None
        shared = np.repeat(random.normal(size=30), 10) if kind == "groups" else 0.0
        if kind == "groups":
            table["place"] = np.repeat(random.choice(list("xyz"), 30), 10)
        losses = np.exp(random.normal(size=300) + shared)  # a heavy tail, as log loss has
        units = make_units(300, groups, None)[0]
        false += bool((p_values(losses, make_slices(table), units, seed) <= 0.05).any())
    assert false / runs <= 0.05 + 2 * (0.05 * 0.95 / runs) ** 0.5


@pytest.mark.slow
@pytest.mark.parametrize("groups", [None, np.repeat(np.arange(60), 10)])
def test_chance_in_a_ranking_is_called_a_weakness_no_more_often(groups: "np.ndarray | None", compose) -> None:
    runs, false = 50, 0
    for seed in range(runs):
        random = np.random.default_rng(seed)
        table = features(600, random).filter(regex="[01]$")
        said = 1 / (1 + np.exp(-random.normal(-1, 1.5, size=600)))
        table["y"] = (random.uniform(size=600) < said).astype(int)
        dataset = build(table, compose("dataset.path=frame", "dataset.target=y", "dataset.positive=1").dataset)
        dataset = replace(dataset, groups=groups)
        found = weak(dataset, np.column_stack([1 - said, said]), make_metric("roc_auc", dataset), seed)
        false += bool(found["slices"])
    assert false / runs <= 0.05 + 2 * (0.05 * 0.95 / runs) ** 0.5
