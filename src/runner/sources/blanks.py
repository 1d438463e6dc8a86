"""Text tables whose columns are divided by any number of blanks, as print-outs and R write them."""

import re
from collections.abc import Sequence

CELL = re.compile(r'"(?:[^"]|"")*"|\S+')
OTHERS = re.compile("[,;|]")  # what divides columns instead, unless it is in quotes


def delimited(line: str) -> str:
    """Return a line with a tab between its cells; one that holds none stays empty."""
    return "\t".join(CELL.findall(line)) + "\n"


def is_aligned(lines: Sequence[str]) -> bool:
    """Whether all lines have as many cells as the first has names, or all have one more, and nothing else divides them.

    A gap, or a blank within a cell, would move all that follows into the wrong column: then lines differ.
    """
    names, *rows = (CELL.findall(line) for line in lines)
    widths = set(map(len, rows))
    if len(names) < 2 or widths not in ({len(names)}, {len(names) + 1}):
        return False
    return not all(OTHERS.search(CELL.sub(_unquoted, line)) for line in lines[1:])


def _unquoted(cell: re.Match[str]) -> str:
    return "" if cell[0].startswith('"') else cell[0]
