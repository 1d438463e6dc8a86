"""What is predicted: the task that a target column calls for, its classes, and the positive one."""

import re
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from runner.cells import Column, check_finite
from runner.errors import UserError, nearest
from runner.naming import is_a_kind
from runner.task import Task
from runner.words import counted, quoted

Notes = list[str]  # what a person should know, collected as it is found

MOST_CODES = 10  # whole numbers with more distinct values are counts or amounts
LARGEST_CODE = 20
ROWS_PER_CODE = 5  # and so are those with a value that hardly repeats, because counts have a tail
RATING_SCALE = 5  # 1, 2, .. k without a gap is a rating from this k on, as in stars or Likert scales
MOST_NAMES = 50  # text with more distinct values names things, not classes
PAIRS = (  # the second of each pair is what people mean by positive
    ("0", "1"),
    ("-1", "1"),
    ("false", "true"),
    ("no", "yes"),
    ("nein", "ja"),
    ("nee", "ja"),
    ("nej", "ja"),
    ("non", "oui"),
    ("no", "si"),
    ("no", "sí"),
    ("não", "sim"),
    ("n", "y"),
    ("n", "j"),
    ("off", "on"),
    ("f", "t"),
    ("negative", "positive"),
    ("neg", "pos"),
    ("absent", "present"),
    ("benign", "malignant"),
    ("ham", "spam"),
    ("down", "up"),
)
NOTHING = ("control", "normal", "healthy", "none")  # of two classes, the other is the one of interest
DENIED = re.compile(r"^(not|no|non|un|in)[ _-]?")  # before the name of the other class: unsuccessful, non-smoker


def find_task(target: Column, configured: str | None, notes: Notes) -> Task:
    """Return the configured task, or else the one that the target's values call for.

    Text and two values are classes. Whole numbers are classes if there are at most ten different ones, each in at
    least five rows, counted from 0 or 1, and not a rating 1, 2, .. k with k of five or more; in a column that is named
    after a kind, such as a cover type, so are up to fifty of any size. All others are amounts. Class numbers, ratings
    and small counts cannot be told apart with certainty, so a note says what was assumed.

    Parameters
    ----------
    target : Series
        Plain cells, none missing.

    Raises
    ------
    UserError
        If the values do not suit the configured task, or suit no task.
    """
    if target.dtype.kind == "M":
        raise UserError(f"Target column {target.name!r} holds dates: choose a number or a class to predict.")
    check_finite(target, "target")
    if configured is not None:
        return _suited(target, configured)
    distinct = target.nunique()
    if distinct == 2:
        return Task.BINARY
    if target.dtype.kind == "O":
        if distinct > 2:
            _refuse_names(target, distinct)
        return Task.MULTICLASS
    return _of_numbers(target, distinct, notes)


def encode(
    target: Column, task: Task, positive: Any, notes: Notes, empty: int = 0
) -> tuple[NDArray[Any], tuple[Any, ...]]:
    """Return the values to learn, and the class that each code stands for (none for regression).

    Parameters
    ----------
    empty : int
        How many further rows have no target.

    Raises
    ------
    UserError
        If there is only one value, if one of two has a single row, or if the positive class is not one of the classes.
    """
    if target.nunique() < 2:
        others = f" and nothing in {empty:,} others" if empty else ""
        way_out = "write the other outcome into the empty cells" if empty else "give rows of another outcome"
        raise UserError(
            f"Target column {target.name!r} holds only {quoted(target.iloc[:1])} in the "
            f"{counted(len(target), 'row')} used{others}: there is nothing to predict, {way_out}."
        )
    if task is Task.REGRESSION:
        return target.to_numpy(np.float64), ()
    codes, labels = pd.factorize(target, sort=True)
    counts = np.bincount(codes)
    classes = tuple(_label(value) for value in labels.tolist())
    if target.dtype.kind == "O" and len({str(label).casefold() for label in classes}) < len(classes):
        notes.append(f"Target {target.name!r} has classes that differ in capitals only: {quoted(classes)}.")
    if task is Task.BINARY and counts.min() == 1:
        raise UserError(
            f"Target column {target.name!r} holds {quoted([classes[int(counts.argmin())]])} in a single row of the "
            f"{len(target):,} used, which can be learned or judged but not both: give more rows of it."
        )
    rare = [label for label, count in zip(classes, counts, strict=True) if count == 1]
    if rare:
        notes.append(f"Target {target.name!r} has classes of one row, learned or judged but not both: {quoted(rare)}.")
    if task is Task.BINARY and _positive(classes, counts, positive, notes) == 0:
        codes, classes = 1 - codes, classes[::-1]
    return codes.astype(np.int64), classes


def _suited(target: Column, name: str) -> Task:
    """Return the task of that name if the target's values allow it."""
    tasks = [task.value for task in Task]
    if name not in tasks:
        raise UserError(f"dataset.task={name!r} is not a task: {nearest(name, tasks)}")
    task, distinct = Task(name), target.nunique()
    if task is Task.REGRESSION and target.dtype.kind == "O":
        _refuse_text_among_numbers(target)
        raise UserError(
            f"Target column {target.name!r} holds text such as {quoted(target.iloc[:1])}, which "
            "dataset.task=regression cannot predict: leave dataset.task out, or choose a target of numbers."
        )
    if task is Task.BINARY and distinct > 2:
        raise UserError(
            f"Target column {target.name!r} holds {distinct:,} different values ({quoted(target.unique())}), "
            "too many for dataset.task=binary: set dataset.task=multiclass, or leave it out."
        )
    if task is Task.MULTICLASS and _too_many(target):
        raise UserError(
            f"Target column {target.name!r} holds {distinct:,} different values in "
            f"{counted(len(target), 'row')}, too many for classes: choose another target or task."
        )
    return task


def _refuse_names(target: Column, distinct: int) -> None:
    if distinct > MOST_NAMES or distinct > len(target) / 5:
        _refuse_text_among_numbers(target)
        way_out = ", probably no class: choose another dataset.target."
        if not _too_many(target):
            way_out = ": set dataset.task=multiclass if these are classes, or choose another dataset.target."
        raise UserError(
            f"Target column {target.name!r} holds text of {distinct:,} different values in "
            f"{counted(len(target), 'row')}{way_out}"
        )


def _too_many(target: Column) -> bool:
    """Whether there are too many different values for classes, whatever is said of them."""
    return target.nunique() > len(target) / 2


def _refuse_text_among_numbers(target: Column) -> None:
    """Name the cells that keep a target from being numbers, such as T for a trace of rain."""
    text = target[pd.to_numeric(target, errors="coerce").isna()]
    if len(text) <= len(target) / 2:
        raise UserError(
            f"Target column {target.name!r} holds numbers, but text in {len(text):,} of {counted(len(target), 'row')} "
            f"({quoted(text.unique())}): write numbers there, or leave these cells empty."
        )


def _of_numbers(target: Column, distinct: int, notes: Notes) -> Task:
    values, counts = np.unique(target, return_counts=True)
    of_kinds = is_a_kind(target.name)
    if distinct < 2 or distinct > (MOST_NAMES if of_kinds else MOST_CODES) or (values != np.round(values)).any():
        return Task.REGRESSION
    low, high = int(values[0]), int(values[-1])
    rating = low == 1 and high == distinct >= RATING_SCALE
    repeated = int(counts.min()) >= ROWS_PER_CODE
    if repeated and (of_kinds or (low in (0, 1) and high <= LARGEST_CODE and not rating)):
        task, other, why = Task.MULTICLASS, Task.REGRESSION, "as class numbers are"
    else:
        task, other, why = Task.REGRESSION, Task.MULTICLASS, "as ratings, counts and amounts are"
    notes.append(
        f"Target {target.name!r} is taken as {task} because it holds {distinct} whole numbers from {low} to "
        f"{high}, {why}; set dataset.task={other} if you mean that."
    )
    return task


def _label(value: Any) -> Any:
    """Return a whole number as an integer; missing rows turn class numbers into floats."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _positive(classes: tuple[Any, ...], counts: NDArray[np.int64], given: Any, notes: Notes) -> int:
    """Return the position of the positive class: the given one, else the obvious one, else the rarer one."""
    forms = [str(label) for label in classes]
    lowered = [form.lower() for form in forms]
    obvious = next((lowered.index(pair[1]) for pair in PAIRS if set(pair) == set(lowered)), None)
    for place, other in enumerate(reversed(lowered)):
        if obvious is None and (other in NOTHING or DENIED.sub("", other, count=1) == lowered[place]):
            obvious = place
    if isinstance(given, bool) and obvious is not None:  # YAML reads a bare yes or no as a boolean
        return obvious if given else 1 - obvious
    if given is not None:
        form = str(_label(given))
        if form not in forms:
            raise UserError(f"dataset.positive={form!r} is not one of the classes: {nearest(form, forms)}")
        return forms.index(form)
    if obvious is not None:
        return obvious
    rarer = 0 if counts[0] < counts[1] else 1
    why = "the rarer class" if counts[0] != counts[1] else "as neither class is rarer"
    notes.append(f"Positive is {classes[rarer]!r}, {why}; set dataset.positive if you mean the other.")
    return rarer
