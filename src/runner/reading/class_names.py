"""What classes are called: as the table spells them, whatever they were read as."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.cells import Column
from runner.reading.target import PAIRS, Notes
from runner.words import quoted


def in_one_spelling(target: Column, notes: Notes) -> Column:
    """Take words that differ in capitals only for one class, and call it as most of its rows do.

    Single letters may be told apart by their case, as in a table of drawn letters, but for those that mean yes and no.

    Parameters
    ----------
    target : Series
        Plain cells; those that are missing stay so.
    """
    if target.dtype.kind != "O":
        return target
    counts = target.value_counts()
    spelt = counts.index.to_series().groupby(counts.index.str.casefold())
    alike = {folded: [*words] for folded, words in spelt if len(words) > 1}
    if not any(set(pair) == set(spelt.groups) for pair in PAIRS):
        alike = {folded: words for folded, words in alike.items() if len(folded) > 1}
    if not alike:
        return target
    usual = {word: words[0] for words in alike.values() for word in words}
    notes.append(
        f"Target {target.name!r} has classes that differ in capitals only, each taken for one: "
        f"{'; '.join(quoted(words) for words in alike.values())}. Spell them differently if they are not."
    )
    return target.replace(usual)


def as_read(given: Any, written: Column, cells: Column) -> Any:
    """Return what was read from the cells that are written like a given class: the number 1 from the text 01."""
    if not isinstance(given, str) or cells.dtype.kind == "O":
        return given
    same = np.array([isinstance(cell, str) and cell.strip() == given for cell in written])
    return cells[same].iloc[0] if same.any() else given


def as_written(classes: tuple[Any, ...], codes: NDArray[Any], column: Column) -> tuple[Any, ...]:
    """Name the classes by the booleans or the text in the table, not by the numbers that these were read as."""
    if all(isinstance(label, str) for label in classes):
        return classes
    examples = [column.iloc[int(np.argmax(codes == code))] for code in range(len(classes))]
    if all(isinstance(example, bool | np.bool_) for example in examples):
        return tuple(bool(example) for example in examples)
    if all(isinstance(example, str) for example in examples):
        return tuple(example.strip() for example in examples)
    return classes
