"""The header of a table: what divides its columns, and their names."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import pandas as pd

from runner.errors import UserError
from runner.sources.opening import LONGEST_BLOCK
from runner.words import quoted

csv.field_size_limit(LONGEST_BLOCK)  # by itself 131,072: less than a cell may have, or a line under a wrong separator
SEPARATORS = ",;\t|"
LOOKED_AT = 200  # lines, to find the separator and the names that the header lacks
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)


def find_separator(lines: list[str]) -> str:
    """Return the separator under which most rows are as wide as the header; of equals, the one with most columns."""

    def merit(separator: str) -> tuple[bool, float, int]:
        widths = [len(row) for row in islice(rows_of(lines, separator), LOOKED_AT)]
        agreement = sum(width == widths[0] for width in widths) / len(widths)
        return widths[0] > 1, round(agreement, 1), widths[0]

    return max(SEPARATORS, key=merit)


def rows_of(lines: Iterable[str], separator: str) -> Iterator[list[str]]:
    """Return the cells of each line that is not empty."""
    return (row for row in csv.reader(lines, delimiter=separator, skipinitialspace=True) if row)


def check_width(path: Path, header: list[str], given: str | None, lines: list[str]) -> None:
    """Refuse a single column that another separator would divide.

    Raises
    ------
    UserError
        Naming that separator.
    """
    others = [mark for mark in SEPARATORS + " :" if mark != given and all(mark in line.strip() for line in lines[:2])]
    if len(header) == 1 and others[:1] == [" "] and len({line.strip().count(" ") for line in lines}) > 1:
        raise UserError(
            f"Blanks seem to divide the columns of {str(path)!r}, but its lines do not hold equally many fields: "
            "export it with another separator, such as a comma."
        )
    if len(header) == 1 and others:
        raise UserError(
            f"Only one column, {quoted(header)}, was found in {str(path)!r}: its separator is probably "
            f"another one, give it as dataset.separator={others[0]!r}."
        )


def check_top(path: Path, header: list[str], lines: list[str], separator: str) -> None:
    """Refuse a title or a remark above the header, which spreadsheets fill up with empty fields.

    Raises
    ------
    UserError
        If most lines hold more than the first, which holds one field.
    """
    if not header[0] or any(header[1:]):  # a first column without a name is one of row numbers
        return
    for mark in SEPARATORS if len(header) == 1 else separator:
        width, _ = Counter(sum(bool(cell.strip()) for cell in row) for row in rows_of(lines, mark)).most_common(1)[0]
        if width > 1:
            raise UserError(
                f"The first line of {str(path)!r} is {quoted(header[:1])}, and most lines hold {width} fields: delete "
                "what stands above the line that names the columns."
            )


def check_names(path: Path, header: list[str]) -> None:
    """Refuse names that occur twice, and numbers that are no names.

    Raises
    ------
    UserError
        Naming them.
    """
    doubles = [name for name, count in Counter(header).items() if name and count > 1]
    if doubles:
        is_row = NUMBER.fullmatch(doubles[0])
        way_out = (
            "put a line of names above it, as its first line seems to be a row"
            if is_row
            else "give each a name of its own"
        )
        raise UserError(f"{str(path)!r} has several columns named {quoted(doubles)}: {way_out}.")
    by_place = [[str(i) for i in range(start, start + len(header))] for start in (0, 1)]
    if all(NUMBER.fullmatch(name) for name in header) and header not in by_place:
        raise UserError(
            f"The first line of {str(path)!r} holds only numbers ({quoted(header[:3])}, ..): put a line "
            "above it that names the columns."
        )


def with_the_lacking(header: list[str], lines: list[str], separator: str, *, aligned: bool) -> list[str] | None:
    """Return the names with an empty one for a column that the header lacks; None if it lacks none.

    R names the rows, but not the column of these names, and some programs end each row, but not the header, with a
    separator. Without quotes, a comma may divide decimals instead, and a blank the words of a cell.
    """
    rows = [*islice(rows_of(lines, separator), 1, LOOKED_AT)]
    if {len(row) for row in rows} != {len(header) + 1}:
        return None
    if not any(row[-1].strip() for row in rows):
        return [*header, ""]
    are_numbers = all(NUMBER.fullmatch(row[0]) for row in rows)
    is_unclear = are_numbers if separator == "," else aligned and not are_numbers
    return None if is_unclear and not all(line.startswith('"') for line in lines[1:]) else ["", *header]


def without_nameless(frame: pd.DataFrame, where: str) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Leave out columns without a name that hold nothing: the index that pandas and R write, and empty ones.

    Parameters
    ----------
    where : str
        The file or sheet, for people.

    Returns
    -------
    DataFrame, tuple of str
        The others, and what was left out, one sentence each.

    Raises
    ------
    UserError
        If another column has no name.
    """
    notes, kept = [], []
    for place, name in enumerate(frame.columns):
        column = frame.iloc[:, place]
        if name:
            kept.append(place)
        elif place == 0 and column.dtype.kind == "i" and column.is_unique:
            notes.append("Left out the nameless first column, which only numbers the rows.")
        elif place == 0 and column.dtype.kind == "O" and column.is_unique:
            notes.append("Left out the nameless first column, which only names the rows.")
        elif column.isna().all():
            notes.append(f"Left out column {place + 1}, which has no name and is empty.")
        else:
            raise UserError(f"Column {place + 1} of {where} has no name: give it one in the first line.")
    return frame.iloc[:, kept], tuple(notes)
