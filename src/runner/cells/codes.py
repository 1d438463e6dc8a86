"""Whole numbers that are names, such as zip codes, recognised by the name of their column and by their frequency."""

from runner.cells import Column, words
from runner.naming import CODES, is_named

AS_A_NUMBER = r"^(-?)0*(\d+)(?:\.0+)?$"  # with leading zeros, or with the fraction that gaps in a column add
ROWS_A_NAME = 20  # on average; with fewer, their order is worth more to a model than their identity


def is_a_code(column: Column) -> bool:
    """Whether a column of whole numbers is named after codes, and has enough rows per code to learn each as a name.

    Of two numbers, one is told by the other: a column of 0 and 1 is the same as names and as numbers.
    """
    if column.dtype.kind not in "if" or not is_named(column.name, CODES):
        return False
    known = column.dropna()
    return bool((known % 1 == 0).all()) and known.nunique() > 2 and len(known) >= ROWS_A_NAME * known.nunique()


def names(column: Column) -> Column:
    """Return codes as text, the same whether they are numbers or written as 2134, 2134.0 or 02134."""
    return words(column).str.replace(AS_A_NUMBER, r"\1\2", regex=True)
