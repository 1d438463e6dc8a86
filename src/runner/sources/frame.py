"""A table from a file, a workbook, a database or OpenML, read into a pandas frame."""

import re
from pathlib import Path

import pandas as pd

from runner.errors import UserError, first_line, nearest
from runner.folders import from_home
from runner.sources import workbook
from runner.sources.database import is_database, read_query
from runner.sources.dialect import Dialect
from runner.sources.opening import COMPRESSED, DAMAGED
from runner.sources.openml import SCHEME, read_openml
from runner.sources.text_file import read_text_table
from runner.words import quoted

TEXT_ENDINGS = (".csv", ".tsv", ".txt", ".tab", ".dat", ".data")
PARQUET_ENDINGS = (".parquet", ".pq")
KNOWN = "CSV, TSV, TXT and DAT (also .gz, .bz2, .xz, .zip), Parquet and Excel (.xlsx)"

Notes = tuple[str, ...]


def read_frame(path: str | Path, dialect: Dialect) -> tuple[pd.DataFrame, Notes]:
    """Read a table.

    Parameters
    ----------
    path : str or Path
        CSV, TSV, TXT or DAT, also compressed (.gz, .bz2, .xz, .zip), a Parquet file, a folder or a pattern of them
        (``data/*.parquet``), an Excel file, the address of a database, or ``openml:NUMBER``.

    Returns
    -------
    DataFrame, tuple of str
        The table, and what was left out of it, one sentence each.

    Raises
    ------
    UserError
        If there is no such file, or it is not a table with a name for each column.
    """
    notes: Notes = ()
    if is_database(str(path)) or (dialect.query is not None and "://" in str(path)):
        frame = read_query(str(path), dialect.query)
    elif dialect.query is not None:
        raise UserError(f"dataset.query is for databases, and {str(path)!r} is not one: give sqlite:///FILE as path.")
    elif str(path).startswith(SCHEME):
        frame = read_openml(str(path))
    else:
        frame, notes = _read_file(path, dialect)
    if frame.empty:
        raise UserError(f"{str(path)!r} has a header but no rows: export it again, with rows.")
    return frame, notes


def _read_file(path: str | Path, dialect: Dialect) -> tuple[pd.DataFrame, Notes]:
    if files := _matching(path):
        return _read_parquet(str(path), files), ()
    path = _existing(path)
    notes: Notes = ()
    try:
        if path.is_dir() or path.suffix.lower() in PARQUET_ENDINGS:
            files, notes = _parquet_files(path)
            frame = _read_parquet(str(path), files)
        elif path.suffix.lower() in workbook.ENDINGS:
            frame, notes = workbook.read_sheet(path, dialect.sheet)
        else:
            frame, notes = read_text_table(path, dialect)
    except DAMAGED as error:
        raise UserError(f"{str(path)!r} is damaged ({first_line(error)}): export it again.") from error
    except OSError as error:
        raise UserError(f"{str(path)!r} cannot be read: {error.strerror or first_line(error)}.") from error
    return frame, notes


def _matching(path: str | Path) -> list[Path]:
    """Return the files that match a pattern such as `data/*.parquet`; an empty list if the path is not a pattern."""
    pattern = from_home(path)
    if "://" in str(path) or pattern.exists() or not re.search(r"[*?\[]", str(path)):
        return []
    anchor = Path(pattern.anchor)
    files = sorted(anchor.glob(str(pattern.relative_to(anchor))))
    if not files:
        raise UserError(f"No file is named like {str(path)!r}: correct the pattern, and put quotes around it.")
    if strangers := [file.name for file in files if file.suffix.lower() not in PARQUET_ENDINGS]:
        raise UserError(f"{str(path)!r} names {strangers[0]!r} too, which is not a Parquet file: give *.parquet.")
    return files


def index_as_columns(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with the named levels of its index as columns, since only pandas has an index."""
    levels = [name for name in frame.index.names if name is not None and name not in frame.columns]
    return (frame.reset_index(level=levels) if levels else frame).reset_index(drop=True)


def _existing(path: str | Path) -> Path:
    """Return the path if it exists and has a known extension."""
    if re.match(r"[a-z0-9+]+://", str(path)):
        raise UserError(f"{str(path)!r} is an address, and only files on disk are read: download it first.")
    path = from_home(path)
    if not path.exists():
        raise UserError(f"There is no file {str(path)!r}: {_near(path)}")
    if path.is_file() and not _is_table(path):
        raise UserError(f"{str(path)!r} is of an unknown kind: {KNOWN} are read, export it as one of them.")
    return path


def _is_table(path: Path) -> bool:
    if path.suffix.lower() in COMPRESSED:
        return ending(path) in ("", *TEXT_ENDINGS)
    return ending(path) in TEXT_ENDINGS + PARQUET_ENDINGS + workbook.ENDINGS


def ending(path: str | Path) -> str:
    """Return the extension of a file; of a compressed one, that of what it holds."""
    path = Path(path)
    return Path(path.stem if path.suffix.lower() in COMPRESSED else path.name).suffix.lower()


def _near(path: Path) -> str:
    folder = path.parent
    if not folder.is_dir():
        beside = [each.name for each in folder.parent.iterdir() if each.is_dir()] if folder.parent.is_dir() else []
        return f"there is no folder {str(folder)!r} either{f'; {nearest(folder.name, beside)}' if beside else '.'}"
    near = folder.iterdir()
    tables = [entry.name for entry in near if (any(entry.glob("*.parquet")) if entry.is_dir() else _is_table(entry))]
    return nearest(path.name, tables) if tables else f"there is no table in {str(folder)!r} either."


def _parquet_files(path: Path) -> tuple[list[Path], Notes]:
    if not path.is_dir():
        return [path], ()
    tables = [file for file in sorted(path.rglob("*")) if file.is_file() and _is_table(file)]
    files = [file for file in tables if file.suffix.lower() in PARQUET_ENDINGS]
    others = [file.name for file in tables if file not in files]
    if not files:
        way_out = f"give one table, or join {quoted(others)} into one" if others else "give the path of a table"
        raise UserError(f"The folder {str(path)!r} holds no Parquet file: {way_out}.")
    return files, (f"Read the Parquet files of the folder, and not {quoted(others)}.",) if others else ()


def _read_parquet(named: str, files: list[Path]) -> pd.DataFrame:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:  # a column may be missing or empty in one of the files, or hold whole numbers there
        tables = [pq.read_table([file]) for file in files]
        frame = pa.concat_tables(tables, promote_options="permissive").to_pandas(date_as_object=False)
    except (pa.ArrowException, ValueError) as error:
        raise UserError(f"{named!r} cannot be read as Parquet: {first_line(error)}.") from error
    return index_as_columns(frame)
