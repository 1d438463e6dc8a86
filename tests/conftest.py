"""What many tests need: shipped tables at a small size, workers, and the command line in a folder of its own."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from processes import Command, Done, Script, python
from runner.config import Config, EngineConfig
from runner.dataset import Dataset
from runner.engine import Engine, warm

Compose = Callable[..., Config]
Shipped = Callable[..., Dataset]


@pytest.fixture(scope="session")
def compose() -> Compose:
    """Return a function that composes a config from overrides."""
    from runner.compose import composed

    return lambda *overrides: composed(["tracking=none", *overrides])


@pytest.fixture(scope="session")
def shipped(compose: Compose) -> Shipped:
    """Return a function that reads so many rows of a table that ships, once."""
    from runner.reading import load

    @cache
    def read(name: str, rows: int, *overrides: str) -> Dataset:
        config = compose(f"dataset={name}", *overrides)
        return load(config.dataset, rows, config.seed)

    return read


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """Return two workers, forked from a server that has the libraries."""
    warm()
    with Engine(EngineConfig(workers=2), memory_gb=2) as engine:
        yield engine


@pytest.fixture
def command(tmp_path: Path) -> Command:
    """Return a function that runs `python -m runner` in an empty folder."""

    def run(*arguments: str, folder: Path = tmp_path) -> Done:
        return python("-m", "runner", *arguments, folder=folder)

    return run


@pytest.fixture
def script(tmp_path: Path) -> Script:
    """Return a function that runs a script, as a user writes one, in an empty folder."""

    def run(text: str) -> Done:
        path = tmp_path / "script.py"
        path.write_text(text)
        return python(str(path), folder=tmp_path)

    return run
