"""Verdicts that fail a job: `ci.fail_on=[no-go,data-not-trustworthy]` turns them into exit code 3."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from runner.checks import Severity
from runner.decision.reasons import Reason
from runner.errors import UserError, nearest

FAILED = 3  # exit code
DECISIONS = ("go", "no-go")
UNSETTLED = "unsettled"
KNOWN = (*DECISIONS, UNSETTLED, *map(str, Reason), *map(str, Severity))


def check_fail_on(words: Sequence[str]) -> None:
    """Refuse words that no verdict can have.

    Raises
    ------
    UserError
        If there is such a word.
    """
    for word in words:
        if word not in KNOWN:
            raise UserError(f"ci.fail_on has {word!r}: {nearest(word, KNOWN)}")


def failing(content: Mapping[str, Any], fail_on: Sequence[str]) -> list[str]:
    """Return those of the words that apply to a verdict: its decision, its reason, or a severity among its findings.

    Acknowledged findings do not count.
    """
    severities = {finding["severity"] for finding in content["checks"] if not finding.get("acknowledged")}
    said = {content["decision"].lower(), content["reason"], *severities}
    if not content["settled"]:
        said.add(UNSETTLED)
    return [word for word in fail_on if word in said]


def exit_code(content: Mapping[str, Any], fail_on: Sequence[str]) -> int:
    """Return 3, and say why on stderr, if the verdict is one that fails a job; else 0."""
    if words := failing(content, fail_on):
        print(f"runner: ci.fail_on has {', '.join(words)}: {content['sentence']}", file=sys.stderr)
        return FAILED
    return 0
