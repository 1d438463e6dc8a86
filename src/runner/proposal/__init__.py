"""What the columns of an unknown table probably mean, with a reason for each guess; unsure guesses become questions."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from runner.cells import Column, plain
from runner.cells.prose import tells_nothing
from runner.errors import UserError, nearest
from runner.hints import (
    Table,
    dates_of,
    is_dated_in_many_ways,
    is_sorted,
    is_told_by,
    kinds_of,
    outcomes,
    why_identifier,
)
from runner.naming import BIRTHS, TODAY, comes_back, is_named, may_be_a_period, weights_among
from runner.proposal.things import likeliest
from runner.reading.class_names import as_written, in_one_spelling
from runner.reading.copies import RECORDED_TWICE, were_recorded_twice
from runner.reading.rows import check_enough, summed_up
from runner.reading.target import encode, find_task
from runner.task import Task
from runner.words import counted, quoted

FEWEST_MOMENTS = 20
FEWEST_IN_TIME = 500  # rows, 40 % of which judge; on fewer than 200 rows in time there is no interval
FEWEST_STEPS, MOST_STEPS = 5, 200  # different years, weeks or the like
KNOWN = 0.95  # share of rows that must have a time for it to be chosen; rows without one are set aside
ROWS_LOOKED_AT = 50_000


@dataclass(frozen=True)
class Choice:
    """A line of the config, and the reason for it."""

    key: str
    value: Any
    why: str


@dataclass
class Proposal:
    """What was chosen, what is asked, and what each column is.

    Attributes
    ----------
    asked : list of Choice
        What a person must decide: not chosen, and shown as a warning.
    kinds : dict of str to list of str
        Kind of input to the columns of that kind.
    notes : list of str
        Other remarks.
    """

    chosen: list[Choice] = field(default_factory=list)
    asked: list[Choice] = field(default_factory=list)
    kinds: dict[str, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def has(self, key: str) -> bool:
        """Whether the config line `key` was chosen."""
        return any(choice.key == key for choice in self.chosen)


def propose(frame: pd.DataFrame, target: str, task: str | None = None) -> Proposal:
    """Guess task, positive class, identifiers, time, groups, weights and today's predictions.

    Parameters
    ----------
    frame : DataFrame
        The table, with unique column names.
    task : str or None
        None to infer it from the target.

    Raises
    ------
    UserError
        If the target is not a column, or cannot be predicted.
    """
    if target not in frame.columns:
        raise UserError(f"--target {target!r} is not a column of the table: {nearest(target, frame.columns)}")
    proposal = Proposal()
    known = frame[frame[target].notna()]  # rows of totals do not count
    cells, unreadable = _plain(known if len(known) else frame, target)
    if (total := summed_up(cells, np.arange(len(cells)))) is not None:
        known = known.iloc[:-1]
        cells, unreadable = _plain(known, target)
        proposal.notes.append(f"The last row holds totals and is set aside: {total!r} is the sum of the rows above.")
    cells[target] = in_one_spelling(cells[target], proposal.notes)
    told = _target(cells[target], known[target], task, proposal)
    inputs = cells[cells[target].notna()].drop(columns=target).head(ROWS_LOOKED_AT)
    dates = {name: dates for name, column in inputs.items() if (dates := dates_of(column)) is not None}
    unclear = [str(name) for name, column in inputs.items() if name not in dates and is_dated_in_many_ways(column)]
    counters = {
        str(name): why
        for name, column in inputs.items()
        if name not in (*dates, *unclear) and (why := why_identifier(column))
    }
    away = {**counters, **unreadable}
    if away:
        proposal.chosen.append(Choice("drop", list(away), "; ".join(f"{name} {why}" for name, why in away.items())))
    inputs = inputs.drop(columns=[*counters, *[name for name in unreadable if name in inputs]])
    _copies(inputs.join(cells[target]), target, proposal)
    _time(inputs, dates, proposal)
    for name in unclear:
        why = "if it gives the time of each row: first write its dates in one way, as 2026-01-31"
        proposal.asked.append(Choice("time", name, why))
    _group(inputs.drop(columns=[*dates, *unclear]), told[: len(inputs)], proposal)
    _by_name(inputs, proposal)
    groups = [choice.value for choice in proposal.chosen if choice.key == "group"]
    left = inputs.drop(columns=groups)
    if all(tells_nothing(left[name]) for name in left.columns):
        raise _no_inputs(frame, target)
    for kind, name in kinds_of(left, dates):
        proposal.kinds.setdefault(kind, []).append(name)
    if missing := len(frame) - int(cells[target].notna().sum()) - (total is not None):
        proposal.notes.append(
            f"{target} is missing in {counted(missing, 'row')} of {len(frame):,}: these are set aside."
        )
    return proposal


def _no_inputs(frame: pd.DataFrame, target: str) -> UserError:
    others = frame.columns.drop(target)
    which = f", as each of {quoted(others)} names, numbers or groups the rows or is constant" if len(others) else ""
    return UserError(f"No input is left beside target {target!r}{which}: give columns from which it can be learned.")


def _plain(frame: pd.DataFrame, target: str) -> tuple[pd.DataFrame, dict[str, str]]:
    columns, unreadable = {}, {}
    for name, column in frame.items():
        try:
            columns[str(name)] = plain(column)[0]
        except UserError:
            if name == target:
                raise
            unreadable[str(name)] = "holds values that no model takes"
    return pd.DataFrame(columns, index=frame.index), unreadable


def _target(column: Column, written: Column, configured: str | None, proposal: Proposal) -> Table:
    """Choose the task and the positive class; return the outcomes of the rows that were examined."""
    notes: list[str] = []
    known = column.dropna()
    if known.empty:
        raise UserError(f"--target {column.name!r} is empty in every row: choose another column.")
    check_enough(len(known), str(column.name))
    task = find_task(known, configured, notes)
    values = known.nunique()
    why = "as given" if configured else f"{column.name} holds {values:,} different values"
    proposal.chosen.append(Choice("task", str(task), why if not notes else notes.pop()))
    codes, classes = encode(known, task, None, notes)
    if len(classes) == 2:
        rarer = [note for note in notes if note.startswith("Positive is")]
        classes, share = as_written(classes, codes, written[column.notna()]), float(codes.mean())
        why = ("the rarer class" if share < 0.5 else "neither is rarer") if rarer else "the usual meaning of positive"
        proposal.chosen.append(
            Choice("positive", classes[1], f"{why}: {share:.1%} of the rows; the other is {classes[0]!r}")
        )
        if rarer:
            proposal.asked.append(
                Choice("positive", classes[0], f"if {classes[0]!r} is what you look for, and not {classes[1]!r}")
            )
    return outcomes(codes, Task(task))


def _copies(rows: pd.DataFrame, target: str, proposal: Proposal) -> None:
    if were_recorded_twice(rows, target):
        many = counted(int(rows.duplicated().sum()), "row")
        proposal.chosen.append(Choice("drop_copies", True, f"{many} of {len(rows):,} repeat others: {RECORDED_TWICE}"))


def _time(inputs: pd.DataFrame, dates: dict[Any, Column], proposal: Proposal) -> None:
    events = {name: d for name, d in dates.items() if not is_named(name, BIRTHS) and d.nunique() >= FEWEST_MOMENTS}
    whole = {name: column for name, column in events.items() if column.notna().mean() >= KNOWN}
    sorted_by = [name for name, column in whole.items() if is_sorted(column)]
    few = len(inputs) < FEWEST_IN_TIME
    best = sorted_by if len(sorted_by) == 1 else list(whole) if len(whole) == 1 == len(events) and not few else []
    if best:
        why = "the rows are in its order" if best[0] in sorted_by else "the only date in the table"
        proposal.chosen.append(Choice("time", best[0], f"{why}: train on the past, judge on the future"))
    for name in [name for name in events if name not in best]:
        gaps = "" if name in whole else f", though it is missing in {events[name].isna().mean():.0%} of the rows"
        why = f"if it gives the time of each row{gaps}: train on the past, judge on the future"
        why += f" ({counted(len(inputs), 'row')} are few to prove a gain over time)" if few else ""
        proposal.asked.append(Choice("time", name, why))
    if not events:
        _periods(inputs, proposal)


def _periods(inputs: pd.DataFrame, proposal: Proposal) -> None:
    """Ask about numbers named after a year, a week or the like, except parts of a longer period, which repeat."""
    found = {}
    for name, column in inputs.items():
        count = column.nunique()
        if column.dtype.kind not in "if" or count < FEWEST_STEPS or not may_be_a_period(name):
            continue
        if is_named(name, BIRTHS):
            continue
        if column.notna().mean() >= KNOWN and (is_sorted(column) or count < MOST_STEPS):
            found[name] = pd.factorize(column)[0].astype(np.int64)
    named = [*found, *(name for name, column in inputs.items() if column.dtype.kind == "O")]  # a month may be a word
    for name, steps in found.items():
        if not (comes_back(name, named) or any(is_told_by(steps, finer) for finer in found.values())):
            hint = "the rows are in its order" if is_sorted(inputs[name]) else "by its name"
            proposal.asked.append(Choice("time", name, f"if it gives the time of each row ({hint})"))


def _group(inputs: pd.DataFrame, told: Table, proposal: Proposal) -> None:
    """Choose the thing that determines other columns, including all other things; ask about further candidates."""
    found = likeliest(inputs, told)
    named = {thing.name for thing in found if thing.is_named}
    for thing in found[:2]:
        if proposal.has("group") and not (thing.is_named or thing.period):
            continue  # equivalent to the chosen group
        why = thing.why(len(inputs))
        if thing.is_sure and named <= {thing.name, *thing.same}:
            proposal.chosen.append(Choice("group", thing.name, why))
        else:
            why = f"if its rows belong together, to keep them on one side: {why}"
            proposal.asked.append(Choice("group", thing.name, why))


def _by_name(inputs: pd.DataFrame, proposal: Proposal) -> None:
    """Ask about what only the name of a column suggests."""
    weights = weights_among(inputs)
    for name, column in inputs.items():
        if name in weights and column.dtype.kind in "if" and (column >= 0).all() and column.nunique() > 1:
            proposal.asked.append(Choice("weight", name, "if it says how many cases a row stands for"))
        elif is_named(name, TODAY):
            proposal.asked.append(
                Choice("incumbent", name, "if it is what is used today: models are then judged against it")
            )
