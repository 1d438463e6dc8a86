"""Can the scores be believed? One check a file; each returns findings with a stable code."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from runner.dataset import Dataset


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
    """

    code: str
    severity: Severity
    columns: tuple[str, ...]
    evidence: str
    advice: str


def check(dataset: "Dataset", seed: int) -> tuple[Finding, ...]:
    """Run all checks on the rows given (the development rows: the holdout is not looked at)."""
    from runner.checks.leak import check_leak

    checks = (check_leak,)
    return tuple(finding for one in checks for finding in one(dataset, seed))
