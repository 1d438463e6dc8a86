"""The climb in a terminal as it happens: one row per candidate, the gates between them, and a status line."""

import atexit
import textwrap
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TextIO

from runner import words
from runner.evaluation import Status
from runner.events import Event, RunFailed, RunStarted, VerdictReached
from runner.ladder import SEARCH
from runner.listeners.log import failure, opening
from runner.listeners.story import Note, Row, Story

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult
    from rich.text import Text

WIDEST = 120  # characters; longer lines are hard to follow, however wide the window
ROOMY = 96  # at least this width has room for the prediction time
SEARCH_NAME = 24  # characters reserved for the name of a search, so that nothing moves when it appears
BAR, BAR_SHORTEST, BAR_LONGEST = 3, 6, 20  # the column of bars takes what the other columns leave


class TerminalView:
    """Redraws a few lines of the terminal, and leaves their last state on the screen."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()
        self._story: Story | None = None
        self._stop: Callable[[], None] = lambda: None

    def hear(self, event: Event) -> None:
        """Take in one event."""
        if isinstance(event, RunStarted):
            self._start(event)
        elif self._story:
            with self._lock:
                self._story.take_notice(event)
        if isinstance(event, VerdictReached | RunFailed):
            self._stop()
            atexit.unregister(self._stop)

    def _start(self, event: RunStarted) -> None:
        from rich.console import Console
        from rich.live import Live

        self._story = Story(event)
        live = Live(self, console=Console(file=self._stream, highlight=False), refresh_per_second=4)
        live.start(refresh=True)
        self._stop = live.stop
        atexit.register(self._stop)  # restores the cursor if the run is interrupted

    def __rich_console__(self, console: "Console", options: "ConsoleOptions") -> "RenderResult":
        """Yield the lines; while live, only the last ones that fit into the window."""
        if self._story is None:
            return
        with self._lock:
            lines = list(_draw(self._story, min(options.max_width, WIDEST)))
            yield from lines if self._story.ended else lines[-options.size.height :]


# --- drawing ----------------------------------------------------------------------------


def _draw(story: Story, width: int) -> Iterator["Text"]:
    """Draw the whole story, no line wider than `width`."""
    from rich.text import Text

    what, how = opening(story.start)
    said = [Note("", what, "bold"), Note("", how), *(Note("", note, "dim") for note in story.start.dataset.notes)]
    yield from (line for note in said for line in _paragraph(note, width))
    table = _Table(story, width)
    rung = ""
    for item in story.items:
        if isinstance(item, Note):
            yield from _paragraph(item, width)
            continue
        if not rung:
            yield from [Text(), table.header()]
        yield table.line(item, begins_rung=item.rung != rung)
        rung = item.rung
    yield Text()
    if not story.ended:
        yield from _paragraph(Note("", " · ".join(_status(story)), "bold"), width)


def _paragraph(note: Note, width: int) -> Iterator["Text"]:
    from rich.text import Text

    first = f"{note.mark}  " if note.mark else ""
    text = words.one_line(note.text)
    for line in textwrap.wrap(text, width, initial_indent=first, subsequent_indent=" " * len(first)):
        yield Text(line, note.style)


def _status(story: Story) -> Iterator[str]:
    """Say what is being done, how far it is, and when it will end."""
    clock = story.start.clock
    left = max(0.0, clock.left())
    budget = story.start.config.budget
    rows = [row for row in story.rows if row.rung == story.doing]
    done = sum(row.done for row in rows)
    is_search = story.doing == SEARCH
    planned = budget.trials if is_search else len(rows)
    yield story.doing
    if rows:
        yield f"{done} of {planned} {'trials' if is_search else 'candidates'}"
    yield f"{words.clock(clock.elapsed())} gone, {words.clock(left)} left"
    if is_search and done:
        each = (story.heard - story.doing_since) / done
        yield f"ends about {_time_of_day(min(left, story.heard - clock.now() + each * (planned - done)))}"
    else:
        yield f"ends by {_time_of_day(left)}"


def _time_of_day(seconds_from_now: float) -> str:
    return f"{datetime.now() + timedelta(seconds=seconds_from_now):%H:%M}"


class _Table:
    """The rows as a table: how the scores compare, and how wide the columns must be."""

    def __init__(self, story: Story, width: int):
        self._metric, self._width = story.start.metric, width
        rows, ladder = story.rows, story.start.config.ladder
        scored = [row for row in rows if row.score is not None]
        self._leader = max(scored, key=_score, default=None)
        self._lowest = min((_score(row) for row in scored if row.rung == rows[0].rung), default=0.0)
        names = [SEARCH_NAME, *map(len, ladder.candidates), *map(len, _search_names(story))]
        least = [max(map(len, ladder.rungs), default=0), max(names), 15, 0, 6, 0]
        columns = zip(self._titles(), *map(self._cells, rows), strict=True)
        self._widths = [max(low, *map(len, cells)) for low, cells in zip(least, columns, strict=True)]
        left = width - len(self._joined("x", ["x" * size for size in self._widths], ""))
        self._widths[BAR] = min(BAR_LONGEST, left) if left >= BAR_SHORTEST else 0

    def header(self) -> "Text":
        """Draw the column headers."""
        return self._joined(" ", self._titles(), "dim")

    def line(self, row: Row, begins_rung: bool) -> "Text":
        """Draw a row."""
        mark, style = self._mark(row)
        cells = self._cells(row)
        if not begins_rung:
            cells[0] = ""
        cells[BAR] = self._bar(row)
        if row.best and not row.best.ok:
            cells[2:] = [failure(row.best).ljust(self._widths[2])]
        return self._joined(mark, cells, style)

    def _mark(self, row: Row) -> tuple[str, str]:
        if row.best is None:
            return "·", "dim"
        if row.best.status is Status.PRUNED:
            return "–", "dim"
        if not row.best.ok:
            return ("–" if row.best.status is Status.SKIPPED else "✗"), "yellow"
        return ("★", "bold") if row is self._leader else ("✓", "")

    def _titles(self) -> list[str]:
        label = self._metric.label if len(self._metric.label) <= 13 else "score"
        roomy = self._width >= ROOMY
        return ["rung", "candidate", f"{label} ± SE", "", "CPU s", "ms per 1,000 rows" if roomy else ""]

    def _cells(self, row: Row) -> list[str]:
        if row.best is None or row.score is None:
            waits = row.rung == SEARCH and row.best is None
            return [row.rung, "no trial yet" if waits else row.name, "", "", "", ""]
        name = _best_of(row.done, row.best.candidate) if row.name == SEARCH else row.name
        score = words.score_and_error(self._metric.name, row.best.fold_scores)
        seconds = row.best.costs.predict_seconds
        predict = words.quantity(1000 * seconds) if seconds is not None and self._width >= ROOMY else ""
        return [row.rung, name, score, "", words.quantity(row.cpu_seconds), predict]

    def _bar(self, row: Row) -> str:
        """Draw a score's place between no model and the best so far, with a thin line where it is uncertain."""
        if row.score is None or self._leader is None or _score(self._leader) <= self._lowest:
            return ""
        span = sum(_with_error(self._leader)) - self._lowest
        score, error = _with_error(row)
        low, high = ((end - self._lowest) / span for end in (score - error, score + error))
        sure, end = (round(min(1.0, max(0.0, part)) * self._widths[BAR]) for part in (low, high))
        return "━" * sure + "─" * (end - sure)

    def _joined(self, mark: str, cells: list[str], style: str) -> "Text":
        """Put cells side by side, words aligned left and figures right, cut to the width."""
        from rich.text import Text

        sides = (str.ljust, str.ljust, str.rjust, str.ljust, str.rjust, str.rjust)
        padded = [side(cell, width) for side, cell, width in zip(sides, cells, self._widths, strict=False)]
        line = Text("  ".join([mark, *padded]).rstrip(), style)
        line.truncate(self._width, overflow="ellipsis")
        return line


def _score(row: Row) -> float:
    return row.score if row.score is not None else float("-inf")


def _with_error(row: Row) -> tuple[float, float]:
    """Return the score and its standard error, which is 0 if unknown."""
    error = words.standard_error(row.best.fold_scores) if row.best else None
    return _score(row), error or 0.0


def _best_of(trials: int, name: str) -> str:
    return f"best of {trials}: {name}"


def _search_names(story: Story) -> list[str]:
    config = story.start.config
    last = config.budget.trials
    return [_best_of(last, f"{family} #{last - 1}") for family in config.ladder.search if SEARCH in config.ladder.rungs]
