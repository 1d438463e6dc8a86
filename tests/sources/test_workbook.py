"""A sheet of an Excel file as a table."""

import datetime

import numpy as np
import pandas as pd
import pytest

from runner.errors import UserError
from runner.sources.dialect import Dialect
from runner.sources.frame import read_frame

FRAME = pd.DataFrame(
    {
        "size": [1.5, None, 3.0],
        "count": [1, 2, 3],
        "day": pd.to_datetime(["2026-01-31", "2026-02-01", None]),
        "kind": ["a", None, "c"],
    }
)


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "book.xlsx"
    with pd.ExcelWriter(path) as writer:
        FRAME.to_excel(writer, sheet_name="first", index=False)
        FRAME.head(2).to_excel(writer, sheet_name="second", index=False, startrow=2, startcol=1)
        pd.DataFrame([["a", "a"], [1, 2]]).to_excel(writer, sheet_name="double", index=False, header=False)
        pd.DataFrame([["a", None], [1, 2]]).to_excel(writer, sheet_name="nameless", index=False, header=False)
        pd.DataFrame().to_excel(writer, sheet_name="empty", index=False)
    return path


def test_the_first_sheet_is_read_and_told(book):
    read, notes = read_frame(book, Dialect())
    assert notes == ("Read the first sheet, 'first', and not 'second', 'double', 'nameless', 'empty' (dataset.sheet).",)
    assert list(read.columns) == list(FRAME.columns)
    assert read["size"].tolist()[::2] == [1.5, 3.0]
    assert np.isnan(read["size"][1])
    assert read["count"].dtype.kind == "i"
    assert pd.Timestamp(read["day"][0]) == pd.Timestamp(datetime.date(2026, 1, 31))


def test_a_year_names_a_column_as_it_is_shown(tmp_path):
    years = pd.DataFrame([[2019, 2020, "y"], [1.5, 2, "a"], [None, 3, "b"]])
    years.to_excel(tmp_path / "years.xlsx", index=False, header=False)
    assert list(read_frame(tmp_path / "years.xlsx", Dialect())[0].columns) == ["2019", "2020", "y"]


def test_a_sheet_by_name_wherever_it_begins(book):
    read, notes = read_frame(book, Dialect(sheet="second"))
    assert notes == ()
    assert read["count"].tolist() == [1, 2]


@pytest.mark.parametrize(
    ("sheet", "sentence"),
    [
        ("frist", r"dataset.sheet='frist' is not a sheet of .*did you mean 'first'"),
        ("double", r"several columns named 'a'"),
        ("nameless", r"Column 2 of sheet 'nameless' has no name"),
        ("empty", r"Sheet 'empty' of .* is empty"),
    ],
)
def test_what_is_no_table_is_one_sentence(book, sheet, sentence):
    with pytest.raises(UserError, match=sentence):
        read_frame(book, Dialect(sheet=sheet))


def test_a_file_that_only_looks_like_one(tmp_path):
    (tmp_path / "fake.xlsx").write_text("a,b\n1,2\n")
    with pytest.raises(UserError, match=r"cannot be read as an Excel file"):
        read_frame(tmp_path / "fake.xlsx", Dialect())


@pytest.mark.parametrize("names", [None, ["x", "y", "z"]])
def test_the_index_that_pandas_writes_is_left_out(tmp_path, names):
    FRAME.set_axis(names or FRAME.index).to_excel(tmp_path / "indexed.xlsx")
    read, notes = read_frame(tmp_path / "indexed.xlsx", Dialect())
    assert list(read.columns) == list(FRAME.columns)
    (note,) = notes
    assert note.startswith("Left out the nameless first column")


def test_a_line_of_units_is_no_row(tmp_path):
    rows = [["length", "mass"], ["m", "kg"], *([row / 2, 10 * row] for row in range(6))]
    pd.DataFrame(rows).to_excel(tmp_path / "measured.xlsx", index=False, header=False)
    read, notes = read_frame(tmp_path / "measured.xlsx", Dialect())
    assert read["mass"].tolist() == [0, 10, 20, 30, 40, 50]
    assert read["length"].dtype.kind == "f"
    assert notes == ("Left out the line below the names, which holds words where all others hold numbers: 'm', 'kg'.",)
