"""Chosen decisions, reasons and severities become exit code 3."""

from typing import Any

import pytest

from processes import SMALL, Command
from runner.ci import check_fail_on, exit_code, failing
from runner.errors import UserError

CONTENT: dict[str, Any] = {
    "decision": "NO-GO",
    "reason": "within-noise",
    "settled": False,
    "sentence": "The rows do not tell.",
    "checks": [
        {"code": "duplicates", "severity": "warn"},
        {"code": "target-leak", "severity": "stop", "acknowledged": True},
    ],
}


@pytest.mark.parametrize("word", ["no-go", "within-noise", "unsettled", "warn"])
def test_what_the_verdict_says_fails(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert failing(CONTENT, [word]) == [word]
    assert exit_code(CONTENT, [word]) == 3
    assert capsys.readouterr().err == f"runner: ci.fail_on has {word}: The rows do not tell.\n"


@pytest.mark.parametrize("words", [[], ["go"], ["gain-pays", "no-signal"], ["stop"], ["info"]])
def test_what_it_does_not_say_passes(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(CONTENT, words) == 0
    assert capsys.readouterr().err == ""


def test_a_word_that_no_verdict_has_is_refused() -> None:
    with pytest.raises(UserError, match=r"ci.fail_on has 'no_go': did you mean 'no-go'"):
        check_fail_on(["go", "no_go"])


@pytest.mark.slow
def test_a_job_fails_on_the_verdict_it_was_told_of(command: Command) -> None:
    done = command(*SMALL, "dataset=glass", "ladder.rungs=[none,tree]", "ci.fail_on=[no-go,go]")
    assert done.returncode == 3, done.stderr
    assert done.stderr.startswith("runner: ci.fail_on has ")
    assert command("dataset=glass", "ci.fail_on=[no_go]").returncode == 2
