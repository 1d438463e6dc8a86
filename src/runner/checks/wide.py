"""More columns than rows.

Meaning: with more inputs than rows, some input fits the target by chance, and cheap models may be as good as any.
Does not apply: to inputs that are many by nature and measured in the same way (spectra, genes), where penalised models
work.
To do: collect more rows, or choose inputs by prior knowledge, not by this table.
"""

from runner.checks import Finding, Severity
from runner.checks.material import Material
from runner.words import counted

CODES = ("wide-table",)


def look(material: Material) -> list[Finding]:
    """Compare the number of inputs with the number of development rows."""
    rows, columns = material.rows.features.shape
    if columns <= rows:
        return []
    evidence = f"{counted(columns, 'input column')} for {counted(rows, 'row')} to learn from."
    advice = "Trust a gain only if its interval does; choose inputs by what is known about them."
    return [Finding("wide-table", Severity.WARN, (), evidence, advice)]
