"""Text in which the outcome is written, as in the note `closed: churned` on a customer."""

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from runner.checks import Finding, Severity
from runner.checks.columns import LEVELS, is_date, is_number
from runner.checks.marks import FEWEST_ROWS, Mark
from runner.config.overrides import leave_out
from runner.dataset import Dataset
from runner.words import quoted

IN_ITS_OWN, IN_OTHERS = 0.95, 0.05  # shares of the texts of a class, and of all others, that hold its name
SHORTEST = 3  # letters of a name; "no" is in many texts
MOST_CLASSES = 10  # the most frequent ones are looked for


def spelled(sample: Dataset) -> Iterator[Mark]:
    """Give the columns of text that name a class in its own rows, and hardly ever in others.

    A text about a class says more than its name, and often does not say it: that is no leak.
    """
    if not sample.task.is_classification:
        return
    sizes = np.bincount(sample.target, minlength=len(sample.classes))
    names = {int(code): str(sample.classes[code]) for code in np.argsort(-sizes)[:MOST_CLASSES]}
    rows = {code: sample.target == code for code, name in names.items() if _is_a_name(name)}
    enough = {code: own for code, own in rows.items() if FEWEST_ROWS <= own.sum() <= len(own) - FEWEST_ROWS}
    for column in map(str, sample.features.columns):
        cells = sample.features[column]
        if is_number(cells) or is_date(cells) or cells.nunique() <= LEVELS:
            continue
        texts = cells.astype(object).where(cells.notna(), "").astype(str).str.lower().tolist()
        for code, own in enough.items():
            named = _holding(names[code].lower(), texts)
            inside, outside = float(named[own].mean()), float(named[~own].mean())
            if inside >= IN_ITS_OWN and outside <= IN_OTHERS:
                shares = f"in {inside:.1%} of the rows of that class, and in {outside:.1%} of the others"
                evidence = f"The text of {column!r} holds {quoted([names[code]])} {shares}."
                advice = leave_out([column], "written after the outcome")
                figures = {"inside": inside, "outside": outside}
                yield Mark(Finding("target-leak", Severity.WARN, (column,), evidence, advice, figures), named, code)
                break


def _holding(name: str, texts: list[str]) -> NDArray[np.bool_]:
    """Return which texts hold a name as words of their own; a plain look is far quicker than a pattern."""
    alone = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    return np.array([name in text and alone.search(text) is not None for text in texts])


def _is_a_name(label: str) -> bool:
    return len(re.findall(r"[^\W\d_]", label)) >= SHORTEST
