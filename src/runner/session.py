"""A run at a terminal: a live view, tracking, Ctrl-C, and the verdict at the end."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from runner.clock import LAST_SECONDS, LEAST_PATIENCE, Clock
from runner.config import Config
from runner.errors import UserError, in_a_line
from runner.events import Listener, Listeners, RunFailed
from runner.folders import CONFIG, home_of, in_a_command
from runner.listeners.log import LogFile
from runner.listeners.tracking import Tracking
from runner.listeners.view import make_view
from runner.record import Place
from runner.report.closing import print_closing
from runner.report.job_summary import append_job_summary
from runner.report.results import without_report
from runner.report.summary import summary
from runner.run import run


def run_and_show(
    config: Config, folder: Path, command: str, spent: float = 0.0, *, is_last: bool = False
) -> dict[str, Any]:
    """Run, report to the terminal and to MLflow, and print the verdict.

    Parameters
    ----------
    command : str
        The command that repeats the run.
    spent : float
        Seconds of the budget that are already gone.
    is_last : bool
        Whether no other run follows in this process.

    Returns
    -------
    dict
        What verdict.json holds.
    """
    clock = Clock(config.budget.seconds, spent)
    try:
        with (
            listening(config, folder, command, clock, make_view(sys.stdout)) as (place, listeners),
            interruptible(clock),
        ):
            content = run(config, place, listeners, clock, is_last=is_last)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(_way_on(folder)) from None
    append_job_summary(summary(content))
    try:
        print_closing(content, sys.stdout)
        if missing := without_report(content):
            print(missing)
        sys.stdout.flush()
    except (BrokenPipeError, SystemExit):  # rich makes the second of the first: whoever read along has gone, as `head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return content


def _way_on(folder: Path) -> str:
    """Say how a run that was stopped goes on; empty if it had not begun."""
    begun = (folder / CONFIG).is_file()
    return f"`python -m runner resume {in_a_command(folder)}` goes on with the run" if begun else ""


@contextmanager
def listening(
    config: Config, folder: Path, command: str, clock: Clock, *views: Listener
) -> Iterator[tuple[Place, Listeners]]:
    """Give the place of a run, and its listeners: the views, log.txt, and MLflow, which has the time left at the end.

    They are told if the run fails. After a KeyboardInterrupt, MLflow has no time.
    """
    tracking, at_once = Tracking(config.tracking, home_of(folder)), False
    listeners = Listeners(*views, LogFile(), tracking)
    try:
        yield tracking.place(folder, command, lambda: clock.patience(LAST_SECONDS)), listeners
    except BaseException as error:
        at_once = isinstance(error, KeyboardInterrupt)
        if listeners.heard or not isinstance(error, UserError):  # the caller reports bad data or config
            told = in_a_line(error)
            listeners.tell(RunFailed("interrupted" if at_once else told))
        raise
    finally:
        tracking.close(LEAST_PATIENCE if at_once else clock.patience())


@contextmanager
def interruptible(clock: Clock) -> Iterator[None]:
    """Let a first Ctrl-C ask for a verdict on what is known so far, and a second one end the run at once.

    After the first, running evaluations are finished and no new ones begin; after the second, the run can be resumed.
    Whoever sends SIGTERM, as schedulers do, kills soon afterwards: it ends the run at once, too.
    """

    def stop(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    def answer(_number: int, _frame: object) -> None:
        if clock.interrupted:
            raise KeyboardInterrupt
        clock.interrupted = True
        print("runner: finishing what is in hand; Ctrl-C again stops at once.", file=sys.stderr)

    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may answer signals
        return
    before = {number: signal.signal(number, do) for number, do in ((signal.SIGINT, answer), (signal.SIGTERM, stop))}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
