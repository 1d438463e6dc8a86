"""The text of a file, compressed or not, in its encoding; one sentence says what is wrong with it."""

import bz2
import codecs
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from runner.errors import UserError
from runner.sources.dialect import Dialect

HEAD = 65_536  # characters that are read to find the separator and the header, with the lines that these begin
LONGEST_BLOCK = 8 << 20  # bytes; no line of names, and no cell, may be longer
MARKS = {  # the first bytes of a file that give its encoding; those of UTF-32 begin as those of UTF-16 do
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
DAMAGED = (EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, gzip.BadGzipFile)


def encoding_of(path: Path, dialect: Dialect) -> str:
    """Return the encoding that a byte order mark gives, whatever was said of the file; else the given one."""
    with opened(path) as file:
        first = file.read(4)
    return next((encoding for mark, encoding in MARKS.items() if first.startswith(mark)), dialect.encoding)


def head(path: Path, encoding: str) -> list[str]:
    """Return the first complete lines that are not blank.

    Raises
    ------
    UserError
        If there are none, or they are not text in this encoding.
    """
    try:
        with opened_as_text(path, encoding) as file:
            lines = (file.readline(LONGEST_BLOCK) for _ in range(2))  # what a long line of names begins, and a row
            text = "".join([file.read(HEAD), *lines])
    except LookupError as error:
        known = "give utf-8, cp1252, utf-16 or another that Python knows"
        raise UserError(f"dataset.encoding={encoding!r} is not an encoding: {known}.") from error
    except UnicodeError as error:
        raise wrong_encoding(path, encoding) from error
    if not text.strip():
        raise UserError(f"{str(path)!r} is empty: give a table with a line of names and rows below it.")
    if "\0" in text:
        raise UserError(f"{str(path)!r} is not text: export it as CSV, or try dataset.encoding=utf-16.")
    return [line for line in io.StringIO(text, newline="") if line.strip()]


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
def opened(path: Path) -> Iterator[IO[bytes]]:
    """Open a file, and unpack it as it is read."""
    opener = COMPRESSED.get(path.suffix.lower())
    with opener(path) if opener else path.open("rb") as file:
        yield file


@contextmanager
def opened_as_text(path: Path, encoding: str) -> Iterator[IO[str]]:
    """Open a file, unpack it, and decode it as it is read; ends of lines stay as they are."""
    if codecs.lookup(encoding).name == "utf-8":
        encoding = "utf-8-sig"  # Excel begins its files with a byte order mark, which is not part of the first name
    with opened(path) as raw, io.TextIOWrapper(raw, encoding, newline="") as text:
        yield text


def is_utf8(path: Path) -> bool:
    """Whether a file is text in UTF-8; that of an encoding with two bytes a letter seems to be, but has null bytes."""
    try:
        with opened_as_text(path, "utf-8") as file:
            return not any("\0" in part for part in iter(lambda: file.read(LONGEST_BLOCK), ""))
    except (UnicodeError, OSError, *DAMAGED):
        return False


def wrong_encoding(path: Path, encoding: str) -> UserError:
    """Return the error of a file that is written in another encoding."""
    other = "cp1252" if codecs.lookup(encoding).name in ("utf-8", "ascii") else "utf-8"
    return UserError(f"{str(path)!r} is not text in {encoding}: try dataset.encoding={other}.")
