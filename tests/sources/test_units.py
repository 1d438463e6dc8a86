"""Lines of units between the names of the columns and the rows."""

import pytest

from runner.sources.units import lines_of_units

NUMBERS = [["1.5", "2", "a"], ["-3", "", "b"], ["1e3", "NA", "c"], ["4", "7", "d"], [".5", "8", "e"]]


@pytest.mark.parametrize(
    ("above", "lines"),
    [
        ([["m", "kg", ""]], 1),
        ([["km/h", "m2", "text"]], 1),
        ([["continuous", "continuous", "discrete"], ["", "class", ""]], 2),
        ([], 0),
        ([["m", "", ""]], 0),  # one mistyped cell may stand in any row
        ([["NA", "unknown", "a"]], 0),
        ([["-", "..", "a"]], 0),
        ([["m", "kg", "3"]], 0),  # there is a number in it
        ([["n.d.", "n.d.", "2020-05-01"]], 0),
        ([["low", "high", "S001"]], 0),
    ],
)
def test_a_line_of_words_above_numbers_tells_their_units(above, lines):
    assert lines_of_units([*above, *NUMBERS]) == lines


def test_words_that_come_back_further_below_are_cells():
    assert lines_of_units([["low", "high", "x"], *NUMBERS, ["low", "high", "y"]]) == 0


def test_among_few_rows_none_is_a_line_of_units():
    assert lines_of_units([["m", "kg", ""], *NUMBERS[1:]]) == 0
