"""What the user knows already is one degree less grave; what nobody found is told."""

import pytest

from runner.checks import Finding, Severity
from runner.checks.acknowledged import UNMATCHED, acknowledge, read, unmatched
from runner.errors import UserError

LEAK = Finding("target-leak", Severity.STOP, ("outcome",), "It tells all.", "Drop it.")
CONSTANT = Finding("constant", Severity.INFO, ("a", "b"), "One value.", "Drop them.")


@pytest.mark.parametrize("entry", ["target-leak", "target-leak:outcome", " target-leak : outcome "])
def test_a_finding_is_known_by_its_code_or_its_column(entry: str) -> None:
    (finding,) = acknowledge([LEAK], read([entry]))
    assert (finding.severity, finding.acknowledged) == (Severity.WARN, True)
    assert finding.evidence == "Acknowledged: It tells all."


@pytest.mark.parametrize("entry", ["target-leak:other", "constant"])
def test_another_column_or_code_changes_nothing(entry: str) -> None:
    assert acknowledge([LEAK], read([entry])) == (LEAK,)
    assert [note.code for note in unmatched([LEAK], read([entry]))] == [UNMATCHED]


def test_a_finding_of_many_columns_is_known_by_all_of_them() -> None:
    (half,) = acknowledge([CONSTANT], read(["constant:a"]))
    (whole,) = acknowledge([CONSTANT], read(["constant:a", "constant:b"]))
    assert (half.acknowledged, whole.acknowledged) == (False, True)
    assert unmatched([CONSTANT], read(["constant:a"])) == ()


def test_a_column_may_have_a_colon_in_its_name() -> None:
    finding = Finding("target-leak", Severity.STOP, ("Jitter:DDP",), "It tells all.", "Drop it.")
    assert acknowledge([finding], read(["target-leak:Jitter:DDP"]))[0].acknowledged


def test_what_is_looked_for_after_the_verdict_can_be_known_before() -> None:
    known = read(["unused-inputs:a"])
    idle = Finding("unused-inputs", Severity.INFO, ("a",), "It earns nothing.", "Leave it out.")
    assert acknowledge([idle], known)[0].acknowledged
    assert unmatched([], known) == ()  # the checks of the table cannot have found it


def test_a_misspelt_code_is_one_sentence_with_the_nearest() -> None:
    with pytest.raises(UserError, match="did you mean 'target-leak'"):
        read(["target-leek:outcome"])
