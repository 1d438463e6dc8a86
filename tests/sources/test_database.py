"""A query as a table: on SQLite, and on a PostgreSQL that is started for it."""

import os
import shutil
import socket
import sqlite3
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from runner.config import DatasetConfig
from runner.errors import UserError
from runner.reading import load
from runner.sources.dialect import Dialect
from runner.sources.frame import read_frame

FRAME = pd.DataFrame(
    {"id": range(60), "size": np.arange(60) / 4, "kind": ["a", "b", None] * 20, "y": ["no", "yes"] * 30}
)
BINARIES = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True), Path("/usr/local/bin"), Path("/usr/bin")]


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


def _server_binaries() -> Path | None:
    return next(
        (folder for folder in BINARIES if (folder / "initdb").exists() and (folder / "postgres").exists()), None
    )


def _as_somebody(arguments: list[str]) -> list[str]:
    """Root may not run PostgreSQL."""
    return ["runuser", "-u", "nobody", "--", *arguments] if os.geteuid() == 0 else arguments


@pytest.fixture(scope="module")
def postgres(tmp_path_factory):
    binaries = _server_binaries()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed here")
    if os.geteuid() == 0 and not shutil.which("runuser"):
        pytest.skip("PostgreSQL does not run as root, and there is no runuser")
    pytest.importorskip("psycopg")
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="pg"))  # pytest's own folders are closed to other users
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody")
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    (folder / "password").write_text("geheim")
    (folder / "password").chmod(0o644)
    make = ["initdb", "-D", folder / "data", "-U", "me", "--auth=scram-sha-256", "--pwfile", folder / "password"]
    run = ["pg_ctl", "-D", folder / "data", "-w", "-t", "60", "-l", folder / "log"]
    options = ["-o", f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"]

    def call(command: list[object], *more: str) -> None:
        arguments = [str(binaries / str(command[0])), *map(str, command[1:]), *more]
        subprocess.run(
            _as_somebody(arguments),
            cwd="/",
            check=True,
            timeout=90,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    call(make)
    call(run, *options, "start")
    try:
        yield f"postgresql+psycopg://me:geheim@127.0.0.1:{port}/postgres"
    finally:
        call(run, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.slow
def test_a_real_postgresql(postgres, monkeypatch):
    import psycopg

    with psycopg.connect(postgres.replace("+psycopg", "")) as connection:
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
    monkeypatch.setenv("SHOP", postgres)
    query = "select size, kind, at::date as day, ok, n, y from visits where y like 'class %'"
    dataset = load(DatasetConfig(name="shop", path="env:SHOP", query=query, target="y"))
    assert (len(dataset), dataset.classes) == (40, ("class 0", "class 1"))
    assert {name: column.dtype.kind for name, column in dataset.features.items()} == {
        "size": "f", "kind": "O", "day": "M", "ok": "f", "n": "i",
    }  # fmt: skip
    with pytest.raises(UserError, match=r"could not be answered .*relation \"nothing\" does not exist") as caught:
        load(DatasetConfig(name="shop", path="env:SHOP", query="select * from nothing", target="y"))
    assert "geheim" not in str(caught.value)
    monkeypatch.setenv("SHOP", postgres.replace("geheim", "falsch"))
    with pytest.raises(UserError, match=r"could not be answered .*password authentication failed") as caught:
        load(DatasetConfig(name="shop", path="env:SHOP", query=query, target="y"))
    assert "falsch" not in str(caught.value)
