"""Text that says something, told from the names of categories and from the names of the rows."""

from runner.cells import Column

TEXT_WORDS = 2.5  # words per value on average, from which on a column of mostly distinct values is text
BEGINNING = 2000  # characters of a cell that are enough to judge its kind
IDENTIFIER_SHARE = 0.95  # share of distinct values, above which single words name the rows and predict nothing


def tells_nothing(column: Column) -> bool:
    """Whether nothing can be learned from a plain column, as it is constant or names the rows."""
    known = column.dropna()
    different = known.nunique()
    if different + bool(len(known) < len(column)) < 2:
        return True
    if column.dtype.kind != "O" or different <= IDENTIFIER_SHARE * len(known):
        return False
    return words_a_cell(known) < TEXT_WORDS


def words_a_cell(known: Column) -> float:
    """Return the average number of words in the beginning of a cell, from at most a thousand cells."""
    cells = known.iloc[:: len(known) // 1000 + 1].astype(str).str[:BEGINNING]
    return float(cells.str.count(r"\S+").mean())
