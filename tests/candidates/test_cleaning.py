"""Columns of whatever types are made clean as skrub would make them, on the short way too."""

import numpy as np
import pandas as pd
import pytest
from skrub import TableVectorizer

from runner.candidates.cleaning import Cleaning

ROWS = 60


def columns() -> pd.DataFrame:
    """Return a column of every type that comes from a file, a database or a program."""
    random = np.random.default_rng(0)
    numbers = random.normal(size=ROWS)
    words = pd.Series(random.choice(["a", "b", "c"], ROWS))
    return pd.DataFrame(
        {
            "float": np.where(numbers > 1, np.nan, numbers),
            "whole": random.integers(0, 9, ROWS),
            "yes": numbers > 0,
            "nullable": pd.array(np.where(numbers > 1, None, random.integers(0, 9, ROWS)), dtype="Int64"),
            "arrow": pd.array(random.integers(0, 9, ROWS), dtype="int64[pyarrow]"),
            "words": words.astype("str"),
            "N/A": words.where(numbers < 1, "N/A").astype("str"),
            "blank": words.where(numbers < 1, " \n").astype("str"),
            "objects": words.astype(object).where(numbers < 1, None),
            "mixed": words.astype(object).where(numbers < 1, 3),
            "category": pd.Categorical(random.integers(0, 3, ROWS)),
            "numerals": pd.Series(numbers.round(2)).astype("str").where(numbers < 1, "?"),
            "date": pd.Timestamp("2024-01-01") + pd.to_timedelta(random.integers(0, 99, ROWS), "D"),
            "date in words": (pd.Timestamp("2024-01-01") + pd.to_timedelta(random.integers(0, 99, ROWS), "D")).astype(
                "str"
            ),
            "codes": words.str.upper() + pd.Series(random.integers(10, 99, ROWS)).astype("str"),
            "date or code": pd.Series(["2024-01-01", "2024-01-02", "A14"] * (ROWS // 3), dtype="str"),
            "number or code": pd.Series(["10", "11", "10-14"] * (ROWS // 3), dtype="str"),
            "clock": pd.Series(["12:30", "8:15", "9:00 pm"] * (ROWS // 3), dtype="str"),
            "span": pd.to_timedelta(random.integers(0, 99, ROWS), "h"),
            "gaps": np.full(ROWS, np.nan),
            "no words": pd.Series([None] * ROWS, dtype="str"),
        }
    )


def test_all_types_are_cleaned_as_by_the_table_vectorizer() -> None:
    """With encoders that let everything through, it is skrub's cleaning alone."""
    table = columns()
    through = dict.fromkeys(("numeric", "datetime", "low_cardinality", "high_cardinality"), "passthrough")
    oracle, cleaning = TableVectorizer(**through), Cleaning()
    train, test = table.iloc[: ROWS // 2], table.iloc[ROWS // 2 :]
    pd.testing.assert_frame_equal(cleaning.fit_transform(train), oracle.fit_transform(train))
    pd.testing.assert_frame_equal(cleaning.transform(test), oracle.transform(test))
    assert {"gaps", "no words"}.isdisjoint(cleaning.get_feature_names_out())


@pytest.mark.parametrize(
    ("column", "given"),
    [
        ("float", ["1.5", "many", None]),
        ("float", pd.array([1, None, 3], dtype="Int64")),
        ("whole", [1.5, np.nan, 2.0]),
        ("words", ["a", "never seen", " "]),
        ("words", pd.array(["a", None, "NULL"], dtype="string")),
        ("words", pd.Categorical(["a", "b", "z"])),
        ("numerals", [1.5, 2.5, np.nan]),
        ("date in words", ["2024-03-01", "soon", None]),
    ],
)
def test_rows_of_another_type_than_in_training_are_cleaned_as_by_the_table_vectorizer(
    column: str, given: object
) -> None:
    train, test = columns()[[column]], pd.DataFrame({column: given})
    through = dict.fromkeys(("numeric", "datetime", "low_cardinality", "high_cardinality"), "passthrough")
    expected = TableVectorizer(**through).fit(train).transform(test)
    pd.testing.assert_frame_equal(Cleaning().fit(train).transform(test), expected)


def test_other_columns_than_in_training_are_refused() -> None:
    cleaning = Cleaning().fit(columns())
    with pytest.raises(ValueError, match="in training"):
        cleaning.transform(columns().drop(columns="words"))


def test_categories_are_names_in_whatever_form_new_rows_hold_them() -> None:
    towns = pd.Series(np.arange(ROWS) % 3 + 98001)
    table = pd.DataFrame({"zipcode": towns.astype(str).astype("category"), "size": towns})
    cleaning = Cleaning().fit(table)
    cleaned = cleaning.transform(table)
    assert [str(dtype) for dtype in cleaned.dtypes] == ["category", "float32"]
    assert cleaned["zipcode"].tolist()[:3] == ["98001", "98002", "98003"]
    for cells in ([98001.0, np.nan, 7.0], ["98001.0", None, "7"]):
        others = cleaning.transform(table.head(3).assign(zipcode=cells))
        assert others["zipcode"].tolist()[::2] == ["98001", "7"]
        assert pd.isna(others["zipcode"][1])


def test_numbers_of_little_spread_are_told_apart() -> None:
    steps = np.arange(50.0)
    table = pd.DataFrame({"tiny": steps * 1e-12, "far": 1e9 + steps / 8, "plain": 2000 + steps, "flag": steps > 9})
    cleaning = Cleaning()
    clean = cleaning.fit_transform(table)
    assert clean[["tiny", "far"]].min().tolist() == [-0.5, -0.5]
    assert clean[["tiny", "far"]].max().tolist() == [0.5, 0.5]
    assert (clean.dtypes == np.float32).all()
    assert clean["plain"].tolist() == table["plain"].tolist()
    gaps = pd.DataFrame({"tiny": [None, 49e-12], "far": [1e9, None], "plain": 1, "flag": True})
    assert cleaning.transform(gaps)["tiny"].tolist() == pytest.approx([np.nan, 0.5], nan_ok=True)
