"""Does the learning curve tell what more rows bring? Forecast from half of the rows, then measure.

python -m benchmarks.curve [--quick]

Uses the shipped tables that are real observations; `--quick` takes one model and one seed. A third of the rows is kept
aside for judging. From half of the others, `runner.climb.learning_curve` forecasts what as many rows again would gain.
Then the model is fitted on this half and on the whole, and both are judged on the rows kept aside. The measured gain is
noisy itself, so it is given with its standard error. A forecast counts as held if its interval, widened by 1.64 of
these errors, contains the measured gain.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.machine import machine
from benchmarks.tables import observed_tables
from runner.candidates.pipeline import Candidate
from runner.climb.learning_curve import PARTS, SMALLEST, measured
from runner.config import DatasetConfig, EngineConfig, compose
from runner.dataset import Dataset
from runner.decision.curve import Curve
from runner.engine import Engine, warm
from runner.errors import UserError
from runner.evaluation.evaluate import fit_and_predict
from runner.gain.interval import Interval
from runner.judge import Judge
from runner.ladder import make_ladder
from runner.metrics import make_metric
from runner.reading import load
from runner.record import Record
from runner.splits import Splits, make_folds, split_off

SEED = 0
ROWS, FOLDS = 4500, 5
MODELS = ("linear", "lightgbm")
LATER = 600.0
HEAD = """# Learning curve: forecast from half of the rows, and what was measured

The learning curve of half of the rows forecasts what as many rows again would gain (with its interval); then the model
is fitted on the half and on the whole, and both are judged on other rows (the measured gain, with its standard error).
A forecast holds if its interval, widened by 1.64 of these errors, contains the measured gain.

| table | model | rows | forecast gain of as many rows again | falls clearly | measured gain | held |
|---|---|--:|---|---|--:|---|"""


@dataclass(frozen=True)
class Result:
    """A forecast, and the gain that was measured."""

    table: str
    model: str
    rows: int
    forecast: Interval
    falling: bool
    came: float
    error: float

    @property
    def held(self) -> bool:
        """Whether the measured gain lies in the interval, with its own noise allowed for."""
        slack = 1.64 * self.error
        return self.forecast.low - slack <= self.came <= self.forecast.high + slack


def results(seeds: int, models: tuple[str, ...]) -> Iterator[Result]:
    """Measure each table with each model."""
    for table in observed_tables(Path(__file__).parents[1] / "datasets"):
        for seed in range(seeds):
            for model in models:
                if result := measure(table, model, seed):
                    yield result


def measure(table: DatasetConfig, model: str, seed: int) -> Result | None:
    """Forecast from half of the rows, then measure with all of them."""
    dataset = load(replace(table, incumbent=None), ROWS, seed)
    rest, judged = split_off(dataset, 1 / 3, seed)
    more, half = split_off(dataset.take(rest), 0.5, seed)
    half = rest[more] if dataset.time is not None else rest[half]  # in time: the earlier half
    curve = _forecast(dataset.take(half), model, seed)
    if curve is None:
        return None
    config = compose.composed(["dataset=credit-g", "tracking=none"])
    candidate = _candidate(config.ladder, dataset, model)
    metric = make_metric(None, dataset)
    small, whole = (fit_and_predict(candidate, dataset, rows, judged, seed)[0] for rows in (half, rest))
    with tempfile.TemporaryDirectory() as folder, Engine(EngineConfig(workers=1), 4) as engine:
        splits = Splits(rest, judged, make_folds(dataset.take(rest), FOLDS, seed))
        came = Judge(dataset, splits, metric, seed, engine, Record(Path(folder))).proof.gain(small, whole)
    return Result(dataset.name, model, len(half), curve.twice, curve.falling, came.estimate, came.standard_error)


def _forecast(dataset: Dataset, model: str, seed: int) -> Curve | None:
    config = compose.composed(["dataset=credit-g", "tracking=none"])
    candidate = _candidate(config.ladder, dataset, model)
    everything = np.arange(len(dataset))
    with tempfile.TemporaryDirectory() as folder, Engine(EngineConfig(workers=2), 4) as engine:
        splits = Splits(everything, everything[:0], make_folds(dataset, FOLDS, seed))
        if min(len(train) for train, _ in splits.folds) // PARTS[0] < SMALLEST:
            return None  # as a run would report it
        judge = Judge(dataset, splits, make_metric(None, dataset), seed, engine, Record(Path(folder)))
        try:
            curve = measured(candidate, judge, splits.folds, time.monotonic() + LATER)
        except UserError:  # an eighth of the rows is too few for two whole groups
            return None
    return None if isinstance(curve, str) else curve


def _candidate(ladder: object, dataset: Dataset, name: str) -> Candidate:
    rungs = make_ladder(ladder, dataset.task)  # type: ignore[arg-type]
    return next(candidate for rung in rungs for candidate in rung.candidates if candidate.name == name)


def _shares(found: list[Result]) -> tuple[float, int, float]:
    held = float(np.mean([each.held for each in found]))
    signs = float(np.mean([each.forecast.estimate * each.came > 0 for each in found if each.falling]))
    return 100 * held, len(found), 100 * signs


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one model, one seed")
    quick = parser.parse_args().quick
    warm()
    found = list(results(1 if quick else 2, MODELS[1:] if quick else MODELS))
    print(HEAD)
    for each in found:
        told = f"{each.forecast.estimate:+.4g} ({each.forecast.low:.4g} to {each.forecast.high:.4g})"
        falling, held = ("yes" if mark else "no" for mark in (each.falling, each.held))
        came = f"{each.came:+.4g} ± {each.error:.2g}"
        print(f"| {each.table} | {each.model} | {each.rows:,} | {told} | {falling} | {came} | {held} |")
    shares = _shares(found)
    print(
        "\nHeld: {:.0f} % of {} (promised: 90 %). Sign right where the curve falls clearly: {:.0f} %.".format(*shares)
    )
    print(f"\n`python -m benchmarks.curve`{' --quick' if quick else ''}\n\n{machine(SEED)}")


if __name__ == "__main__":
    main()
