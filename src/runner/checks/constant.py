"""Columns that hardly ever change.

Meaning: a column has one value in all development rows, or in all but a handful, so no model can learn from it.
Does not apply: where the rare value is what matters, as with a switch that has only just been turned on.
To do: leave the column out (`dataset.drop`), or find out whether an export has lost its values.
"""

from runner.checks import Finding, Severity
from runner.checks.material import Material
from runner.config.overrides import as_override
from runner.words import quoted

CODES = ("constant",)
FEWEST_ROWS = 30
NEARLY = 0.999  # share of the rows that have the same value


def look(material: Material) -> list[Finding]:
    """Look for columns of one value, and of nearly one."""
    features, rows = material.rows.features, len(material.rows)
    if rows < FEWEST_ROWS:
        return []
    commonest = {
        str(name): int(features[name].value_counts(dropna=False, sort=True).iloc[0]) for name in features.columns
    }
    constant = tuple(name for name, count in commonest.items() if count == rows)
    nearly = tuple(name for name, count in commonest.items() if NEARLY * rows <= count < rows)
    findings = []
    if constant:
        evidence = f"The same value in all {rows:,} rows: {quoted(constant)}."
        findings.append(_finding(constant, evidence))
    if nearly:
        others = max(rows - commonest[name] for name in nearly)
        evidence = f"The same value in all but {others:,} or fewer of {rows:,} rows: {quoted(nearly)}."
        findings.append(_finding(nearly, evidence))
    return findings


def _finding(columns: tuple[str, ...], evidence: str) -> Finding:
    drop = as_override("dataset.drop", columns[:5])
    advice = f"No model can learn from such a column: {drop}."
    return Finding("constant", Severity.INFO, columns, evidence, advice)
