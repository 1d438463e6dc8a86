"""What the runner costs beyond a bare script that fits and scores the same pipelines on the same folds.

python -m benchmarks.overhead [--repeats 3]

Whole processes are measured in turn, with all their descendants, and the medians compared. The search is left out
(`ladder.rungs` without it), except for what a trial takes beyond its fits. Logging to MLflow is included.
"""

import argparse
import csv
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.machine import machine
from benchmarks.processes import adopt_orphans, children_cpu_seconds, reap

ROOT = Path(__file__).resolve().parents[1]
TABLES = ROOT / "datasets"
AMPLE = ("budget.seconds=900", "evaluation.design=holdout")  # the bare script has five folds too
CHEAP = "ladder.rungs=[none,rule,tree,simple,boosting]"
# Two OpenMP threads on a few hundred rows would cost the bare script ten times more.
ONE_THREAD = os.environ | {"OMP_NUM_THREADS": "1"}
HEAVY = ("sklearn", "mlflow", "optuna", "pandas")
IMPORT_AND_FIT = """
import pandas, sklearn.dummy, sklearn.model_selection
frame = pandas.read_parquet({path!r})
target = frame.pop({target!r})
print(sklearn.model_selection.cross_val_score(sklearn.dummy.DummyClassifier(), frame, target, scoring="roc_auc"))
"""
IMPORT_AND_FIT_A_TREE = """
import pandas, sklearn.model_selection, sklearn.tree, skrub
frame = pandas.read_parquet({path!r})
target = frame.pop({target!r})
model = skrub.tabular_pipeline(sklearn.tree.DecisionTreeClassifier(max_depth=1))
print(sklearn.model_selection.cross_val_score(model, frame, target, scoring="roc_auc"))
"""
TRIALS = 40
SEARCH_TO_THE_END = """
from unittest.mock import patch
import runner.climb.ascent
from runner.__main__ import main
if __name__ == "__main__":
    with patch("runner.climb.ascent.stopping_rule", lambda *_: lambda _scores: True):
        main()
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=3)
    repeats = parser.parse_args().repeats
    adopt_orphans()
    print("| what | runner | bare | ratio |\n|---|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        runner_job(place, "credit-g", 1000, "local")  # creates the MLflow store, once for all runs
        helps(repeats, place)
        first("first score", "dummy", IMPORT_AND_FIT, repeats, place)
        first("first model's score", "stump", IMPORT_AND_FIT_A_TREE, repeats, place)
        trials(repeats, place)
        for name, target, rows in (("adult", "income >50K", 20_000), ("credit-g", "class", 200)):
            cheap_rungs(name, target, rows, repeats, place)
    print(f"\n{machine(0)}")


def cheap_rungs(name: str, target: str, rows: int, repeats: int, place: Path) -> None:
    """Compare the CPU seconds of the cheap rungs, and say what the difference consists of."""
    path = str(TABLES / name / "data.parquet")
    bare = [sys.executable, "-m", "benchmarks.bare", path, target, str(rows)]
    pairs = [
        (runner_job(place, name, rows, "local"), runner_job(place, name, rows, "none"), cpu(bare, ROOT))
        for _ in range(repeats)
    ]
    ours, quiet, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    row(f"cheap rungs, {name}, {rows:,} rows, CPU s", ours, theirs)
    row("the same without MLflow, CPU s", quiet, theirs)


def helps(repeats: int, place: Path) -> None:
    """Compare `--help` with a bare import of Hydra, and list what it imports."""
    ask = [sys.executable, "-m", "runner", "--help"]
    hydra = [sys.executable, "-c", "import hydra"]
    pairs = [(cpu(ask, place), cpu(hydra, place)) for _ in range(3 * repeats)]
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    row("`--help`, compared with `import hydra`, CPU s", ours, theirs)
    timed = subprocess.run(
        [sys.executable, "-X", "importtime", *ask[1:]], capture_output=True, text=True, cwd=place, check=True
    )
    loaded = [name for name in HEAVY if any(line.endswith(f" {name}") for line in timed.stderr.splitlines())]
    print(f"| heavy libraries that `--help` imports | {', '.join(loaded) or 'none'} | | |")


def first(what: str, candidate: str, script: str, repeats: int, place: Path) -> None:
    """Compare the wall time to a candidate's score with that of a script that imports no more than it needs."""
    bare = [sys.executable, "-c", script.format(path=str(TABLES / "credit-g" / "data.parquet"), target="class")]
    pairs = [(seconds_to(candidate, place), wall(bare, place)) for _ in range(3 * repeats)]
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    row(f"{what} on the screen, wall s", ours, theirs)


def trials(repeats: int, place: Path) -> None:
    """Compare the wall time of a search, one trial after the other, with that of its trials alone.

    A trial alone would prepare its folds itself; in a search, most trials find them prepared.
    """
    pairs = [searched(place / f"search-{number}", place) for number in range(repeats)]
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    row(
        f"one trial of a search of {TRIALS} on credit-g, compared with a trial that prepares its folds itself, wall s",
        ours / TRIALS,
        theirs / TRIALS,
    )


def searched(folder: Path, place: Path) -> tuple[float, float]:
    """Return the wall seconds of a search with one worker, and of the evaluations of its trials."""
    options = ["dataset=credit-g", "engine.workers=1", *AMPLE, f"hydra.run.dir={folder}"]
    priceless = ["economics.value_per_unit=1000000", f"budget.trials={TRIALS}"]
    command = [sys.executable, "-u", "-c", SEARCH_TO_THE_END, *options, *priceless]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=place, env=ONE_THREAD)
    reap()
    lines = [line.split() for line in done.stdout.splitlines() if re.match(r" +[0-9.]+ s  search ", line)]
    begins = next(float(words[0]) for words in lines if "begins" in words)
    ends = max(float(words[0]) for words in lines if any(word.startswith("#") for word in words))
    with (folder / "trials.csv").open() as file:
        walls = [float(trial["wall_seconds"]) for trial in csv.DictReader(file)]
    assert len(walls) == TRIALS
    return ends - begins, sum(walls)


def seconds_to(word: str, place: Path) -> float:
    """Return the wall seconds until a run prints a line with a candidate's score."""
    command = [sys.executable, "-u", "-m", "runner", "dataset=credit-g", CHEAP, "budget=smoke", *AMPLE]
    begun = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=place) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if word in line and "ROC AUC" in line:
                elapsed = time.monotonic() - begun
                break
        process.stdout.read()
    reap()
    return elapsed


def runner_job(place: Path, name: str, rows: int, tracking: str) -> float:
    """Return the CPU seconds of a run of the cheap rungs."""
    options = [f"dataset={name}", f"budget.rows={rows}", f"tracking={tracking}", CHEAP, *AMPLE]
    return cpu([sys.executable, "-m", "runner", *options], place)


def cpu(command: list[str], place: Path) -> float:
    """Return the CPU seconds of a process and of all that it started."""
    reap()
    before = children_cpu_seconds()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=place, env=ONE_THREAD)
    reap()
    return children_cpu_seconds() - before


def wall(command: list[str], place: Path) -> float:
    """Return the wall seconds of a process."""
    begun = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=place)
    return time.monotonic() - begun


def row(what: str, ours: float, theirs: float) -> None:
    """Print a line of the table."""
    print(f"| {what} | {ours:.2f} | {theirs:.2f} | {ours / theirs:.2f} |", flush=True)


if __name__ == "__main__":
    main()
