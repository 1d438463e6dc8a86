"""Findings that the user already knows of: `dataset.acknowledged` lowers their severity by one step."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from runner.checks import Finding, Severity
from runner.checks.registry import CODES, OF_THE_KEPT
from runner.errors import UserError, nearest

BELOW = {Severity.STOP: Severity.WARN, Severity.WARN: Severity.INFO, Severity.INFO: Severity.INFO}
UNMATCHED = "acknowledged-nothing"


@dataclass(frozen=True)
class Acknowledgement:
    """One entry of `dataset.acknowledged`: all findings of a code, or those of one column."""

    code: str
    column: str | None = None

    def __str__(self) -> str:
        return self.code if self.column is None else f"{self.code}:{self.column}"

    def is_about(self, finding: Finding) -> bool:
        """Whether it names the finding, or one of its columns."""
        return finding.code == self.code and (self.column is None or self.column in finding.columns)


def read(entries: Iterable[str]) -> tuple[Acknowledgement, ...]:
    """Read the config's entries, ``CODE`` or ``CODE:COLUMN``.

    Raises
    ------
    UserError
        If there is no such code.
    """
    read_entries = []
    for entry in entries:
        code, _, column = str(entry).partition(":")
        if code.strip() not in CODES:
            hint = nearest(code, CODES)
            raise UserError(f"dataset.acknowledged names {code!r}, which no check can find: {hint}")
        read_entries.append(Acknowledgement(code.strip(), column.strip() or None))
    return tuple(read_entries)


def acknowledge(findings: Sequence[Finding], known: Sequence[Acknowledgement]) -> tuple[Finding, ...]:
    """Lower the findings that are acknowledged, by their code or by all of their columns."""
    return tuple(_lowered(finding) if _is_known(finding, known) else finding for finding in findings)


def unmatched(findings: Sequence[Finding], known: Sequence[Acknowledgement]) -> tuple[Finding, ...]:
    """Return a note for each acknowledgement that no finding of the table's checks matches."""
    return tuple(
        Finding(
            UNMATCHED,
            Severity.INFO,
            (),
            f"dataset.acknowledged has {str(entry)!r}, but no check found that.",
            "Remove it, so that it cannot hide a later finding.",
        )
        for entry in known
        if entry.code not in OF_THE_KEPT and not any(entry.is_about(finding) for finding in findings)
    )


def _is_known(finding: Finding, known: Sequence[Acknowledgement]) -> bool:
    about = [entry for entry in known if entry.is_about(finding)]
    return any(entry.column is None for entry in about) or (
        bool(about) and {entry.column for entry in about} >= set(finding.columns)
    )


def _lowered(finding: Finding) -> Finding:
    return replace(
        finding,
        severity=BELOW[finding.severity],
        evidence=f"Acknowledged: {finding.evidence}",
        acknowledged=True,
    )
