"""Two runs side by side: what changed from the first to the second, in words, in pictures, and figure by figure."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from runner import words
from runner.errors import UserError
from runner.folders import COMPARISON
from runner.record import Record
from runner.report import Content, advice, candidates, changes, economics, gains, outcome, scores, search
from runner.report.page import environment
from runner.report.pictures.canvas import Picture, style
from runner.report.pictures.cost import cost_picture
from runner.report.pictures.two_gains import two_gains
from runner.report.pictures.two_ladders import two_ladders
from runner.report.records import read_config, read_verdict
from runner.report.yearly import years_ahead
from runner.words import counted

Row = tuple[str, str, str]
Telling = tuple[str, Callable[[Content], str]]


def write_comparison(first: Path, second: Path) -> Path:
    """Write comparison.html into the folder of the second run.

    Raises
    ------
    UserError
        If a folder holds no verdict, or both are the same folder.
    """
    verdicts = [read_verdict(folder) for folder in (first, second)]
    if first.resolve() == second.resolve():
        raise UserError(f"{str(first)!r} is given twice: name two runs to compare.")
    configs = [read_config(folder) for folder in (first, second)]
    return Record(second).write(COMPARISON, render(*verdicts, *configs))


def render(before: Content, after: Content, config_before: Content, config_after: Content) -> str:
    """Return the page that compares two runs."""
    settings = changes.settings_that_differ(config_before, config_after)
    came, went = changes.findings_that_came_and_went(before, after)
    return (
        environment()
        .get_template("comparison.html.j2")
        .render(
            before=before,
            after=after,
            verdict=after,
            headline=changes.headline(before, after),
            told_in_words=changes.in_words(before, after, [key for key, *_ in settings]),
            pictures=pictures(before, after),
            same_data=changes.same_data(before, after),
            same_folds=changes.same_folds(before, after),
            outcomes=_rows(OUTCOMES, before, after),
            scores=list(_scores(before, after)),
            costs=_rows(COSTS, before, after),
            settings=[(key, _told(first), _told(second)) for key, first, second in settings],
            versions=list(_versions(before, after)),
            findings=[("new", each) for each in came] + [("gone", each) for each in went],
        )
    )


def pictures(before: Content, after: Content) -> dict[str, Picture]:
    """Draw both ladders, in one picture or side by side, and both gains; return the pictures by name."""
    with style():
        drawn = [two_gains(before, after)]
        if before["metric"]["name"] == after["metric"]["name"]:
            drawn += [two_ladders(before, after)]
        else:
            drawn += [cost_picture(before, name="first-cost"), cost_picture(after, name="second-cost")]
    return {each.name: each for each in drawn if each}


def _rows(telling: Sequence[Telling], before: Content, after: Content) -> list[Row]:
    return [(label, tell(before), tell(after)) for label, tell in telling]


def _scores(before: Content, after: Content) -> Iterator[tuple[str, str, str, str]]:
    """Yield name, both scores and their difference for each candidate of either run, paired if possible."""
    paired = changes.same_folds(before, after)
    names = [each["name"] for each in after["candidates"]]
    names += [each["name"] for each in before["candidates"] if each["name"] not in names]
    for name in names:
        found = [(verdict["metric"]["name"], candidates.entry(verdict, name)) for verdict in (before, after)]
        cells = [_score(metric, each) for metric, each in found]
        yield name, cells[0], cells[1], _difference(found[0][1], found[1][1]) if paired else ""


def _score(metric: str, entry: Content | None) -> str:
    """Write a candidate's score on the folds, or its status if it has none."""
    if entry is None:
        return words.UNKNOWN
    return str(entry["status"]) if entry["score"] is None else words.score_and_error(metric, entry["fold_scores"])


def _difference(first: Content | None, second: Content | None) -> str:
    """Write the mean difference over the folds with its standard error; + is better."""
    if not first or not second or not first["fold_scores"] or len(first["fold_scores"]) != len(second["fold_scores"]):
        return words.UNKNOWN
    gains = [b - a for a, b in zip(first["fold_scores"], second["fold_scores"], strict=True)]
    mean, error = sum(gains) / len(gains), words.standard_error(gains)
    if not any(gains):
        return "the same"
    decimals = words.decimals_for(error or mean, 2)
    return f"{mean:+.{decimals}f}" + (f" ± {error:.{decimals}f}" if error else "")


def _year(verdict: Content) -> str:
    year = next((each for each in years_ahead(verdict) if each.name == candidates.kept(verdict)), None)
    return words.money(year.money, verdict["currency"]) if year else words.UNKNOWN


OUTCOMES: tuple[Telling, ...] = (
    ("Decision", outcome.decision),
    ("Reason", outcome.why),
    ("To do", lambda verdict: words.sentence_case(advice.action(verdict))),
    ("Cheap champion", lambda verdict: f"{verdict['cheap_champion']}"),
    ("Its score", lambda verdict: scores.judged(verdict, verdict["cheap_champion"])),
    ("Challenger", lambda verdict: verdict["challenger"] or search.no_challenger(verdict)),
    ("Gain", lambda verdict: gains.gain(verdict["gain"], verdict["metric"]) if verdict["gain"] else words.UNKNOWN),
    ("Worth having", lambda verdict: gains.threshold(verdict).removeprefix("worth having ")),
    ("Net benefit", lambda verdict: economics.net_benefit(verdict) or words.UNKNOWN),
    ("Rows", lambda verdict: f"{verdict['dataset']['rows']:,}"),
    ("Columns", lambda verdict: f"{verdict['dataset']['features']:,}"),
)
COSTS: tuple[Telling, ...] = (
    ("Computing", lambda verdict: words.cpu(verdict["costs"]["cpu_seconds"])),
    ("On the clock", lambda verdict: words.duration(verdict["costs"]["wall_seconds"])),
    ("Memory of the largest evaluation", lambda verdict: f"{words.quantity(verdict['costs']['peak_memory_mb'])} MB"),
    ("Money", lambda verdict: words.money(verdict["costs"]["money"], verdict["currency"])),
    ("Trials", lambda verdict: f"{verdict['search']['trials']:,}" if verdict["search"] else "none"),
    ("A year with the model kept", _year),
)


def _told(setting: Any) -> str:
    if setting is changes.ABSENT:
        return words.UNKNOWN
    if isinstance(setting, Mapping):
        return counted(len(setting), "setting")
    return json.dumps(setting) if setting is None or isinstance(setting, bool) else str(setting)


def _versions(before: Content, after: Content) -> Iterator[Row]:
    for name in changes.libraries_that_differ(before, after):
        yield name, *(verdict["versions"].get(name, words.UNKNOWN) for verdict in (before, after))
