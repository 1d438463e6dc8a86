"""Rows in time of which no bound can be given: is knowledge found there, and luck not taken for it?

python -m benchmarks.series [--quick]

A model is fitted on the older 70 % of a series, and judged on the newer rows by `runner.gain.constants_p_value`. Its
inputs are five series that move at different speeds, and the number of the row. Where there is nothing to find, the
target is another such series; where there is, half of its variance is that of an input (or about half, where its tail
is heavy). Beside it stands the permutation test that the runner makes of rows in no order. A test may find something in
at most 5 % of the series that hold nothing.
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
from runner.gain import association_p_value, constants_p_value
from runner.task import Task

Array = NDArray[np.float64]
SEED, SERIES, LEVEL = 20261127, 100, 0.05
ROWS = (100, 180, 400)
MEMORIES = (0.0, 0.6, 0.9, 0.99, 1.0)  # of one row for the next; 1 is a random walk
TARGETS = ("values", "values, heavy tail", "classes")
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


def p_values(inputs: Array, target: Array, seed: int) -> Iterator[tuple[float, float]]:
    """Yield, for a linear model and for trees, the p-value with blocks of time, and by permutation."""
    past, classes = int(0.7 * len(target)), target.dtype.kind == "i"
    inputs = (inputs - inputs[:past].mean(axis=0)) / inputs[:past].std(axis=0)
    if classes and min(np.ptp(target[:past]), np.ptp(target[past:])) == 0:
        return
    trees = (ExtraTreesClassifier if classes else ExtraTreesRegressor)(40, min_samples_leaf=3, random_state=seed)
    linear = LogisticRegression(C=0.1) if classes else RidgeCV(np.logspace(-2, 4, 10))
    name = "roc_auc" if classes else "neg_root_mean_squared_error"
    metric = Score(name, Task.BINARY if classes else Task.REGRESSION)
    for model in (linear, trees):
        model.fit(inputs[:past], target[:past])
        said = model.predict_proba(inputs[past:]) if classes else model.predict(inputs[past:])
        of_blocks = constants_p_value(name, target[past:], said, time=np.arange(past, len(target)))
        permuted = association_p_value(metric, target[past:], said, None, seed)
        assert of_blocks is not None and permuted is not None
        yield of_blocks, permuted


def shares(rows: int, memory: float, target: str, series: int) -> list[float]:
    """Return in which share of series each test finds something: where there is nothing, then where there is."""
    found = []
    for known in (False, True):
        random = np.random.default_rng([SEED, rows, int(100 * memory), TARGETS.index(target), known])
        tried = [
            each <= LEVEL
            for number in range(series)
            for pair in p_values(*drawn(random, rows, memory, target, known=known), number)
            for each in pair
        ]
        found += [float(np.mean(tried[test::2])) for test in range(2)]
    return found


def main() -> None:
    """Print the share of series in which each test finds something, as a table."""
    parser = argparse.ArgumentParser(prog="benchmarks.series", description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a smoke test")
    quick, begun = parser.parse_args().quick, time.process_time()
    print("| rows | judged | memory | target | blocks: nothing | something | permutation: nothing | something |")
    print("|--:|--:|--:|---|--:|--:|--:|--:|")
    cells = []
    for rows in ROWS[:1] if quick else ROWS:
        for memory in MEMORIES:
            for target in TARGETS:
                cells.append(shares(rows, memory, target, 4 if quick else SERIES))
                told = " | ".join(f"{100 * cells[-1][column]:.1f} %" for column in (0, 2, 1, 3))
                print(f"| {rows} | {rows - int(0.7 * rows)} | {memory:g} | {target} | {told} |", flush=True)
    worst, mean = np.max(cells, axis=0), np.mean(cells, axis=0)
    for test, name in enumerate(("Blocks", "Permutation")):
        print(
            f"\n{name}: where there is nothing, something is found in {100 * mean[test]:.1f} % on average and "
            f"{100 * worst[test]:.1f} % at worst; where there is something, in {100 * mean[2 + test]:.0f} % on average."
        )
    print(f"\n{machine(SEED)} Took {time.process_time() - begun:.0f} CPU seconds.")


if __name__ == "__main__":
    main()
