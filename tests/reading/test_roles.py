"""Time, groups and weights, read from their columns."""

import numpy as np
import pandas as pd
import pytest

from runner.cells import plain
from runner.errors import UserError
from runner.reading.roles import group_codes, moments, row_weights


def column(values):
    return plain(pd.Series(values, name="x"))[0]


@pytest.mark.parametrize(
    "values",
    [
        ["2026-01-31", "2026-02-01"],
        ["2026-01-31 00:00", "2026-02-01T00:00:00"],
        ["01/31/2026", "02/01/2026"],
        ["31/01/2026", "01/02/2026"],
        ["31.1.2026", "1.2.2026"],
        ["2026-01-31T01:00:00+01:00", "2026-02-01T00:00:00Z"],
    ],
)
def test_dates_of_many_lands_are_read(values):
    assert moments(column(values)).tolist() == [pd.Timestamp("2026-01-31"), pd.Timestamp("2026-02-01")]


def test_quarters_are_moments():
    assert moments(column(["2026Q1", "2026Q2"])).tolist() == [pd.Timestamp("2026-01-01"), pd.Timestamp("2026-04-01")]


def test_numbers_and_moments_are_taken_as_they_are():
    for values in ([2024, 2025], [1.5, 2.5], list(pd.date_range("2026-01-01", periods=2))):
        pd.testing.assert_series_equal(moments(column(values)), column(values))


@pytest.mark.parametrize("values", [["soon", "later"], ["8:15", "1:08:15"], ["2026-01-31", "soon"]])
def test_other_text_is_no_time(values):
    with pytest.raises(UserError, match=rf"Time column 'x' cannot be read as dates or numbers .*{values[1]}"):
        moments(column(values))


def test_groups_are_numbered_and_lone_rows_are_groups_of_their_own():
    notes = []
    codes = group_codes(pd.Series(["a", None, "b", "a", None], name="x"), notes)
    assert codes.dtype == np.int64
    assert codes.tolist() == [0, 2, 1, 0, 3]
    assert notes == ["Group 'x' is missing in 2 rows: each is a group of its own."]


def test_a_group_is_the_same_as_a_number_as_text_and_with_blanks_around_it():
    assert group_codes(pd.Series([7, "7", "B", " B", 7.0, "", "7 "]), []).tolist() == [0, 0, 1, 1, 0, 2, 0]


def test_large_numbers_are_different_groups():
    assert group_codes(pd.Series([2**53, 2**53 + 1, None], dtype="Int64"), []).tolist() == [0, 1, 2]


def test_an_empty_group_column_is_refused():
    with pytest.raises(UserError, match=r"Group column 'x' is empty in every row"):
        group_codes(pd.Series([None, None], name="x"), [])


def test_one_group_is_refused():
    with pytest.raises(UserError, match=r"Group column 'x' holds only 'a', and there must be a second group"):
        group_codes(pd.Series(["a", "a"], name="x"), [])


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ([1, -1.0], "is negative in 1 row:"),
        ([1, None], "is missing in 1 row:"),
        ([0, 0], "is 0 in every row"),
        ([1, np.inf], "is infinite or beyond"),
        (["a", "b"], "holds no numbers"),
    ],
)
def test_weights_that_weigh_nothing_are_refused(values, fault):
    with pytest.raises(UserError, match=rf"Weight column 'x' {fault}"):
        row_weights(column(values))


def test_weights_may_be_zero_here_and_there():
    assert row_weights(column([0, 2, 2])).tolist() == [0.0, 1.0, 1.0]


@pytest.mark.parametrize("unit", [1e-6, 10.0])
def test_weights_mean_the_same_in_any_unit(unit):
    assert row_weights(column([unit, 0.0, 3 * unit])).tolist() == pytest.approx([0.5, 0.0, 1.5])
