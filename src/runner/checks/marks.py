"""What occurs with one outcome only, and so may have been recorded after it: gaps, words, coarser forms of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from runner.cells import written
from runner.checks import Finding, Severity, quick
from runner.checks.columns import BY_CHANCE, LEVELS, bins, is_date, is_number, is_the_clock, most_telling, numbers
from runner.config.overrides import leave_out
from runner.dataset import Dataset
from runner.task import Task
from runner.words import amount, quoted

GAPS_TELL_ALL, GAPS_TELL = 0.95, 0.5  # 2 AUC - 1 of being missing: stop, warning
BEGUN = 0.99  # 2 AUC - 1 of being missing by a date: what is recorded from a date on tells no more than the date
FEWEST_ROWS = 10  # with a gap, with a word, or of a class
PURE, UNUSUAL = 0.99, 0.7  # least share of one outcome among the rows with a word, and its largest share in all rows
FLAGS = 2  # values of a column of numbers that says yes or no
COARSER = "as of a coarser form of the target"
# When the other columns predict as much, a mark is only noted: the share of their loss that is left once the gaps are
# added, or the share of a word's outcome that they predict.
AS_MUCH = 0.75


@dataclass(frozen=True, eq=False)
class Mark:
    """Rows that a gap or a word sets apart, and that have one outcome.

    Attributes
    ----------
    rows : ndarray, shape (rows,)
        Whether a row has the gap, or the word; of a coarser form of the target, its code.
    outcome : int or None
        The class of the rows with a word; None for all else, and for regression.
    """

    finding: Finding
    rows: NDArray[Any]
    outcome: int | None = None

    def is_a_warning_among(self, findings: Iterable[Finding]) -> bool:
        """Whether this mark's finding is among those that are reported, and is a warning."""
        return self.finding.severity is Severity.WARN and any(each is self.finding for each in findings)


def gaps(sample: Dataset) -> Iterator[Mark]:
    """Give the columns whose missingness predicts the target, other than those that are there from a date on."""
    clocks = _clocks(sample)
    for name in map(str, sample.features.columns):
        missing = sample.features[name].isna().to_numpy()
        if not FEWEST_ROWS <= missing.sum() <= len(missing) - FEWEST_ROWS:
            continue
        skill, told = _gap_skill(sample, missing)
        if skill < GAPS_TELL or any(abs(2 * roc_auc_score(missing, clock) - 1) >= BEGUN for clock in clocks):
            continue
        evidence = f"Whether {name!r} is missing tells {told} with AUC {(1 + skill) / 2:.3f}."
        severity = Severity.STOP if skill >= GAPS_TELL_ALL else Severity.WARN
        advice = leave_out([name], "filled in after the outcome")
        yield Mark(Finding("target-leak", severity, (name,), evidence, advice, {"skill": skill}), missing)


def _clocks(sample: Dataset) -> list[NDArray[np.float64]]:
    """Return the declared time and all dates that each row has."""
    dates = [column for _, column in sample.features.items() if is_date(column) and column.notna().all()]
    declared = [] if sample.time is None else [np.asarray(sample.time, dtype=np.float64)]
    return [*declared, *map(numbers, dates)]


def _gap_skill(sample: Dataset, missing: NDArray[np.bool_]) -> tuple[float, str]:
    """Return 2 AUC - 1 of being missing, and what for: greater values, or of several classes the one told best."""
    if not sample.task.is_classification:
        return abs(2 * float(roc_auc_score(missing, sample.target)) - 1), "the target"
    classes = [c for c in np.unique(sample.target) if (sample.target == c).sum() >= FEWEST_ROWS]
    areas = {c: float(roc_auc_score(sample.target == c, missing)) for c in classes if (sample.target != c).any()}
    skill, best = max(((abs(2 * area - 1), c) for c, area in areas.items()), default=(0.0, 0))
    return skill, "the target" if sample.task is Task.BINARY else f"the class {str(sample.classes[best])!r}"


def coarser(sample: Dataset) -> Iterator[Mark]:
    """Give the columns with one value in each of several classes, as a kind of result has for results in detail."""
    if sample.task is not Task.MULTICLASS:
        return
    target, cases = sample.target, _cases(sample)
    classes, repeats = len(np.unique(target)), len(np.unique(cases)) - len(np.unique(target))
    for name in map(str, sample.features.columns):
        codes = pd.factorize(sample.features[name], use_na_sentinel=False)[0].astype(np.int64)
        count = int(codes.max()) + 1
        agree = float(((np.bincount(codes) / len(codes)) ** 2).sum())
        by_chance = repeats * np.log(agree) >= np.log(BY_CHANCE)
        if not 2 <= count < classes or by_chance or len(np.unique(target * count + codes)) > classes:
            continue
        evidence = f"Each of the {classes} classes has a single value of {name!r}, {COARSER}."
        advice = leave_out([name], "made from the target")
        yield Mark(Finding("target-leak", Severity.WARN, (name,), evidence, advice, {"classes": classes}), codes)


def words(sample: Dataset) -> Iterator[Mark]:
    """Give the words of a column, the flags, and the periods of time that occur with one outcome only.

    Where values are judged in time, a period of low or high ones is a season and no leak.
    """
    cases, of_classes = _cases(sample), sample.task.is_classification
    for name in map(str, sample.features.columns):
        if not of_classes and is_the_clock(sample, name):
            continue
        column = sample.features[name]
        if not is_date(column) and column.nunique() > (FLAGS if is_number(column) else LEVELS):
            continue
        codes = bins(column)
        for code in range(1, int(codes.max()) + 1):
            rows = codes == code
            if told := _told_by(sample, rows, cases):
                outcome, share, base, of_class = told
                evidence = f"{share:.1%} of {_named(column[rows])} have {outcome}, against {base:.1%} of all rows."
                advice = leave_out([name], "written or chosen after the outcome")
                severity = Severity.WARN if of_classes else Severity.INFO  # some just cost more
                finding = Finding("target-leak", severity, (name,), evidence, advice, {"share": share})
                yield Mark(finding, rows, of_class)


def _named(cells: "pd.Series[Any]") -> str:
    """Describe some rows by their common word, or by their first and last date."""
    words = cells.astype(object).map(written)
    first, last = words.min(), words.max()
    which = f"= {first!r}" if first == last else f"from {first[:10]} to {last[:10]}"
    return f"the {len(cells):,} rows with {str(cells.name)!r} {which}"


def _cases(sample: Dataset) -> NDArray[np.int64]:
    """Return the independent case of each row: the row itself, or its group if all of the group has one outcome."""
    own = np.arange(len(sample))
    if sample.groups is None:
        return own
    outcomes = pd.Series(sample.target).groupby(sample.groups).transform("nunique")
    return np.where(outcomes > 1, own, len(sample) + sample.groups)


def sizes_of_classes(sample: Dataset) -> NDArray[np.int64]:
    """Return how many independent cases each class has."""
    first = np.unique(_cases(sample), return_index=True)[1]
    return np.unique(sample.target[first], return_counts=True)[1]


def _told_by(
    sample: Dataset, rows: NDArray[np.bool_], cases: NDArray[np.int64]
) -> tuple[str, float, float, int | None] | None:
    """Return the outcome that nearly all of some rows have, its share among them and among all rows, and its class.

    Shares are weighted, as a sample may hold more of a rare class; chance acts on the rows as they were drawn.
    """
    target, count = sample.target, len(np.unique(cases[rows]))
    weights = sample.weights_above_zero
    if count < FEWEST_ROWS:
        return None
    code = None
    if sample.task.is_classification:
        code = int(np.bincount(target[rows], weights[rows]).argmax())
        has, outcome = target == code, f"the class {str(sample.classes[code])!r}"
    else:
        edge = float(np.quantile(target[rows], 1 - PURE, method="lower"))
        has, outcome = target >= edge, f"a target of {amount(edge)} or more"
        if has.mean() > 0.5:
            edge = float(np.quantile(target[rows], PURE, method="higher"))
            has, outcome = target <= edge, f"a target of {amount(edge)} or less"
    share, base = (float(np.average(has[those], weights=weights[those])) for those in (rows, slice(None)))
    most = UNUSUAL if sample.task.is_classification else 1 - UNUSUAL
    return (outcome, share, base, code) if share >= PURE and base <= most and has.mean() ** count < BY_CHANCE else None


def as_others_tell(marked: Sequence[Mark], sample: Dataset, doubtful: Sequence[str], seed: int) -> dict[str, Finding]:
    """Return as notes the warnings about marks whose outcome the undoubted columns predict as well.

    Needle-shaped leaves occur with one kind of tree, and so do many other features of it: that is no leak. The state of
    a refund says what no other column says: that may be one.
    """
    rest = sample.features.drop(columns=list(doubtful))
    if not marked or rest.columns.empty:
        return {}
    rest = rest[most_telling(replace(sample, features=rest), quick.COLUMNS)]
    folds = quick.random_folds(sample, seed)
    said = quick.out_of_fold(replace(sample, features=rest), folds)
    with_no_class = [mark for mark in marked if mark.outcome is None]
    noted = [mark for mark in marked if mark.outcome is not None and _told_of(mark, said, sample) >= AS_MUCH]
    if with_no_class:
        flags = {f"mark {place}": mark.rows.astype(float) for place, mark in enumerate(with_no_class)}
        with_marks = quick.out_of_fold(replace(sample, features=rest.assign(**flags)), folds)
        rows = np.arange(len(sample))
        left, left_with = (1 - quick.skill(sample, rows, each) for each in (said, with_marks))
        noted += with_no_class if left_with > AS_MUCH * left else []
    return {mark.finding.columns[0]: replace(mark.finding, severity=Severity.INFO) for mark in noted}


def _told_of(mark: Mark, said: NDArray[np.float64], sample: Dataset) -> float:
    """Return how much of a word's outcome is predicted without it: 0 is the class's share in all rows, 1 certainty."""
    weights = sample.weights_above_zero
    base = float(np.average(sample.target == mark.outcome, weights=weights))
    told = float(np.average(said[mark.rows, mark.outcome], weights=weights[mark.rows]))
    return (told - base) / (1 - base)


def in_one(findings: list[Finding]) -> list[Finding]:
    """Merge the findings about gaps, and about coarser forms, into one per severity: they often have a common cause."""
    for severity, figure in product((Severity.WARN, Severity.INFO), ("skill", "classes")):
        alike = [each for each in findings if each.severity is severity and each.figures.keys() == {figure}]
        if len(alike) < 2:
            continue
        ranked = sorted(alike, key=lambda finding: -finding.figures[figure])
        names = tuple(finding.columns[0] for finding in ranked)
        most, least = (finding.figures[figure] for finding in (ranked[0], ranked[-1]))
        if figure == "skill":
            areas = " to ".join(dict.fromkeys(f"{(1 + skill) / 2:.3f}" for skill in (least, most)))
            evidence = f"Whether {quoted(names)} are missing tells the target, each with AUC {areas}."
            advice = leave_out(names, "filled in after the outcome")
        else:
            evidence = f"Each of the {most} classes has a single value of {quoted(names)}, {COARSER}."
            advice = leave_out(names, "made from the target")
        one = Finding("target-leak", severity, names, evidence, advice, ranked[0].figures)
        findings = [one if finding is alike[0] else finding for finding in findings if finding not in alike[1:]]
    return findings
