"""The live view and the log lines, on a scripted climb."""

import contextlib
import io
import logging
import os
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rich.console import Console
from sklearn.metrics import get_scorer

from runner.checks import Finding, Severity
from runner.clock import Clock
from runner.config import BudgetConfig, CandidateConfig, Config, LadderConfig
from runner.costs import Costs
from runner.dataset import Dataset
from runner.decision.gate import Gate
from runner.decision.reasons import Reason
from runner.decision.verdict import Verdict
from runner.evaluation import Evaluation, Status
from runner.events import (
    Checked,
    Confirming,
    Evaluated,
    Event,
    GateDecided,
    RunFailed,
    RungStarted,
    RunStarted,
    VerdictReached,
)
from runner.gain.interval import Interval
from runner.listeners.log import LogFile, LogView
from runner.listeners.terminal import TerminalView
from runner.listeners.view import make_view
from runner.metrics import Metric
from runner.splits.design import Design
from runner.task import Task

RUNGS = ["none", "rule", "tree", "simple", "boosting", "search"]
NAMES = [
    "dummy",
    "stump",
    "tree",
    "linear",
    "naive-bayes",
    "neighbours",
    "hist-boosting",
    "forest",
    "lightgbm",
]
FOLDER = Path("runs/adult/2026-11-24_09-00-00")
CHEAP = "Cheap, and 9 % of the way to a perfect model is left to win."
GATE = "A search is expected to bring 2.1 % for 14 CPU s (EUR 0.0002): worth a look."
SHUT = "The search is expected to bring 0.3 % and would cost 2,100 CPU s: it is not worth it."


ERROR = 0.005 / 2**0.5  # of a score over the five folds


def started(scorer: str = "roc_auc", seconds: float = 120) -> RunStarted:
    rows = 20_000
    features = pd.DataFrame({f"x{i}": np.zeros(rows) for i in range(14)})
    dataset = Dataset("adult", Task.BINARY, "class", features, np.zeros(rows, int), ("no", "yes"), "0" * 64)
    config = Config(
        budget=BudgetConfig(name="quick", seconds=seconds, memory_gb=4, trials=40),
        ladder=LadderConfig(rungs=RUNGS, candidates={name: CandidateConfig() for name in NAMES}),
    )
    metric = Metric(scorer, Task.BINARY, 2, get_scorer(scorer))
    return RunStarted(config, dataset, metric, FOLDER, Design("holdout", "", 6_000, 14_000), Clock(seconds))


def done(rung: str, name: str, score: float, cpu: float, predict: float = 0.002, error: float = ERROR) -> Evaluated:
    folds = tuple(score + shift * error * 2**0.5 for shift in (-2, -1, 0, 1, 2))
    trial = int(name.partition("#")[2]) if "#" in name else None
    costs = Costs(cpu, cpu, 30, predict, 0.1)
    return Evaluated(Evaluation(name, rung, Status.OK, costs, fold_scores=folds), trial)


def failed(rung: str, name: str, status: Status, reason: str | None) -> Evaluated:
    trial = int(name.partition("#")[2]) if "#" in name else None
    return Evaluated(Evaluation(name, rung, status, Costs(9.0, 9.0), reason), trial)


def verdict() -> VerdictReached:
    gain = Interval(0.0017, 0.0009, 0.0025)
    sentence = "Tuning helps, but too little."
    reached = Verdict(False, Reason.GAIN_TOO_SMALL, sentence, True, None, "lightgbm", "lightgbm #7", gain)
    return VerdictReached(reached, FOLDER, Costs(13.0, 1.5, 100.0))


def climb(start: RunStarted) -> Iterator[Event]:
    yield start
    leak = Finding("target-leak", Severity.WARN, ("duration",), "duration alone reaches an AUC of 0.99.", "Drop it.")
    small = Finding("few-rows", Severity.INFO, (), "Twelve rows.", "Collect more.")
    yield Checked((leak, small))
    yield RungStarted("none", ("dummy",))
    yield done("none", "dummy", 0.5, 0.0)
    yield RungStarted("tree", ("stump", "tree"))
    yield done("tree", "stump", 0.704, 0.1)
    yield done("tree", "tree", 0.843, 0.21)
    yield RungStarted("simple", ("linear", "naive-bayes", "neighbours"))
    yield done("simple", "linear", 0.906, 0.41)
    yield failed("simple", "neighbours", Status.TIMED_OUT, "took longer than the 10 s\nthat were left for it, and more")
    yield done("simple", "naive-bayes", 0.871, 0.08)
    yield GateDecided(Gate("boosting", True, CHEAP))
    yield RungStarted("boosting", ("hist-boosting", "forest", "lightgbm"))
    yield done("boosting", "lightgbm", 0.9281, 3.1)
    yield done("boosting", "forest", 0.896, 12.4, 0.043)
    yield done("boosting", "hist-boosting", 0.927, 2.2)
    yield GateDecided(Gate("search", True, GATE, forecast_gain=0.021))
    for first in (0, 4):
        yield RungStarted("search", tuple(f"lightgbm #{i}" for i in range(first, first + 4)))
        for i in range(first, first + 4):
            yield done("search", f"lightgbm #{i}", 0.9235 + 0.001 * i, 10.5)
    yield failed("search", "lightgbm #8", Status.OUT_OF_MEMORY, None)


def drawn(events: Iterator[Event], width: int, height: int = 100) -> list[str]:
    """Return the lines that the view would have on a screen after the events."""
    view = TerminalView(io.StringIO())
    for event in events:
        view.hear(event)
    console = Console(width=width, height=height, file=io.StringIO(), record=True)
    console.print(view)
    return console.export_text().splitlines()


def row(lines: list[str], name: str) -> str:
    return next(line for line in lines if f" {name} " in f"{line} ")


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("width", [40, 60, 80, 100, 120, 200])
def test_no_line_is_wider_than_the_window(width: int) -> None:
    assert all(len(line) <= width for line in drawn(climb(started()), width))


def test_a_row_holds_rung_score_error_and_cost() -> None:
    lines = drawn(climb(started()), 200)
    assert re.search(r"tree +stump +0\.704 ± 0\.004 +━+─ +0\.10 +2\.0$", row(lines, "stump"))
    assert row(lines, "forest").endswith("12                 43")


def test_the_window_decides_on_the_columns() -> None:
    assert "ms per 1,000 rows" in "\n".join(drawn(climb(started()), 100))
    at_80 = drawn(climb(started()), 80)
    assert "ms per 1,000 rows" not in "\n".join(at_80)
    assert "━" in row(at_80, "stump")
    assert "━" not in "\n".join(drawn(climb(started()), 64))


def test_the_bar_goes_from_the_dummy_to_the_best() -> None:
    lines = drawn(climb(started()), 80)
    lengths = [row(lines, name).count("━") for name in ("dummy", "stump", "forest", "lightgbm #7")]
    assert lengths[0] == 0
    assert lengths == sorted(lengths)
    best = row(lines, "lightgbm #7")
    assert best.count("━") + best.count("─") == 16


def test_the_bar_is_thin_where_the_score_is_not_sure() -> None:
    events = [
        started(),
        done("none", "dummy", 0.5, 0.0),
        done("tree", "stump", 0.8, 0.1),
        done("simple", "linear", 0.7, 0.1, error=0.1),
    ]
    lines = drawn(iter(events), 80)
    scale = 16 / (0.8 + ERROR - 0.5)
    assert row(lines, "linear").count("━") == round((0.7 - 0.1 - 0.5) * scale)
    assert row(lines, "linear").count("─") == round((0.7 + 0.1 - 0.5) * scale) - row(lines, "linear").count("━")


def test_a_loss_is_shown_without_its_sign_and_the_lowest_leads() -> None:
    events = [
        started("neg_log_loss"),
        done("none", "dummy", -0.62, 0.0),
        done("tree", "stump", -0.31, 0.1),
        done("simple", "linear", -0.4, 0.1),
    ]
    lines = drawn(iter(events), 80)
    assert "log loss, lower is better" in lines[1]
    assert "0.310 ± 0.004" in row(lines, "stump")
    assert row(lines, "stump").startswith("★")
    assert row(lines, "linear").count("━") == round(16 * (0.22 - ERROR) / (0.31 + ERROR))


def test_a_failure_shows_its_status_and_reason_on_one_line() -> None:
    line = row(drawn(climb(started()), 200), "neighbours")
    assert line.startswith("✗")
    assert line.endswith("timed out: took longer than the 10 s that were left for it, and more")
    assert row(drawn(climb(started()), 80), "neighbours").endswith("…")


def test_who_lost_early_has_not_failed() -> None:
    reason = "after 1 fold it was clearly worse than the best so far."
    events = [started(), RungStarted("simple", ("linear",)), failed("simple", "linear", Status.PRUNED, reason)]
    line = row(drawn(iter(events), 200), "linear")
    assert line.startswith("–")
    assert line.endswith(f"pruned: {reason}")


def test_a_search_is_one_row_with_its_best_trial_and_all_its_cost() -> None:
    lines = drawn(climb(started()), 80)
    assert sum(" #" in line for line in lines) == 1
    line = row(lines, "#7")
    assert "best of 9: lightgbm #7" in line
    assert "0.930 ± 0.004" in line
    assert line.endswith("93")  # eight trials of 10.5 s and a failed one of 9 s


def test_a_search_without_a_score_shows_why() -> None:
    events = [started(), RungStarted("search", ("a #0",)), failed("search", "a #0", Status.FAILED, "no luck")]
    assert "failed: no luck" in row(drawn(iter(events), 80), "search")


def test_gates_stand_between_the_rungs_and_grave_findings_above() -> None:
    text = "\n".join(drawn(climb(started()), 200))
    assert text.index("target-leak") < text.index("dummy") < text.index("neighbours")
    assert text.index("hist-boosting") < text.index(f"search, gate open: {GATE}") < text.index("best of 9")
    assert CHEAP not in text  # every cheap rung has such a gate
    assert "few-rows" not in text


def test_a_shut_gate_says_so() -> None:
    events = [started(), done("none", "dummy", 0.5, 0.0), GateDecided(Gate("search", False, SHUT))]
    assert f"search, gate shut: {SHUT}" in "\n".join(drawn(iter(events), 200))


def test_what_begins_is_there_before_it_has_a_score() -> None:
    lines = drawn(iter([started(), RungStarted("tree", ("stump", "tree"))]), 80)
    assert [line for line in lines if line.startswith("·")] == ["·  tree      stump", "·            tree"]
    assert lines[-1].startswith("tree · 0 of 2 candidates · 0:00 gone, 2:00 left · ends by ")


def test_the_status_line_counts_trials_and_foretells_the_end() -> None:
    line = drawn(climb(started()), 80)[-1]
    assert re.fullmatch(r"search · 9 of 40 trials · 0:00 gone, 2:00 left · ends about \d\d:\d\d", line), line


def test_what_was_spent_before_the_view_began_counts() -> None:
    late = replace(started(seconds=120), clock=Clock(120, spent=30))
    assert "0:30 gone, 1:30 left" in drawn(iter([late]), 80)[-1]
    assert logged(iter([late]))[0].startswith("  30.0 s  adult")


def test_a_search_shows_itself_before_its_first_trial() -> None:
    lines = drawn(iter([started(), RungStarted("search", ("lightgbm", "linear"))]), 80)
    assert "·  search    no trial yet" in lines
    assert lines[-1].startswith("search · 0 of 40 trials · ")


def test_the_last_look_is_announced() -> None:
    lines = drawn(iter([started(), Confirming(("linear", "lightgbm #7"))]), 120)
    assert lines[-1].startswith("one look at the rows kept aside: linear, lightgbm #7 · ")


def test_a_low_window_shows_the_end_and_the_final_table_is_whole() -> None:
    assert len(drawn(climb(started()), 80, height=10)) == 10
    assert drawn(climb(started()), 80, height=10)[-1].startswith("search · ")
    final = drawn(iter([*climb(started()), verdict()]), 80, height=10)
    assert final[0].startswith("adult · binary")
    assert "left" not in "\n".join(final)


def test_nothing_moves_sideways_when_the_search_comes() -> None:
    before = drawn(iter([started(), done("none", "dummy", 0.5, 0.0)]), 80)
    assert row(before, "dummy")[1:] == row(drawn(climb(started()), 80), "dummy")[1:]


def test_a_failed_run_ends_with_its_reason() -> None:
    lines = drawn(iter([started(), RunFailed("no candidate could be fitted.")]), 80)
    assert "✗  The run failed: no candidate could be fitted." in lines


def test_the_first_score_is_on_the_screen_at_once_and_the_cursor_comes_back() -> None:
    screen = Screen()
    view = make_view(screen)
    assert isinstance(view, TerminalView)
    view.hear(started())
    view.hear(done("none", "dummy", 0.5, 0.0))
    limit = time.monotonic() + 60
    while "0.500" not in screen.getvalue() and time.monotonic() < limit:
        time.sleep(0.02)
    assert "0.500 ± 0.004" in screen.getvalue()
    view.hear(verdict())
    assert screen.getvalue().rstrip().endswith("\x1b[?25h")


def test_no_colours_where_none_are_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    screen = Screen()
    view = make_view(screen)
    for event in [*climb(started()), verdict()]:
        view.hear(event)
    codes = {code for found in re.findall(r"\x1b\[([\d;]*)m", screen.getvalue()) for code in found.split(";")}
    assert codes <= {"0", "1", "2"}  # bold and dim only


# --- where there is no terminal ---------------------------------------------------------


@pytest.fixture(autouse=True)
def no_handlers_left() -> Iterator[None]:
    yield
    logging.getLogger("runner").handlers.clear()


def logged(events: Iterator[Event]) -> list[str]:
    stream = io.StringIO()
    view = make_view(stream)
    assert isinstance(view, LogView)
    for event in events:
        view.hear(event)
    return stream.getvalue().splitlines()


def test_the_log_has_a_line_an_event_with_the_seconds_passed() -> None:
    lines = logged(iter([*climb(started()), verdict()]))
    assert all(re.match(r" +\d+\.\d s  \S", line) for line in lines)
    assert lines[0].endswith("14 columns · judged by ROC AUC · budget quick, 2 min")
    assert any(line.endswith("tree       stump             ROC AUC 0.704 ± 0.004   0.10 CPU s") for line in lines)
    assert any(line.endswith(f"boosting   gate open         {CHEAP}") for line in lines)
    assert any(
        line.endswith("check      target-leak       warn: duration alone reaches an AUC of 0.99.") for line in lines
    )
    assert lines[-1].endswith("verdict    NO-GO             Tuning helps, but too little.")
    assert sum("begins" in line for line in lines) == 5  # the search's rounds are one beginning


def test_what_was_done_to_the_table_is_told_first() -> None:
    start = started()
    note = "Set aside 9 rows of 20,009 in which target 'class' is missing."
    start = replace(start, dataset=replace(start.dataset, notes=(note,)))
    assert logged(iter([start]))[1].endswith(f"note       the table         {note}")
    assert note in drawn(iter([start]), 100)[2]


def test_the_log_has_no_control_characters() -> None:
    events = [started(), failed("tree", "stump", Status.FAILED, "\x1b[31mred\x1b[0m\r\nand\tmore")]
    assert all(line.isprintable() for line in logged(iter(events)))


def test_the_run_s_folder_keeps_the_lines_with_the_time_of_day_and_a_resumed_run_adds_to_them(tmp_path: Path) -> None:
    start = replace(started(), folder=tmp_path)
    for _ in range(2):
        file = LogFile()
        for event in [*climb(start), verdict()]:
            file.hear(event)
    lines = (tmp_path / "log.txt").read_text(encoding="utf-8").splitlines()
    assert all(re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d  +\d+\.\d s  \S", line) for line in lines)
    told = [line.split(" s  ", 1)[1] for line in lines]
    assert told == 2 * [line.split(" s  ", 1)[1] for line in logged(iter([*climb(start), verdict()]))]


def test_no_file_is_written_for_a_table_that_is_refused_and_a_full_disk_ends_no_run(tmp_path: Path) -> None:
    file = LogFile()
    file.hear(RunFailed("the target is missing."))
    file.hear(replace(started(), folder=tmp_path / "gone"))
    assert not [*tmp_path.rglob("*")]


def test_two_runs_in_a_row_do_not_write_into_each_other() -> None:
    first = io.StringIO()
    view = make_view(first)
    view.hear(started())
    view.hear(RunFailed("the disk is full."))
    length = len(first.getvalue())
    assert len(logged(iter([started()]))) == 1
    assert len(first.getvalue()) == length


def test_a_run_whose_table_was_refused_leaves_no_echo() -> None:
    refused, stream = make_view(io.StringIO()), io.StringIO()
    view = make_view(stream)
    view.hear(started())
    assert isinstance(refused, LogView)
    assert len(stream.getvalue().splitlines()) == 1
    assert len(logging.getLogger("runner").handlers) == 1


def test_a_reader_who_has_gone_is_no_reason_to_fail(capfd: pytest.CaptureFixture[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w", buffering=1, encoding="utf-8") as stream:
        view = make_view(stream)
        for event in (started(), done("none", "dummy", 0.5, 0.0), verdict()):
            view.hear(event)
        with contextlib.suppress(BrokenPipeError):
            stream.close()
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(("term", "encoding"), [("dumb", "utf-8"), ("xterm", "ascii")])
def test_a_terminal_that_cannot_show_it_gets_lines(term: str, encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", term)
    screen = Screen()
    screen.encoding = encoding
    view = make_view(screen)
    assert isinstance(view, LogView)
    view.hear(RunFailed("enough."))
