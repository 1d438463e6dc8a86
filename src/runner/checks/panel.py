"""Panels: tables that observe the same things again and again, such as states in each year."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from runner import hints
from runner.dataset import Dataset
from runner.naming import may_be_a_period

FEWEST_MOMENTS = 10


def panels(rows: Dataset) -> Iterator[tuple[str, str]]:
    """Give the column pairs of a panel: a thing and a moment that occur together at most once, as states and years."""
    names = [str(name) for name in rows.features.columns]
    periods = [name for name in names if may_be_a_period(name)]
    levels = {name: pd.factorize(rows.features[name])[0].astype(np.int64) for name in (names if periods else ())}
    moments = [name for name in periods if levels[name].max() >= FEWEST_MOMENTS - 1]
    for moment in moments:
        things = (name for name in names if name != moment and hints.is_a_panel(levels[name], levels[moment]))
        yield from ((name, moment) for name in things)


def of_a_panel(rows: Dataset) -> set[str]:
    """Return what is observed in a panel and when, and what never changes of it, as the area of a country.

    Where the target never changes either, as what became of a patient, the latter may be leaks like other columns.
    """
    found = list(panels(rows))
    levels = {str(name): pd.factorize(rows.features[name])[0] for name in rows.features.columns} if found else {}
    outcome = pd.factorize(rows.target)[0]
    things = [levels[thing] for thing, _ in found if not hints.determines(levels[thing], outcome)]
    fixed = {name for name in levels for thing in things if hints.is_told_by(levels[name], thing)}
    return fixed.union(*found)
