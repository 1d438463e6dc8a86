"""Can the scores be believed? One check per file; each returns findings with a stable code.

The checks are listed in `registry.py`. The docstring of each says, in this order, what a finding means, when it does
not apply, and what to do about it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """What a finding does to the verdict."""

    STOP = "stop"  # the scores cannot be believed: data-not-trustworthy
    WARN = "warn"
    INFO = "info"


@dataclass(frozen=True)
class Finding:
    """What a check saw.

    Attributes
    ----------
    code : str
        Stable name of the check, such as ``target-leak``.
    columns : tuple of str
        The columns it speaks of.
    evidence : str
        One sentence with the figures.
    advice : str
        One sentence: what to do.
    figures : mapping of str to float
        The figures of the evidence that others may want to compute with.
    acknowledged : bool
        Whether the user knows of it (`dataset.acknowledged`), which lowers its severity by one step.
    """

    code: str
    severity: Severity
    columns: tuple[str, ...]
    evidence: str
    advice: str
    figures: Mapping[str, float] = field(default_factory=dict)
    acknowledged: bool = False


def why_untrusted(findings: Sequence[Finding]) -> str | None:
    """Return the evidence of the first finding that says that the scores cannot be believed; None if none does."""
    return next((finding.evidence for finding in findings if finding.severity is Severity.STOP), None)
