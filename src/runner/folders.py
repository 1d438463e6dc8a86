"""Where runs are kept, runs/<dataset>/<time>, what the files in there are called, and where conf/ and datasets/ are."""

import os
import shlex
from contextlib import suppress
from datetime import datetime
from itertools import count
from pathlib import Path

RUNS = Path("runs")
STORE = "mlflow.db"  # in RUNS: the default MLflow store
EVALUATIONS = "evaluations"  # the part of a run's folder that is made first
CONFIG, TRIALS, LADDER = "config.yaml", "trials.csv", "ladder.csv"
SUMMARY, REPORT = "summary.md", "report.html"  # of a run, and of a night of runs
VERDICT = "verdict.json"  # written last: a run that has one is finished
NIGHT = "suite.json"  # what a night found: one that has it is finished
MOMENTS, OUTBOX, MEMORY = "moments.jsonl", "outbox.jsonl", "memory.json"
MODEL, CARD, EXAMPLE = "model.pkl", "model.json", "example.parquet"
PREDICTIONS, RULES = "predictions.parquet", "rules.yaml"
PICTURE, COMPARISON = "gain.svg", "comparison.html"
LOG, REPORT_FAULT, TRACEBACK = "log.txt", "report-fault.txt", "traceback.txt"
OF_ONE_RUN = (  # all but the config and the evaluations: removed when another run begins in the same folder
    *(VERDICT, SUMMARY, LADDER, TRIALS, MEMORY, MOMENTS, OUTBOX),
    *(MODEL, CARD, EXAMPLE, PREDICTIONS, RULES),
    *(REPORT, PICTURE, COMPARISON, LOG, REPORT_FAULT, TRACEBACK),
)


def shipped(name: str) -> Path:
    """Return the folder conf/ or datasets/: beside src/ in a checkout, inside the package when installed."""
    package = Path(__file__).resolve().parent
    installed = package / name
    return installed if installed.is_dir() else package.parents[1] / name


def from_home(path: str | Path) -> Path:
    """Return a path with the home folder for its ~, which may also begin the name of a file, such as ~$sales.csv."""
    return Path(os.path.expanduser(path))  # noqa: PTH111  (a Path raises an error where there is no such user)


def from_here(path: Path) -> Path:
    """Return a path relative to the working folder if it lies below that."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def in_a_command(path: Path) -> str:
    """Return a path as a word of a command that is given from here, with quotes where a shell needs them."""
    return shlex.quote(str(from_here(path)))


def home_of(folder: Path) -> Path:
    """Return the folder of all runs, which holds the default store: the one that this run is in, else ./runs."""
    above = folder.resolve().parent.parent
    return above if above.name == RUNS.name or (above / STORE).exists() else RUNS


def of_now(home: Path) -> Path:
    """Return a path that is named by the current time, so that names sort by time."""
    return home / f"{datetime.now():%Y-%m-%d_%H-%M-%S}"


def claim(wanted: Path, part: str = "") -> Path:
    """Make a folder for this caller alone: the wanted one, or else one with a number added to its name.

    Parameters
    ----------
    part : str
        Subfolder whose creation claims the folder, as the folder itself may exist already.
    """
    for number in count(1):
        folder = wanted if number == 1 else wanted.with_name(f"{wanted.name}-{number}")
        with suppress(FileExistsError):
            (folder / part).mkdir(parents=True)
            break
    return folder


def remove_unused(folder: Path, *above: Path) -> None:
    """Remove a run's folder if nothing was written into it, and then the folders above it that are empty."""
    if any(path.is_file() for path in folder.rglob("*")):
        return
    for empty in (folder / EVALUATIONS, folder, *above):
        with suppress(OSError):  # not empty, or removed by somebody else
            empty.rmdir()
