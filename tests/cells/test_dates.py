"""Dates that are written as text are read by the format that all cells have."""

import pandas as pd
import pytest

from runner.cells.dates import FORMATS, QUARTERS, dates_in, formats_of

GUESSED = ("%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%d %B %Y", "%B %d, %Y", "%Y-%m", "%Y%m%d")
DAYS = pd.Series(pd.date_range("2021-01-31", periods=400, freq="D"))


def text(cells: "list[str] | pd.Series[str]") -> "pd.Series[str]":
    return pd.Series(cells, dtype="str")


@pytest.mark.parametrize("way", [*sorted({*FORMATS} - {*QUARTERS}), *GUESSED])
def test_whatever_a_column_is_written_in_is_found(way: str) -> None:
    moments = DAYS.dt.tz_localize("UTC")
    written = text(moments.dt.strftime(way))
    meant = pd.to_datetime(written, format=way, utc=True).dt.tz_localize(None).dt.as_unit("us")
    assert any(dates_in(written, found).equals(meant) for found in formats_of(written))


@pytest.mark.parametrize("way", QUARTERS)
def test_a_quarter_is_the_day_it_begins(way: str) -> None:
    begins = DAYS.dt.to_period("Q").drop_duplicates()
    written = text([way.replace("%Y", f"{each.year}").replace("%q", f"{each.quarter}") for each in begins])
    assert formats_of(written) == [way]
    assert dates_in(written, way).tolist() == begins.dt.start_time.tolist()


@pytest.mark.parametrize(
    "cells",
    [
        ["Q5 2021", "Q1 2021"],
        ["ABC 2021", "XYZ 2022"],
        ["18-24", "25-34"],
        ["2-10", "11-100"],
        ["1.2.3", "1.10.22"],
        ["12/10", "9/10"],
        ["A14", "B12"],
        ["May", "June"],
        ["3-Apr", "4-Apr"],
        ["01/31/2021", "soon"],
        ["31/01/2021", "01/31/2021"],
        [],
    ],
)
def test_other_text_has_none(cells: list[str]) -> None:
    assert formats_of(text(cells)) == []


def test_of_days_that_may_be_months_both_ways_are_told_the_month_first() -> None:
    assert formats_of(text(["01/02/2021", "03/04/2021"])) == ["%m/%d/%Y", "%d/%m/%Y"]
    assert formats_of(text(["01/02/2021", "13/04/2021"])) == ["%d/%m/%Y"]
