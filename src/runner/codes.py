"""Whole numbers that are names, such as zip codes: by what their column is called, and where each can be learned."""

from typing import Any, TypeAlias

import pandas as pd

from runner.naming import CODES, is_named

Column: TypeAlias = "pd.Series[Any]"

ROWS_A_NAME = 20  # on average: of fewer, the order of the numbers tells more


def is_a_code(column: Column) -> bool:
    """Whether whole numbers are called codes, and each has rows enough to be learned as a name."""
    if column.dtype.kind not in "if" or not is_named(column.name, CODES):
        return False
    known = column.dropna()
    return bool((known % 1 == 0).all()) and len(known) >= ROWS_A_NAME * known.nunique()
