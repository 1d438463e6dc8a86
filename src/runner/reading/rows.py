"""Which rows of a table are used: those with a target (and a time), without copies."""

import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from runner.cells import Column, plain, with_columns
from runner.config import DatasetConfig
from runner.errors import UserError
from runner.naming import COUNTERS, is_named
from runner.reading import roles
from runner.reading.copies import RECORDED_TWICE, were_recorded_twice
from runner.sampling import FEWEST_ROWS
from runner.words import counted, quoted

Notes = list[str]

SAME_SUM = 1e-6  # cells are rounded, and so is their sum
SUMS = 0.1  # of the numbers in a row of totals: at least as many are sums


def usable(cells: pd.DataFrame, config: DatasetConfig, notes: Notes) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """Return the cells, with time as dates or numbers, and the usable rows in time order.

    Parameters
    ----------
    cells : DataFrame, shape (rows, columns)
        In plain form.

    Raises
    ------
    UserError
        If there are too few.
    """
    if config.time:
        cells = with_columns(cells, {config.time: roles.moments(cells[config.time])})
    rows = _usable_rows(cells, config, notes)
    cells = _without_those_aside(cells, rows, notes)
    return cells, rows if config.drop_copies is False else _without_copies(cells, config, rows, notes)


def _usable_rows(cells: pd.DataFrame, config: DatasetConfig, notes: Notes) -> NDArray[np.int64]:
    """Return the rows with a target (and a time), in time order."""
    usable = np.ones(len(cells), dtype=bool)
    for role, name in (("target", config.target), ("time", config.time)):
        if name is None:
            continue
        known = cells[name].notna().to_numpy()
        if len(known) and not known.any():
            raise UserError(
                f"{role.capitalize()} column {name!r} is empty in every row: choose another dataset.{role}."
            )
        if more := int((usable & ~known).sum()):
            aside = counted(more, "row")
            notes.append(f"Set aside {aside} of {len(cells):,} in which {role} {name!r} is missing.")
        usable &= known
    rows = np.flatnonzero(usable)
    if (name := summed_up(cells, rows)) is not None:
        rows = rows[:-1]
        notes.append(f"Set aside the last row, which holds totals: {name!r} is the sum of the rows above.")
    check_enough(len(rows), config.target)
    return rows[np.argsort(cells[config.time].to_numpy()[rows], kind="stable")] if config.time else rows


def summed_up(cells: pd.DataFrame, rows: NDArray[np.int64]) -> str | None:
    """Return a column of which the last row holds the sum of the others: it is no case; None if there is none.

    Among thousands of columns, as counts of genes, chance makes such a cell in one: of the numbers in a row of totals,
    at least one in ten is a sum.

    Parameters
    ----------
    cells : DataFrame, shape (rows, columns)
        In plain form.
    rows : ndarray of int64
        Those that count, in the order of the table.
    """
    if len(rows) < FEWEST_ROWS:
        return None
    numbers = cells.select_dtypes("number")
    sums = [str(name) for name, column in numbers.items() if _ends_in_its_sum(column.to_numpy(np.float64)[rows])]
    return sums[0] if sums and len(sums) >= SUMS * numbers.iloc[rows[-1]].notna().sum() else None


def _ends_in_its_sum(values: NDArray[np.float64]) -> bool:
    """Whether the last value is the sum of the others.

    A cell as great as all others together is rare, and one that is equal to their sum more so. Of flags that few rows
    have, the last row may have the second: half of the others must have a part in the sum. Of numbers that double from
    row to row, each is nearly the sum of those above: none of the others may be half of the sum. What is infinite has
    no part in it.
    """
    parts, total = np.nan_to_num(values[:-1], posinf=0, neginf=0) * np.sign(values[-1]), abs(values[-1])
    is_sum = math.isfinite(total) and math.isclose(parts.sum(), total, rel_tol=SAME_SUM)
    return bool(is_sum and (parts >= 0).all() and (parts > 0).mean() >= 0.5 and parts.max() < total / 2)


def _without_those_aside(cells: pd.DataFrame, rows: NDArray[np.int64], notes: Notes) -> pd.DataFrame:
    """Return the cells, reading text as numbers or dates if only rows set aside, such as totals, had made it text."""
    if len(rows) == len(cells):
        return cells
    words = [name for name in cells.columns if cells[name].dtype.kind == "O"]
    again = {name: plain(cells[name].iloc[rows])[0] for name in words}
    numeric = {name: column.reindex(cells.index) for name, column in again.items() if column.dtype.kind != "O"}
    if numeric:
        notes.append(f"Numbers or dates in all rows but those set aside: {quoted(numeric)}.")
    return with_columns(cells, numeric)


def _without_copies(
    cells: pd.DataFrame, config: DatasetConfig, rows: NDArray[np.int64], notes: Notes
) -> NDArray[np.int64]:
    """Return the rows that are no copies of earlier ones in all columns that count.

    Unless the config says so, that is done only where the rows show that copies are no different cases.
    """
    aside, in_order = {config.fold, *(config.drop or ())}, np.sort(rows)
    others = (name for name in cells.columns if name not in aside and not only_numbers_rows(cells[name].iloc[in_order]))
    counting = list(dict.fromkeys((*others, config.target)))
    used = cells[counting].iloc[rows]
    if config.drop_copies is None and not were_recorded_twice(used, config.target):
        return rows
    copies = used.duplicated().to_numpy()
    if copies.any():
        how = "dataset.drop_copies" if config.drop_copies else f"{RECORDED_TWICE}; dataset.drop_copies=false keeps them"
        notes.append(f"Left out {copies.sum():,} of {len(rows):,} rows, as copies of others ({how}).")
    rows = rows[~copies]
    check_enough(len(rows), config.target, "different row")
    return rows


def check_enough(rows: int, target: str, noun: str = "row") -> None:
    """Refuse a table of too few rows.

    Raises
    ------
    UserError
        With the number of them.
    """
    if rows < FEWEST_ROWS:
        raise UserError(
            f"The table has {counted(rows, noun)} with a known target {target!r}: give at least {FEWEST_ROWS}, "
            "to learn from and to judge on."
        )


def only_numbers_rows(column: Column) -> bool:
    """Whether a plain column, in the order of the table, numbers the rows; sorted by target, it would reveal that.

    Whole numbers are floats where a row that was set aside has none, such as one of totals.
    """
    if column.dtype.kind not in "if" or not is_named(column.name, COUNTERS):
        return False
    return bool((column % 1 == 0).all()) and column.is_unique and column.is_monotonic_increasing
