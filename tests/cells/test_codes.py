"""Whole numbers are names where they are called so and each can be learned."""

import numpy as np
import pandas as pd
import pytest

from runner.cells.codes import is_a_code, names

ROWS = np.arange(200)


@pytest.mark.parametrize(
    ("name", "cells", "are_names"),
    [
        ("zipcode", ROWS % 9, True),
        ("admission_type_id", np.where(ROWS % 5 == 0, np.nan, ROWS % 8), True),
        ("zipcode", ROWS % 40, False),
        ("zipcode", ROWS % 9 + 0.5, False),
        ("type2", ROWS % 2, False),
        ("size", ROWS % 9, False),
        ("zipcode", (ROWS % 9).astype(str), False),
    ],
    ids=["code", "with gaps", "few rows each", "fractions", "yes or no", "an amount", "words"],
)
def test_codes_are_told_from_amounts(name: str, cells: object, are_names: bool) -> None:
    assert is_a_code(pd.Series(cells, name=name)) is are_names


def test_a_code_has_one_name_however_it_is_written() -> None:
    for cells in (["02134", "501", None], [2134, 501, None], ["2134.0", "0501.0", None], [2134.0, 501.0, None]):
        assert names(pd.Series(cells, dtype=object)).tolist()[:2] == ["2134", "501"]
    assert names(pd.Series(["0", "00", "-07", "0A1"])).tolist() == ["0", "0", "-7", "0A1"]
