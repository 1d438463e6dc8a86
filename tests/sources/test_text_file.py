"""Separators, headers and everything that people's CSV files have wrong."""

import re
import zipfile

import pytest

from runner.errors import UserError
from runner.sources.dialect import Dialect
from runner.sources.text_file import read_text_table


@pytest.fixture
def table(tmp_path):
    """Return a reader of text that is written to a file first."""

    def read(text, separator=None, encoding="utf-8", written_in=None, words=()):
        path = tmp_path / "table.csv"
        path.write_bytes(text.encode(written_in or encoding))
        return read_text_table(path, Dialect(separator, encoding, words=words))[0]

    return read


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(table, separator):
    frame = table(separator.join("abc") + "\n" + (separator.join("123") + "\n") * 5)
    assert list(frame.columns) == ["a", "b", "c"]
    assert frame.iloc[0].tolist() == [1, 2, 3]


def test_a_separator_is_found_beside_others_in_the_cells(table):
    frame = table('name;price;words\nx;1,5;"a, b; c, d"\ny;2,5;"e, f, g"\n')
    assert frame["words"].tolist() == ["a, b; c, d", "e, f, g"]
    assert frame["price"].tolist() == ["1,5", "2,5"]


@pytest.mark.parametrize("given", ["\t", "\\t", "tab"])
def test_a_tab_can_be_given_in_a_shell(table, given):
    assert table("a\tb,c\n1\t2\n", given).shape == (1, 2)


def test_blanks_after_commas_are_no_part_of_the_cells(table):
    frame = table("a, b\n1, 2\n3, 4\n")
    assert frame["b"].tolist() == [2, 4]


def test_line_ends_quotes_and_empty_lines_are_understood(table):
    frame = table('a,b\r\n"x ""y""\r\nz",1\r\n\r\n"q",2')
    assert frame["a"].tolist() == ['x "y"\r\nz', "q"]


@pytest.mark.parametrize("told", ["utf-8", "cp1252"])
@pytest.mark.parametrize("written_in", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_gives_the_encoding_and_is_no_part_of_the_first_name(table, written_in, told):
    assert list(table("ä,b\n1,2\n", written_in=written_in, encoding=told).columns) == ["ä", "b"]


@pytest.mark.parametrize("line", ["sep=;", '"sep=;"', "\ufeffSEP=;", "sep=|"])
def test_a_first_line_that_tells_excel_the_separator_tells_us(table, line):
    separator = line.strip('"')[-1]
    frame = table(f"{line}\r\na{separator}b\r\n1,5{separator}x\r\n2,5{separator}y\r\n")
    assert list(frame.columns) == ["a", "b"]
    assert frame["b"].tolist() == ["x", "y"]
    with pytest.raises(UserError, match=r"Line 4 of .* has 3 fields and the header 2"):
        table("sep=;\na;b\n1;2\n1;2;3\n")


def test_dates_and_missing_values_are_read(table):
    frame = table("day,x\n2026-01-31,?\n,NA\n2026-02-01,7\n")
    assert frame["day"].dtype.kind == "M"
    assert frame["x"].isna().tolist() == [True, True, False]


def test_words_are_left_as_they_are_written(table):
    frame = table("day, code,x\n2026-01-31,007,007\n,true,1\n", words=["day", "code", "gone"])
    assert frame["day"].tolist()[0] == "2026-01-31"
    assert frame["code"].tolist() == ["007", "true"]
    assert frame["x"].tolist() == [7, 1]
    assert frame["day"].isna().tolist() == [False, True]


def test_whole_numbers_stay_exact_and_floats_round_trip(table):
    frame = table("a,b\n9007199254740993,0.1\n1,5e-324\n")
    assert frame["a"].tolist() == [9007199254740993, 1]
    assert frame["b"].tolist() == [0.1, 5e-324]


def test_long_whole_numbers_stay_apart_beside_a_gap(table):
    frame = table("id,n\n9007199254740993,1\n9007199254740992,\n,3\n")
    assert frame["id"].nunique() == 2
    assert frame["n"].dtype.kind == "f"


@pytest.mark.parametrize("text", ["", "\n", " \n \n"])
def test_an_empty_file_is_refused(table, text):
    with pytest.raises(UserError, match=r"table\.csv' is empty"):
        table(text)


def test_a_wrong_encoding_is_named_with_the_option(table):
    with pytest.raises(UserError, match=r"is not text in utf-8: try dataset\.encoding=cp1252"):
        table("a,b\né,1\n", written_in="latin-1")


def test_a_wrong_encoding_far_down_is_found_too(table):
    with pytest.raises(UserError, match=r"is not text in utf-8: try dataset\.encoding=cp1252"):
        table("a,b\n" + "x,1\n" * 50_000 + "é,1\n", written_in="latin-1")


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "cp1252"])
def test_another_encoding_can_be_given(table, encoding):
    assert table("é,b\nü,1\n", encoding=encoding)["é"].tolist() == ["ü"]


def test_an_unknown_encoding_is_refused(table):
    with pytest.raises(UserError, match=r"dataset.encoding='utf-99' is not an encoding"):
        table("a,b\n1,2\n", encoding="utf-99", written_in="utf-8")


def test_a_binary_file_is_no_text(table):
    with pytest.raises(UserError, match=r"is not text: export it as CSV"):
        table("PK\x03\x04\0\0,\n")


@pytest.mark.parametrize(("row", "fields"), [("5", "1 field"), ("5,6,7", "3 fields")])
def test_a_ragged_row_is_named_by_its_line(table, row, fields):
    with pytest.raises(UserError, match=rf"Line 4 of '.*' has {fields} and the header 2.* a line break"):
        table(f"a,b\n1,2\n3,4\n{row}\n8,9\n", ",")


def test_columns_of_the_same_name_are_refused_and_all_are_named(table):
    with pytest.raises(UserError, match=r"has several columns named 'a', 'b': give each a name of its own"):
        table("a,b,a,b,b,c\n1,2,3,4,5,6\n")


def test_numbers_that_are_there_twice_are_no_names(table):
    with pytest.raises(UserError, match=r"has several columns named '4': put a line of names above it"):
        table("A11,4,24,4\nA12,2,49,1\n")


def test_a_column_without_a_name_is_refused_by_its_position(table):
    with pytest.raises(UserError, match=r"Column 2 of '.*' has no name"):
        table("a,,c\n1,2,3\n4,9,6\n")


@pytest.mark.parametrize("start", [0, 1])
def test_the_index_that_pandas_or_r_wrote_is_left_out(table, start):
    text = ",a,b\n" + "".join(f"{start + i},x,{i * i}\n" for i in range(5))
    assert list(table(text).columns) == ["a", "b"]


def test_a_nameless_first_column_that_numbers_the_rows_is_left_out_in_any_order(table):
    assert list(table(",a\n3,1\n1,2\n").columns) == ["a"]


@pytest.mark.parametrize("separator", [" ", ",", ";", "\t"])
@pytest.mark.parametrize("rows", [('"Mazda RX4"', '"Datsun"'), ('"1"', '"2"')])
def test_names_of_rows_for_which_r_wrote_no_name_of_a_column_are_left_out(table, separator, rows):
    lines = ['"a"', '"b"'], [rows[0], "21", '"x y"'], [rows[1], "2", "NA"]
    frame = table("\n".join(map(separator.join, lines)))
    assert list(frame.columns) == ["a", "b"]
    assert frame.iloc[0].tolist() == [21, "x y"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a,b\n1,5,3\n2,7,4\n", "Line 2 of .* has 3 fields and the header 2"),  # 1,5 may be a decimal
        ("name age\nMary Ann 5\nJohn Doe 6\n", "Line 2 of .* has 3 fields and the header 2"),
        ('"a" "b"\n"u" 2 x\n"u" 3 y\n', "Column 1 of .* has no name"),
        ('"a" "b"\n"2020-01-01" 2 x\n"2020-01-02" 3 y\n', "Column 1 of .* has no name"),
        ('"a" "b"\n' + '"u" 2 x\n' * 300 + '"v" 3\n', "Line 302 of .* has 2 fields and the lines above 3"),
    ],
)
def test_what_may_not_be_a_name_of_a_row_is_refused(table, text, told):
    with pytest.raises(UserError, match=told):
        table(text)


def test_separators_at_the_end_of_the_rows_alone_are_passed_over(table):
    assert list(table("a,b\n1,2,\n1,3,\n").columns) == ["a", "b"]


@pytest.mark.parametrize("separator", [None, " "])
def test_columns_aligned_by_blanks_are_read(table, separator):
    frame = table('  mpg  cyl   name\n 21.0    6  "x y"\n\n 22.8   14  z,\n', separator)
    assert frame.to_dict("list") == {"mpg": [21.0, 22.8], "cyl": [6, 14], "name": ["x y", "z,"]}


@pytest.mark.parametrize("row", ["22.8     z", "22.8 14 z z"])
def test_columns_aligned_by_blanks_with_a_gap_or_words_are_refused(table, row):
    with pytest.raises(UserError, match=r"Blanks seem to divide .* export it with another separator"):
        table(f"mpg  cyl  name\n21.0   6  x\n{row}\n")


def test_names_of_rows_under_an_empty_name_are_left_out_as_r_and_pandas_write_them(table):
    assert list(table('"","mpg","cyl"\n"Mazda RX4",21,6\n"Datsun 710",22.8,4\n').columns) == ["mpg", "cyl"]


@pytest.mark.parametrize("first", ["1,1", "x,x", "2020-01-01,2020-01-02"])
def test_another_nameless_first_column_is_refused(table, first):
    with pytest.raises(UserError, match=r"Column 1 of '.*' has no name"):
        table(",a\n{},1\n{},2\n".format(*first.split(",")))


@pytest.mark.parametrize(
    "above", ["(m),(kg),", 'm,kg,"free\ntext"', "continuous,continuous,discrete\n,,class", "\nm,kg,"]
)
def test_lines_of_units_below_the_names_are_no_rows(tmp_path, above):
    path = tmp_path / "measured.csv"
    path.write_text(f"length,mass,kind\n{above}\n" + "1.5,2,a\n,3,b\n" * 5, encoding="utf-8")
    frame, notes = read_text_table(path, Dialect())
    assert frame["mass"].tolist() == [2, 3] * 5
    assert frame["length"].sum() == 7.5
    assert len(notes) == 1
    assert re.match(r"Left out the (line|2 lines) below the names, which holds? words where all others", notes[0])


def test_units_are_left_out_below_a_header_that_lacks_the_name_of_the_row_names(table):
    rows = "".join(f"r{row},{row},2\n" for row in range(6))
    frame = table(f"length,mass\nunit,m,kg\n{rows}")
    assert frame.to_dict("list") == {"length": [*range(6)], "mass": [2] * 6}


def test_empty_columns_at_the_end_of_each_line_are_left_out(table):
    assert list(table("a,b,\n1,2,\n3,4,\n").columns) == ["a", "b"]


def test_a_single_column_is_taken_for_a_wrong_separator(table):
    with pytest.raises(UserError, match=r"Only one column, 'a:b', .* give it as dataset\.separator=':'"):
        table("a:b\n1:2\n")


@pytest.mark.parametrize("name", ["day", "time (UTC)"])
def test_the_only_input_of_a_model_may_come_alone(table, name):
    assert table(f"{name}\n05/20/1987\n05/21/1987\n").shape == (2, 1)


def test_a_title_above_the_names_is_said_to_be_in_the_way(table):
    with pytest.raises(UserError, match=r"first line of '.*' is 'Sales, 2024', and most lines hold 3 fields: delete"):
        table('"Sales, 2024"\n\na;b;c\n1;2;3\n4;5;6\n')


def test_so_is_one_that_a_spreadsheet_filled_up_with_empty_fields(table):
    with pytest.raises(UserError, match=r"first line of '.*' is 'Sales, 2024', and most lines hold 3 fields: delete"):
        table('"Sales, 2024",,\n,,\na,b,c\n1,2,3\n4,5,6\n')
    assert list(table("a,,\n1,,\n2,,\n")) == ["a"]


def test_a_given_separator_that_is_wrong_is_named_with_the_right_one(table):
    with pytest.raises(UserError, match=r"Only one column, 'a,b', .* give it as dataset\.separator=','"):
        table("a,b\n1,2\n", ";")


def test_a_single_column_can_be_insisted_on(table):
    assert table("age\n1\n2\n", ",")["age"].tolist() == [1, 2]


def test_a_separator_is_one_character(table):
    with pytest.raises(UserError, match=r"dataset.separator=', ' is not one character"):
        table("a, b\n1, 2\n", ", ")


def test_a_first_line_of_numbers_is_no_header(table):
    with pytest.raises(UserError, match=r"The first line of '.*' holds only numbers .* names the columns"):
        table("5.1,3.5,1.4\n4.9,3.0,1.4\n")


def test_columns_may_be_named_by_their_position(table):
    assert list(table("0,1,2\n4,5,6\n").columns) == ["0", "1", "2"]


def test_an_archive_of_two_tables_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "tables.zip", "w") as archive:
        archive.writestr("a.csv", "a,b\n1,2\n")
        archive.writestr("b.csv", "a,b\n1,2\n")
    with pytest.raises(UserError, match=r"holds 2 files, and one table is wanted"):
        read_text_table(tmp_path / "tables.zip", Dialect())


def test_long_cells_and_many_columns_are_read(table):
    for columns in (2_000, 20_000):  # whose names are longer than what is looked at of long tables
        wide, ones = ",".join(f"column{i}" for i in range(columns)), ",".join(["1"] * columns)
        assert table(f"{wide}\n{ones}\n").shape == (1, columns)
    assert table(f"{wide}\na,{ones}\nb,{ones}\n").shape == (2, columns)  # as R names the rows
    assert table("a,b\n" + "x" * 3_000_000 + ",1\n")["a"].str.len()[0] == 3_000_000


def test_the_types_of_pandas_come_back(table):
    frame = table("i,f,b,t\n1,1.5,True,x\n2,2.5,False,y\n")
    assert [kind.kind for kind in frame.dtypes] == ["i", "f", "b", "O"]
