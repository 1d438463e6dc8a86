"""Reads the rows of a database query with SQLAlchemy. Nothing is written there, and no password is kept."""

import os
from pathlib import Path
from typing import Any

import pandas as pd

from runner.errors import UserError, first_line, nearest

VARIABLE = "env:"  # dataset.path=env:DATABASE_URL: the variable contains the address


def is_database(path: str) -> bool:
    """Whether a path is the address of a database, or names the variable that contains one."""
    return path.startswith(VARIABLE) or path.partition("://")[0].partition("+")[0] in _dialects(path)


def _dialects(path: str) -> tuple[str, ...]:
    if "://" not in path:
        return ()
    from sqlalchemy import dialects

    return tuple(dialects.__all__)


def read_query(path: str, query: str | None) -> pd.DataFrame:
    """Read the rows that a query returns.

    Parameters
    ----------
    path : str
        ``sqlite:///file.db``, ``postgresql+psycopg://user@host/name``, or ``env:NAME``.

    Raises
    ------
    UserError
        If there is no query or no such database, or if the query fails.
    """
    import sqlalchemy
    from sqlalchemy.exc import NoSuchModuleError, SQLAlchemyError

    url = _address(path)
    if not query:
        raise UserError(f"dataset.path={path!r} is a database: give dataset.query='select ... from ...' as well.")
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).is_file():
        raise UserError(f"There is no database {url.database!r}: sqlite:///FILE is relative, sqlite:////FILE absolute.")
    try:
        engine = sqlalchemy.create_engine(url)
    except (ImportError, NoSuchModuleError) as error:
        raise UserError(f"dataset.path={path!r} needs a driver that is not installed: {first_line(error)}.") from error
    try:
        with engine.connect() as connection:  # never committed, so whatever the query changes is undone
            plain = connection.execution_options(no_parameters=True)  # a % in the query stays a %
            result = plain.exec_driver_sql(query)
            if not result.returns_rows:
                raise UserError(f"dataset.query={query!r} gives no rows: it must be a select.")
            return pd.DataFrame(result.fetchall(), columns=pd.Index(list(result.keys()), dtype=object))
    except SQLAlchemyError as error:
        cause = _without(url.password, first_line(getattr(error, "orig", None) or error))
        raise UserError(f"dataset.query could not be answered by {path!r}: {cause}.") from error
    finally:
        engine.dispose()


def _address(path: str) -> Any:
    """Return the address; one with a password is refused where it would be stored with the run."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    variable = path.removeprefix(VARIABLE) if path.startswith(VARIABLE) else None
    if variable is not None and variable not in os.environ:
        raise UserError(f"dataset.path={path!r}: there is no such variable; {nearest(variable, _addresses())}")
    try:
        url = make_url(os.environ[variable] if variable else path)
    except (ArgumentError, ValueError) as error:
        raise UserError(
            f"{'The variable of ' * bool(variable)}dataset.path is not a valid database address."
        ) from error
    if url.password is not None and variable is None:
        raise UserError(
            "dataset.path holds a password, which would be stored with the run: put the whole address into a "
            "variable, export DATABASE_URL=..., and give dataset.path=env:DATABASE_URL."
        )
    return url


def _addresses() -> list[str]:
    """Return the environment variables that seem to contain addresses."""
    return [name for name, value in os.environ.items() if "://" in value and name.isupper()] or ["DATABASE_URL"]


def _without(password: Any, text: str) -> str:
    return text.replace(str(password), "***") if password else text
