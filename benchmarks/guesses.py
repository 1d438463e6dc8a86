"""Models that know nothing, under metrics that reward guesses or chance: are they shown to beat no model?

python -m benchmarks.guesses [--quick]

Each sample has classes at random, and what a model says of its rows: in the logarithm of the odds, noise, and a shift
by the class where there is something to find. The model is compared with no model by `runner.gain`, on a holdout of so
many rows and over 5 x 2 outer folds of them. Beside it stands the comparison with the most frequent class alone, or a
constant ranking, and no more. Where there is nothing, a gain may be shown in at most 5 % of the samples.
"""

import argparse
import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.machine import machine
from runner.candidates.dummy import CLASSIFIER, best_constant
from runner.candidates.pipeline import Candidate, build
from runner.dataset import Dataset
from runner.gain import Gain, OuterLook, nested_gain, paired_gain
from runner.gain.chance import gained_by_chance
from runner.gain.comparison import Comparison
from runner.gain.units import make_units
from runner.metrics import Metric, make_metric
from runner.splits.outer_folds import OUTER, REPEATS
from runner.task import Task

Array = NDArray[np.float64]
SEED, SAMPLES = 20261127, 100
METRICS = ("f1_macro", "f1_weighted", "precision_macro", "balanced_accuracy", "matthews_corrcoef", "average_precision")
SHARES = (0.5, 0.25)  # of the positive class
ROWS = (100, 400)
SHIFT = 0.4  # of the positive class, in standard deviations of the noise
CONSTANT = Candidate("dummy", "none", CLASSIFIER, "none")


def said_of(target: NDArray[np.int64], random: np.random.Generator, shift: float) -> Array:
    """Return probabilities, shape (repeats, rows, 2): two models with half of their noise in common."""
    common = random.normal(size=len(target)) + shift * (target - target.mean())
    odds = [common * np.sqrt(0.5) + random.normal(size=len(target)) * np.sqrt(0.5) for _ in range(REPEATS)]
    positive = 1 / (1 + np.exp(-np.array(odds) - np.log(target.mean() / (1 - target.mean()))))
    return np.stack([1 - positive, positive], axis=-1)


def gains(metric: Metric, data: Dataset, said: Array, seed: int) -> Iterator[tuple[Gain, float]]:
    """Yield the gain over no model, and what is gained by chance: holdout, outer folds, then both over a constant."""
    target, rows = data.target, np.argsort(data.target, kind="stable")  # so that each fold has its share of a class
    folds = [(repeat, rows[fold::OUTER]) for repeat in range(REPEATS) for fold in range(OUTER)]
    for dummy in (best_constant(CONSTANT, data, metric), CONSTANT):
        model = build(dummy, seed)
        none = model.fit(data.features, target).predict_proba(data.features)
        looks = []
        for repeat, test in folds:
            train = np.setdiff1d(rows, test)
            in_fold = model.fit(data.features.iloc[train], target[train]).predict_proba(data.features.iloc[test])
            looks.append(OuterLook(repeat, test, in_fold, said[repeat][test]))
        compared = [Comparison(metric, target[look.rows], look.reference, look.challenger, None) for look in looks]
        whole = Comparison(metric, target, none, said[0], None)
        units = make_units(len(data), None, None)[0]
        yield paired_gain(metric, target, none, said[0]), gained_by_chance([whole], [np.arange(len(data))], units)
        yield (
            nested_gain(metric, target, looks),
            gained_by_chance(compared, [look.rows for look in looks], units),
        )


def shown(name: str, rows: int, share: float, shift: float, samples: int) -> Array:
    """Return in which share of samples a gain is shown: holdout and outer folds, then both over a constant."""
    random = np.random.default_rng([SEED, rows, int(100 * share), int(100 * shift)])
    classes = (np.arange(rows) < share * rows).astype(int)
    blank = pd.DataFrame({"x": np.zeros(rows)})
    data = Dataset("guesses", Task.BINARY, "y", blank, classes, (0, 1), "")
    metric = make_metric(name, data)
    found = []
    for number in range(samples):
        data = replace(data, target=random.permutation(classes))
        ours, nested, *constant = gains(metric, data, said_of(data.target, random, shift), number)
        counted = [(ours[0], 0.0), (nested[0], 0.0), *constant]  # over a constant, chance counts as knowledge
        found.append([gain.low_holds and gain.low + chance > 0 for gain, chance in counted])
    return np.asarray(np.mean(found, axis=0))


def main() -> None:
    """Print the share of samples in which a gain is shown, as a table."""
    parser = argparse.ArgumentParser(prog="benchmarks.guesses", description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a smoke test")
    quick, begun = parser.parse_args().quick, time.process_time()
    print("| metric | positive | rows | holdout: nothing | something | nested: nothing | something | over a constant |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    nothing = []
    for name in METRICS:
        for share in SHARES:
            for rows in ROWS[:1] if quick else ROWS:
                none, some = (shown(name, rows, share, shift, 4 if quick else SAMPLES) for shift in (0.0, SHIFT))
                nothing.append(none)
                cells = [f"{100 * each:.1f} %" for each in (none[0], some[0], none[1], some[1])]
                constant = f"{100 * none[2]:.1f} / {100 * none[3]:.1f} %"
                print(f"| {name} | {share:.0%} | {rows} | {' | '.join(cells)} | {constant} |", flush=True)
    for column, kind in enumerate(("on a holdout", "over outer folds")):
        mean, worst = (100 * each[column] for each in (np.mean(nothing, axis=0), np.max(nothing, axis=0)))
        print(f"\nWhere there is nothing, a gain is shown {kind} in {mean:.1f} % on average, {worst:.1f} % at worst.")
    print(f"\n{machine(SEED)} Took {time.process_time() - begun:.0f} CPU seconds.")


if __name__ == "__main__":
    main()
