"""A column that gives the target away.

Meaning: a single column, the fact that it is missing, or one of its values predicts the target almost perfectly and far
better than any other column. Usually it was recorded after the outcome, and will not be known when a prediction is
needed. A column whose values are ranges of a numeric target that do not overlap was most likely made from it.
Does not apply: to an honest column that explains most of the target (such as the hour, for bikes rented). The table
alone does not show which of the two it is. So a column that is far above the rest is reported as a question, and as a
warning only where all the others together come nowhere near it, or where it only numbers the cases. Where they tell
classes nearly perfectly, these are easy to tell, as kinds of iris are: that is a warning, unless the column is a code
of the target.
To do: find out when the column is filled in. After the outcome: `dataset.drop`. Before it: `dataset.acknowledged`.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from runner.checks import Finding, Severity, marks, quick, ranges, spelled
from runner.checks.columns import is_date, is_number, is_the_clock, most_telling
from runner.checks.copies import copied
from runner.checks.material import Material, of_rows
from runner.checks.one_column import column_skill, is_the_target, skill_told
from runner.checks.panel import of_a_panel
from runner.config.overrides import as_override, leave_out
from runner.dataset import Dataset
from runner.naming import is_named
from runner.words import amount, quoted

CODES = ("target-leak",)
ROWS = 5_000  # a leak shows on a sample
FEWEST_ROWS = 30  # a tree with leaves of ten rows needs as many
MOST_COLUMNS = 12  # with the best binned skill get a tree
NEARLY_PERFECT, FAR_ABOVE = 0.95, 0.25  # stop: at least this skill, and at most this share of the next column's loss
STRONG, ABOVE, MOST_ABOVE = 0.5, 0.75, 2  # question: the same with lower limits, for up to two columns (one and a copy)
STRONGER = 0.9  # warning: at least this skill, and at most FAR_ABOVE of the loss that all other columns together leave
CERTAIN = 0.999  # stop, unless classes are nearly as easily told without it
TINY = 1e-9  # added to losses, so that two columns that both leave none are not far apart
IDS = {"id", "ids", "uid", "uuid", "guid"}
ROWS_PER_ID = 20  # of numbers with more rows each, such as those of shops, the rows themselves can tell what they mean
TOLD = 0.99  # skill of the other columns, from which on gaps can add nothing


def look(material: Material) -> list[Finding]:
    """Look for columns that alone are nearly perfect (stop), or far above the rest (a question, or a warning)."""
    if len(material.rows) < FEWEST_ROWS:
        return []
    sample = material.sample(ROWS)
    rows = material.rows  # what a panel is of may tell other amounts, but not be them
    fixed = {name for name in of_a_panel(rows) if not is_the_target(rows.features[name], rows)}
    words = (mark for mark in marks.words(sample) if mark.finding.columns[0] not in fixed)
    found_marks = [*marks.gaps(sample), *marks.coarser(sample), *words, *spelled.spelled(sample)]
    alone = _columns(sample, fixed)
    certain = [finding.columns[0] for finding in alone if finding.severity is Severity.STOP]
    cuts = ranges.cuts(sample, certain, material.seed)
    found = _gravest([*alone, *cuts, *(mark.finding for mark in found_marks)])
    stops = tuple(name for name, finding in found.items() if finding.severity is Severity.STOP)
    asked = tuple(name for name, finding in found.items() if name not in stops and _is_asked_about(finding))
    columns = tuple(name for name in stops if "next_best" in found[name].figures)
    gaps = tuple(name for name in stops if name not in columns)
    for names, known in ((columns, ()), (gaps, columns), (asked, stops)):
        told = _with_and_without(material, names, known) if names else None
        found |= {name: _told(found[name], names, told, material, len(sample)) for name in names}
    warned = [mark for mark in found_marks if mark.is_a_warning_among(found.values())]
    doubtful = [name for name, finding in found.items() if finding.severity is not Severity.INFO]
    found |= marks.as_others_tell(warned, sample, doubtful, material.seed)
    return marks.in_one(list(found.values()))


def _is_asked_about(finding: Finding) -> bool:
    """Whether a finding is about what a column tells by its values, so that the scores without it are of interest."""
    return not finding.figures.keys().isdisjoint({"next_best", "ranges"})


def _gravest(findings: list[Finding]) -> dict[str, Finding]:
    """Return one finding per column: the first of those with the highest severity."""
    ordered = sorted(findings, key=lambda finding: list(Severity).index(finding.severity))
    return {finding.columns[0]: finding for finding in reversed(ordered)}


def _columns(sample: Dataset, known: Collection[str]) -> list[Finding]:
    """Compare the skill of each column with that of the next best.

    Parameters
    ----------
    known : collection of str
        What is known of a panel in advance: a country tells its population, and is no leak.
    """
    telling = most_telling(sample, MOST_COLUMNS)
    names = [name for name in telling if name not in known and not is_the_clock(sample, name)]
    skills = {name: column_skill(sample, name) for name in names}
    ranked = sorted(skills, key=lambda name: -skills[name])
    certain = [name for name in ranked if skills[name] >= CERTAIN and not _is_looked_up(sample, name)]
    others = [name for name in ranked if name not in certain]
    if not certain and others and not _is_looked_up(sample, others[0]):
        alike = _copies(sample, others)
        different = [name for name in others if name not in alike]
        may_follow = not different and not sample.task.is_classification  # an amount may, from the only input
        if not may_follow and _is_perfect(skills[others[0]], skills[different[0]] if different else 0.0):
            certain, others = alike, different
    asked = others[: _far_above([skills[name] for name in others])]
    rest = others[len(asked) :]
    next_best, after = (max(skills[names[0]], 0.0) if names else None for names in (others, rest))
    passed_over = [name for name in telling if name in known]
    return [
        *(_leak(name, skills[name], next_best, [*certain, *passed_over], sample) for name in certain),
        *(_question(name, skills[name], after, [*asked, *passed_over], sample) for name in asked),
    ]


def _is_looked_up(sample: Dataset, name: str) -> bool:
    """Whether a numeric target is looked up from text: a column recorded after it has no more values than it has."""
    column = sample.features[name]
    if sample.task.is_classification or is_number(column) or is_date(column):
        return False
    return column.nunique() > len(np.unique(sample.target))


def _copies(sample: Dataset, ranked: list[str]) -> list[str]:
    """Return the best column and its copies, such as the same weight in ounces, in the order of their skill."""
    same = copied(sample.features[ranked], sample.groups)
    return [name for name in ranked if name == ranked[0] or {name, ranked[0]} in map(set, same)]


def _is_perfect(best: float, next_best: float) -> bool:
    """Whether the best column is nearly perfect, and leaves little of the loss that the next one leaves."""
    return best >= NEARLY_PERFECT and 1 - best <= FAR_ABOVE * (1 - max(next_best, 0.0))


def _far_above(ranked: list[float]) -> int:
    """Return how many of the best columns are strong and far above all that follow: those above the widest gap."""
    following = [*ranked[1:], 0.0]
    left = [(1 - skill + TINY) / (1 - max(after, 0.0) + TINY) for skill, after in zip(ranked, following, strict=False)]
    gaps = [(gap, place + 1) for place, gap in enumerate(left[:MOST_ABOVE]) if ranked[place] >= STRONG]
    gap, count = min(gaps, default=(1.0, 0))
    return count if gap <= ABOVE else 0


def _leak(name: str, skill: float, next_best: float | None, aside: Sequence[str], sample: Dataset) -> Finding:
    """Return the finding on a column that is far above the next best, apart from some, if there is another."""
    peers = [each for each in aside if each != name]
    apart = f" apart from {quoted(peers)}" if peers else ""
    compared = "" if next_best is None else f", the next best column{apart} {skill_told(next_best, sample)}"
    evidence = f"{name!r} alone tells the target with {skill_told(skill, sample)}{compared}."
    figures = {"skill": skill, "next_best": next_best or 0.0}
    keep = as_override("dataset.acknowledged", [f"target-leak:{name}"])
    advice = f"{leave_out([name], 'not known before the prediction is made')} If it is, say so: {keep}."
    return Finding("target-leak", Severity.STOP, (name,), evidence, advice, figures)


def _question(name: str, skill: float, next_best: float | None, aside: Sequence[str], sample: Dataset) -> Finding:
    asked = replace(_leak(name, skill, next_best, aside, sample), severity=Severity.INFO)
    if next_best is None:
        return asked
    drop = leave_out([name], "not known before a prediction is made")
    return replace(asked, advice=f"{name!r} is far ahead of the rest. {drop}")


def _with_and_without(
    material: Material, suspects: tuple[str, ...], known: tuple[str, ...]
) -> tuple[quick.Judged, quick.Judged] | None:
    """Judge a quick model with and without the suspect columns; None if no other column is left, or it has no score.

    Leaks that are already known are left out of both, as nothing else would seem to matter beside them.
    """
    sample = quick.narrowed(material.sample(quick.ROWS), suspects)
    inputs = sample.features.drop(columns=list(known), errors="ignore")
    rest = inputs.drop(columns=list(suspects))
    if rest.columns.empty:
        return None
    folds = quick.random_folds(sample, material.seed)
    with_it, without = (quick.judge(each, sample, folds, material.metric) for each in (inputs, rest))
    return (with_it, without) if np.isfinite([with_it.score, without.score]).all() else None


def _told(
    finding: Finding,
    suspects: tuple[str, ...],
    results: tuple[quick.Judged, quick.Judged] | None,
    material: Material,
    looked_at: int,
) -> Finding:
    """Add to a finding the scores of a quick model with and without the suspects; warn if nothing else comes near."""
    if results is None:
        return finding
    metric, (with_it, without) = material.metric, results
    which = "it" if len(suspects) == 1 else quoted(suspects)
    evidence = (
        f"{finding.evidence} A quick model scores {metric.label} {amount(metric.for_people(with_it.score))} with "
        f"{which}, {amount(metric.for_people(without.score))} without{of_rows(looked_at, len(material.rows))}."
    )
    figures, severity = {**finding.figures, "with": with_it.score, "without": without.score}, finding.severity
    if "ranges" in figures:  # whether the other columns tell as much is known
        return replace(finding, evidence=evidence, figures=figures)
    skill, left = figures["skill"], 1 - max(without.skill, 0.0)
    others_do = 1 - with_it.skill > marks.AS_MUCH * left  # as well, or nearly
    if "next_best" not in figures:  # found by its gaps
        warns = others_do or left <= 1 - TOLD
    elif severity is Severity.STOP and skill >= CERTAIN and _is_a_code(material.rows, finding.columns[0]):
        warns = False
    elif severity is Severity.STOP:  # what a panel is of may tell as much, or many columns together
        is_easy = material.rows.task.is_classification and left <= 1 - NEARLY_PERFECT
        warns = is_easy or (others_do and skill < CERTAIN)
    else:
        warns = skill >= STRONGER and 1 - skill <= FAR_ABOVE * left
    told = replace(finding, evidence=evidence, figures=figures, severity=Severity.WARN if warns else severity)
    if not _is_an_id(material.rows, finding.columns[0]):
        return told
    return _of_an_id(told, bool(material.rows.features[finding.columns[0]].dropna().is_unique))


def _is_a_code(rows: Dataset, name: str) -> bool:
    """Whether a column has no more values than there are classes: one that tells the classes is a copy of them."""
    return rows.task.is_classification and rows.features[name].nunique(dropna=False) <= len(rows.classes)


def _is_an_id(rows: Dataset, name: str) -> bool:
    """Whether a column numbers things that have a few rows each, as a patient's id does."""
    column = rows.features[name]
    return is_number(column) and is_named(name, IDS) and column.count() < ROWS_PER_ID * column.nunique()


def _of_an_id(finding: Finding, of_a_row: bool) -> Finding:
    """Warn of a number that tells the target but means nothing: cases are on both sides, or were numbered by it."""
    (name,) = finding.columns
    group, drop = as_override("dataset.group", name), as_override("dataset.drop", [name])
    by_outcome = f"set {group} if its rows belong together, and {drop} if the cases were numbered by their outcome"
    to_do = f"leave it out, {drop}" if of_a_row else by_outcome
    advice = f"{name!r} is named like an identifier, which tells nothing of new cases: {to_do}."
    severity = Severity.WARN if finding.severity is Severity.INFO else finding.severity
    return replace(finding, severity=severity, advice=advice)
