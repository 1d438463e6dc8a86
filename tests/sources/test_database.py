"""A query as a table: on SQLite, and on a PostgreSQL that is started for it."""

import sqlite3

import numpy as np
import pandas as pd
import pytest

from runner.config import DatasetConfig
from runner.errors import UserError
from runner.reading import load
from runner.sources.dialect import Dialect
from runner.sources.frame import read_frame
from servers import PASSWORD, postgres, why_no_postgres

FRAME = pd.DataFrame(
    {"id": range(60), "size": np.arange(60) / 4, "kind": ["a", "b", None] * 20, "y": ["no", "yes"] * 30}
)


@pytest.fixture
def sqlite(tmp_path):
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        FRAME.to_sql("visits", connection, index=False)
    return f"sqlite:///{tmp_path / 'shop.db'}"


def test_a_query_gives_a_table(sqlite):
    read, _ = read_frame(sqlite, Dialect(query="select size, kind from visits where id < 30 order by id"))
    assert list(read.columns) == ["size", "kind"]
    assert read["size"].tolist() == FRAME["size"].head(30).tolist()
    assert read["kind"].isna().sum() == 10


def test_a_query_becomes_a_data_set(sqlite):
    config = DatasetConfig(name="shop", path=sqlite, query="select * from visits", target="y", drop=["id"])
    dataset = load(config)
    assert (len(dataset), list(dataset.features.columns), dataset.classes) == (60, ["size", "kind"], ("no", "yes"))


def test_nothing_is_written(sqlite):
    with pytest.raises(UserError, match=r"gives no rows: it must be a select"):
        read_frame(sqlite, Dialect(query="delete from visits"))
    assert len(read_frame(sqlite, Dialect(query="select * from visits"))[0]) == 60


@pytest.mark.parametrize(
    ("path", "query", "sentence"),
    [
        (None, None, r"is a database: give dataset.query="),
        (None, "select * from vists", r"dataset.query could not be answered by .*no such table: vists"),
        ("sqlite:///nowhere.db", "select 1", r"There is no database 'nowhere.db'"),
        ("postgresql+psycopg://me:secret@host/x", "select 1", r"dataset.path holds a password"),
        ("env:NO_SUCH_VARIABLE", "select 1", r"there is no such variable"),
        ("mine://x", "select 1", r"needs a driver that is not installed"),
    ],
)
def test_what_cannot_be_asked_is_one_sentence(sqlite, path, query, sentence):
    with pytest.raises(UserError, match=sentence) as caught:
        read_frame(path or sqlite, Dialect(query=query))
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_query_needs_a_database(tmp_path):
    with pytest.raises(UserError, match=r"dataset.query is for databases"):
        read_frame(tmp_path / "table.csv", Dialect(query="select 1"))


@pytest.fixture(scope="module")
def address():
    with postgres() as address:
        yield address


@pytest.mark.slow
@pytest.mark.skipif(bool(why_no_postgres()), reason=str(why_no_postgres()))
def test_a_real_postgresql(address, monkeypatch):
    import psycopg

    with psycopg.connect(address.replace("+psycopg", "")) as connection:
        connection.execute(
            "create table visits (size numeric, kind text, at timestamptz, ok boolean, n bigint, y text)"
        )
        for row in range(40):
            connection.execute(
                "insert into visits values (%s, %s, now(), %s, %s, %s)",
                (
                    row / 3,
                    "ab"[row % 2] if row % 5 else None,
                    row % 3 == 0 if row % 7 else None,
                    row,
                    f"class {row % 2}",
                ),
            )
    monkeypatch.setenv("SHOP", address)
    query = "select size, kind, at::date as day, ok, n, y from visits where y like 'class %'"
    dataset = load(DatasetConfig(name="shop", path="env:SHOP", query=query, target="y"))
    assert (len(dataset), dataset.classes) == (40, ("class 0", "class 1"))
    assert {name: column.dtype.kind for name, column in dataset.features.items()} == {
        "size": "f", "kind": "O", "day": "M", "ok": "f", "n": "i",
    }  # fmt: skip
    with pytest.raises(UserError, match=r"could not be answered .*relation \"nothing\" does not exist") as caught:
        load(DatasetConfig(name="shop", path="env:SHOP", query="select * from nothing", target="y"))
    assert PASSWORD not in str(caught.value)
    monkeypatch.setenv("SHOP", address.replace(PASSWORD, "falsch"))
    with pytest.raises(UserError, match=r"could not be answered .*password authentication failed") as caught:
        load(DatasetConfig(name="shop", path="env:SHOP", query=query, target="y"))
    assert "falsch" not in str(caught.value)
