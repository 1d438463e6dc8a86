"""A file on disk, read into a pandas frame."""

import re
from pathlib import Path

import pandas as pd

from runner.errors import UserError, nearest
from runner.textfile import COMPRESSED, DAMAGED, first_line, read_text_table

TEXT_ENDINGS = (".csv", ".tsv", ".txt", ".tab")
PARQUET_ENDINGS = (".parquet", ".pq")
KNOWN = "CSV, TSV and TXT (also .gz, .bz2, .xz, .zip) and Parquet"

Notes = tuple[str, ...]


def read_frame(path: str | Path, separator: str | None = None, encoding: str = "utf-8") -> pd.DataFrame:
    """Read a table from disk.

    Parameters
    ----------
    path : str or Path
        CSV, TSV or TXT, also compressed (.gz, .bz2, .xz, .zip), a Parquet file, or a folder of them.
    separator : str or None
        One character, of a text table; found out when not given.
    encoding : str
        Of a text table.

    Raises
    ------
    UserError
        When there is no such file, or it is no table whose columns have a name each.
    """
    return read_with_notes(path, separator, encoding)[0]


def read_with_notes(path: str | Path, separator: str | None, encoding: str) -> tuple[pd.DataFrame, Notes]:
    """Read a table as `read_frame` does, and say in a sentence each what was left out."""
    path = _existing(path)
    notes: Notes = ()
    try:
        if path.is_dir() or path.suffix.lower() in PARQUET_ENDINGS:
            frame = _read_parquet(path)
        else:
            frame, notes = read_text_table(path, separator, encoding)
    except DAMAGED as error:
        raise UserError(f"{str(path)!r} is damaged ({first_line(error)}): export it again.") from error
    except OSError as error:
        raise UserError(f"{str(path)!r} cannot be read: {error.strerror or first_line(error)}.") from error
    if frame.empty:
        raise UserError(f"{str(path)!r} has a header but no rows: export it again, with rows.")
    return frame, notes


def index_as_columns(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with the named levels of its index as columns, as every tool but pandas has them."""
    levels = [name for name in frame.index.names if name is not None and name not in frame.columns]
    return (frame.reset_index(level=levels) if levels else frame).reset_index(drop=True)


def _existing(path: str | Path) -> Path:
    """Return the path of something that is there and has a known ending."""
    if re.match(r"[a-z0-9+]+://", str(path)):
        raise UserError(f"{str(path)!r} is an address, and only files on disk are read: download it first.")
    path = Path(path).expanduser()
    if not path.exists():
        raise UserError(f"There is no file {str(path)!r}: {_near(path)}")
    if path.is_file() and not _is_table(path):
        raise UserError(f"{str(path)!r} is of an unknown kind: {KNOWN} are read, export it as one of them.")
    return path


def _is_table(path: Path) -> bool:
    ending = path.suffix.lower()
    if ending in COMPRESSED:
        return Path(path.stem).suffix.lower() in ("", *TEXT_ENDINGS)
    return ending in TEXT_ENDINGS + PARQUET_ENDINGS


def _near(path: Path) -> str:
    if not path.parent.is_dir():
        return f"there is no folder {str(path.parent)!r} either."
    tables = [entry.name for entry in path.parent.iterdir() if entry.is_dir() or _is_table(entry)]
    return nearest(path.name, tables) if tables else f"there is no table in {str(path.parent)!r} either."


def _read_parquet(path: Path) -> pd.DataFrame:
    import pyarrow as pa
    import pyarrow.parquet as pq

    files = [path]
    if path.is_dir():
        files = sorted(f for f in path.rglob("*") if f.is_file() and f.suffix.lower() in PARQUET_ENDINGS)
    if not files:
        raise UserError(f"The folder {str(path)!r} holds no Parquet file: give the path of a table.")
    try:
        frame = pq.read_table(files).to_pandas(date_as_object=False)
    except (pa.ArrowException, ValueError) as error:
        raise UserError(f"{str(path)!r} cannot be read as Parquet: {first_line(error)}.") from error
    return index_as_columns(frame)
