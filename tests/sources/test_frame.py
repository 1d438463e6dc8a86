"""Files that are read, and those that are refused in one sentence."""

import gzip
import sys
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from runner.errors import UserError
from runner.sources.dialect import Dialect
from runner.sources.frame import read_frame

FRAME = pd.DataFrame({"a": [1, 2, 3], "b": [0.5, None, 2.5], "c": ["x", None, "z"]})


def read(path):
    return read_frame(path, Dialect())[0]


@pytest.mark.parametrize(
    "ending", [".csv", ".tsv", ".txt", ".dat", ".data", ".csv.gz", ".tsv.bz2", ".csv.xz", ".csv.zip", ".CSV"]
)
def test_text_tables_of_all_endings_are_read(tmp_path, ending):
    path = tmp_path / f"table{ending}"
    FRAME.to_csv(path, index=False, sep="\t" if ".tsv" in ending else ",")
    pd.testing.assert_frame_equal(read(path), FRAME)


@pytest.mark.parametrize("ending", [".parquet", ".pq"])
def test_parquet_is_read(tmp_path, ending):
    path = tmp_path / f"table{ending}"
    FRAME.to_parquet(path)
    pd.testing.assert_frame_equal(read(path), FRAME)


def test_a_folder_of_parquet_files_is_one_table(tmp_path):
    FRAME.to_parquet(tmp_path / "1.parquet")
    FRAME.to_parquet(tmp_path / "2.parquet")
    (tmp_path / "readme.md").write_text("not a table")
    assert read(tmp_path)["a"].tolist() == [1, 2, 3, 1, 2, 3]


def test_a_table_of_another_kind_in_a_folder_of_parquet_files_is_said_not_to_be_read(tmp_path):
    FRAME.to_parquet(tmp_path / "1.parquet")
    FRAME.to_csv(tmp_path / "2.csv")
    frame, notes = read_frame(tmp_path, Dialect())
    assert len(frame) == 3
    assert notes == ("Read the Parquet files of the folder, and not '2.csv'.",)


def test_a_column_of_several_parquet_files_may_be_missing_empty_or_whole_in_one(tmp_path):
    (tmp_path / "year=2025").mkdir()
    pd.DataFrame({"a": [1, 2], "b": [None, None]}).to_parquet(tmp_path / "year=2025" / "1.parquet")
    (tmp_path / "year=2026").mkdir()
    pd.DataFrame({"a": [1.5], "b": ["x"], "c": [True]}).to_parquet(tmp_path / "year=2026" / "2.parquet")
    frame = read(tmp_path)
    assert frame["a"].tolist() == [1, 2, 1.5]
    assert frame["b"].dropna().tolist() == ["x"]
    assert frame["c"].dropna().tolist() == [True]
    assert frame["year"].tolist() == [2025, 2025, 2026]


def test_a_named_index_is_a_column_and_an_unnamed_one_is_none(tmp_path):
    FRAME.set_index("a").to_parquet(tmp_path / "named.parquet")
    FRAME.set_axis([7, 8, 9]).to_parquet(tmp_path / "unnamed.parquet")
    assert set(read(tmp_path / "named.parquet").columns) == {"a", "b", "c"}
    assert list(read(tmp_path / "unnamed.parquet").columns) == ["a", "b", "c"]


def test_a_missing_file_is_answered_with_the_nearest_name(tmp_path):
    FRAME.to_csv(tmp_path / "churn.csv")
    with pytest.raises(UserError, match=r"no file '.*chrun\.csv': did you mean 'churn\.csv'"):
        read(tmp_path / "chrun.csv")


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(UserError, match=r"no folder '.*nowhere' either"):
        read(tmp_path / "nowhere" / "table.csv")
    (tmp_path / "data").mkdir()
    with pytest.raises(UserError, match=r"no folder '.*dta' either; did you mean 'data'\?"):
        read(tmp_path / "dta" / "churn.csv")


def test_a_folder_without_any_table_says_so(tmp_path):
    (tmp_path / ".hidden").mkdir()
    (tmp_path / "notes").mkdir()
    with pytest.raises(UserError, match=r"there is no table in '.*' either"):
        read(tmp_path / "table.csv")


def test_a_folder_without_parquet_is_refused(tmp_path):
    FRAME.to_csv(tmp_path / "table.csv")
    with pytest.raises(UserError, match=r"holds no Parquet file: give one table, or join 'table\.csv' into one\."):
        read(tmp_path)


@pytest.mark.parametrize("name", ["table.xls", "table.json", "table", "table.parquet.gz"])
def test_an_unknown_ending_is_answered_with_those_that_are_read(tmp_path, name):
    (tmp_path / name).write_text("a,b\n1,2\n")
    with pytest.raises(UserError, match=rf"{name}' is of an unknown kind: CSV, .* Parquet .* are read"):
        read(tmp_path / name)


def test_an_address_is_refused():
    with pytest.raises(UserError, match=r"is an address, and only files on disk are read"):
        read("https://example.org/table.csv")


def test_a_parquet_file_that_is_none_is_refused_in_one_line(tmp_path):
    path = tmp_path / "table.parquet"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(UserError, match=r"^'.*table\.parquet' cannot be read as Parquet: .+\.$"):
        read(path)


def test_a_parquet_file_without_rows_is_refused(tmp_path):
    FRAME.head(0).to_parquet(tmp_path / "table.parquet")
    with pytest.raises(UserError, match=r"has a header but no rows"):
        read(tmp_path / "table.parquet")


@pytest.mark.parametrize("ending", [".gz", ".bz2", ".xz", ".zip"])
def test_a_damaged_archive_is_refused(tmp_path, ending):
    path = tmp_path / f"table.csv{ending}"
    path.write_bytes(b"not an archive at all")
    with pytest.raises(UserError, match=r"is damaged|cannot be read"):
        read(path)


def test_an_archive_that_is_cut_off_is_refused(tmp_path):
    path = tmp_path / "table.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n" + b"1,2\n" * 99)[:-9])
    with pytest.raises(UserError, match=r"is damaged"):
        read(path)


def test_what_was_left_out_is_told(tmp_path):
    FRAME.to_csv(tmp_path / "table.csv")
    frame, notes = read_frame(tmp_path / "table.csv", Dialect())
    pd.testing.assert_frame_equal(frame, FRAME)
    assert notes == ("Left out the nameless first column, which only numbers the rows.",)


def test_a_path_may_be_text_and_begin_at_home(tmp_path, monkeypatch):
    FRAME.to_csv(tmp_path / "table.csv", index=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Path("~/table.csv").expanduser().parent == tmp_path
    pd.testing.assert_frame_equal(read("~/table.csv"), FRAME)


def test_a_pattern_names_many_files(tmp_path):
    for part in ("part-1", "part-2"):
        FRAME.to_parquet(tmp_path / f"{part}.parquet", index=False)
    assert read(tmp_path / "part-*.parquet")["a"].tolist() == FRAME["a"].tolist() * 2
    assert read(f"{tmp_path}/part-[2].parquet")["a"].tolist() == FRAME["a"].tolist()
    with pytest.raises(UserError, match=r"No file is named like .*none-\*"):
        read(tmp_path / "none-*.parquet")
    (tmp_path / "part-3.csv").write_text("a\n1\n")
    with pytest.raises(UserError, match=r"names 'part-3.csv' too, which is not a Parquet file"):
        read(tmp_path / "part-*")


def test_openml_is_asked_only_by_number():
    with pytest.raises(UserError, match=r"'openml:credit-g': give OpenML's number"):
        read("openml:credit-g")


def test_openml_without_its_library_is_one_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "openml", None)
    with pytest.raises(UserError, match=r"needs the library openml: pip install 'baseline-first-runner\[openml\]'"):
        read("openml:31")


def test_openml_without_network_is_one_sentence(monkeypatch):
    def fail(number):
        raise OSError("Network is unreachable\nand so on")

    monkeypatch.setitem(sys.modules, "openml", SimpleNamespace(datasets=SimpleNamespace(get_dataset=fail)))
    with pytest.raises(UserError, match=r"OpenML gave no data set 31 \(Network is unreachable\)") as caught:
        read("openml:31")
    assert "\n" not in str(caught.value)


def test_openml_gives_a_frame(monkeypatch):
    data = SimpleNamespace(get_data=lambda: (FRAME, None, [False], list(FRAME)))
    monkeypatch.setitem(sys.modules, "openml", SimpleNamespace(datasets=SimpleNamespace(get_dataset=lambda _: data)))
    pd.testing.assert_frame_equal(read("openml:31"), FRAME)
