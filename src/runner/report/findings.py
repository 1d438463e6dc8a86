"""The findings of the checks: which a person must know about, and whether the scores can be trusted."""

from runner.report import Content
from runner.words import counted


def grave(verdict: Content) -> list[Content]:
    """Return the findings that a person must know about, the most severe first."""
    return [each for severity in ("stop", "warn") for each in verdict["checks"] if each["severity"] == severity]


def notes(verdict: Content) -> list[Content]:
    """Return the findings that are good to know but no reason to worry."""
    return [each for each in verdict["checks"] if each["severity"] == "info"]


def trust(verdict: Content) -> str:
    """Say in one sentence what the checks found."""
    checks = verdict["checks"]
    stops, warnings = (sum(check["severity"] == severity for check in checks) for severity in ("stop", "warn"))
    if stops:
        said = f"{counted(stops, 'finding')} of the checks mean{'s' if stops == 1 else ''}"
        return f"{said} that the scores cannot be trusted."
    if warnings:
        return f"No check rules out the scores, but {counted(warnings, 'warning')} should be looked at."
    if any(check["code"] == "check-failed" for check in checks):
        return "No check found a reason to doubt the scores, but not all checks could be run."
    return "No check found a reason to doubt the scores."
