"""Outcomes with a different rate in the newest rows.

Meaning: among the development rows, a class is much more or less frequent, or values are much greater or smaller, in
the newer part than in the older one. Either the world is changing, or the outcomes of the newest rows are known only
where they came early.
Does not apply: to a seasonal change that the model can see and of which the older rows hold a full cycle.
To do: find out how long it takes until an outcome is known, and leave out rows that are younger; else retrain often.
"""

import numpy as np

from runner.checks import Finding, Severity
from runner.checks.material import Material
from runner.words import amount

CODES = ("outcome-drift",)
FEWEST_ROWS = 120
BLOCKS, NEWER = 12, 4  # blocks of time, and how many of them are the newer part
SHARE, SPREAD = 0.1, 0.5  # least change: of a class's share, or in standard deviations of the values
ERRORS = 3.0  # least change in standard errors, from the differences between blocks


def look(material: Material) -> list[Finding]:
    """Compare the outcomes of the older and the newer development rows."""
    rows = material.rows
    if rows.time is None or len(rows) < FEWEST_ROWS:
        return []
    target = rows.target
    table = np.eye(len(rows.classes))[target] if rows.task.is_classification else target[:, None].astype(np.float64)
    weights = rows.weights_above_zero
    blocks = np.array_split(np.arange(len(rows)), BLOCKS)  # rows are in order of time
    means = np.array([np.average(table[block], axis=0, weights=weights[block]) for block in blocks])
    older, newer = means[:-NEWER], means[-NEWER:]
    moved = newer.mean(axis=0) - older.mean(axis=0)
    error = np.sqrt(older.var(axis=0, ddof=1) / len(older) + newer.var(axis=0, ddof=1) / len(newer))
    least = SHARE if rows.task.is_classification else SPREAD * float(target.std())
    most = len(moved) - 1 if len(moved) < 3 else int(np.abs(moved).argmax())  # of two classes the positive one
    if abs(moved[most]) < max(least, ERRORS * error[most]):
        return []
    before, after = float(older.mean(axis=0)[most]), float(newer.mean(axis=0)[most])
    if rows.task.is_classification:
        told = f"The class {str(rows.classes[most])!r} makes up {before:.1%} of the older rows and {after:.1%} of"
    else:
        told = f"{rows.target_name!r} is {amount(before)} on average in the older rows and {amount(after)} in"
    evidence = f"{told} the newest third of the rows to learn from."
    advice = (
        "Either the world changes: retrain often. Or recent outcomes are known only where they came early: leave out "
        "rows that are too recent to tell."
    )
    return [Finding("outcome-drift", Severity.WARN, (), evidence, advice, {"older": before, "newer": after})]
