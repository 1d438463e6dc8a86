"""The findings of the checks: which a person must know about, and whether the scores can be trusted."""

from runner.report import Content
from runner.words import counted, few


def grave(verdict: Content) -> list[Content]:
    """Return the findings that a person must know about, the most severe first."""
    return [each for severity in ("stop", "warn") for each in verdict["checks"] if each["severity"] == severity]


def notes(verdict: Content) -> list[Content]:
    """Return the findings that are good to know but no reason to worry."""
    return [each for each in verdict["checks"] if each["severity"] == "info"]


def trust(verdict: Content) -> str:
    """Say in one sentence what the checks found."""
    checks = verdict["checks"]
    stops, warnings = (
        [check["code"] for check in checks if check["severity"] == severity] for severity in ("stop", "warn")
    )
    if stops:
        return f"No, as the checks have found: {few(list(dict.fromkeys(stops)))}."
    if warnings:
        return f"Look at {counted(len(warnings), 'warning')} first: {few(list(dict.fromkeys(warnings)))}."
    if any(check["code"] == "check-failed" for check in checks):
        return "No check found a reason to doubt the scores, but not all checks could be run."
    return "No check found a reason to doubt the scores."
