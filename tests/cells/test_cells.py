"""Every type that a pandas column can have, in plain form or refused."""

import datetime as dt
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from runner.cells import DATES, HUGE, MIXED, MONTH_FIRST, NUMBERS, check_finite, numbers_in, plain, too_large
from runner.errors import UserError

NOON = pd.Timestamp("2026-01-31 12:00")


def cells(values, dtype=None):
    """Return the plain cells, with what is missing as None."""
    result = plain(pd.Series(values, dtype=dtype, name="x"))[0]
    assert result.name == "x"
    return result.dtype, [None if pd.isna(cell) else cell for cell in result]


@pytest.mark.parametrize("dtype", ["int8", "uint32", "Int16", "UInt8", "int64[pyarrow]", "Sparse[int64]"])
def test_whole_numbers_are_int64(dtype):
    assert cells([1, 0, 3], dtype) == ("int64", [1, 0, 3])


@pytest.mark.parametrize("dtype", ["float16", "float32"])
def test_short_floats_are_float32(dtype):
    assert cells([1.5, None], dtype) == ("float32", [1.5, None])


@pytest.mark.parametrize("dtype", ["float64", "Float64", "double[pyarrow]", "Sparse[float64]", "object"])
def test_other_floats_are_float64(dtype):
    assert cells([1.5, None], dtype) == ("float64", [1.5, None])


@pytest.mark.parametrize("dtype", ["Int64", "int32[pyarrow]", "object"])
def test_whole_numbers_with_gaps_are_floats(dtype):
    assert cells([1, None], dtype) == ("float64", [1.0, None])


@pytest.mark.parametrize("dtype", ["bool", "boolean", "bool[pyarrow]", "object"])
def test_truth_is_0_or_1(dtype):
    assert cells([True, False], dtype) == ("int64", [1, 0])


@pytest.mark.parametrize("dtype", ["boolean", "bool[pyarrow]", "object"])
def test_truth_with_gaps_is_0_1_or_missing(dtype):
    assert cells([True, None, False], dtype) == ("float64", [1.0, None, 0.0])


@pytest.mark.parametrize("dtype", ["str", "string", "object", "category", "string[pyarrow]"])
def test_text_is_trimmed_and_missing_when_nothing_is_left(dtype):
    kind, values = cells([" a", None, "  ", "b "], dtype)
    assert kind == pd.StringDtype(na_value=np.nan)
    assert values == ["a", None, None, "b"]


def test_arrow_text_is_text():
    assert cells(["a", None], pd.ArrowDtype(pa.string()))[1] == ["a", None]
    assert cells(["a", None, "a"], pd.ArrowDtype(pa.dictionary(pa.int8(), pa.string())))[1] == ["a", None, "a"]


def test_categories_are_the_text_or_the_numbers_of_their_levels():
    assert cells([True, None, False], "category")[1] == ["True", None, "False"]
    assert cells([3, None, 5], "category") == ("float64", [3.0, None, 5.0])


@pytest.mark.parametrize(
    "values",
    [
        pd.Series([NOON, None]),
        pd.Series([NOON, None]).dt.as_unit("s"),
        pd.Series([NOON.tz_localize("Europe/Berlin") + pd.Timedelta(hours=1), None]),
        pd.Series([NOON.to_pydatetime(), None], dtype=object),
        pd.Series([NOON, None], dtype=pd.ArrowDtype(pa.timestamp("ns"))),
        pd.Series([NOON.tz_localize("UTC"), None], dtype=pd.ArrowDtype(pa.timestamp("ms", "UTC"))),
        pd.Series(pd.PeriodIndex([pd.Period("2026-01-31 12", "h"), None])),
    ],
)
def test_moments_are_naive_utc(values):
    assert cells(values) == ("datetime64[us]", [NOON, None])


@pytest.mark.parametrize("dtype", [object, pd.ArrowDtype(pa.date32())])
def test_dates_are_moments(dtype):
    assert cells([dt.date(2026, 1, 31), None], dtype) == ("datetime64[us]", [pd.Timestamp("2026-01-31"), None])


@pytest.mark.parametrize(
    ("values", "remark"),
    [
        (["31/01/2026", "12/01/2026", "-"], DATES),
        (["Jan-2026", "Feb-2026", None], DATES),
        (["01/02/2026 08:15:00 PM", "03/04/2026 08:15:00 AM", ""], MONTH_FIRST),
    ],
)
def test_text_of_one_format_is_dates(values, remark):
    column, told = plain(pd.Series(values, name="x"))
    assert (str(column.dtype), column.isna().tolist(), told) == ("datetime64[us]", [False, False, True], remark)
    assert column[0].month == 1


def test_years_that_no_calendar_has_are_refused():
    with pytest.raises(UserError, match=r"Column 'x' holds dates that no calendar has .*559444"):
        plain(pd.Series(np.array([2**44], "datetime64[s]"), name="x"))
    with pytest.raises(UserError, match=r"Column 'x' holds dates that no calendar has"):
        plain(pd.Series([np.datetime64(2**40, "Y")], name="x", dtype=object))


@pytest.mark.parametrize("dtype", [None, object, pd.ArrowDtype(pa.duration("ms"))])
def test_durations_are_seconds(dtype):
    assert cells([pd.Timedelta(minutes=1), None], dtype) == ("float64", [60.0, None])


@pytest.mark.parametrize("values", [[dt.time(12, 30), None], [b"12:30:00", None]])
def test_times_of_day_are_hours(values):
    assert cells(values, object) == ("float64", [12.5, None])


def test_bytes_are_text():
    assert cells([b"noon", None], object)[1] == ["noon", None]


def test_intervals_are_text():
    assert cells(pd.Series(pd.arrays.IntervalArray.from_tuples([(0, 1), None])))[1] == ["(0.0, 1.0]", None]


def test_decimals_and_mixed_numbers_are_numbers():
    assert cells([Decimal("1.5"), None], object) == ("float64", [1.5, None])
    assert cells([True, 2, 2.5, np.float32(3)], object) == ("float64", [1.0, 2.0, 2.5, 3.0])


def test_nothing_at_all_is_a_missing_number():
    assert cells([None, None], object) == ("float64", [None, None])
    assert cells([pd.NA, np.nan], object) == ("float64", [None, None])


def test_numbers_and_words_mixed_are_text_and_told():
    values, remark = plain(pd.Series([1, "a", 2.5, None], name="x", dtype=object))
    assert values.dropna().tolist() == ["1", "a", "2.5"]
    assert remark == MIXED


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (["1", "2.5", None, "-3e2"], [1.0, 2.5, None, -300.0]),
        (["1,5", "2", "0,25"], [1.5, 2.0, 0.25]),
        (["1,500", "12,000", "7"], [1500.0, 12000.0, 7.0]),
        (["1,234,567.5", "8"], [1234567.5, 8.0]),
        (["1", "?", "NA", "n/a"], [1.0, None, None, None]),
    ],
)
def test_numbers_written_as_text_are_numbers(text, values):
    result, remark = plain(pd.Series(text, name="x"))
    assert [None if pd.isna(cell) else cell for cell in result] == values
    assert remark == NUMBERS


@pytest.mark.parametrize("text", [["1", "x"], ["1.234,5", "2"], ["?", "NA"], ["1"] * 60 + ["x"], ["1,2,3", "4"]])
def test_other_text_is_not(text):
    assert numbers_in(pd.Series(text)) is None


def test_whole_numbers_beyond_double_precision_stay_exact_and_are_told():
    values, remark = plain(pd.Series([2**53 + 1, 1]))
    assert values.tolist() == [2**53 + 1, 1]
    assert remark == HUGE
    assert plain(pd.Series([2**64 - 1, 1], dtype="uint64"))[0].dtype == "float64"
    assert plain(pd.Series([2**70, 1], dtype=object))[0].tolist() == [2.0**70, 1.0]


def test_whole_numbers_beyond_any_float_are_infinite():
    assert too_large(plain(pd.Series([10**400, 1], dtype=object))[0]) == 1


@pytest.mark.parametrize("cell", [[1, 2], {"a": 1}, (1, 2), {1}, np.array([1, 2])])
def test_cells_of_many_values_are_refused_by_row(cell):
    with pytest.raises(
        UserError, match=rf"Column 'x' holds a nested value \({type(cell).__name__}\) in row 2, but a cell must be one"
    ):
        plain(pd.Series([None, cell, "a"], name="x", index=[5, 6, 7]))


@pytest.mark.parametrize(
    "kind", [pa.list_(pa.int64()), pa.struct([("a", pa.int64())]), pa.map_(pa.string(), pa.int64())]
)
def test_nested_arrow_cells_are_refused(kind):
    cell = [1] if pa.types.is_list(kind) else {"a": 1} if pa.types.is_struct(kind) else [("a", 1)]
    with pytest.raises(UserError, match=r"Column 'x' holds a nested value \(\w+\) in row 1"):
        plain(pd.Series([cell], dtype=pd.ArrowDtype(kind), name="x"))


@pytest.mark.parametrize("dtype", ["complex128", object])
def test_complex_numbers_are_refused(dtype):
    with pytest.raises(UserError, match=r"Column 'x' holds complex numbers"):
        plain(pd.Series([1 + 2j, 3j], name="x", dtype=dtype))


def test_half_a_character_does_no_harm():
    assert cells(["a\ud800", "b"], object)[1] == ["a?", "b"]


def test_infinite_numbers_are_counted():
    column = pd.Series([1.0, np.inf, -np.inf, 1e39, np.nan], name="x")
    assert too_large(column) == 3
    with pytest.raises(UserError, match=r"Weight column 'x' is infinite or beyond ±3\.4e38 in 3 rows"):
        check_finite(column, "weight")
