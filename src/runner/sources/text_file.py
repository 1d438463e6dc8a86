"""CSV and other delimited text, compressed or not: its separator, its header, and all that can be wrong with them."""

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import IO, Any, cast

import pandas as pd

from runner.errors import UserError, first_line
from runner.sources.blanks import delimited, is_aligned
from runner.sources.dialect import Dialect
from runner.sources.header import (
    LOOKED_AT,
    check_names,
    check_top,
    check_width,
    find_separator,
    rows_of,
    with_the_lacking,
    without_nameless,
)
from runner.sources.opening import LONGEST_BLOCK, encoding_of, head, opened, opened_as_text, wrong_encoding
from runner.sources.units import lines_of_units, told_of_units
from runner.words import counted

SPELT = {"\\t": "\t", "tab": "\t"}  # how a tab is written in a shell
DECLARED = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)  # a first line that tells Excel the separator


@dataclass(frozen=True)
class _Format:
    """How a file is written.

    Attributes
    ----------
    skipped : int
        Lines above the header, or above the rows if the names are given.
    aligned : bool
        Whether any number of blanks divides the columns; the separator is then what they are replaced by.
    names : list of str, optional
        Of the columns, if the header lacks one.
    """

    separator: str
    encoding: str
    skipped: int
    aligned: bool
    names: list[str] | None = None


def read_text_table(path: Path, dialect: Dialect) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Read a text table whose first line names its columns.

    Returns
    -------
    DataFrame, tuple of str
        The table, and what was left out of it, one sentence each.

    Raises
    ------
    UserError
        If it is empty, of another encoding or separator, or has ragged rows or unnamed columns.
    """
    encoding = encoding_of(path, dialect)
    lines = head(path, encoding)
    declared = DECLARED.fullmatch(lines[0]) if len(lines) > 1 else None
    lines = lines[1:] if declared else lines
    given = SPELT.get(dialect.separator or "", dialect.separator) or (declared[1] if declared else None)
    if given is not None and len(given) != 1:
        raise UserError(f"dataset.separator={dialect.separator!r} is not one character: give one, such as ';'.")
    found = given or find_separator(lines)
    may_be_aligned = found == " " if given else len(next(rows_of(lines, found))) == 1
    if aligned := may_be_aligned and is_aligned(lines[:LOOKED_AT]):
        found, lines = "\t", [*map(delimited, lines)]
    header = [name.strip() for name in next(rows_of(lines, found))]
    if given is None:
        check_top(path, header, lines, found)
    check_width(path, header, given, lines)
    check_names(path, header)
    how = _Format(found, encoding, int(bool(declared)), aligned)
    names = with_the_lacking(header, lines, found, aligned=aligned)
    rows = [*islice(rows_of(lines, found), 1, LOOKED_AT)]
    units = lines_of_units(rows)
    if names or units:
        header = names or header
        how = replace(how, skipped=_lines_above_rows(path, how, 1 + units), names=header)
    frame, notes = without_nameless(_parse(path, how, header, dialect.words), repr(str(path)))
    return frame, (*notes, told_of_units(rows, units)) if units else notes


def _lines_above_rows(path: Path, how: _Format, count: int) -> int:
    """Return the number of the last of the first `count` lines that are not blank; cells may hold line breaks."""
    with _lines(path, how) as lines:
        reader = csv.reader(lines, delimiter=how.separator)
        filled = (row for row in islice(reader, how.skipped, None) if any(map(str.strip, row)))
        for _ in islice(filled, count):
            pass
        return reader.line_num


@contextmanager
def _lines(path: Path, how: _Format) -> Iterator[Iterable[str]]:
    """Open a file as lines whose cells are divided by the separator."""
    with opened_as_text(path, how.encoding) as file:
        yield map(delimited, file) if how.aligned else file


@contextmanager
def _delimited(path: Path, how: _Format) -> Iterator[tuple[IO[bytes], str]]:
    """Open a file whose cells are divided by the separator, and return it with its encoding."""
    if how.aligned:
        with _lines(path, how) as lines:
            yield io.BytesIO("".join(lines).encode()), "utf-8"
    else:
        with opened(path) as file:
            yield file, how.encoding


def _parse(path: Path, how: _Format, header: list[str], words: Collection[str]) -> pd.DataFrame:
    """Read all rows; columns named in `words`, and integers that pandas would round, are left as text."""
    import pyarrow as pa

    try:
        table = _read(path, how, ())
        guessed = zip(table.schema, header, table.columns, strict=True)
        others = [
            field.name
            for field, name, cells in guessed
            if (name in words and not pa.types.is_string(field.type)) or _would_be_rounded(cells)
        ]
        table = _read(path, how, others) if others else table
    except pa.ArrowException as error:
        raise _broken(path, how, len(header), error) from error
    except UnicodeError as error:
        raise wrong_encoding(path, how.encoding) from error
    if any(pa.types.is_binary(kind) for kind in table.schema.types):  # text that Arrow could not decode
        raise wrong_encoding(path, how.encoding)
    return cast(pd.DataFrame, table.to_pandas(date_as_object=False).set_axis(header, axis=1))


def _would_be_rounded(cells: Any) -> bool:
    """Whether pandas, which turns integers with gaps into floats, would make different integers equal."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pa.types.is_integer(cells.type) or not 0 < cells.null_count < len(cells):
        return False
    return any(abs(bound) > 2**53 for bound in pc.min_max(cells).as_py().values())


def _read(path: Path, how: _Format, words: Iterable[str]) -> Any:
    import pyarrow as pa
    import pyarrow.csv as arrow_csv

    convert = arrow_csv.ConvertOptions(strings_can_be_null=True, column_types=dict.fromkeys(words, pa.string()))
    convert.null_values = [*convert.null_values, "<NA>", "?"]
    with _delimited(path, how) as (file, encoding):
        return arrow_csv.read_csv(
            file,
            arrow_csv.ReadOptions(
                encoding=encoding, block_size=LONGEST_BLOCK, skip_rows=how.skipped, column_names=how.names
            ),
            arrow_csv.ParseOptions(delimiter=how.separator, newlines_in_values=True),
            convert,
        )


def _broken(path: Path, how: _Format, width: int, error: Exception) -> UserError:
    """Find the line that Arrow failed on: it reads in parallel, and cannot name the line itself."""
    than = "the lines above" if how.names else "the header"
    with _lines(path, how) as lines:
        reader = csv.reader(lines, delimiter=how.separator)
        try:
            for row in islice(reader, how.skipped, None):
                if row and len(row) != width:
                    return UserError(
                        f"Line {reader.line_num} of {str(path)!r} has {counted(len(row), 'field')} and {than} {width}: "
                        "correct it, or put quotes around the field that holds a separator or a line break."
                    )
        except csv.Error:
            pass  # then the error is told in Arrow's own words
    return UserError(f"{str(path)!r} cannot be read as a text table: {first_line(error)}.")
