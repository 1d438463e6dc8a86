"""Numbers and words in one column.

Meaning: most cells of a column are numbers and some are words, so the whole column is taken as text, and no model can
use the order of its numbers.
Does not apply: to codes that only look like numbers (ticket and part numbers).
To do: leave cells empty where a value is missing, and put values with another unit into a column of their own.
"""

import pandas as pd

from runner.checks import Finding, Severity
from runner.checks.columns import is_date, is_number
from runner.checks.material import Material
from runner.words import quoted

CODES = ("mixed-types",)
ROWS = 20_000
MOSTLY = 0.5  # least share of cells that are numbers
FEW_WORDS = 5  # distinct words: so few stand for something, more are codes
FEWEST_NUMBERS = 10  # distinct numbers: fewer are names of levels


def look(material: Material) -> list[Finding]:
    """Look for columns of words that are mostly numbers."""
    features = material.sample(ROWS).features
    findings = []
    for name in map(str, features.columns):
        column = features[name]
        if is_number(column) or is_date(column):
            continue
        cells = column.dropna().astype(str)
        read = pd.to_numeric(cells, errors="coerce")
        share = float(read.notna().mean()) if len(cells) else 0.0
        if not MOSTLY <= share < 1 or read.nunique() < FEWEST_NUMBERS:
            continue
        words = cells[read.isna()]
        shown = quoted(words.value_counts().index[:3])
        evidence = f"{name!r} has numbers in {len(cells) - len(words):,} cells and text in {len(words):,}: {shown}."
        advice = f"It is taken as text, so the order of its numbers is lost: make {name!r} one or the other."
        severity = Severity.WARN if words.nunique() <= FEW_WORDS else Severity.INFO
        findings.append(Finding("mixed-types", severity, (name,), evidence, advice))
    return findings
