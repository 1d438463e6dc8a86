"""Which threshold should apply a cost matrix? Rules that choose it on rows out of fold, where the truth is known.

python -m benchmarks.threshold [--quick]

`--quick` is a smoke test. The probabilities of a model are well calibrated, or wrong in a known way. Each rule sees the
probabilities and classes of n rows that the model has not seen, and names a threshold. Its cost is computed on a
population of 200,000 rows. Shown is its excess cost over the best threshold, in percent of what deciding without a
model costs.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from benchmarks.machine import machine
from runner.recalibration import recalibration

Array = NDArray[np.float64]
SEED = 20261124
POPULATION = 200_000
SIZES = (100, 300, 1000, 5000)
MISSES = (1.0, 5.0, 20.0)  # cost of a miss; a false alarm costs 1
HEAD = """# Threshold of a cost matrix

The probabilities of a model are well calibrated, or wrong in a known way. Each rule sees those of so many rows, with
their classes, and names a threshold. Shown is its excess cost over the best threshold, in % of what deciding without a
model costs; mean over a miss that costs 1, 5 and 20 times a false alarm.
"""
LAWS = {  # slope and shift that are applied to calibrated log odds
    "calibrated": (1.0, 0.0),
    "over-confident": (2.0, 0.0),
    "under-confident": (0.5, 0.0),
    "shifted": (1.0, 0.7),
    "over-confident and shifted": (2.0, -0.7),
}


@dataclass(frozen=True)
class Law:
    """Rows whose class is drawn with a known probability, and what a model predicts for them."""

    slope: float
    shift: float

    def draw(self, rows: int, random: np.random.Generator) -> tuple[Array, Array]:
        """Return the model's probabilities, and the classes."""
        odds = random.normal(-1.0, 1.5, rows)
        said = expit(self.slope * odds + self.shift)
        return np.clip(said, 1e-6, 1 - 1e-6), (random.uniform(size=rows) < expit(odds)).astype(float)


class Population:
    """What each threshold costs, computed on many rows."""

    def __init__(self, law: Law, miss: float, random: np.random.Generator):
        said, came = law.draw(POPULATION, random)
        order = np.argsort(said)
        self._said, came = said[order], came[order]
        misses = np.concatenate([[0.0], np.cumsum(came)])  # of the thresholds above the first k rows
        alarms = np.concatenate([np.cumsum((1 - came)[::-1])[::-1], [0.0]])
        self._costs = (miss * misses + alarms) / POPULATION
        self.best = float(self._costs.min())
        self.without = float(min(self._costs[0], self._costs[-1]))

    def excess(self, threshold: float) -> float:
        """Return the excess cost over the best threshold, as a share of the cost without a model."""
        cost = float(self._costs[np.searchsorted(self._said, threshold)])
        return (cost - self.best) / self.without


def elkan(_said: Array, _came: Array, miss: float) -> float:
    """Choose the least expected cost, with the probabilities as predicted."""
    return 1 / (1 + miss)


def empirical(said: Array, came: Array, miss: float) -> float:
    """Choose the threshold that is cheapest on these rows."""
    order = np.argsort(said)
    ranked, classes = said[order], came[order]
    misses = np.concatenate([[0.0], np.cumsum(classes)])
    alarms = np.concatenate([np.cumsum((1 - classes)[::-1])[::-1], [0.0]])
    place = int(np.argmin(miss * misses + alarms))
    edges = np.concatenate([[0.0], ranked, [1.0]])
    return float((edges[place] + edges[place + 1]) / 2)


def isotonic(said: Array, came: Array, miss: float) -> float:
    """Calibrate by isotonic regression, then choose the least expected cost."""
    grid = np.unique(said)
    fitted = IsotonicRegression(out_of_bounds="clip").fit(said, came).predict(grid)
    above = np.flatnonzero(fitted >= 1 / (1 + miss))
    return float(grid[above[0]]) if len(above) else 1.0


def platt(said: Array, came: Array, miss: float) -> float:
    """Calibrate by a logistic line on the log odds (Platt), then choose the least expected cost."""
    if came.min() == came.max():
        return elkan(said, came, miss)
    slope, shift = _line(said, came)
    if slope <= 0.05:
        return elkan(said, came, miss)
    return float(expit((logit(1 / (1 + miss)) - shift) / slope))


def shipped(said: Array, came: Array, miss: float) -> float:
    """Calibrate in this way only where the probabilities are shown to be wrong (`runner.recalibration`)."""
    found = recalibration(np.column_stack([1 - said, said]), came.astype(np.int64), None)
    target = logit(1 / (1 + miss))
    return float(expit((target - found.shift) / found.slope if found else target))


def _line(said: Array, came: Array) -> tuple[float, float]:
    model = LogisticRegression(C=100.0).fit(logit(said)[:, None], came)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


RULES: dict[str, Callable[[Array, Array, float], float]] = {
    "least expected cost, as predicted": elkan,
    "cheapest on these rows": empirical,
    "after isotonic calibration": isotonic,
    "after Platt calibration": platt,
    "Platt only where shown to be wrong": shipped,
}


def measure(repetitions: int) -> dict[tuple[str, int], Array]:
    """Return the excess cost of each rule in each cell, averaged over the costs of a miss."""
    found = {}
    for place, (name, (slope, shift)) in enumerate(LAWS.items()):
        law = Law(slope, shift)
        truths = {miss: Population(law, miss, np.random.default_rng(SEED)) for miss in MISSES}
        for size in SIZES:
            random = np.random.default_rng([SEED, place, size])
            excess = np.zeros((repetitions, len(MISSES), len(RULES)))
            for repetition in range(repetitions):
                said, came = law.draw(size, random)
                for number, miss in enumerate(MISSES):
                    thresholds = [rule(said, came, miss) for rule in RULES.values()]
                    excess[repetition, number] = [truths[miss].excess(each) for each in thresholds]
            found[name, size] = excess.mean(axis=(0, 1))
    return found


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="10 repetitions per cell")
    repetitions = 10 if parser.parse_args().quick else 200
    found = measure(repetitions)
    print(HEAD)
    print("| probabilities | rows | " + " | ".join(RULES) + " |\n|---|--:|" + "--:|" * len(RULES))
    for (name, size), excess in found.items():
        print(f"| {name} | {size:,} | " + " | ".join(f"{100 * each:.2f}" for each in excess) + " |")
    for size in SIZES:
        mean = np.mean([excess for (_, rows), excess in found.items() if rows == size], axis=0)
        print(f"| **all** | {size:,} | " + " | ".join(f"{100 * each:.2f}" for each in mean) + " |")
    print(f"\n{repetitions} repetitions per cell, by `python -m benchmarks.threshold`\n\n{machine(SEED)}")


if __name__ == "__main__":
    main()
