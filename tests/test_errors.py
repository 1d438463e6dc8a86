"""Errors in a line."""

import pytest

from runner.errors import first_line, in_a_line


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ValueError("one\ntwo"), "ValueError: one"),
        (KeyError(), "KeyError"),
        (ValueError("\n  \n after"), "ValueError: after"),
        (ValueError("x" * 500), "ValueError: " + "x" * 185 + "..."),
    ],
)
def test_an_error_is_told_in_one_short_line(error: Exception, text: str) -> None:
    assert in_a_line(error) == text


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ValueError("  one.\ntwo"), "one"),
        (KeyError(), "KeyError"),
        (ValueError("x" * 500), "x" * 200),
    ],
)
def test_what_an_error_says_is_part_of_a_sentence(error: Exception, text: str) -> None:
    assert first_line(error) == text
