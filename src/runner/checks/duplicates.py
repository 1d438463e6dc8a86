"""The same row more than once.

Meaning: rows are exact copies of others, target included. When one copy is used for training and another for judging,
the score rewards memorising.
Does not apply: to tables with few columns of few values each, in which different cases look alike by nature. Copies
agree in the target; where look-alikes do not, the finding is only a note. Else a quick model is judged twice, with the
copies of a row in any fold and in one. Where that makes no difference worth having, it is a note, too. So it is where
most rows are copies, as those of six answers of yes or no, and chance may make the difference. Where the model then
knows next to nothing, no score can be believed. That shows what `by_heart` cannot, such as a rare class that was copied
until it was as frequent as the other.
To do: find out whether an export wrote rows twice, and leave the copies out, `dataset.drop_copies=true`; put the rows
of one case into one `dataset.group`.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from runner.checks import Finding, Severity, quick
from runner.checks.material import Material
from runner.checks.promise import SMALL, compare, sampled
from runner.reading.copies import MOST, SHARE, hashes_of, look_alike

CODES = ("duplicate-rows", "duplicates-across-splits")
FIND_OUT = (
    "If rows were recorded twice, dataset.drop_copies=true leaves the copies out; if they belong to one case, set "
    "dataset.group to its name."
)
KEEP_APART = (
    "Leave the copies out (dataset.drop_copies=true), or set a dataset.group that keeps them together: scores on them "
    "reward learning by heart."
)
LEAVE_IN = (
    "Rows of the same inputs often differ in the target here, so they are taken for different cases that look alike: "
    "leave them in. If they belong to one case, set dataset.group to its name."
)
LITTLE = 0.25  # of the skill on random folds: less of it, with copies in one fold, is as good as nothing


def look(material: Material) -> list[Finding]:
    """Count the copies among the development rows, and the copies of them among the rows kept aside."""
    rows = material.rows
    inputs = hashes_of(rows.features)
    whole = pd.util.hash_array(np.ascontiguousarray(rows.target)) ^ inputs
    copies = int(pd.Series(whole).duplicated().sum())
    natural = look_alike(inputs, rows.target)
    across = _across(material, inputs, natural)
    findings = []
    if copies and copies >= SHARE * len(rows):
        evidence = (
            f"{copies:,} of {len(rows):,} rows ({copies / len(rows):.1%}) are copies of another row, target included."
        )
        severity = Severity.INFO if natural or across else Severity.WARN
        advice = LEAVE_IN if natural else FIND_OUT
        findings.append(Finding("duplicate-rows", severity, (), evidence, advice, {"share": copies / len(rows)}))
    found = across + findings
    if natural or not found:
        return found
    return [_with_effect(found[0], material, inputs, most=copies > MOST * len(rows)), *found[1:]]


def _across(material: Material, inputs: NDArray[np.uint64], natural: bool) -> list[Finding]:
    if material.aside is None or material.aside.empty:
        return []
    twins = np.isin(hashes_of(material.aside), inputs)
    share = float(twins.mean())
    if share < SHARE:
        return []
    evidence = (
        f"{int(twins.sum()):,} of {len(twins):,} rows kept aside ({share:.1%}) repeat the inputs of a row learned from."
    )
    severity = Severity.INFO if natural else Severity.WARN
    advice = LEAVE_IN if natural else KEEP_APART
    return [Finding("duplicates-across-splits", severity, (), evidence, advice, {"share": share})]


def _with_effect(finding: Finding, material: Material, inputs: NDArray[np.uint64], *, most: bool) -> Finding:
    """Add to a finding what a quick model scores with the copies of a row in any fold, and in one fold.

    Parameters
    ----------
    most : bool
        Whether most rows are copies: they may be cases that look alike, unless the difference is more than chance.
    """
    rows = material.rows
    if rows.groups is not None or rows.time is not None:  # these divide the copies in their own way
        return finding
    by_copies = replace(rows, groups=pd.factorize(inputs)[0].astype(np.int64))
    rows = sampled(quick.narrowed(by_copies), material.seed)
    compared = compare(rows, material.metric, material.seed)
    if compared is None:
        return finding
    told = compared.told(material.metric, "with the copies of a row in one fold")
    matters = compared.is_sure if most else compared.too_much >= SMALL
    severity, advice = (finding.severity, finding.advice) if matters else (Severity.INFO, FIND_OUT)
    if compared.is_sure and compared.obeying.skill <= LITTLE * compared.random.skill:
        severity = Severity.STOP
    evidence = f"{finding.evidence} {told[0].upper()}{told[1:]}."
    return replace(finding, severity=severity, evidence=evidence, advice=advice)
