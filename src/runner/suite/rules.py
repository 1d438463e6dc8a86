"""The rules: each compares one run tonight with its accepted entry and reports what it saw, without deciding yet."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from runner import words
from runner.report.scores import loss
from runner.suite import noise
from runner.suite.entry import headroom, judged
from runner.suite.settings import SEVERITIES, CostRule, RulesConfig

Entry = Mapping[str, Any]
SAME_SIZE = 0.05  # if rows and columns differ by no more than this share, costs can be compared
OF_SKILL = " of the dummy's loss"
ALL = "all"  # stands for the key of all tables together


@dataclass(frozen=True)
class Observation:
    """What one rule saw in one run.

    Attributes
    ----------
    p_value : float or None
        The probability that noise alone makes as large a change; None if there is no noise or nothing to compare.
    worth : bool
        Whether the change, if real, is large enough for an alarm.
    sentence : str
        The finding in words, with its figures.
    amount : float or None
        Size of the change for the worse: skill, or a relative rise.
    severity : str or None
        ``warn`` if it must not fail the night, whatever the rule's action; ``none`` if nothing was compared.
    """

    rule: str
    run: str
    p_value: float | None
    worth: bool
    sentence: str
    amount: float | None = None
    severity: str | None = None


def observations(run: str, now: Entry, before: Entry, rules: RulesConfig) -> Iterator[Observation]:
    """Yield what each rule that is on sees in one run that has a verdict."""
    seen: dict[str, Callable[[], Observation]] = {
        "score": lambda: _score(run, now, before, rules),
        "cost": lambda: _rise("cost", run, now, before, rules.cost),
        "memory": lambda: _rise("memory", run, now, before, rules.memory),
        "latency": lambda: _rise("latency", run, now, before, rules.latency),
        "verdict": lambda: _verdict(run, now, before, rules),
        "check": lambda: _check(run, now, before, rules),
        "forecast": lambda: _forecast(run, now, rules),
    }
    for name, look in seen.items():
        if rules.action(name) != "off":
            yield look()


def same_rows(now: Entry, before: Entry) -> bool:
    """Say whether both were judged on the same folds of the same rows, as far as an older entry can tell."""
    aside = before.get("kept_aside") or now["kept_aside"]  # two samples of one table have the same fingerprint
    return now["kept_aside"] == aside and all(
        now[key] == before[key] for key in ("fingerprint", "metric", "dummy_scores")
    )


def _score(run: str, now: Entry, before: Entry, rules: RulesConfig) -> Observation:
    rule, metric = rules.score, now["metric"]
    if metric != before["metric"]:
        return _silent("score", run, f"not compared: {before['label']} was accepted, tonight it is {now['label']}.")
    compared = judged(now, before)
    if compared is None or min(map(len, compared[:2])) < 2:
        return _silent("score", run, "not compared: the runs do not both have a score on two folds or more.")
    tonight, accepted, name = compared
    paired = same_rows(now, before)
    if paired:
        change = noise.paired_drop(tonight, accepted, rule.luck, rule.luck_folds)
        skill = change.amount / headroom(before)
    else:
        change = noise.unpaired_drop(_skills(now, tonight), _skills(before, accepted))
        skill = change.amount
    scores = [words.score(metric, fmean(folds), 4) for folds in (accepted, tonight)]
    sentence = (
        f"{now['label']} of {name} is {scores[1]}, {scores[0]} was accepted: "
        f"{_moved(skill, 'worse', 'better', OF_SKILL)}"
        f"{'' if paired else ' (other rows)'}."
    )
    return Observation("score", run, change.p_value, skill >= rule.least, sentence, skill)


def _skills(entry: Entry, scores: list[float]) -> list[float]:
    """Return scores as skill, a scale on which scores on different rows can be compared."""
    return [1 - loss(entry, score) / headroom(entry) for score in scores]


def _rise(name: str, run: str, now: Entry, before: Entry, rule: CostRule) -> Observation:
    key = {"cost": "loops", "memory": "memory_mb", "latency": "latency_loops"}[name]
    common = sorted(now[key].keys() & before[key].keys())
    if not common:
        return _silent(name, run, "not compared: no candidate was measured both times.")
    if not _same_size(now, before):
        return _silent(name, run, f"not compared: {now['rows']:,} rows tonight, {before['rows']:,} when accepted.")
    combine = max if name == "memory" else sum
    values = [combine(entry[key][candidate] for candidate in common) for entry in (now, before)]
    if min(values) <= 0:
        return _silent(name, run, "not compared: too little was measured.")
    change = noise.rise(values[0], values[1], (rule.noise**2 + rule.night**2) ** 0.5)
    what = {"cost": "The same work takes", "memory": "Peak memory is", "latency": f"{now['kept']} predicts in"}[name]
    unit = "MB" if name == "memory" else "calibration loops"
    sentence = (
        f"{what} {words.quantity(values[0])} {unit}, {words.quantity(values[1])} was accepted: "
        f"{_moved(change.amount, 'up', 'down')}."
    )
    is_much = change.amount >= rule.least and values[0] - values[1] >= rule.floor
    return Observation(name, run, change.p_value, is_much, sentence, change.amount)


def _verdict(run: str, now: Entry, before: Entry, rules: RulesConfig) -> Observation:
    told = [f"{entry['decision']} ({entry['reason']})" for entry in (before, now)]
    if now["decision"] == before["decision"]:
        return Observation("verdict", run, None, False, f"{told[1]}, as accepted.")
    sentence = f"{told[1]}, {told[0]} was accepted."
    if "out-of-budget" in (now["reason"], before["reason"]):
        return Observation("verdict", run, None, True, f"{sentence} The run was cut off by time.", severity="warn")
    if now["p_pays"] is None or before["p_pays"] is None:
        return Observation("verdict", run, 0.0, True, sentence)
    luck = rules.verdict.luck if same_rows(now, before) else 1.0
    change = noise.shift(now["p_pays"], before["p_pays"], luck * 2**0.5)
    sentence += f" The gain has moved by {words.quantity(change.amount)} standard errors."
    return Observation("verdict", run, change.p_value, True, sentence)


def _check(run: str, now: Entry, before: Entry, rules: RulesConfig) -> Observation:
    new = [found for found in now["checks"] if found not in before["checks"]]
    worst = min(new, key=lambda found: SEVERITIES.index(found.partition(":")[0]), default=None)
    if worst is None:
        return Observation("check", run, None, False, "No check fails that passed before.")
    fails = SEVERITIES.index(worst.partition(":")[0]) <= SEVERITIES.index(rules.check.severity)
    codes = ", ".join(found.partition(":")[2] for found in new)
    worth = not worst.startswith("info") or fails
    return Observation("check", run, None, worth, f"Newly found: {codes}.", severity=None if fails else "warn")


def _forecast(run: str, now: Entry, rules: RulesConfig) -> Observation:
    search = now["search"]
    if not search or not search["forecast_cpu_seconds"]:
        return _silent("forecast", run, "No search was run.")
    factor = search["cpu_seconds"] / search["forecast_cpu_seconds"]
    sentence = (
        f"The search took {words.cpu(search['cpu_seconds'])}, against a forecast of "
        f"{words.cpu(search['forecast_cpu_seconds'])}."
    )
    return Observation("forecast", run, None, factor > rules.forecast.factor, sentence, factor - 1)


def _same_size(now: Entry, before: Entry) -> bool:
    return all(abs(now[key] - before[key]) <= SAME_SIZE * before[key] for key in ("rows", "features"))


def _moved(amount: float, up: str, down: str, of: str = "") -> str:
    if amount == 0:
        return "unchanged"
    return f"{up if amount > 0 else down} by {words.share(abs(amount))}{of}"


def _silent(rule: str, run: str, sentence: str) -> Observation:
    return Observation(rule, run, None, False, sentence, severity="none")
