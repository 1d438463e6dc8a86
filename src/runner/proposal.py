"""What the columns of an unknown table probably mean, with the reason for each guess; what is unsure is asked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from runner.cells import Column, plain
from runner.errors import UserError, nearest
from runner.reading.roles import moments
from runner.reading.target import encode, find_task
from runner.wording import counted

THINGS = {
    "id", "ids", "uuid", "guid", "key", "subject", "patient", "person", "user", "customer", "client", "member",
    "account", "household", "family", "student", "employee", "driver", "vehicle", "car", "machine", "device", "sensor",
    "store", "shop", "session", "case", "group", "site", "batch", "lot", "well", "plot", "animal",
}  # fmt: skip
COUNTERS = {
    "id",
    "ids",
    "uuid",
    "guid",
    "key",
    "index",
    "idx",
    "row",
    "rownum",
    "rowid",
    "number",
    "nr",
    "no",
    "instant",
}
BIRTHS = {"birth", "dob", "born", "birthday", "birthdate"}
PERIODS = {"year", "month", "week", "day", "date", "time", "timestamp", "quarter", "period", "epoch"}
WEIGHTS = {"weight", "weights", "wgt", "wt", "pweight", "sampleweight"}
TODAY = {"score", "prediction", "predicted", "forecast", "decision", "estimate", "recommendation", "risk"}
FEWEST_MOMENTS = 20
FEWEST_THINGS = 20
NAMES_A_ROW = 0.98  # share of different values from which on a word names its row
MOST_WORDS = 2.5  # of text on average; more is prose
SAME_WITHIN = 0.98  # share of groups in which another column has one value only
ROWS_PER_GROUP = 1.1
ROWS_LOOKED_AT = 50_000


@dataclass(frozen=True)
class Choice:
    """A line of the config, and why."""

    key: str
    value: Any
    why: str


@dataclass
class Proposal:
    """What was chosen, what is asked, and what each column is.

    Attributes
    ----------
    asked : list of Choice
        What a person must decide: not chosen, and told by a warning.
    kinds : dict of str to list of str
        Kind to columns.
    """

    chosen: list[Choice] = field(default_factory=list)
    asked: list[Choice] = field(default_factory=list)
    kinds: dict[str, list[str]] = field(default_factory=dict)


def propose(frame: pd.DataFrame, target: str) -> Proposal:
    """Guess task, positive class, identifiers, time, groups, weights and what is used today.

    Parameters
    ----------
    frame : DataFrame
        With a name of its own for each column.

    Raises
    ------
    UserError
        When the target is no column, or nothing that can be predicted.
    """
    if target not in frame.columns:
        raise UserError(f"--target {target!r} is no column of the table: {nearest(target, list(frame.columns))}")
    proposal = Proposal()
    cells, unreadable = _plain(frame, target)
    _target(cells[target], proposal)
    inputs = cells.drop(columns=target).head(ROWS_LOOKED_AT)
    dates = {name: dates for name, column in inputs.items() if (dates := _dates(column)) is not None}
    counters = {str(name): why for name, column in inputs.items() if name not in dates and (why := _names_rows(column))}
    away = {**counters, **unreadable}
    if away:
        proposal.chosen.append(Choice("drop", list(away), "; ".join(f"{name} {why}" for name, why in away.items())))
    inputs = inputs.drop(columns=[*counters, *[name for name in unreadable if name in inputs]])
    _time(inputs, dates, proposal)
    _group(inputs.drop(columns=list(dates)), proposal)
    _by_name(inputs, proposal)
    _kinds(inputs, dates, proposal)
    return proposal


def _plain(frame: pd.DataFrame, target: str) -> tuple[pd.DataFrame, dict[str, str]]:
    columns, unreadable = {}, {}
    for name, column in frame.items():
        try:
            columns[str(name)] = plain(column)[0]
        except UserError:
            if name == target:
                raise
            unreadable[str(name)] = "holds what no model takes"
    return pd.DataFrame(columns, index=frame.index), unreadable


def _target(column: Column, proposal: Proposal) -> None:
    notes: list[str] = []
    known = column.dropna()
    if known.empty:
        raise UserError(f"--target {column.name!r} is empty in every row: choose another column.")
    task = find_task(known, None, notes)
    values = known.nunique()
    why = f"{column.name} holds {values:,} different values"
    proposal.chosen.append(Choice("task", str(task), why if not notes else notes.pop()))
    _, classes = encode(known, task, None, notes)
    if len(classes) == 2:
        rarer = [note for note in notes if note.startswith("Positive is")]
        share = float((known.astype(str).isin([str(classes[1]), f"{classes[1]}.0"])).mean())
        why = "the rarer class" if rarer else "what people mean by positive"
        proposal.chosen.append(
            Choice("positive", classes[1], f"{why}: {share:.1%} of the rows; the other is {classes[0]!r}")
        )
        if rarer:
            proposal.asked.append(
                Choice("positive", classes[0], f"if {classes[0]!r} is what you look for, and not {classes[1]!r}")
            )


def _words(name: Any) -> set[str]:
    """Return the words of a column's name: subjectID, subject_id and `subject #` have the same first one."""
    parts = re.sub(r"([a-z])([A-Z])", r"\1 \2", str(name))
    return set(re.findall(r"[a-z]+", parts.lower())) | {re.sub(r"[^a-z]", "", str(name).lower())}


def _is_named(name: Any, words: set[str]) -> bool:
    return bool(_words(name) & words) or (str(name).lower().endswith("id") and "id" in words and str(name)[-2:] != "id")


def _dates(column: Column) -> "Column | None":
    """Return the dates of a column, which may be written as text."""
    if column.dtype.kind == "M":
        return column
    if column.dtype.kind != "O" or not column.dropna().head(50).astype(str).str.contains(r"\d.*[-/.:].*\d").all():
        return None
    try:
        return moments(column, []) if column.notna().any() else None
    except (UserError, AttributeError):
        return None


def _names_rows(column: Column) -> str | None:
    """Return why a column is an identifier; None when it is none."""
    known = column.dropna()
    if len(known) < 2:
        return None
    different = known.nunique() / len(known)
    if column.dtype.kind == "i" and different == 1:
        if int(known.max()) - int(known.min()) == len(known) - 1:
            return "counts the rows"
        return "is another number in each row, named as an identifier" if _is_named(column.name, COUNTERS) else None
    if column.dtype.kind == "O" and different >= NAMES_A_ROW:
        words = float(known.astype(str).str.count(r"\S+").mean())
        return "is another word in each row" if words < MOST_WORDS and len(known) > 50 else None
    return None


def _time(inputs: pd.DataFrame, dates: dict[Any, Column], proposal: Proposal) -> None:
    events = {name: d for name, d in dates.items() if not _is_named(name, BIRTHS) and d.nunique() >= FEWEST_MOMENTS}
    sorted_by = [name for name, column in events.items() if _is_sorted(column)]
    best = sorted_by if len(sorted_by) == 1 else list(events) if len(events) == 1 else []
    if best:
        why = "the rows are in its order" if best[0] in sorted_by else "the only date in the table"
        proposal.chosen.append(Choice("time", best[0], f"{why}: train on the past, judge on the future"))
    for name in [name for name in events if name not in best]:
        proposal.asked.append(
            Choice("time", name, "if it says when a row came to be: train on the past, judge on the future")
        )
    if events:
        return
    for name, column in inputs.items():
        steps = column.nunique()
        if (
            column.dtype.kind in "if"
            and steps >= 5
            and _is_named(name, PERIODS)
            and (_is_sorted(column) or steps < 200)
        ):
            hint = "the rows are in its order" if _is_sorted(column) else "by its name"
            proposal.asked.append(Choice("time", name, f"if it says when a row came to be ({hint})"))


def _is_sorted(column: Column) -> bool:
    known = column.dropna()
    return len(known) > 2 and bool(known.is_monotonic_increasing or known.is_monotonic_decreasing)


def _group(inputs: pd.DataFrame, proposal: Proposal) -> None:
    found = []
    for name, column in inputs.items():
        groups, known = column.nunique(), int(column.notna().sum())
        if column.dtype.kind not in "iO" or groups < 5 or known < ROWS_PER_GROUP * groups:
            continue
        named = _is_named(name, THINGS)
        if not named and groups < max(FEWEST_THINGS, len(inputs) ** 0.5 / 2):
            continue
        same = _same_within(inputs, str(name))
        if len(same) >= 2 or (named and (same or groups >= FEWEST_THINGS)):
            found.append((named and bool(same), len(same), named, str(name), groups, same))
    for sure, count, named, name, groups, same in sorted(found, reverse=True)[:2]:
        within = f"{', '.join(same[:3])} {'is' if count == 1 else 'are'} the same in all rows of one"
        why = [f"{groups:,} different values over {counted(len(inputs), 'row')}"]
        why += [within] if same else []
        why += ["named as a thing"] if named else []
        already = any(choice.key == "group" for choice in proposal.chosen)
        place = proposal.chosen if sure and not already else proposal.asked
        tail = "" if place is proposal.chosen else "if its rows belong together, keep them on one side: "
        place.append(Choice("group", name, tail + ", ".join(why)))


def _same_within(inputs: pd.DataFrame, name: str) -> list[str]:
    """Return the columns that have one value in nearly each group of rows, and would not have by chance."""
    codes = pd.factorize(inputs[name])[0]
    repeated = np.isin(codes, np.flatnonzero(np.bincount(codes[codes >= 0]) > 1)) & (codes >= 0)
    rows, codes = inputs[repeated], codes[repeated]
    if not len(rows):
        return []
    shuffled = np.random.default_rng(0).permutation(codes)
    same = []
    for other, column in rows.items():
        if other == name or column.nunique() < 2:
            continue
        values = pd.factorize(column)[0]
        kept, by_chance = (_constant_share(values, each) for each in (codes, shuffled))
        if kept >= SAME_WITHIN and by_chance < 0.8:
            same.append(str(other))
    return same


def _constant_share(values: Any, codes: Any) -> float:
    frame = pd.DataFrame({"value": values, "code": codes}).groupby("code")["value"]
    return float((frame.min() == frame.max()).mean())


def _by_name(inputs: pd.DataFrame, proposal: Proposal) -> None:
    """Ask what only a name hints at."""
    for name, column in inputs.items():
        if column.dtype.kind in "if" and _is_named(name, WEIGHTS) and (column.dropna() >= 0).all():
            proposal.asked.append(Choice("weight", name, "if it says how many cases a row stands for"))
        elif _is_named(name, TODAY):
            proposal.asked.append(
                Choice("incumbent", name, "if it is what is used today: models are then judged against it")
            )


def _kinds(inputs: pd.DataFrame, dates: dict[Any, Column], proposal: Proposal) -> None:
    for kind, name in _kind_of(inputs, dates):
        proposal.kinds.setdefault(kind, []).append(name)


def _kind_of(inputs: pd.DataFrame, dates: dict[Any, Column]) -> Iterator[tuple[str, str]]:
    for name, column in inputs.items():
        known = column.dropna()
        if known.nunique() < 2:
            yield "constant or empty", str(name)
        elif name in dates:
            yield "dates", str(name)
        elif column.dtype.kind != "O":
            yield "numbers" if known.nunique() > 2 else "yes or no", str(name)
        else:
            prose = float(known.astype(str).str.count(r"\S+").mean()) >= MOST_WORDS and known.nunique() > 0.1 * len(
                known
            )
            yield "text" if prose else "categories", str(name)
