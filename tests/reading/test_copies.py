"""Rows that were recorded twice, and different cases that look alike."""

import numpy as np
import pandas as pd
import pytest

from runner.reading import build
from runner.reading.copies import were_recorded_twice


def measured(rows: int = 500) -> pd.DataFrame:
    """Return rows that no two cases share by chance."""
    random = np.random.default_rng(0)
    return pd.DataFrame(random.normal(size=(rows, 6)).round(2), columns=list("abcdey")).assign(kind="same")


def answered(rows: int = 2000) -> pd.DataFrame:
    """Return answers of people, many of whom look alike, and a sum that the answers determine."""
    answers = pd.DataFrame(np.random.default_rng(0).integers(0, 4, (rows, 6)), columns=list("abcdef"))
    return answers.assign(y=answers.sum(axis=1))


@pytest.mark.parametrize(("again", "twice"), [(40, True), (500, True), (3, False)])
def test_rows_that_only_a_copy_resembles_were_recorded_twice(again: int, twice: bool) -> None:
    rows = measured()
    assert were_recorded_twice(pd.concat([rows, rows.head(again)]), "y") == twice


def test_people_who_look_alike_are_different_cases() -> None:
    assert answered().duplicated().mean() > 0.1
    assert not were_recorded_twice(answered(), "y")
    assert not were_recorded_twice(pd.DataFrame({"y": np.zeros(100)}), "y")


@pytest.mark.parametrize("states", [1, 3])
def test_a_state_that_comes_back_is_no_copy(states: int) -> None:
    rows = measured().drop(columns="kind")
    at_rest = np.arange(len(rows)) % 10 < states
    rows[at_rest] = np.repeat(np.arange(len(rows))[at_rest, None] % states, rows.shape[1], axis=1)
    assert rows.duplicated().mean() > 0.05
    assert not were_recorded_twice(rows, "y")


def test_things_that_come_back_with_outcomes_of_their_own_are_no_copies() -> None:
    """Of three hundred machines some are there often, and a few rows tell of a failure."""
    random = np.random.default_rng(0)
    machines = measured(300).drop(columns="kind").iloc[np.append(np.arange(300), random.integers(0, 300, 250))]
    rows = machines.assign(y=random.random(550) < 0.03)
    assert rows.duplicated().mean() > 0.3
    assert not were_recorded_twice(rows, "y")


def test_kinds_of_things_are_no_copies() -> None:
    products = measured(40).drop(columns="kind")
    assert not were_recorded_twice(products.iloc[np.random.default_rng(0).integers(0, 40, 600)], "y")


def test_few_of_a_long_table_tell_it() -> None:
    rows = measured(60_000)
    assert were_recorded_twice(pd.concat([rows, rows.head(2000)]), "y")


def test_rows_recorded_twice_are_left_out_unless_they_are_to_be_kept(compose) -> None:
    rows = pd.concat([measured(), measured().head(40)], ignore_index=True)
    overrides = ("dataset.path=frame", "dataset.target=y")
    told = build(rows, compose(*overrides).dataset)
    assert len(told) == 500
    assert any(note.startswith("Left out 40 of 540 rows") and "drop_copies=false" in note for note in told.notes)
    assert len(build(rows, compose(*overrides, "dataset.drop_copies=false").dataset)) == 540
    assert len(build(answered(), compose(*overrides).dataset)) == 2000


def test_a_target_that_rises_from_row_to_row_tells_rows_apart(compose) -> None:
    rows = pd.concat([measured(), measured().head(40)], ignore_index=True).drop(columns="y").assign(number=range(540))
    assert len(build(rows, compose("dataset.path=frame", "dataset.target=number").dataset)) == 540
