"""Two runs side by side: what changed from the first to the second."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from runner import words
from runner.record import Record
from runner.report import guidance, phrases
from runner.report.page import environment
from runner.report.records import read_config, read_verdict
from runner.wording import counted

COMPARISON = "comparison.html"
UNLIKE = ("dataset.path",)  # settings that say nothing of what was done
ABSENT = object()  # a setting that a run does not have

Facts = Mapping[str, Any]
Row = tuple[str, str, str]
Telling = tuple[str, Callable[[Facts], str]]


def write_comparison(first: Path, second: Path) -> Path:
    """Write comparison.html into the folder of the second run.

    Raises
    ------
    UserError
        When a folder holds no verdict.
    """
    verdicts = [read_verdict(folder) for folder in (first, second)]
    configs = [read_config(folder) for folder in (first, second)]
    return Record(second).write(COMPARISON, render(*verdicts, *configs))


def render(before: Facts, after: Facts, config_before: Facts, config_after: Facts) -> str:
    """Return the page that compares two runs."""
    return (
        environment()
        .get_template("comparison.html.j2")
        .render(
            before=before,
            after=after,
            verdict=after,
            headline=headline(before, after),
            same_data=same_data(before, after),
            same_folds=same_folds(before, after),
            outcomes=list(_outcomes(before, after)),
            scores=list(_scores(before, after)),
            costs=list(_costs(before, after)),
            settings=list(_settings(config_before, config_after)),
            checks=list(_checks(before, after)),
        )
    )


def headline(before: Facts, after: Facts) -> str:
    """Say in a sentence what changed."""
    if before["decision"] != after["decision"]:
        return f"{before['decision']} became {after['decision']}."
    kept = [(guidance.kept(verdict) or {}).get("name") for verdict in (before, after)]
    if kept[0] != kept[1]:
        return f"{after['decision']} as before, with another model: {kept[0]} became {kept[1]}."
    return f"{after['decision']} as before, and the same model is kept."


def same_data(before: Facts, after: Facts) -> bool:
    """Whether both runs saw the same rows and columns."""
    return bool(before["dataset"]["fingerprint"] == after["dataset"]["fingerprint"])


def same_folds(before: Facts, after: Facts) -> bool:
    """Whether the scores of a fold can be paired: same data, metric, seed and number of folds."""
    return (
        same_data(before, after)
        and before["metric"]["name"] == after["metric"]["name"]
        and before["seed"] == after["seed"]
        and _folds(before) == _folds(after)
    )


def _folds(verdict: Facts) -> int:
    return max((len(each["fold_scores"]) for each in verdict["candidates"]), default=0)


def _outcomes(before: Facts, after: Facts) -> Iterator[Row]:
    telling: tuple[Telling, ...] = (
        ("Decision", phrases.decision),
        ("Reason", guidance.why),
        ("Cheap champion", lambda verdict: f"{verdict['cheap_champion']}"),
        ("Challenger", lambda verdict: verdict["challenger"] or phrases.no_challenger(verdict)),
        (
            "Gain",
            lambda verdict: phrases.gain(verdict["gain"], verdict["metric"]) if verdict["gain"] else words.UNKNOWN,
        ),
        ("Worth having", lambda verdict: phrases.threshold(verdict).removeprefix("worth having ")),
        ("Net benefit", _benefit),
        ("Rows", lambda verdict: f"{verdict['dataset']['rows']:,}"),
        ("Columns", lambda verdict: f"{verdict['dataset']['features']:,}"),
    )
    for label, tell in telling:
        yield label, tell(before), tell(after)


def _benefit(verdict: Facts) -> str:
    benefit = verdict["net_benefit"]
    return words.money_interval(benefit, verdict["currency"]) if benefit else words.UNKNOWN


def _scores(before: Facts, after: Facts) -> Iterator[tuple[str, str, str, str]]:
    """Yield name, both scores and the difference of each candidate of either run; paired where that is possible."""
    metric, paired = after["metric"]["name"], same_folds(before, after)
    names = [each["name"] for each in after["candidates"]]
    names += [each["name"] for each in before["candidates"] if each["name"] not in names]
    for name in names:
        first, second = (phrases.candidate(verdict, name) for verdict in (before, after))
        cells = [
            words.score_and_error(metric, each["fold_scores"]) if each else words.UNKNOWN for each in (first, second)
        ]
        yield name, cells[0], cells[1], _difference(first, second) if paired else ""


def _difference(first: Facts | None, second: Facts | None) -> str:
    """Write the mean difference over the folds with its standard error; + is better."""
    if not first or not second or not first["fold_scores"] or len(first["fold_scores"]) != len(second["fold_scores"]):
        return words.UNKNOWN
    gains = [b - a for a, b in zip(first["fold_scores"], second["fold_scores"], strict=True)]
    mean, error = sum(gains) / len(gains), words.standard_error(gains)
    if not any(gains):
        return "the same"
    decimals = words.decimals_for(error or mean, 2)
    return f"{mean:+.{decimals}f}" + (f" ± {error:.{decimals}f}" if error else "")


def _costs(before: Facts, after: Facts) -> Iterator[Row]:
    telling: tuple[Telling, ...] = (
        ("CPU", lambda verdict: words.cpu(verdict["costs"]["cpu_seconds"])),
        ("On the clock", lambda verdict: words.duration(verdict["costs"]["wall_seconds"])),
        ("Memory", lambda verdict: f"{words.quantity(verdict['costs']['peak_memory_mb'])} MB"),
        ("Money", lambda verdict: words.money(verdict["costs"]["money"], verdict["currency"])),
        ("Trials", lambda verdict: f"{verdict['search']['trials']:,}" if verdict["search"] else "none"),
    )
    for label, tell in telling:
        yield label, tell(before), tell(after)


def _settings(before: Any, after: Any, key: str = "") -> Iterator[Row]:
    """Yield each setting that differs; of a whole group that only one run has, such as a candidate, one row."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in sorted({*before, *after}):
            inner = f"{key}.{name}" if key else str(name)
            if inner not in UNLIKE:
                yield from _settings(before.get(name, ABSENT), after.get(name, ABSENT), inner)
    elif before != after:
        yield key, _told(before), _told(after)


def _told(setting: Any) -> str:
    if setting is ABSENT:
        return words.UNKNOWN
    if isinstance(setting, Mapping):
        return counted(len(setting), "setting")
    return "null" if setting is None else str(setting)


def _checks(before: Facts, after: Facts) -> Iterator[tuple[str, str]]:
    """Yield the findings that came and those that went."""
    first, second = ({(each["code"], each["evidence"]) for each in verdict["checks"]} for verdict in (before, after))
    codes = [{code for code, _ in found} for found in (first, second)]
    yield from (("new", f"{code}: {evidence}") for code, evidence in sorted(second) if code not in codes[0])
    yield from (("gone", f"{code}: {evidence}") for code, evidence in sorted(first) if code not in codes[1])
