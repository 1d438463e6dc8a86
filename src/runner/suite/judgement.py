"""A night judged: which rules raise an alarm after correction for the number of tests, and how the night ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from runner import words
from runner.gain.several import holm
from runner.suite import noise
from runner.suite.rules import ALL, Observation, observations
from runner.suite.schedule import EndedRun
from runner.suite.settings import SuiteConfig
from runner.words import counted


class Outcome(StrEnum):
    """What one rule says about one run."""

    PASSED = "passed"
    WARNED = "warned"
    FAILED = "failed"
    SKIPPED = "skipped"  # nothing to compare


@dataclass(frozen=True)
class RuleOutcome:
    """One rule applied to one run, with the outcome."""

    observed: Observation
    outcome: Outcome


@dataclass(frozen=True)
class Judgement:
    """A night judged.

    Attributes
    ----------
    items : tuple of RuleOutcome
        Failures first.
    tests : int
        How many tests were made under rules that may fail; they share the false alarm rate.
    """

    items: tuple[RuleOutcome, ...]
    tests: int

    def of(self, outcome: Outcome) -> list[RuleOutcome]:
        """Return the items with an outcome."""
        return [item for item in self.items if item.outcome is outcome]

    @property
    def failed(self) -> bool:
        """Whether a rule that is set to fail has failed."""
        return bool(self.of(Outcome.FAILED))

    @property
    def headline(self) -> str:
        """Return the first line of every report: what failed, on which run, and by how much."""
        failed, warned = self.of(Outcome.FAILED), self.of(Outcome.WARNED)
        if not failed and not warned:
            return f"passed: {counted(len(self.of(Outcome.PASSED)), 'comparison')}, nothing to report"
        word, told = ("FAILED", failed) if failed else ("passed with warnings", warned)
        first, more = told[0].observed, f" (+{len(told) - 1} more)" if len(told) > 1 else ""
        return words.one_line(f"{word}: {first.rule} of {first.run}: {first.sentence}{more}", 300)


def judge(
    ended: Sequence[EndedRun], entries: Mapping[str, Any], accepted: Mapping[str, Any], suite: SuiteConfig
) -> Judgement:
    """Judge a night against what was accepted.

    Parameters
    ----------
    entries, accepted : mapping
        The entry of each run, by key.
    """
    seen = [_ran(run, entries, accepted) for run in ended] if suite.rules.run.action != "off" else []
    seen += [
        observed
        for key, entry in entries.items()
        if key in accepted
        for observed in observations(key, entry, accepted[key], suite.rules)
    ]
    seen += _together(seen, suite)
    luck = _luck(seen, suite)
    items = [
        RuleOutcome(observed, _outcome(observed, (observed.rule, observed.run) not in luck, suite)) for observed in seen
    ]
    alone = {item.observed.rule for item in items if item.outcome is Outcome.FAILED and item.observed.run != ALL}
    items = [_told_once(item, alone) for item in items]
    return Judgement(tuple(sorted(items, key=_urgency)), len(_tests(seen, suite, "fail")))


def _tests(seen: Sequence[Observation], suite: SuiteConfig, action: str) -> list[Observation]:
    """Return the tests made under rules with one action, which share a false alarm rate."""
    return [
        observed for observed in seen if observed.p_value is not None and suite.rules.action(observed.rule) == action
    ]


def _luck(seen: Sequence[Observation], suite: SuiteConfig) -> set[tuple[str, str]]:
    """Return the (rule, run) pairs that noise alone may explain."""
    found = set()
    for action, level in (("fail", suite.false_alarms), ("warn", suite.false_warnings)):
        tests = _tests(seen, suite, action)
        p_values = holm([observed.p_value or 0.0 for observed in tests])
        found |= {
            (observed.rule, observed.run) for observed, p_value in zip(tests, p_values, strict=True) if p_value > level
        }
    return found


def _told_once(item: RuleOutcome, alone: set[str]) -> RuleOutcome:
    """Drop the test over all tables if single tables have failed, because it would repeat them."""
    return (
        RuleOutcome(item.observed, Outcome.SKIPPED)
        if item.observed.run == ALL and item.observed.rule in alone
        else item
    )


def _urgency(item: RuleOutcome) -> tuple[int, float, float]:
    observed = item.observed
    place = (Outcome.FAILED, Outcome.WARNED, Outcome.PASSED, Outcome.SKIPPED).index(item.outcome)
    return place, observed.p_value if observed.p_value is not None else 0.0, -(observed.amount or 0.0)


def _outcome(observed: Observation, beyond: bool, suite: SuiteConfig) -> Outcome:
    if observed.severity == "none":
        return Outcome.SKIPPED
    if not (beyond and observed.worth):
        return Outcome.PASSED
    fails = suite.rules.action(observed.rule) == "fail" and observed.severity != "warn"
    return Outcome.FAILED if fails else Outcome.WARNED


def _ran(run: EndedRun, entries: Mapping[str, Any], accepted: Mapping[str, Any]) -> Observation:
    key = run.planned.key
    if run.content is None:
        return Observation("run", key, None, True, f"No verdict: {run.reason}")
    if key in entries and key in accepted and entries[key]["cut"] and not accepted[key]["cut"]:
        sentence = "The run was cut off by time, unlike the accepted one: only part of it can be compared."
        return Observation("run", key, None, True, sentence, severity="warn")
    return Observation("run", key, None, False, "A verdict was reached.")


def _together(seen: Sequence[Observation], suite: SuiteConfig) -> list[Observation]:
    """Test all tables together, which is where a small change in every table shows first."""
    together = []
    for rule in ("score", "cost", "memory", "latency"):
        of_rule = [
            observed
            for observed in seen
            if observed.rule == rule and observed.p_value is not None and observed.amount is not None
        ]
        if len(of_rule) < 2:
            continue
        amounts = [observed.amount or 0.0 for observed in of_rule]
        mean = sum(amounts) / len(amounts)
        settings = getattr(suite.rules, rule)
        if rule == "score":
            p_value = noise.together([observed.p_value or 0.0 for observed in of_rule])
            what = f"worse by {words.share(mean)} of the dummy's loss" if mean >= 0 else "not worse"
        else:
            shared = (settings.noise**2 / len(of_rule) + settings.night**2) ** 0.5
            p_value = noise.rise(1 + mean, 1.0, shared).p_value
            what = f"{'up' if mean >= 0 else 'down'} by {words.share(abs(mean))}"
        sentence = f"On average over {counted(len(of_rule), 'run')} it is {what}."
        together.append(Observation(rule, ALL, p_value, mean >= settings.least, sentence, mean))
    return together
