"""Columns that may name what several rows belong to, such as a customer, and what speaks for each."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from runner.hints import MOST_IN_ONE, Table, is_a_panel, is_a_scale, is_cut_into, is_whole, same_within
from runner.naming import is_a_thing, may_be_a_period
from runner.words import counted

FEWEST_GROUPS = 10  # with fewer, no folds can be made
FEWEST_LEVELS = 20  # with fewer it may be a category
ROWS_PER_GROUP = 1.1


@dataclass(frozen=True)
class Thing:
    """A column that may name what several rows belong to.

    Attributes
    ----------
    groups : int
        How many different values it has.
    is_named : bool
        Whether it is called a thing.
    same : list of str
        Columns that are the same in all rows of one group.
    period : str or None
        A period, such as a year, that no group has twice.
    """

    name: str
    groups: int
    is_named: bool
    same: list[str]
    period: str | None

    @property
    def is_sure(self) -> bool:
        """Whether it can be chosen without a question."""
        return self.is_named and bool(self.same) and self.groups >= FEWEST_LEVELS

    @property
    def rank(self) -> tuple[bool, bool, bool, int, str]:
        """Return how likely it is to be the group; the greatest first."""
        return self.is_sure, self.is_named, self.period is not None, len(self.same), self.name

    def why(self, rows: int) -> str:
        """Say what speaks for it in a table of `rows` rows."""
        why = [f"{self.groups:,} different values over {counted(rows, 'row')}"]
        if self.same:
            why += [f"{', '.join(self.same[:3])} {'is' if len(self.same) == 1 else 'are'} the same in all rows of each"]
        why += [f"none has the same {self.period} twice"] if self.period is not None else []
        why += ["named like a thing"] if self.is_named else []
        return ", ".join(why)


def likeliest(inputs: pd.DataFrame, told: Table) -> list[Thing]:
    """Return what several rows may belong to, the likeliest first; a country and its code are one thing."""
    by_groups: dict[bytes, Thing] = {}
    for thing in sorted(things(inputs, told), key=lambda thing: thing.rank, reverse=True):
        by_groups.setdefault(pd.factorize(inputs[thing.name])[0].tobytes(), thing)
    return list(by_groups.values())


def things(inputs: pd.DataFrame, told: Table) -> Iterator[Thing]:
    """Yield the columns that may name what several rows belong to."""
    levels = {str(name): pd.factorize(column, sort=True)[0].astype(np.int64) for name, column in inputs.items()}
    periods = [str(name) for name in inputs if may_be_a_period(name)]
    for name, column in inputs.items():
        groups, known, named = column.nunique(), int(column.notna().sum()), is_a_thing(name)
        if not (column.dtype.kind == "O" or is_whole(column)) or may_be_a_period(name):
            continue
        if groups < FEWEST_GROUPS or known < ROWS_PER_GROUP * groups:
            continue
        if column.value_counts().iloc[0] > MOST_IN_ONE * len(inputs):
            continue
        panel = next((period for period in periods if is_a_panel(levels[str(name)], levels[period])), None)
        many = groups >= max(FEWEST_LEVELS, len(inputs) ** 0.5 / 2)
        if not (named or panel or many):
            continue
        same = same_within(levels, str(name))
        if column.dtype.kind != "O" and not named:
            same = [other for other in same if not is_cut_into(levels[str(name)], levels[other])]
        if (named or panel or len(same) >= 2) and not is_a_scale(column, told):
            yield Thing(str(name), groups, named, same, panel)
