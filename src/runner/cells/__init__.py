"""The cells of a column in plain form: one of the few types that every preparation accepts.

These are numbers as float64, float32 or int64 (a boolean is 0 or 1, a duration is seconds), naive UTC datetimes in
microseconds, and text; missing values are NaN or NaT.
"""

import numbers
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, TypeAlias, cast

import numpy as np
import pandas as pd

from runner.cells.dates import dates_in, formats_of
from runner.cells.numerals import numbers_in
from runner.errors import UserError
from runner.sources.gaps import MISSING
from runner.words import counted, quoted

Column: TypeAlias = "pd.Series[Any]"
Plain: TypeAlias = "tuple[Column, str | None]"

TEXT = pd.StringDtype(na_value=np.nan)
PLAIN = ("float64", "float32", "int64", "datetime64[us]")  # NumPy types whose cells are in plain form already
LARGEST = float(np.finfo(np.float32).max)  # trees and skrub compute in single precision

MIXED = "numbers and text mixed, taken as text"
NUMBERS = "numbers written as text, taken as numbers"
DATES = "dates written as text, taken as dates"
MONTH_FIRST = "dates written as text, read month first (write them as 2026-01-31 to be sure)"
DURATIONS = "durations, taken as seconds"
HUGE = "whole numbers beyond 2^53, told apart only roughly by models (drop them if they are identifiers)"


def plain(column: Column) -> Plain:
    """Return the cells in plain form, and a remark about the change if a person should know of it.

    Raises
    ------
    UserError
        If no model accepts such cells: lists, dicts, complex numbers.
    """
    column = _unwrapped(column)
    if isinstance(column.dtype, pd.CategoricalDtype):
        return _strings(_levels(column))
    return _BY_KIND[column.dtype.kind](column)


def words(column: Column) -> Column:
    """Return the cells as text, whatever they look like: in a column of codes, new rows may hold only numerals.

    Raises
    ------
    UserError
        If a cell is not a single value.
    """
    column = _unwrapped(column)
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = _levels(column)
    if pd.api.types.infer_dtype(column, skipna=True) != "string":
        _refuse_nested(column)
        column = column.astype(object).map(written, na_action="ignore")
    return _text(column)


def written(cell: Any) -> str:
    """Return a cell as text; a whole number is written without the ".0" that gaps in a column, or spreadsheets, add."""
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "replace")
    whole = isinstance(cell, float | np.floating) and float(cell).is_integer()
    return str(int(cell)) if whole else str(cell)


def with_columns(table: pd.DataFrame, columns: Mapping[str, Column]) -> pd.DataFrame:
    """Return the table with columns added or replaced; pandas' `assign` takes none that is called `self`."""
    table = table.copy(deep=False)
    for name, column in columns.items():
        table[name] = column
    return table


def too_large(column: Column) -> int:
    """Return how many numbers of a plain column are infinite, or become infinite in single precision."""
    return int((np.abs(column.to_numpy()) > LARGEST).sum()) if column.dtype.kind == "f" else 0


def check_finite(column: Column, role: str) -> None:
    """Refuse a plain column that holds infinite numbers.

    Raises
    ------
    UserError
        With the number of them.
    """
    if count := too_large(column):
        raise UserError(
            f"{role.capitalize()} column {column.name!r} is infinite or beyond ±3.4e38 in "
            f"{counted(count, 'row')}: replace those values, or leave them empty."
        )


def _unwrapped(column: Column) -> Column:
    """Turn pandas' extension types into NumPy types, objects, text or categories."""
    cells: Any = column
    if isinstance(cells.dtype, pd.ArrowDtype):
        values = cells.array.__arrow_array__().to_pandas(date_as_object=False).array
        cells = pd.Series(values, index=column.index, name=column.name)
    if isinstance(cells.dtype, pd.SparseDtype):
        cells = cells.sparse.to_dense()
    elif isinstance(cells.dtype, pd.PeriodDtype):
        cells = cells.dt.to_timestamp()
    elif isinstance(cells.dtype, pd.DatetimeTZDtype):
        cells = cells.dt.tz_convert("UTC").dt.tz_localize(None)
    elif not isinstance(cells.dtype, np.dtype) and cells.dtype.kind in "biuf":  # nullable numbers and booleans
        cells = cells.astype(np.float64 if cells.isna().any() else cells.dtype.numpy_dtype)
    return cast(Column, cells)


def _levels(column: Column) -> Column:
    """Return the category of each cell as text."""
    names = np.array([*map(written, column.cat.categories), None], dtype=object)  # a missing one has code -1
    return pd.Series(names[column.cat.codes], index=column.index, name=column.name, dtype=object)


def _whole(column: Column) -> Plain:
    if column.empty or max(abs(int(column.min())), abs(int(column.max()))) <= 2**53:
        return column.astype(np.int64), None
    return column.astype(np.int64 if int(column.max()) < 2**63 else np.float64), HUGE


def _real(column: Column) -> Plain:
    size = cast(Any, column.dtype).itemsize
    return column.astype(np.float32 if size <= 4 else np.float64), None


def _date(column: Column) -> Plain:
    try:
        return pd.to_datetime(column, utc=True).dt.tz_localize(None).dt.as_unit("us"), None
    except (ValueError, OverflowError) as error:
        raise UserError(
            f"Column {quoted([column.name])} holds dates that no calendar has ({error}): correct them, or name it in "
            "dataset.drop."
        ) from error


def _duration(column: Column) -> Plain:
    return column.dt.total_seconds(), DURATIONS


def _complex(column: Column) -> Plain:
    raise UserError(
        f"Column {quoted([column.name])} holds complex numbers, which no model takes: give their parts in two "
        "columns, or name it in dataset.drop."
    )


def _object(column: Column) -> Plain:
    """Decide by the cells themselves."""
    kind = pd.api.types.infer_dtype(column, skipna=True)
    if kind == "string":
        return _strings(column)
    return _BY_CONTENT.get(kind, _mixed)(column.astype(object).mask(column.isna(), np.nan))


def _strings(column: Column) -> Plain:
    text = _text(column)
    values = numbers_in(text)
    if values is not None:
        return values, NUMBERS
    known = text.mask(text.isin(MISSING))
    dates = [dates_in(known, way) for way in formats_of(known)]
    if not dates:
        return text, None
    return dates[0], DATES if dates[0].equals(dates[-1]) else MONTH_FIRST


def _numbers(column: Column) -> Plain:
    try:
        values = column.astype(np.float64)
    except OverflowError:  # a whole number of more than 308 digits
        values = column.map(lambda cell: float(str(cell))).astype(np.float64)
    kind = pd.api.types.infer_dtype(column, skipna=False)
    if kind in ("integer", "boolean") and values.abs().max() < 2**63:
        return _whole(column.astype(np.int64))
    return values, None


def _durations(column: Column) -> Plain:
    return column.map(_seconds, na_action="ignore").astype(np.float64), DURATIONS


def _seconds(cell: Any) -> float:  # pandas counts in nanoseconds, of which 300 years are too many
    return float(cell.total_seconds() if isinstance(cell, timedelta) else cell / np.timedelta64(1, "s"))


def _spelled(column: Column) -> Plain:
    return _strings(column.map(written, na_action="ignore"))


def _words(column: Column) -> Plain:
    return _text(column.map(str, na_action="ignore")), None


def _mixed(column: Column) -> Plain:
    _refuse_nested(column)
    if all(isinstance(cell, numbers.Real | np.bool_) for cell in column.dropna()):
        return _numbers(column)
    values, remark = _spelled(column)
    return values, remark or MIXED


def _refuse_nested(column: Column) -> None:
    known = column[column.notna()]
    for row, cell in zip(np.flatnonzero(column.notna()), known, strict=True):
        if isinstance(cell, list | dict | set | frozenset | tuple | np.ndarray | pd.Series):
            raise UserError(
                f"Column {quoted([column.name])} holds a nested value ({type(cell).__name__}) in row {row + 1}, but a "
                "cell must be one value: spread it over columns, or name it in dataset.drop."
            )


def _text(column: Column) -> Column:
    """Return text without surrounding blanks; missing where nothing is left."""
    try:
        text = column.astype(TEXT)
    except UnicodeEncodeError:  # half of a surrogate pair, as in broken JSON
        text = column.map(lambda cell: cell.encode("utf-8", "replace").decode(), na_action="ignore")
        text = text.astype(TEXT)
    text = text.str.strip()
    blank = text == ""
    return text.mask(blank) if blank.any() else text


_BY_KIND: dict[str, Callable[[Column], Plain]] = {
    "b": _whole,
    "i": _whole,
    "u": _whole,
    "f": _real,
    "c": _complex,
    "M": _date,
    "m": _duration,
    "O": _object,
}
_BY_CONTENT: dict[str, Callable[[Column], Plain]] = {  # keys are those of pandas.api.types.infer_dtype
    "empty": _numbers,
    "boolean": _numbers,
    "integer": _numbers,
    "floating": _numbers,
    "mixed-integer-float": _numbers,
    "decimal": _numbers,
    "complex": _complex,
    "datetime": _date,
    "datetime64": _date,
    "date": _date,
    "timedelta": _durations,
    "timedelta64": _durations,
    "bytes": _spelled,
    "time": _spelled,
    "period": _words,
    "interval": _words,
}
