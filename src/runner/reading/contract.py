"""A contract that tables must keep: a pandera schema in YAML, checked before anything is fitted."""

from collections.abc import Collection
from typing import Any

import pandas as pd

from runner.cells import Column, plain, words
from runner.errors import UserError, first_line
from runner.folders import from_home
from runner.words import counted, quoted

MOST_LEVELS = 30  # text with more distinct values is not listed, because new ones are to be expected
MOST_BREACHES = 5  # named in one sentence
NANOSECONDS: Any = (pd.Timestamp.min.ceil("us"), pd.Timestamp.max.floor("us"))  # the range of pandera's dates
KINDS = {"i": "numbers", "f": "numbers", "M": "dates", "O": "text"}


def contract_of(frame: pd.DataFrame) -> str:
    """Write the contract that a table keeps: columns, their kinds, where cells may be missing, and categories."""
    import yaml
    from pandera.io.pandas_io import to_yaml
    from pandera.pandas import Check, Column, DataFrameSchema

    columns = {}
    for name, column in frame.items():
        try:
            cells, _ = plain(column)
        except UserError:
            continue
        levels = sorted(cells.dropna().unique()) if cells.dtype.kind == "O" else []
        checks = [Check.isin(levels)] if 0 < len(levels) <= MOST_LEVELS else []
        kind = {"O": "str", "M": "datetime64[us]"}.get(cells.dtype.kind, "float64")
        columns[str(name)] = Column(kind, checks=checks, nullable=bool(cells.isna().any()))
    told = yaml.safe_load(to_yaml(DataFrameSchema(columns, coerce=True)))
    return str(yaml.safe_dump(told, sort_keys=False, allow_unicode=True))  # pandera would write \u20AC for a euro sign


def assert_kept(frame: pd.DataFrame, path: str) -> None:
    """Check a table against the contract in a file.

    Raises
    ------
    UserError
        If there is no such contract, or if it is broken; the message names each breach.
    """
    if said := breaches(frame, path):
        raise UserError(said)


def breaches(frame: pd.DataFrame, path: str, of: Collection[str] | None = None) -> str | None:
    """Return a sentence naming each breach of a contract, optionally of some columns only; None if it is kept."""
    from pandera.errors import SchemaErrors

    schema = _read(path)
    schema = schema.remove_columns([name for name in schema.columns if of is not None and name not in of])
    wanted = [name for name in schema.columns if name in frame.columns]
    cells = pd.DataFrame({name: _cells(frame[name], schema, name) for name in wanted}, index=frame.index)
    try:
        schema.validate(cells, lazy=True)
    except SchemaErrors as errors:
        said = list(dict.fromkeys(_breaches(errors.failure_cases, cells, schema)))
        more = f"; and {len(said) - MOST_BREACHES} more" if len(said) > MOST_BREACHES else ""
        return f"The table breaks {path!r}: {'; '.join(said[:MOST_BREACHES])}{more}."
    return None


def _cells(column: Column, schema: Any, name: str) -> Column:
    """Return plain cells; those agreed to be words stay words, as a part of a table may hold only number-like ones."""
    from pandera.dtypes import is_string

    if schema.coerce and is_string(schema.columns[name].dtype):
        return words(column)
    cells, _ = plain(column)
    return cells.clip(*NANOSECONDS) if cells.dtype.kind == "M" else cells


def _read(path: str) -> Any:
    from pandera.io.pandas_io import from_yaml

    file = from_home(path)
    if not file.is_file():
        raise UserError(f"dataset.schema={path!r} is not a file: `runner init TABLE --target y --contract` writes one.")
    try:
        return from_yaml(file.read_text(encoding="utf-8"))  # type: ignore[no-untyped-call]
    except Exception as error:  # from YAML, or from a schema that pandera cannot create
        raise UserError(f"dataset.schema={path!r} is not a pandera schema in YAML: {first_line(error)}.") from error


def _breaches(cases: pd.DataFrame, cells: pd.DataFrame, schema: Any) -> list[str]:
    """Say what each failed check means, one phrase per column and check."""
    said = []
    for (column, name), found in cases.groupby(["column", "check"], sort=False, dropna=False):
        check, rows = str(name), counted(len(found), "row")
        case = found["failure_case"].tolist()[0]
        if check == "column_in_dataframe":
            said.append(f"column {case!r} has vanished")
        elif check.startswith(("coerce_dtype", "dtype")):
            kind = KINDS.get(cells[column].dtype.kind, "something else") if column in cells else "something else"
            said.append(f"column {column!r} now holds {kind}, and {schema.columns[column].dtype} is agreed")
        elif check == "not_nullable":
            said.append(f"column {column!r} is missing in {rows}")
        elif check.startswith("isin"):
            said.append(f"column {column!r} holds new categories ({quoted(found['failure_case'].unique())}, {rows})")
        else:
            said.append(f"column {column!r} fails {check} in {rows}, such as {case!r}")
    return said
