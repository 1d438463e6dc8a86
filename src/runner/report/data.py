"""The data of a run in words: the positive class, how the rows were split, and what more of them would bring."""

from runner.report import Content
from runner.words import counted


def positive(verdict: Content) -> str | None:
    """Return the class whose probability is reported; None unless there are two classes."""
    classes = verdict["dataset"].get("classes") or []
    return str(classes[1]) if len(classes) == 2 else None


def design(found: Content) -> str:
    """Say on which rows the models were judged."""
    rows, folds = found.get("rows"), found.get("folds")
    if found["kind"] == "nested":
        repeats = found.get("repeats")
        times = f", {counted(repeats, 'time')} over" if repeats and repeats > 1 else ""
        return f"Every row judged models that had not seen it: nested cross-validation with {folds} folds{times}."
    aside = f"{counted(rows, 'row')} were kept aside" if rows else "Some rows were kept aside"
    return f"{aside} for one look at the end; no fit and no choice has seen them."


def obeyed(config: Content) -> str:
    """Say what the splits respect, as the data set's config asks; empty if rows are independent."""
    asked = config.get("dataset") or {}
    gap = f", {asked['gap']} apart" if asked.get("gap") is not None else ""
    said = {
        "time": f"Rows are in the order of {{}}: models learn from the past and are judged on what comes after{gap}.",
        "group": "All rows with the same {} are on one side of every split.",
        "fold": "The folds are those given by {}.",
        "weight": "Rows are weighted by {}.",
    }
    return " ".join(text.format(asked[key]) for key, text in said.items() if asked.get(key))


def more_rows(verdict: Content) -> str | None:
    """Write what twice the rows would bring; None if no learning curve was measured."""
    curve = verdict.get("curve") or {}
    return curve["sentence"] if curve.get("usable") else None


def more_rows_or_why(verdict: Content) -> str:
    """Write what twice the rows would bring, or why that is not known."""
    curve = verdict["curve"]
    return str(curve.get("sentence") or f"Not known. {curve['why']}")
