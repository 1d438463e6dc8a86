"""A night judged: which rules speak, after the correction for the number of tests, and what the night ends as."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from runner import words
from runner.gain.several import holm
from runner.suite import noise
from runner.suite.rules import ALL, Saw, looks
from runner.suite.schedule import Ended
from runner.suite.settings import SuiteConfig
from runner.wording import counted


class Outcome(StrEnum):
    """What one rule says of one run."""

    PASSED = "passed"
    WARNED = "warned"
    FAILED = "failed"
    SKIPPED = "skipped"  # nothing to compare


@dataclass(frozen=True)
class Judged:
    """One rule on one run, with the outcome."""

    saw: Saw
    outcome: Outcome


@dataclass(frozen=True)
class Judgement:
    """A night judged.

    Attributes
    ----------
    items : tuple of Judged
        Failures first.
    tests : int
        Of rules that may fail: what the false alarm rate is shared by.
    """

    items: tuple[Judged, ...]
    tests: int

    def of(self, outcome: Outcome) -> list[Judged]:
        """Return those with an outcome."""
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
        first, more = told[0].saw, f" (+{len(told) - 1} more)" if len(told) > 1 else ""
        return words.one_line(f"{word}: {first.rule} of {first.run}: {first.sentence}{more}", 300)


def judge(
    ended: Sequence[Ended], entries: Mapping[str, Any], accepted: Mapping[str, Any], suite: SuiteConfig
) -> Judgement:
    """Judge a night against what was accepted.

    Parameters
    ----------
    entries, accepted : mapping
        Of each run its entry, by key.
    """
    seen = [_ran(run, entries, accepted) for run in ended] if suite.rules.run.action != "off" else []
    seen += [
        saw
        for key, entry in entries.items()
        if key in accepted
        for saw in looks(key, entry, accepted[key], suite.rules)
    ]
    seen += _together(seen, suite)
    luck = _luck(seen, suite)
    items = [Judged(saw, _outcome(saw, (saw.rule, saw.run) not in luck, suite)) for saw in seen]
    alone = {item.saw.rule for item in items if item.outcome is Outcome.FAILED and item.saw.run != ALL}
    items = [_told_once(item, alone) for item in items]
    return Judgement(tuple(sorted(items, key=_urgency)), len(_tests(seen, suite, "fail")))


def _tests(seen: Sequence[Saw], suite: SuiteConfig, action: str) -> list[Saw]:
    """Return what was tested under rules of one action: a rate of false alarms is shared by these."""
    return [saw for saw in seen if saw.p_value is not None and suite.rules.action(saw.rule) == action]


def _luck(seen: Sequence[Saw], suite: SuiteConfig) -> set[tuple[str, str]]:
    """Return rule and run of what noise alone may have made."""
    found = set()
    for action, level in (("fail", suite.false_alarms), ("warn", suite.false_warnings)):
        tests = _tests(seen, suite, action)
        p_values = holm([saw.p_value or 0.0 for saw in tests])
        found |= {(saw.rule, saw.run) for saw, p_value in zip(tests, p_values, strict=True) if p_value > level}
    return found


def _told_once(item: Judged, alone: set[str]) -> Judged:
    """Leave the tables together out where single ones have failed: they would tell the same again."""
    return Judged(item.saw, Outcome.SKIPPED) if item.saw.run == ALL and item.saw.rule in alone else item


def _urgency(item: Judged) -> tuple[int, float, float]:
    saw = item.saw
    place = (Outcome.FAILED, Outcome.WARNED, Outcome.PASSED, Outcome.SKIPPED).index(item.outcome)
    return place, saw.p_value if saw.p_value is not None else 0.0, -(saw.amount or 0.0)


def _outcome(saw: Saw, beyond: bool, suite: SuiteConfig) -> Outcome:
    if saw.severity == "none":
        return Outcome.SKIPPED
    if not (beyond and saw.worth):
        return Outcome.PASSED
    fails = suite.rules.action(saw.rule) == "fail" and saw.severity != "warn"
    return Outcome.FAILED if fails else Outcome.WARNED


def _ran(run: Ended, entries: Mapping[str, Any], accepted: Mapping[str, Any]) -> Saw:
    key = run.planned.key
    if run.content is None:
        return Saw("run", key, None, True, f"No verdict: {run.reason}")
    if key in entries and key in accepted and entries[key]["cut"] and not accepted[key]["cut"]:
        sentence = "The time cut it off, which it did not when accepted: only a part can be compared."
        return Saw("run", key, None, True, sentence, severity="warn")
    return Saw("run", key, None, False, "A verdict was reached.")


def _together(seen: Sequence[Saw], suite: SuiteConfig) -> list[Saw]:
    """Look at all tables together: a small change that is everywhere shows there first."""
    together = []
    for rule in ("score", "cost", "memory", "latency"):
        of_rule = [saw for saw in seen if saw.rule == rule and saw.p_value is not None and saw.amount is not None]
        if len(of_rule) < 2:
            continue
        amounts = [saw.amount or 0.0 for saw in of_rule]
        mean = sum(amounts) / len(amounts)
        settings = getattr(suite.rules, rule)
        if rule == "score":
            p_value = noise.together([saw.p_value or 0.0 for saw in of_rule])
            what = f"worse by {words.share(mean)} of the dummy's loss" if mean >= 0 else "not worse"
        else:
            shared = (settings.noise**2 / len(of_rule) + settings.night**2) ** 0.5
            p_value = noise.rise(1 + mean, 1.0, shared).p_value
            what = f"{'up' if mean >= 0 else 'down'} by {words.share(abs(mean))}"
        sentence = f"On average over {counted(len(of_rule), 'run')} it is {what}."
        together.append(Saw(rule, ALL, p_value, mean >= settings.least, sentence, mean))
    return together
