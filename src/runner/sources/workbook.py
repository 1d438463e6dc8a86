"""Reads a sheet of an Excel file; its first line that is not empty names the columns."""

from collections import Counter
from pathlib import Path

import pandas as pd

from runner.errors import UserError, first_line, nearest
from runner.sources.header import LOOKED_AT, without_nameless
from runner.sources.units import lines_of_units, told_of_units
from runner.words import quoted

ENDINGS = (".xlsx", ".xlsm")


def read_sheet(path: Path, sheet: str | None) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Read a sheet (the first one if none is named), and return what was left out.

    Raises
    ------
    UserError
        If it is not an Excel file, has no such sheet, or has columns without a name.
    """
    cells, name, notes = _cells(path, sheet)
    cells = cells.dropna(how="all").dropna(how="all", axis=1)
    if cells.empty:
        raise UserError(f"Sheet {name!r} of {str(path)!r} is empty: give another one as dataset.sheet.")
    header = [str(cell).strip() if pd.notna(cell) else "" for cell in cells.iloc[0]]
    doubles = [column for column, count in Counter(filter(None, header)).items() if count > 1]
    if doubles:
        raise UserError(f"Sheet {name!r} has several columns named {quoted(doubles)}: give each a name of its own.")
    rows = [["" if pd.isna(cell) else str(cell) for cell in row] for row in cells.iloc[1:LOOKED_AT].to_numpy()]
    units = lines_of_units(rows)
    table = cells.iloc[1 + units :].set_axis(header, axis=1).reset_index(drop=True).infer_objects()
    table, left_out = without_nameless(table, f"sheet {name!r}")
    return table, (*notes, *left_out, *([told_of_units(rows, units)] if units else []))


def _cells(path: Path, sheet: str | None) -> tuple[pd.DataFrame, str, tuple[str, ...]]:
    import zipfile

    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with pd.ExcelFile(path, engine="openpyxl") as book:
            names = [str(name) for name in book.sheet_names]
            if sheet is not None and sheet not in names:
                raise UserError(f"dataset.sheet={sheet!r} is not a sheet of {str(path)!r}: {nearest(sheet, names)}")
            name = sheet or names[0]
            cells = pd.read_excel(book, sheet_name=name, header=None, na_values=["?"], dtype=object)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise UserError(f"{str(path)!r} cannot be read as an Excel file: {first_line(error)}.") from error
    others = quoted(names[1:]) if sheet is None and len(names) > 1 else ""
    return cells, name, (f"Read the first sheet, {name!r}, and not {others} (dataset.sheet).",) if others else ()
