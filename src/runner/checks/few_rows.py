"""Classes, or groups, of too few rows.

Meaning: of a class with a handful of rows each fold sees two or three, so nobody can tell how well it is predicted;
with a handful of groups, a score by groups rests on a handful of cases.
Does not apply: when the rare classes do not matter to you; then leave their rows out, or merge them.
To do: gather rows of those classes or groups, or merge what may be merged.
"""

import numpy as np

from runner.checks import Finding, Severity
from runner.checks.material import Material
from runner.words import counted, quoted

CODES = ("few-rows",)
FEWEST_OF_A_CLASS = 20  # four a fold
FEWEST_GROUPS = 10


def look(material: Material) -> list[Finding]:
    """Count the rows of each class, and the groups."""
    rows, findings = material.rows, []
    if rows.task.is_classification:
        sizes = np.bincount(rows.target, minlength=len(rows.classes))
        rare = [code for code in np.argsort(sizes) if sizes[code] < FEWEST_OF_A_CLASS]
        if rare:
            names = quoted(rows.classes[code] for code in rare)
            evidence = f"Too few of {rows.target_name!r} {names}: {counted(int(sizes[rare[0]]), 'row')} of the rarest."
            advice = "What is said of such a class is chance: gather more of it, or merge it with another."
            findings.append(Finding("few-rows", Severity.WARN, (), evidence, advice))
    if rows.groups is not None and (groups := len(np.unique(rows.groups))) < FEWEST_GROUPS:
        evidence = f"Only {counted(groups, 'group')} to learn from: a score rests on as many cases."
        advice = "Gather more groups; more rows of the same ones settle nothing."
        findings.append(Finding("few-rows", Severity.WARN, (), evidence, advice))
    return findings
