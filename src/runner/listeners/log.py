"""The climb as plain lines, for pipes, CI and log.txt, and the sentences that the live view shares with them."""

import logging
import math
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TextIO

from runner import events, words
from runner.checks import Severity
from runner.clock import Clock
from runner.decision.curve import Curve
from runner.decision.outlook import brings
from runner.evaluation import Evaluation
from runner.folders import LOG
from runner.ladder import SEARCH
from runner.report.search import families, mattered
from runner.splits.design import NESTED
from runner.words import counted

logger = logging.getLogger("runner")


def opening(event: events.RunStarted) -> tuple[str, str]:
    """Say what will be judged, and how."""
    dataset, budget, metric, design = event.dataset, event.config.budget, event.metric, event.design
    unused = len(dataset) - design.rows - design.train_rows
    aside = f" ({design.rows:,} kept aside{f', {unused:,} on neither side' if unused else ''})"
    if design.kind == NESTED:
        aside = f" (judged by {design.folds} outer folds, {design.repeats} times)"
    columns = counted(dataset.features.shape[1], "column")
    judged = metric.label if metric.greater_is_better else f"{metric.label}, lower is better"
    return (
        f"{dataset.name} · {dataset.task} · {counted(len(dataset), 'row')}{aside} · {columns}",
        f"judged by {judged} · budget {budget.name}, {words.duration(budget.seconds)}",
    )


def failure(evaluation: Evaluation) -> str:
    """Say in one line how an evaluation without a score ended."""
    reason = f": {words.one_line(evaluation.reason)}" if evaluation.reason else ""
    return f"{evaluation.status}{reason}"


def curve_told(curve: Curve | str) -> str:
    """Say what twice the rows would bring."""
    if isinstance(curve, str):
        return f"What more rows would bring is not known. {curve}"
    unclear = "" if curve.falling else "; so far more rows have not clearly helped"
    as_here = ", sampled as these were," if curve.has_more_of_rare else ""
    return f"Twice the rows{as_here} would bring {curve.candidate} {brings(curve)}{unclear}."


def lessons_told(search: events.SearchEnded, metric: str) -> Iterator[str]:
    """Say what each family reached, and which hyperparameters of the best one mattered."""
    yield f"Best of each family (trials): {families(metric, search.families)}."
    if search.importance:
        yield f"What mattered most in {search.families[0]['family']}: {mattered(search.importance)}."


class _Lines(logging.StreamHandler[TextIO]):
    """Writes to a stream as long as somebody reads it."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Ignore a reader that has gone, such as `| head`, so that the run goes on."""
        if not isinstance(sys.exc_info()[1], BrokenPipeError):
            super().handleError(record)


class LogView:
    """Writes one line per event to the logger ``runner``, and from there to the stream."""

    def __init__(self, stream: TextIO) -> None:
        self._account = _Account()
        self._handler = _Lines(stream)
        for before in [each for each in logger.handlers if isinstance(each, _Lines)]:
            logger.removeHandler(before)  # left by a run whose table was refused before anything was logged
        logger.addHandler(self._handler)
        logger.setLevel(logging.INFO)

    def hear(self, event: events.Event) -> None:
        """Write the lines of one event."""
        level = logging.ERROR if isinstance(event, events.RunFailed) else logging.INFO
        for line in self._account.lines(event):
            logger.log(level, "%s", line)
        if isinstance(event, events.VerdictReached | events.RunFailed):
            logger.removeHandler(self._handler)


class LogFile:
    """Appends the same lines, each with the time of day, to log.txt in the run's folder; a full disk costs some."""

    def __init__(self) -> None:
        self._account = _Account()
        self._folder: Path | None = None  # until the run begins: nothing is written for a table that is refused

    def hear(self, event: events.Event) -> None:
        """Append the lines of one event."""
        if isinstance(event, events.RunStarted):
            self._folder = event.folder
        if self._folder is None:
            return
        now = f"{datetime.now():%Y-%m-%d %H:%M:%S}"
        lines = [f"{now} {line}\n" for line in self._account.lines(event)]
        with suppress(OSError), (self._folder / LOG).open("a", encoding="utf-8", errors="replace") as file:
            file.writelines(lines)


class _Account:
    """Tells each event in plain lines, with the seconds since the run began."""

    def __init__(self) -> None:
        self._clock = Clock(math.inf)  # until the run's own clock is known
        self._metric = self._label = self._rung = ""

    def lines(self, event: events.Event) -> Iterator[str]:
        """Yield the lines of one event."""
        for line in self._lines(event):
            yield f"{self._clock.elapsed():6.1f} s  {line}"

    def _lines(self, event: events.Event) -> Iterator[str]:
        match event:
            case events.RunStarted(dataset=dataset, metric=metric):
                self._clock = event.clock
                self._metric, self._label = metric.name, metric.label
                yield " · ".join(opening(event))
                yield from (_line("note", "the table", note) for note in dataset.notes)
            case events.Checked(findings):
                graded = [each for severity in Severity for each in findings if each.severity is severity]
                yield from (_line("check", each.code, f"{each.severity}: {each.evidence}") for each in graded)
            case events.CurveDrawn(curve):
                yield _line("curve", "more rows", curve_told(curve))
            case events.GateDecided(gate):
                yield _line(gate.rung, "gate open" if gate.open else "gate shut", gate.reason)
            case events.RungStarted(rung, candidates) if rung != self._rung:
                self._rung = rung  # which a search starts again with each round
                yield _line(rung, "begins", ", ".join(candidates))
            case events.Evaluated(done):
                yield from self._evaluated(done)
            case events.SearchEnded():
                yield from (_line(SEARCH, "taught", sentence) for sentence in lessons_told(event, self._metric))
            case events.Confirming(candidates):
                yield _line("confirm", "begins", ", ".join(candidates))
            case events.VerdictReached(verdict):
                yield _line("verdict", verdict.decision, verdict.sentence)
                if verdict.incumbent and verdict.incumbent.sentence not in verdict.sentence:
                    yield _line("verdict", "used today", verdict.incumbent.sentence)
            case events.RunFailed(reason):
                yield _line("run", "failed", reason)

    def _evaluated(self, done: Evaluation) -> Iterator[str]:
        if not done.ok:
            yield _line(done.rung, done.candidate, failure(done))
            return
        score = f"{self._label} {words.score_and_error(self._metric, done.fold_scores)}"
        yield f"{_line(done.rung, done.candidate, score)}   {words.cpu(done.costs.cpu_seconds)}"
        for line in (done.text or "").splitlines():  # the rules of a tree, the parts of a blend
            yield _line("", "", line)


def _line(rung: str, name: str, text: str) -> str:
    return f"{rung:<9}  {name:<16}  {words.one_line(text)}"
