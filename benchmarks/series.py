"""Rows in time: is knowledge found there, and luck not taken for it?

python -m benchmarks.series [--quick]

A model is fitted on the older 70 % of a series, and judged on the newer rows by the runner's rule: it has to score
better than no model, and `runner.gain.association_p_value` has to show that it knows something. Its inputs are five
series that move at different speeds, and the number of the row. Where there is nothing to find, the target is another
such series; where there is, half of its variance is that of an input (or about half, where its tail is heavy).

Beside it stand the lower bound of the gain over no model, where one is given, and the permutation test that the runner
makes of rows in no order. Something may be found in at most 5 % of the series that hold nothing.
"""

import argparse
import time
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter
from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor
from sklearn.linear_model import LogisticRegression, RidgeCV

from benchmarks.intervals import Score
from benchmarks.machine import machine
from runner.gain import association_p_value, paired_gain
from runner.gain.limits import LEAST_ORDERED_ROWS
from runner.task import Task

Array = NDArray[np.float64]
SEED, SERIES, LEVEL = 20261127, 100, 0.05
ROWS = (100, 180, 400, 1000)
MEMORIES = (0.0, 0.6, 0.9, 0.99, 1.0)  # of one row for the next; 1 is a random walk
TARGETS = ("values", "values, heavy tail", "classes")
RULES = ("runner", "bound", "permutation")
BEFORE = 300  # rows that come before, so that a series has forgotten where it began


def moving(random: np.random.Generator, rows: int, memory: float, *, heavy: bool = False) -> Array:
    """Return a series with a middle spread of one, its steps normal or of Student's t with two degrees of freedom."""
    steps = random.standard_t(2, rows + BEFORE) if heavy else random.standard_normal(rows + BEFORE)
    series = lfilter([1.0], [1.0, -memory], steps)[BEFORE:]
    return np.asarray(series / np.subtract(*np.quantile(series, [0.84, 0.16])) * 2)


def drawn(random: np.random.Generator, rows: int, memory: float, target: str, *, known: bool) -> tuple[Array, Array]:
    """Return inputs, shape (rows, 6), and a target, of which the inputs know half or nothing."""
    inputs = np.column_stack([*(moving(random, rows, each) for each in (0.0, *MEMORIES[:4])), np.arange(rows)])
    series = moving(random, rows, memory, heavy="heavy" in target)
    said = np.sqrt(0.5) * (inputs[:, 0] + series) if known else series
    return inputs, (said > np.median(said)).astype(int) if target == "classes" else said


def shown(
    inputs: Array, target: Array, past: int, seed: int, time: NDArray[np.int64], groups: NDArray[np.int64] | None = None
) -> Iterator[tuple[bool, bool, bool]]:
    """Yield, for a linear model and for trees, what the runner's rule, a lower bound and a permutation test find.

    The models learn from the first `past` rows, and are judged on the others.
    """
    classes = target.dtype.kind == "i"
    inputs = (inputs - inputs[:past].mean(axis=0)) / inputs[:past].std(axis=0)
    seen, time, groups = target[past:], time[past:], None if groups is None else groups[past:]
    if classes and min(np.ptp(target[:past]), np.ptp(seen)) == 0:
        return
    trees = (ExtraTreesClassifier if classes else ExtraTreesRegressor)(40, min_samples_leaf=3, random_state=seed)
    linear = LogisticRegression(C=0.1) if classes else RidgeCV(np.logspace(-2, 4, 10))
    name = "roc_auc" if classes else "neg_root_mean_squared_error"
    metric = Score(name, Task.BINARY if classes else Task.REGRESSION)
    none = np.full_like(seen, target[:past].mean(), dtype=float)
    none = np.column_stack([1 - none, none]) if classes else none
    for model in (linear, trees):
        model.fit(inputs[:past], target[:past])
        said = model.predict_proba(inputs[past:]) if classes else model.predict(inputs[past:])
        of_blocks = association_p_value(metric, seen, said, None, seed, groups, time)
        permuted = association_p_value(metric, seen, said, None, seed, groups)
        assert of_blocks is not None and permuted is not None
        gain = paired_gain(metric, seen, none, said, groups=groups, time=time)
        yield of_blocks <= LEVEL and gain.estimate > 0, gain.low_holds and gain.low > 0, permuted <= LEVEL


def shares(rows: int, memory: float, target: str, series: int) -> Array:
    """Return in which share of series each finds something, where there is nothing and where there is, shape (2, 3)."""
    found = []
    for known in (False, True):
        random = np.random.default_rng([SEED, rows, int(100 * memory), TARGETS.index(target), known])
        drawings = (drawn(random, rows, memory, target, known=known) for _ in range(series))
        past, moments = int(0.7 * rows), np.arange(rows)
        each = [one for number, drawing in enumerate(drawings) for one in shown(*drawing, past, number, moments)]
        found.append(np.mean(each, axis=0))
    return np.array(found)


def main() -> None:
    """Print the share of series in which something is found, as a table."""
    parser = argparse.ArgumentParser(prog="benchmarks.series", description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a smoke test")
    quick, begun = parser.parse_args().quick, time.process_time()
    print(f"| rows | judged | memory | target | {' | '.join(f'{name}: nothing | something' for name in RULES)} |")
    print(f"|--:|--:|--:|---|{'--:|' * 2 * len(RULES)}")
    cells, bounded = [], []
    for rows in ROWS[:1] if quick else ROWS:
        judged = rows - int(0.7 * rows)
        for memory in MEMORIES:
            for target in TARGETS:
                cells.append(shares(rows, memory, target, 4 if quick else SERIES))
                bounded.append(judged >= LEAST_ORDERED_ROWS)
                told = [f"{100 * share:.1f} %" for share in cells[-1].T.ravel()]
                told[2:4] = told[2:4] if bounded[-1] else ["–", "–"]
                print(f"| {rows} | {judged} | {memory:g} | {target} | {' | '.join(told)} |", flush=True)
    for number, name in enumerate(RULES):
        nothing, something = np.array(cells)[bounded if name == "bound" else slice(None), :, number].T
        if len(nothing):
            print(
                f"\n{name.capitalize()}: where there is nothing, something is found in {100 * nothing.mean():.1f} % on "
                f"average and {100 * nothing.max():.1f} % at worst; where there is something, in "
                f"{100 * something.mean():.0f} % on average."
            )
    print(f"\n{machine(SEED)} Took {time.process_time() - begun:.0f} CPU seconds.")


if __name__ == "__main__":
    main()
