"""CSV and other delimited text, compressed or not: its separator, its header, and all that can be wrong with them."""

import bz2
import codecs
import csv
import gzip
import io
import lzma
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any, cast

import pandas as pd

from runner.errors import UserError, first_line
from runner.sources.dialect import Dialect
from runner.words import counted, quoted

SEPARATORS = ",;\t|"
SPELT = {"\\t": "\t", "tab": "\t"}  # how a tab is written in a shell
DECLARED = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)  # a first line that tells Excel the separator
HEAD = 65_536  # characters that are read to find the separator and the header
LONGEST_BLOCK = 8 << 20  # bytes; no cell may be longer
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
MARKS = {  # the first bytes of a file that give its encoding; those of UTF-32 begin as those of UTF-16 do
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
DAMAGED = (EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, gzip.BadGzipFile)


@dataclass(frozen=True)
class _Format:
    """How a file is written: its separator, its encoding, and the number of lines above the header."""

    separator: str
    encoding: str
    skipped: int


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
    encoding = _encoding(path, dialect)
    lines = _head(path, encoding)
    declared = DECLARED.fullmatch(lines[0]) if len(lines) > 1 else None
    lines = lines[1:] if declared else lines
    given = SPELT.get(dialect.separator or "", dialect.separator) or (declared[1] if declared else None)
    if given is not None and len(given) != 1:
        raise UserError(f"dataset.separator={dialect.separator!r} is not one character: give one, such as ';'.")
    found = given or _find_separator(lines)
    header = [name.strip() for name in next(_rows(lines, found))]
    if given is None:
        _check_top(path, header, lines)
    _check_width(path, header, given, lines)
    _check_names(path, header)
    frame = _parse(path, _Format(found, encoding, int(bool(declared))), header, dialect.words)
    return _without_nameless(path, frame)


def _encoding(path: Path, dialect: Dialect) -> str:
    """Return the encoding that a byte order mark gives, whatever was said of the file; else the given one."""
    with _opened(path) as file:
        first = file.read(4)
    return next((encoding for mark, encoding in MARKS.items() if first.startswith(mark)), dialect.encoding)


def _head(path: Path, encoding: str) -> list[str]:
    """Return the first complete lines that are not blank."""
    try:
        with _opened_as_text(path, encoding) as file:
            text = file.read(HEAD)
    except LookupError as error:
        known = "give utf-8, cp1252, utf-16 or another that Python knows"
        raise UserError(f"dataset.encoding={encoding!r} is not an encoding: {known}.") from error
    except UnicodeError as error:
        raise _wrong_encoding(path, encoding) from error
    if not text.strip():
        raise UserError(f"{str(path)!r} is empty: give a table with a line of names and rows below it.")
    if "\0" in text:
        raise UserError(f"{str(path)!r} is not text: export it as CSV, or try dataset.encoding=utf-16.")
    lines = [line for line in io.StringIO(text, newline="") if line.strip()]
    return lines if len(text) < HEAD or len(lines) == 1 else lines[:-1]


def _find_separator(lines: list[str]) -> str:
    """Return the separator under which most rows are as wide as the header; of equals, the one with most columns."""

    def merit(separator: str) -> tuple[bool, float, int]:
        widths = [len(row) for row in islice(_rows(lines, separator), 200)]
        agreement = sum(width == widths[0] for width in widths) / len(widths)
        return widths[0] > 1, round(agreement, 1), widths[0]

    return max(SEPARATORS, key=merit)


def _rows(lines: Iterable[str], separator: str) -> Iterator[list[str]]:
    return (row for row in csv.reader(lines, delimiter=separator, skipinitialspace=True) if row)


def _check_width(path: Path, header: list[str], given: str | None, lines: list[str]) -> None:
    """Refuse a single column that another separator would divide."""
    others = [mark for mark in SEPARATORS + " :" if mark != given and all(mark in line.strip() for line in lines[:2])]
    if len(header) == 1 and others:
        raise UserError(
            f"Only one column, {quoted(header)}, was found in {str(path)!r}: its separator is probably "
            f"another one, give it as dataset.separator={others[0]!r}."
        )


def _check_top(path: Path, header: list[str], lines: list[str]) -> None:
    """Refuse a title or a remark above the header."""
    for separator in SEPARATORS if len(header) == 1 else "":
        width, _ = Counter(map(len, _rows(lines, separator))).most_common(1)[0]
        if width > 1:
            raise UserError(
                f"The first line of {str(path)!r} is {quoted(header)}, and most lines hold {width} fields: delete what "
                "stands above the line that names the columns."
            )


def _check_names(path: Path, header: list[str]) -> None:
    doubles = [name for name, count in Counter(header).items() if name and count > 1]
    if doubles:
        is_row = NUMBER.fullmatch(doubles[0])
        way_out = "put a line of names above it, as its first line seems to be a row" if is_row else "rename one"
        raise UserError(f"{str(path)!r} has two columns named {quoted(doubles[:1])}: {way_out}.")
    by_place = [[str(i) for i in range(start, start + len(header))] for start in (0, 1)]
    if all(NUMBER.fullmatch(name) for name in header) and header not in by_place:
        raise UserError(
            f"The first line of {str(path)!r} holds only numbers ({quoted(header[:3])}, ..): put a line "
            "above it that names the columns."
        )


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
        raise _wrong_encoding(path, how.encoding) from error
    if any(pa.types.is_binary(kind) for kind in table.schema.types):  # text that Arrow could not decode
        raise _wrong_encoding(path, how.encoding)
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
    with _opened(path) as file:
        return arrow_csv.read_csv(
            file,
            arrow_csv.ReadOptions(encoding=how.encoding, block_size=LONGEST_BLOCK, skip_rows=how.skipped),
            arrow_csv.ParseOptions(delimiter=how.separator, newlines_in_values=True),
            convert,
        )


def _broken(path: Path, how: _Format, width: int, error: Exception) -> UserError:
    """Find the line that Arrow failed on: it reads in parallel, and cannot name the line itself."""
    with _opened_as_text(path, how.encoding) as file:
        reader = csv.reader(file, delimiter=how.separator)
        try:
            for row in islice(reader, how.skipped, None):
                if row and len(row) != width:
                    return UserError(
                        f"Line {reader.line_num} of {str(path)!r} has {counted(len(row), 'field')} and the header "
                        f"{width}: correct it, or put quotes around the field that holds a separator or a line break."
                    )
        except csv.Error:
            pass  # then the error is told in Arrow's own words
    return UserError(f"{str(path)!r} cannot be read as a text table: {first_line(error)}.")


def _without_nameless(path: Path, frame: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Leave out columns without a name that hold nothing: the index that pandas and R write, and empty ones."""
    notes, kept = [], []
    for i, name in enumerate(frame.columns):
        column = frame.iloc[:, i]
        if name:
            kept.append(i)
        elif i == 0 and column.dtype.kind == "i" and column.is_unique:
            notes.append("Left out the nameless first column, which only numbers the rows.")
        elif column.isna().all():
            notes.append(f"Left out column {i + 1}, which has no name and is empty.")
        else:
            raise UserError(f"Column {i + 1} of {str(path)!r} has no name: give it one in the first line.")
    return frame.iloc[:, kept], tuple(notes)


def _open_zip(path: Path) -> IO[bytes]:
    archive = zipfile.ZipFile(path)
    names = [name for name in archive.namelist() if not name.endswith("/") and "__MACOSX" not in name]
    if len(names) != 1:
        raise UserError(f"{str(path)!r} holds {len(names)} files, and one table is wanted: unpack it first.")
    return archive.open(names[0])


COMPRESSED: dict[str, Callable[..., Any]] = {
    ".gz": gzip.open,
    ".bz2": bz2.open,
    ".xz": lzma.open,
    ".zip": _open_zip,
}


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    opener = COMPRESSED.get(path.suffix.lower())
    with opener(path) if opener else path.open("rb") as file:
        yield file


@contextmanager
def _opened_as_text(path: Path, encoding: str) -> Iterator[IO[str]]:
    if codecs.lookup(encoding).name == "utf-8":
        encoding = "utf-8-sig"  # Excel begins its files with a byte order mark, which is not part of the first name
    with _opened(path) as raw, io.TextIOWrapper(raw, encoding, newline="") as text:
        yield text


def _wrong_encoding(path: Path, encoding: str) -> UserError:
    other = "cp1252" if codecs.lookup(encoding).name in ("utf-8", "ascii") else "utf-8"
    return UserError(f"{str(path)!r} is not text in {encoding}: try dataset.encoding={other}.")
