"""Numbers are found however people write them, and nothing else is taken for one."""

import pandas as pd
import pytest

from runner.cells import TEXT
from runner.cells.numerals import numbers_in


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (["12.5%", "3%", "-1 %"], [12.5, 3.0, -1.0]),
        (["$1,200.50", "-$3.00", "$ 7"], [1200.5, -3.0, 7.0]),
        (["3,20 €", "1.250,00 €"], [3.2, 1250.0]),
        (["EUR 5", "EUR 6.5"], [5.0, 6.5]),
        (["80 kg", "72.5kg"], [80.0, 72.5]),
        (["8:15", "23:30"], [8.25, 23.5]),
        (["8:15:00", None, "130:00:36"], [8.25, None, 130.01]),
        (["1.234,5", "0,5", "12.345.678,00"], [1234.5, 0.5, 12345678.0]),
        (["1,5", "2"], [1.5, 2.0]),
        (["12,500", "1,000,000.5"], [12500.0, 1000000.5]),
        (["0,125", "1,250", "12"], [0.125, 1.25, 12.0]),
        (["7 %", None, "NA"], [7.0, None, None]),
        (["12 500", "1 250 000", "7"], [12500.0, 1250000.0, 7.0]),
        (["12\xa0500,50 kr", "7 kr"], [12500.5, 7.0]),
        (["CHF 1'234.50", "CHF 12’000.00"], [1234.5, 12000.0]),
        (["R$ 1.234,50", "R$ 0,99"], [1234.5, 0.99]),
        (["₹1,250", "₹90"], [1250.0, 90.0]),
        (["Rs. 1,250", "Rs. 90"], [1250.0, 90.0]),
        (["(1,234.50)", "5.00", "−2"], [-1234.5, 5.0, -2.0]),
        (["$5.00", "($1,234.50)"], [5.0, -1234.5]),
        (["10,000+", "500+"], [10000.0, 500.0]),
        (["5", "unknown", "Missing", "#DIV/0!", "--"], [5.0, None, None, None, None]),
    ],
)
def test_numbers_as_people_write_them(written: list[str | None], meant: list[float | None]) -> None:
    found = numbers_in(pd.Series(written, dtype=TEXT))
    assert found is not None
    pd.testing.assert_series_equal(found, pd.Series(meant, dtype=float))


@pytest.mark.parametrize(
    "written",
    [
        ["5 %", "5 €"],
        ["5", "5%"],
        ["80 kg", "8 g"],
        ["A1", "A2"],
        ["1st", "2nd"],
        ["8:15", "1:08:15"],
        ["16:9", "4:3"],
        ["1.2.3"],
        ["%", "1%"],
        ["A 5%"],
        ["192.168.0.1", "1.234,5"],
        ["1-2"],
        ["12 500", "12 50"],
        ["555 123 4567", "555 123 4568"],
        ["(5)", "(1,234)"],
        ["5", "seldom"],
    ],
)
def test_what_is_no_number_or_of_two_units_stays_text(written: list[str]) -> None:
    assert numbers_in(pd.Series(written, dtype=TEXT)) is None
