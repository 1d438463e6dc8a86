"""Does early stopping inside boosting pay? The same draws from the search's space, fitted with it and without.

python -m benchmarks.early_stopping TABLES [--sizes 800 3000] [--draws 5] [--seed 0]

TABLES has one folder per table (data.parquet, card.yaml); controls and simulated tables are left out. Each draw is
fitted on a part of the rows and judged on rows kept aside (up to 3,000), with groups and time respected.
"""

import argparse
import time
import warnings
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from benchmarks.machine import machine
from benchmarks.peers.division import without_model
from benchmarks.prior import part
from benchmarks.tables import observed_tables
from runner.candidates.pipeline import Candidate, build
from runner.config import DatasetConfig
from runner.config.compose import composed
from runner.dataset import Dataset
from runner.ladder import Space, make_ladder
from runner.metrics import Metric, make_metric
from runner.reading import load
from runner.search.study import draw, make_study
from runner.splits import split_off

FAMILY, SWITCH = "hist-boosting", "early_stopping"
ASIDE, MOST_ASIDE = 0.3, 3000


class Found(NamedTuple):
    """What the draws on one table reached: fitted to the end (first column) and stopped early (second).

    Attributes
    ----------
    skills : ndarray, shape (draws, 2)
        On the rows kept aside.
    cpu_seconds : ndarray, shape (draws, 2)
    """

    table: str
    rows: int
    skills: Any
    cpu_seconds: Any


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tables", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[800, 3000])
    parser.add_argument("--draws", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    found = []
    print(
        "| table | rows | mean skill, to the end | mean skill, stopped early | best skill, to the end "
        "| best skill, stopped early | CPU, stopped early / to the end |"
    )
    print("|---|--:|--:|--:|--:|--:|--:|")
    for table in observed_tables(options.tables):
        for size in options.sizes:
            if (one := measured(table, size, options.draws, options.seed)) is not None:
                found.append(one)
                print(line(one), flush=True)
    print(f"\n{summary(found)}\n\n{machine(options.seed)}")


def measured(table: DatasetConfig, size: int, draws: int, seed: int) -> Found | None:
    """Fit each draw twice; return None if the table is too small for that size."""
    dataset = load(table, None, seed)
    development, aside = split_off(dataset, ASIDE, seed)
    if len(development) < 0.6 * size:
        return None
    train = dataset.take(part(dataset, development, size, seed))
    test = dataset.take(part(dataset, aside, MOST_ASIDE, seed))
    metric, space = make_metric(None, dataset), space_of(dataset)
    headroom = metric.loss(metric.score(test.target, without_model(train, len(test)), test.weights))
    own = np.random.SeedSequence([seed, size, *table.name.encode()])  # other draws for each table
    study = make_study(int(own.generate_state(1)[0]), adaptive=False)
    each = []
    for number in range(draws):
        _, trial = draw(study.ask(), [space], number)
        pair = [trial.with_params(trial.name, trial.rung, {SWITCH: stop}) for stop in (False, True)]
        fits = [fitted(candidate, train, test, metric, seed) for candidate in pair]
        each.append([(1 - loss / headroom, cpu) for loss, cpu in fits])
    values = np.array(each)
    return Found(table.name, len(train), values[..., 0], values[..., 1])


def space_of(dataset: Dataset) -> Space:
    """Return the search's space of hist-boosting."""
    ladder = make_ladder(composed(["dataset.path=x", "dataset.target=y"]).ladder, dataset.task)
    return next(space for rung in ladder for space in rung.spaces if space.family == FAMILY)


def fitted(candidate: Candidate, train: Dataset, test: Dataset, metric: Metric, seed: int) -> tuple[float, float]:
    """Return the loss on the rows kept aside and the CPU seconds of the fit."""
    model = build(candidate, seed)
    begun = time.process_time()
    model.fit(train.features, train.target)
    spent = time.process_time() - begun
    predict = model.predict_proba if train.task.is_classification else model.predict
    return metric.loss(metric.score(test.target, predict(test.features), test.weights)), spent


def line(one: Found) -> str:
    """Return a row of the table."""
    (mean, stopped), (best, best_stopped) = one.skills.mean(axis=0), one.skills.max(axis=0)
    share = np.divide(*one.cpu_seconds.sum(axis=0)[::-1])
    return (
        f"| {one.table} | {one.rows:,} | {mean:.4f} | {stopped:.4f} | {best:.4f} | {best_stopped:.4f} | {share:.2f} |"
    )


def summary(found: list[Found]) -> str:
    """Return the differences over all tables as a sentence."""
    means = np.array([np.diff(one.skills.mean(axis=0))[0] for one in found])
    bests = np.array([np.diff(one.skills.max(axis=0))[0] for one in found])
    to_the_end, stopped = np.sum([one.cpu_seconds.sum(axis=0) for one in found], axis=0)
    draws, best = (
        f"{gaps.mean():+.4f} on average and {np.median(gaps):+.4f} in the median "
        f"(better in {np.sum(gaps > 0)} of {len(gaps)})"
        for gaps in (means, bests)
    )
    return (
        f"Stopping early changes the skill of a draw by {draws}, and that of the best draw by {best}, "
        f"for {stopped / to_the_end:.2f} of the CPU time."
    )


if __name__ == "__main__":
    main()
