"""A run as a person at a terminal has it: a live view, tracking, and the verdict at the end."""

import sys
from pathlib import Path
from typing import Any

from runner.clock import Clock
from runner.config import Config
from runner.engine import in_a_sentence
from runner.errors import UserError
from runner.events import Listeners, RunFailed
from runner.listeners.tracking import Tracking
from runner.listeners.view import make_view
from runner.report.closing import print_closing
from runner.report.jobsummary import append_job_summary
from runner.report.summary import summary
from runner.run import run

RUNS = Path("runs")  # also the home of the default MLflow store


def run_and_show(config: Config, folder: Path, command: str, spent: float = 0.0) -> dict[str, Any]:
    """Run, tell terminal and MLflow what happens, and print the verdict.

    Parameters
    ----------
    command : str
        With which the run can be repeated.
    spent : float
        Seconds of the budget that are gone already.

    Returns
    -------
    dict
        What verdict.json holds.
    """
    clock = Clock(config.budget.seconds, spent)
    tracking = Tracking(config.tracking, RUNS)
    listeners = Listeners(make_view(sys.stdout), tracking)
    try:
        content = run(config, tracking.place(folder, command), listeners, clock)
    except UserError:
        raise
    except BaseException as error:
        listeners.tell(RunFailed(in_a_sentence(error)))
        raise
    finally:
        tracking.close()
    append_job_summary(summary(content))
    print_closing(content, sys.stdout)
    return content
