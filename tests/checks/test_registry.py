"""What could not be looked for is told."""

from runner.checks.registry import failed


def test_all_that_a_check_would_have_found_is_said_not_to_be_known() -> None:
    finding = failed(["undeclared"], "stopped after 3 s.")
    assert "(undeclared-time, undeclared-group, random-split-optimistic) could not be run" in finding.evidence
    assert "these faults" in finding.advice
