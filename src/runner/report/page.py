"""report.html: one page for a manager, a data scientist and an engineer, made from a run's folder alone."""

import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from runner import words
from runner.folders import PICTURE, REPORT, REPORT_FAULT
from runner.record import Record
from runner.report import (
    Content,
    advice,
    candidates,
    closer_look,
    data,
    economics,
    findings,
    gains,
    gates,
    outcome,
    results,
    scores,
    search,
    tables,
)
from runner.report.pictures.canvas import Picture, standalone, style
from runner.report.pictures.climb import climb_picture
from runner.report.pictures.columns import columns_picture
from runner.report.pictures.cost import cost_picture, frontier
from runner.report.pictures.curve import curve_picture
from runner.report.pictures.gain import gain_picture, signal_picture
from runner.report.pictures.search import search_picture
from runner.report.pictures.skill import skill_picture
from runner.report.pictures.tree import readable_tree, tree_pictures
from runner.report.pictures.weak import weak_pictures
from runner.report.records import read_config, read_trials, read_verdict
from runner.report.turning import turning_points
from runner.report.yearly import years_ahead
from runner.words import counted

if TYPE_CHECKING:
    from jinja2 import Environment

Drawn = dict[str, Picture]

LEAST_SECONDS = 1.5  # that the page takes on an idle machine; with less time left, `runner report` makes it later
TELLING = (  # modules that the templates call by their names
    words, advice, candidates, closer_look, data, economics, findings, gains, gates, outcome, results, scores, search,
    tables,
)  # fmt: skip
TEMPLATES = Path(__file__).with_name("templates")


def write_report(folder: Path) -> Path:
    """Write report.html into the folder of a finished run.

    Raises
    ------
    UserError
        If the folder holds no verdict.
    """
    verdict = read_verdict(folder)
    record, trials = Record(folder), read_trials(folder)
    drawn = pictures(verdict, trials)
    if first := drawn.get("gain") or drawn.get("signal") or drawn.get("skill"):
        record.write(PICTURE, standalone(first))
    return record.write(REPORT, render(verdict, trials, read_config(folder), drawn))


def try_report(folder: Path, seconds_left: float) -> None:
    """Write report.html at the end of a run if there is time; a fault is noted in the folder and stops nothing."""
    if seconds_left < LEAST_SECONDS:
        return
    try:
        write_report(folder)
    except Exception:
        with suppress(OSError):
            (folder / REPORT_FAULT).write_text(traceback.format_exc(), encoding="utf-8")


def render(
    verdict: Content, trials: Sequence[Content] = (), config: Content | None = None, drawn: Drawn | None = None
) -> str:
    """Return the page.

    Parameters
    ----------
    verdict : mapping
        The content of verdict.json.
    trials : sequence of mapping
        Name, score and costs of each trial of the search.
    config : mapping, optional
        The config that the run was made with.
    drawn : mapping, optional
        The pictures of the run; drawn here if not given.
    """
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            verdict=verdict,
            trials=trials,
            config=config or {},
            pictures=pictures(verdict, trials) if drawn is None else drawn,
            years=years_ahead(verdict),
        )
    )


def fragment(verdict: Content) -> str:
    """Return the verdict as an HTML fragment, for a notebook."""
    drawn = pictures(verdict, [], ("gain", "signal", "skill"))
    return environment().get_template("notebook.html.j2").render(verdict=verdict, pictures=drawn)


def pictures(verdict: Content, trials: Sequence[Content], only: tuple[str, ...] | None = None) -> Drawn:
    """Draw all pictures that the run has data for, or only some of the simple ones; return them by name."""
    one_each: dict[str, Callable[[Content], Picture | None]] = {
        "gain": gain_picture,
        "signal": signal_picture,
        "skill": skill_picture,
        "climb": climb_picture,
        "curve": curve_picture,
        "columns": columns_picture,
        "search": search_picture,
    }
    with style():
        drawn = [draw(verdict) for name, draw in one_each.items() if only is None or name in only]
        if only is None:
            drawn += [cost_picture(verdict, trials), *weak_pictures(verdict), *tree_pictures(verdict)]
    return {each.name: each for each in drawn if each}


@cache
def environment() -> "Environment":
    """Return the Jinja environment of the templates, with the functions that they call."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(("html.j2",), default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        {module.__name__.rpartition(".")[2]: module for module in TELLING},
        turning_points=turning_points,
        counted=counted,
        readable_tree=readable_tree,
        frontier=frontier,
    )
    return environment
