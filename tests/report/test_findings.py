"""Whether the scores can be trusted."""

from typing import Any

from runner.report.findings import trust

Made = dict[str, dict[str, Any]]


def test_checks_that_could_not_be_made_are_no_good_news(made: Made) -> None:
    assert trust(made["go"]) == "No check found a reason to doubt the scores."
    failed = made["not_trustworthy"]["checks"][-1] | {"code": "check-failed"}
    assert trust(made["go"] | {"checks": [failed]}).endswith("but not all checks could be run.")


def test_the_gravest_findings_say_whether_the_scores_can_be_trusted(made: Made) -> None:
    checks = made["not_trustworthy"]["checks"]
    assert trust({"checks": checks}) == "No, as the checks have found: target-leak."
    warnings = [each for each in checks if each["severity"] == "warn"]
    assert trust({"checks": warnings}) == "Look at 5 warnings first: check-0, check-1, check-2, check-3 and 1 more."
