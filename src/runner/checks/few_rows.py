"""Classes with too few rows, or too few groups.

Meaning: when a class has a handful of rows, each fold holds two or three of them, which is too few to say how well the
class is predicted. When there is a handful of groups, a score by groups rests on a handful of cases.
Does not apply: when the rare classes do not matter to you; then leave their rows out, or merge the classes.
To do: collect more rows of these classes, or more groups, or merge classes.
"""

import numpy as np

from runner.checks import Finding, Severity
from runner.checks.material import Material
from runner.words import counted, quoted

CODES = ("few-rows",)
FEWEST_OF_A_CLASS = 20  # rows, four per fold
FEWEST_GROUPS = 10


def look(material: Material) -> list[Finding]:
    """Count the rows of each class, and the groups."""
    rows, findings = material.rows, []
    if rows.task.is_classification:
        sizes = np.bincount(rows.target, minlength=len(rows.classes))
        rare = [code for code in np.argsort(sizes) if sizes[code] < FEWEST_OF_A_CLASS]
        if rare:
            names = quoted(rows.classes[code] for code in rare)
            rarest = counted(int(sizes[rare[0]]), "row")
            evidence = f"Too few rows of {rows.target_name!r} {names}: {rarest} of the rarest class."
            advice = "What is said about so rare a class is mostly chance: gather more of it, or merge it with another."
            findings.append(Finding("few-rows", Severity.WARN, (), evidence, advice))
    if rows.groups is not None and (groups := len(np.unique(rows.groups))) < FEWEST_GROUPS:
        evidence = f"Only {counted(groups, 'group')} to learn from: a score rests on no more cases than that."
        advice = "Gather more groups; more rows of the same groups settle nothing."
        findings.append(Finding("few-rows", Severity.WARN, (), evidence, advice))
    return findings
