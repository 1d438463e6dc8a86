"""What is used today, as the config names it: a column of the table or rules, checked against the table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from runner.cells import check_finite, written
from runner.config import DatasetConfig
from runner.dataset import Incumbent
from runner.errors import UserError, nearest
from runner.folders import from_home
from runner.reading.target import PAIRS
from runner.rules import Rules, check_columns, columns_of
from runner.rules.rule_file import parse_rules, read_rules
from runner.task import Task
from runner.words import counted

ENDINGS = (".yaml", ".yml")
MOST_DECISIONS = 20  # distinct numbers in a column of decisions on three or more classes

Notes = list[str]


@dataclass(frozen=True)
class Today:
    """The incumbent of the config: the name of a column, or rules and their name."""

    name: str
    rules: Rules | None = None


def read(config: DatasetConfig, columns: list[str]) -> Today | None:
    """Read which incumbent the config names; None if it names none.

    Raises
    ------
    UserError
        If it is not a column of the table, is the target, or does not hold valid rules.
    """
    given = config.incumbent
    if given is None or given == "":
        return None
    if isinstance(given, list):
        return Today("rules", parse_rules(given, "dataset.incumbent"))
    name = str(given)
    if name not in columns and Path(name).suffix in ENDINGS:
        return Today(Path(name).name, read_rules(from_home(name)))
    if name not in columns:
        raise UserError(f"dataset.incumbent={name!r} is not a column of the table: {nearest(name, columns)}")
    if name == config.target:
        raise UserError(f"dataset.incumbent and dataset.target both name {name!r}: it can be one of them only.")
    return Today(name)


def with_cells(
    today: Today | None, cells: pd.DataFrame, task: Task, names: Sequence[tuple[Any, ...]], notes: Notes
) -> Incumbent | None:
    """Return the incumbent, if there is one, with the cells that it uses.

    Parameters
    ----------
    cells : DataFrame, shape (rows, columns)
        Plain cells, without the target.
    names : sequence of tuple
        The class names as they stand in the table, and the numbers that they were read as.

    Raises
    ------
    UserError
        If it cannot be applied to this table or does not suit the task.
    """
    if today is None:
        return None
    called = {str(name): code for classes in names for code, name in enumerate(classes)}
    if today.rules is None:
        return _column(today.name, cells, task, called, notes)
    notes += check_columns(today.rules, cells, "dataset.incumbent")
    rules = tuple(replace(rule, then=_outcome(rule.then, task, list(called))) for rule in today.rules)
    return Incumbent(today.name, cells[columns_of(rules, list(cells.columns))], rules, called)


def _column(name: str, cells: pd.DataFrame, task: Task, called: dict[str, int], notes: Notes) -> Incumbent:
    column = cells[name]
    check_finite(column, "incumbent")
    missing = int(column.isna().sum())
    if missing == len(column):
        raise UserError(f"Incumbent column {name!r} is empty in every row: leave dataset.incumbent out.")
    if missing:
        usual = "the mean" if task is Task.REGRESSION else "how often each class comes of such rows"
        notes.append(f"Incumbent {name!r} is missing in {counted(missing, 'row')}: there it is taken to say {usual}.")
    if column.dtype.kind == "M" or (task is Task.REGRESSION and column.dtype.kind == "O"):
        kind = "dates" if column.dtype.kind == "M" else "text"
        raise UserError(f"Incumbent column {name!r} holds {kind}, and the target is to be predicted: choose another.")
    if task is Task.MULTICLASS and column.dtype.kind != "O" and column.nunique() > MOST_DECISIONS:
        raise UserError(
            f"Incumbent column {name!r} holds {column.nunique():,} different numbers, and there are "
            f"{len({*called.values()})} classes: give a column of today's decisions."
        )
    return Incumbent(name, column.to_frame(), called=called)


def _outcome(then: Any, task: Task, names: list[str]) -> Any:
    """Return what a rule predicts in the target's own terms: a number, a class, or probabilities."""
    if task is Task.REGRESSION:
        try:
            return float(then)
        except (TypeError, ValueError) as error:
            raise UserError(f"A rule of dataset.incumbent predicts {then!r}, and the target is a number.") from error
    if isinstance(then, tuple):
        return tuple((_class(name, names), share) for name, share in then)
    return _class(then, names)


def _class(name: Any, names: list[str]) -> str:
    """Return the class that is meant: YAML reads a bare yes or no as a boolean, and 1.0 may stand for 1."""
    whole = written(name)
    for form in (str(name), whole, *_synonyms(whole.lower())):
        if form in names:
            return form
    raise UserError(
        f"A rule of dataset.incumbent predicts {str(name)!r}, which is not a class: {nearest(whole, names)}"
    )


def _synonyms(word: str) -> Iterable[str]:
    """Return how YAML's true and false may be written in a table."""
    if word not in ("true", "false"):
        return ()
    forms = [pair[word == "true"] for pair in PAIRS]
    return [cased for form in forms for cased in (form, form.capitalize(), form.upper())]
