"""Lines between the names of the columns and the rows, which tell the units or the kinds of the columns."""

import re
from collections.abc import Iterable, Sequence

from runner.sources.gaps import MISSING
from runner.sources.header import NUMBER
from runner.words import quoted

MOST_UNITS = 3  # lines: units, kinds and roles of the columns
FEWEST_BELOW = 5  # rows of numbers, before a line above them that holds none is taken for one of units


def lines_of_units(rows: Sequence[Sequence[str]]) -> int:
    """Return how many of the lines below the names are no rows: they tell the units or the kinds of the columns.

    Where at least two columns hold numbers only, such a line holds none, but words in half of these columns and more.

    Parameters
    ----------
    rows : sequence of sequence of str
        The cells of the first lines below the names.
    """
    return max((above for above in range(1, MOST_UNITS + 1) if _are_units(rows[:above], rows[above:])), default=0)


def _are_units(above: Sequence[Sequence[str]], below: Sequence[Sequence[str]]) -> bool:
    """Whether lines hold no number, and the first of them words, where those below hold nothing but numbers.

    A year or the number of a case is in a row only.
    """
    if len(below) < FEWEST_BELOW:
        return False
    numeric = [place for place, cells in enumerate(zip(*below, strict=False)) if _are_numbers(cells)]
    first = [above[0][place].strip() for place in numeric if place < len(above[0])]
    words = [cell for cell in first if re.search(r"[^\W\d]", cell) and cell not in MISSING]
    holds_a_row = any(NUMBER.fullmatch(cell.strip()) or re.search(r"\d{3}", cell) for row in above for cell in row)
    return len(words) >= max(2, len(numeric) / 2) and not holds_a_row


def _are_numbers(cells: Iterable[str]) -> bool:
    known = [cell.strip() for cell in cells if cell.strip() and cell.strip() not in MISSING]
    return bool(known) and all(map(NUMBER.fullmatch, known))


def told_of_units(rows: Sequence[Sequence[str]], count: int) -> str:
    """Say that the first lines below the names were left out."""
    found = quoted(dict.fromkeys(cell.strip() for row in rows[:count] for cell in row if cell.strip()))
    lines = "the line below the names, which holds" if count == 1 else f"the {count} lines below the names, which hold"
    return f"Left out {lines} words where all others hold numbers: {found}."
