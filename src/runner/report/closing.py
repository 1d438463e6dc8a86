"""The last lines in the terminal: decision, figures, and what to do next."""

import textwrap
from collections.abc import Iterator
from typing import TextIO

from runner import words
from runner.report import Content, advice, data, economics, findings, gains, gates, outcome, results, scores
from runner.report.closer_look import closer_look
from runner.report.turning import turning_points
from runner.words import counted

MOST_LINES = 15
MOST_WARNINGS = 3
MOST_OF_HEAD = 2  # lines of what to do, which may name two models
LEAST_SAID = 3  # lines that figures leave to the sentence, and commands to it and a warning
MOST_SAID = 5  # lines that a long sentence gets rather than the commands
LONGEST = "More rows"  # the figure of three lines
NARROWEST, WIDEST = 60, 100  # characters; outside of these a line is hard to read
MORE = " …"  # marks cut text
MARGIN = 14  # characters before the text, for its label


def closing_lines(verdict: Content, width: int) -> list[str]:
    """Say the verdict in at most 15 lines.

    Parameters
    ----------
    verdict : mapping
        The content of verdict.json.
    width : int
        Characters per line. A longer command continues after a backslash; a path is never split.

    Returns
    -------
    list of str
        Without colours; the first line begins with ``GO`` or ``NO-GO``.
    """
    width = max(NARROWEST, min(width, WIDEST))
    head = _cut(f"{outcome.decision(verdict)}: {advice.action(verdict)}", width, MOST_OF_HEAD)
    report = _command("Report", results.report_file(verdict), width)  # which has all that does not fit here
    told = {label: _wrapped(label, text, width) for label, text in _figures(verdict)}
    said = len(_cut(verdict["sentence"], width, MOST_SAID))
    beside = min(said, LEAST_SAID) + bool(findings.grave(verdict))
    figures = _figures_in_room(told, MOST_LINES - len(head) - len(report) - beside)
    said_at_least = max(LEAST_SAID, said)
    commands = _commands(verdict, width, MOST_LINES - len(head) - len(report) - len(figures) - said_at_least)
    ways_on = [*report, *commands]
    room = MOST_LINES - len(head) - len(figures) - len(ways_on)
    warnings = _warnings(verdict, min(MOST_WARNINGS, max(1, room - 3)))
    sentence = _cut(verdict["sentence"], width, max(1, room - len(warnings)))
    left = max(0, room - len(sentence) - len(warnings))
    notes = _in_room([*warnings, *closer_look(verdict)[:left]], width, room - len(sentence))
    return [*head, *sentence, *figures, *notes, *ways_on]


def print_closing(verdict: Content, stream: TextIO) -> None:
    """Print the closing lines at the terminal's width, with the decision in colour if it is a terminal."""
    from rich.console import Console
    from rich.text import Text

    console = Console(file=stream, highlight=False, force_terminal=stream.isatty())
    first, *rest = closing_lines(verdict, console.width)
    head = Text(first)
    colour = "green" if verdict["decision"] == "GO" else "yellow"
    head.stylize(f"bold {colour}", 0, len(verdict["decision"]))
    console.print(head, *map(Text, rest), sep="\n", soft_wrap=True)


def _figures(verdict: Content) -> Iterator[tuple[str, str]]:
    cheap, costly = verdict["cheap_champion"], verdict["challenger"]
    judged = scores.judged if costly else scores.judged_beside_no_model
    unbounded, without = gains.has_no_lower_bound(verdict["signal"]), verdict["reason"] == "no-signal"
    figures = (
        ("Not tried", gates.not_tried(verdict)),
        ("Gain", gains.of_the_challenger(verdict)),
        ("On the folds", gains.on_the_folds(verdict)),
        ("Other looks", outcome.looks(verdict)),
        ("Net benefit", economics.net_benefit(verdict)),
        ("Would turn", next(iter(turning_points(verdict)), None)),
        ("To settle", outcome.to_settle(verdict)),
        ("More rows", data.more_rows(verdict)),
        ("Cheap model", f"{cheap}: {judged(verdict, cheap)}" if cheap else None),
        ("Costly model", f"{costly}: {judged(verdict, costly)}" if costly else None),
        ("Over no model", gains.over_no_model(verdict) if unbounded and not without else None),  # else it is said
        ("Signal test", gains.signal_test(verdict) if unbounded or without else None),  # else there is little to tell
        ("Model saved", results.stand_in(verdict)),
        ("Used today", gains.against_today(verdict)),
        ("Cost", economics.costs(verdict)),
    )
    yield from ((label, said) for label, said in figures if said)


def _commands(verdict: Content, width: int, most: int) -> list[str]:
    """Return what to run; what does not fit here is in the report."""
    ways = []
    if results.is_usable(verdict):
        ways.append(("Predict", results.predict_command(verdict)))
    if verdict["mlflow_run_id"]:
        ways.append(("MLflow", results.mlflow_way(verdict)))
    return _fitting([_command(label, text, width) for label, text in ways], most)


def _warnings(verdict: Content, most: int) -> list[tuple[str, str]]:
    """Return the most severe findings, and how many more there are if not all fit."""
    found = findings.grave(verdict)
    shown = found if len(found) <= most else found[: max(1, most - 1)]
    told = [("STOP" if f["severity"] == "stop" else "Warning", f"{f['code']}: {_news(f, verdict)}") for f in shown]
    more = len(found) - len(shown)
    return [*told, ("", f"and {counted(more, 'more finding')} in the report")] if more > 0 and most > 1 else told


def _news(finding: Content, verdict: Content) -> str:
    """Return what was seen or, where the verdict's own sentence is that, what to do about it."""
    said = finding["advice"] if finding["evidence"] == verdict["sentence"] else finding["evidence"]
    return str(said)


def _in_room(said: list[tuple[str, str]], width: int, most: int) -> list[str]:
    """Give each text one line, and spare lines to those that need more, from the first on."""
    lines, spare = [], most - len(said)
    for label, text in said:
        told = _cut(text, width - MARGIN, 1 + spare)
        spare -= len(told) - 1
        lines += _labelled(label, told)
    return lines


def _figures_in_room(told: dict[str, list[str]], most: int) -> list[str]:
    """Return the lines of the figures that fit; the longest of them is tried last, as it would push out several."""
    kept, left = set(), most
    for label in sorted(told, key=lambda label: label == LONGEST):
        if len(told[label]) <= left:
            kept.add(label)
            left -= len(told[label])
    return [line for label, lines in told.items() if label in kept for line in lines]


def _fitting(parts: list[list[str]], most: int) -> list[str]:
    """Return the lines of the parts that fit, the first of them first."""
    lines: list[str] = []
    for part in parts:
        lines += part if len(lines) + len(part) <= most else []
    return lines


def _cut(text: str, width: int, most: int) -> list[str]:
    """Break a text into at most `most` lines."""
    return textwrap.wrap(words.one_line(text), width, max_lines=most, placeholder=MORE)


def _wrapped(label: str, text: str, width: int) -> list[str]:
    return _labelled(label, textwrap.wrap(text, width - MARGIN, break_long_words=False))


def _command(label: str, text: str, width: int) -> list[str]:
    """Wrap a command so that it can still be copied and pasted."""
    lines = textwrap.wrap(text, width - MARGIN - 2, break_long_words=False, break_on_hyphens=False)
    return _labelled(label, [f"{line} \\" for line in lines[:-1]] + lines[-1:])


def _labelled(label: str, lines: list[str]) -> list[str]:
    return [f"{label if number == 0 else '':<{MARGIN}}{line}" for number, line in enumerate(lines)]
