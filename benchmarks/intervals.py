"""Do the bounds of a gain hold? Measured on many samples from distributions whose true gain is known.

python -m benchmarks.intervals [--quick]

`--quick` is a smoke test. Each repetition draws rows from a distribution (`law`) whose true gain is known, asks
`runner.gain.paired_gain` for two one-sided 95 % bounds, and counts how often a bound that is given lies on the wrong
side of the truth. With `own thresholds`, each model decides as in a run: under balanced accuracy from the share
of the class on, else from the threshold on that its probabilities of the rows ask for. The bounds are compared with
the rule that most people use: a normal interval that ignores that both models saw the same rows or, where rows depend
on each other in groups or in time, one that takes the rows as independent.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.laws import (
    NOISES,
    VARIANCES,
    Draw,
    Sample,
    additive,
    autoregressive,
    binormal,
    discordant,
    four_classes,
    grouped,
    logistic,
    lognormal,
    over_none,
)
from benchmarks.machine import machine
from runner.gain import paired_gain
from runner.gain.comparison import Metric
from runner.gain.influence import influence
from runner.gain.ranks import CURVES
from runner.gain.rows import EXPLAINED, MEANS, PROBABILITY_EXPLAINED, PROBABILITY_MEANS, Losses, losses_of_none
from runner.metrics import Metric as RunnersMetric
from runner.metrics import scorer_of
from runner.metrics.money import NAME as MONEY
from runner.metrics.money import MoneyScorer
from runner.task import Task

Array = NDArray[np.float64]
SEED = 20261123
SIZES = (90, 300, 1000, 5000)
IN_TIME = (200, 300, 1000, 5000)  # fewer rows are given no interval
MEMORIES = (0.6, 0.9, 0.97)  # of one row for the next
TRUTH_ROWS = 1_000_000
Z = 1.6449
COSTS = np.array([[0.0, 1.0], [5.0, 0.0]])  # of a false alarm, and of a miss
ABSOLUTE = ("neg_mean_absolute_error", "d2_absolute_error_score")


@dataclass(frozen=True)
class Score:
    """A scikit-learn score without scikit-learn's checks, which would take most of the time."""

    name: str
    task: Task

    def score(self, target: NDArray[Any], predictions: Array, weights: Array | None = None) -> float:
        """Return the score of unweighted rows."""
        return float(SCORES[self.name](target, predictions))

    @property
    def costs(self) -> Array | None:
        """Return nothing: decisions have no costs."""
        return None

    def weighed(self, predictions: Array, weights: Array | None = None) -> Array:
        """Return the predictions: the most probable class is decided for."""
        return predictions

    def row_scores(self, target: NDArray[Any], predictions: Array) -> Array | None:
        """Return nothing: the metric's name says what a row adds."""
        return None


@dataclass(frozen=True)
class Case:
    """A metric on a distribution, with the true gain if it is known in closed form."""

    metric: Metric
    law: str
    draw: Draw
    truth: float | None = None
    ordered: bool = False
    sizes: tuple[int, ...] = SIZES
    effort: float = 1.0  # share of the repetitions: the bootstrap is slow


# Scores


def _f1(target: NDArray[Any], labels: NDArray[Any], of: int) -> float:
    calls = int((target == of).sum() + (labels == of).sum())
    return 2 * float(((target == of) & (labels == of)).sum()) / calls if calls else 0.0


def _recalls(target: NDArray[Any], p: Array) -> float:
    labels = p.argmax(axis=1)
    return float(np.mean([np.mean(labels[target == k] == k) for k in np.unique(target)]))


def _explained(losses: Losses) -> Callable[[NDArray[Any], Array], float]:
    def score(target: NDArray[Any], p: Array) -> float:
        of_none = losses_of_none(losses, target, p, np.full(len(target), 1 / len(target)))
        return 1 - float(losses(target, p).mean() / of_none.mean())

    return score


def _area(name: str, *, by_rows: bool = False) -> Callable[[NDArray[Any], Array], float]:
    def score(target: NDArray[Any], p: Array) -> float:
        classes = [1] if p.shape[1] == 2 else range(p.shape[1])
        shares = np.full(len(target), 1 / len(target))
        areas = [CURVES[name](p[:, k], target == k, shares)[0] for k in classes]
        return float(np.average(areas, weights=np.bincount(target, minlength=p.shape[1]) if by_rows else None))

    return score


def _minus(losses: Losses) -> Callable[[NDArray[Any], Array], float]:
    return lambda target, p: -float(losses(target, p).mean())


SCORES: dict[str, Callable[[NDArray[Any], Array], float]] = {
    **{name: _minus(losses) for name, losses in (MEANS | PROBABILITY_MEANS).items()},
    **{name: _explained(EXPLAINED[name]) for name in ("r2", "d2_absolute_error_score")},
    **{name: _explained(losses) for name, losses in PROBABILITY_EXPLAINED.items()},
    "neg_root_mean_squared_error": lambda y, p: -float(np.sqrt(((y - p) ** 2).mean())),
    "neg_median_absolute_error": lambda y, p: -float(np.median(np.abs(y - p))),
    "roc_auc": _area("roc_auc"),
    "roc_auc_ovr": _area("roc_auc"),
    "roc_auc_ovr_weighted": _area("roc_auc", by_rows=True),
    "average_precision": _area("average_precision"),
    "accuracy": lambda y, p: float((p.argmax(axis=1) == y).mean()),
    "balanced_accuracy": _recalls,
    "f1": lambda y, p: _f1(y, p.argmax(axis=1), 1),
    "f1_macro": lambda y, p: float(np.mean([_f1(y, p.argmax(axis=1), k) for k in range(p.shape[1])])),
}


# Cases


def _binary(name: str, law: str, draw: Draw, truth: float | None = None, **options: Any) -> Case:
    return Case(Score(name, Task.BINARY), law, draw, truth, **options)


def _deciding(name: str, prevalence: float) -> RunnersMetric:
    """Return a metric with the runner's threshold: by the shares of classes, or by what each model says of the rows."""
    learned_from = np.repeat([0, 1], np.round(np.array([1 - prevalence, prevalence]) * 1000).astype(int))
    return RunnersMetric(name, Task.BINARY, 2, scorer_of(name, Task.BINARY)).for_shares(learned_from, None)


def _regression(name: str, law: str, draw: Draw, truth: float | None = None, **options: Any) -> Case:
    return Case(Score(name, Task.REGRESSION), law, draw, truth, **options)


def _squared_truths(losses: tuple[float, float], variance: float) -> dict[str, float]:
    old, new = losses
    return {
        "neg_mean_squared_error": old - new,
        "neg_root_mean_squared_error": float(np.sqrt(old) - np.sqrt(new)),
        "r2": (old - new) / variance,
    }


def cases() -> Iterator[Case]:
    """Yield the cases that are measured."""
    for prevalence in (0.5, 0.1, 0.02):
        law = f"{prevalence:.0%} positive"
        yield _binary("roc_auc", law, binormal(prevalence), 0.03)
        yield _binary("average_precision", law, binormal(prevalence))
        yield _binary("neg_log_loss", law, logistic(prevalence))
        yield _binary("neg_brier_score", law, logistic(prevalence))
        yield Case(RunnersMetric(MONEY, Task.BINARY, 2, MoneyScorer(COSTS)), law, logistic(prevalence))
    for name in PROBABILITY_EXPLAINED:
        yield _binary(name, "10% positive", logistic(0.1))
    yield _binary("neg_log_loss", "50%, 3 x over-confident", logistic(0.5, confidence=3))
    yield _binary("accuracy", "3 % vs 1 % discordant", discordant(0.03, 0.01), 0.02)
    yield _binary("accuracy", "0.5 % vs 0.2 % discordant", discordant(0.005, 0.002), 0.003)
    for name in ("balanced_accuracy", "f1"):
        for prevalence in (0.5, 0.1):
            yield _binary(name, f"{prevalence:.0%} positive", discordant(0.06, 0.03, prevalence))
    for name in ("balanced_accuracy", "f1", "f1_macro", "matthews_corrcoef"):
        for law, confidence in (("10%, own thresholds", 1.5), ("10%, own thresholds, 3 x over-confident", 3.0)):
            yield Case(_deciding(name, 0.1), law, logistic(0.1, confidence))
    for name in ("f1_macro", "roc_auc_ovr", "roc_auc_ovr_weighted", "neg_log_loss", *PROBABILITY_EXPLAINED):
        yield Case(Score(name, Task.MULTICLASS), "4 classes", four_classes)
    tail = float(np.exp(1.78) - np.exp(1.14)), float(np.exp(1.14) - 1.25 * np.exp(0.89))
    laws: dict[str, tuple[Draw, dict[str, float]]] = {
        "normal": (additive("normal"), _squared_truths((1.08, 1.01), 2)),
        "t3": (additive("t3"), _squared_truths((3.08, 3.01), 4)),
        "lognormal": (lognormal, _squared_truths((sum(tail), tail[0]), float(np.exp(1.78) - np.exp(0.89)))),
    }
    for law, (draw, truths) in laws.items():
        for name, truth in truths.items():
            yield _regression(name, law, draw, truth)
        for name in ABSOLUTE:
            yield _regression(name, law, draw)
    for noise in NOISES:
        for told, law in ((1 / 9, f"{noise}, over no model"), (1.0, f"{noise}, over no model, half told")):
            losses = VARIANCES[noise] * (1 + told), VARIANCES[noise] * (1 + 0.1**2 * told)
            for name, truth in _squared_truths(losses, losses[0]).items():
                yield _regression(name, law, over_none(noise, told), truth)
            for name in ABSOLUTE[: 1 if told < 1 else 2]:
                yield _regression(name, law, over_none(noise, told))
    yield _regression("neg_median_absolute_error", "normal", additive("normal"), sizes=(300,), effort=0.2)
    for unequal in (False, True):
        law = f"30 {'unequal' if unequal else 'equal'} groups"
        truth = float(np.sqrt(1.08 + 0.35**2) - np.sqrt(1.01 + 0.35**2))
        yield _regression("neg_root_mean_squared_error", law, grouped(unequal, False), truth, sizes=(600,))
        yield _binary("roc_auc", law, grouped(unequal, True), sizes=(600,))
    truth = _squared_truths((1.08, 1.01), 2)["neg_root_mean_squared_error"]
    for memory in MEMORIES:
        law = f"AR(1) {memory:g}"
        yield _regression(
            "neg_root_mean_squared_error", law, autoregressive(False, memory), truth, ordered=True, sizes=IN_TIME
        )
        yield _binary("neg_log_loss", law, autoregressive(True, memory), ordered=True, sizes=IN_TIME)


# Measuring


def _gain(metric: Metric, sample: Sample) -> float:
    return metric.score(sample.target, sample.challenger) - metric.score(sample.target, sample.reference)


def _truth(case: Case, draws: int) -> float:
    random = np.random.default_rng([SEED, 1])
    return float(np.mean([_gain(case.metric, case.draw(random, TRUTH_ROWS)) for _ in range(draws)]))


def _naive(case: Case, sample: Sample) -> tuple[float, float]:
    """Return the normal bounds that ignore the pairing or, for dependent rows, the dependence."""
    ones = np.ones(len(sample.target))
    both = [case.metric.weighed(p) for p in (sample.challenger, sample.reference)]
    parts = [influence(case.metric.name, sample.target, p, ones) for p in both]
    if parts[0] is None or parts[1] is None:
        return np.nan, np.nan
    paired = case.ordered or sample.groups is not None
    variance = (parts[0].values - parts[1].values).var() if paired else parts[0].values.var() + parts[1].values.var()
    estimate, half = _gain(case.metric, sample), Z * float(np.sqrt(variance / len(ones)))
    return estimate - half, estimate + half


@dataclass(frozen=True)
class Result:
    """Miss rates as shares of all repetitions, and half-widths as means."""

    low_missed: float
    high_missed: float
    low_offered: float
    high_offered: float
    half_width: float
    naive_low_missed: float
    naive_high_missed: float
    naive_half_width: float


def measure(case: Case, rows: int, repetitions: int, truth: float) -> Result:
    """Return how often the bounds miss the truth, in `repetitions` samples of `rows` rows."""
    random = np.random.default_rng([SEED, rows])
    found = np.array([_bounds(case, case.draw(random, rows)) for _ in range(repetitions)])
    low, high, low_holds, high_holds, naive_low, naive_high = found.T
    both = (low_holds > 0) & (high_holds > 0)
    return Result(
        float(np.mean((low > truth) * low_holds)),
        float(np.mean((high < truth) * high_holds)),
        float(low_holds.mean()),
        float(high_holds.mean()),
        float(np.mean(high[both] - low[both]) / 2) if both.any() else np.nan,
        float(np.mean(naive_low > truth)) if np.isfinite(naive_low).any() else np.nan,
        float(np.mean(naive_high < truth)) if np.isfinite(naive_high).any() else np.nan,
        float(np.mean(naive_high - naive_low) / 2),
    )


def _bounds(case: Case, sample: Sample) -> tuple[float, float, bool, bool, float, float]:
    if case.metric.task.is_classification and len(np.unique(sample.target)) < sample.reference.shape[1]:
        return -np.inf, np.inf, False, False, np.nan, np.nan  # the score is not defined without a class
    gain = paired_gain(
        case.metric,
        sample.target,
        sample.reference,
        sample.challenger,
        groups=sample.groups,
        time=np.arange(len(sample.target)) if case.ordered else None,
    )
    return gain.low, gain.high, gain.low_holds, gain.high_holds, *_naive(case, sample)


# Printing

HEADER = (
    "| metric | law | rows | lower bound > truth | upper bound < truth | given, lower / upper | half-width "
    "| naive: lower bound > truth | naive: upper bound < truth | naive: half-width |\n"
    "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|"
)


def _row(case: Case, rows: int, found: Result) -> str:
    def rate(share: float) -> str:
        return "–" if np.isnan(share) else f"{100 * share:.1f}"

    def width(value: float) -> str:
        return "–" if np.isnan(value) else f"{value:.4f}"

    cells = [
        *(case.metric.name, case.law, str(rows), rate(found.low_missed), rate(found.high_missed)),
        *(f"{100 * found.low_offered:.0f} / {100 * found.high_offered:.0f}", width(found.half_width)),
        *(rate(found.naive_low_missed), rate(found.naive_high_missed), width(found.naive_half_width)),
    ]
    return f"| {' | '.join(cells)} |"


def _preamble(repetitions: int) -> str:
    return (
        f"One-sided miss rates in % of {repetitions:,} repetitions per cell (nominal: 5; Monte Carlo standard "
        f"error: {100 * np.sqrt(0.05 * 0.95 / repetitions):.1f}); only bounds that were given can miss. "
        "The bootstrap (neg_median_absolute_error) has a fifth of the repetitions. "
        f"{machine(SEED)}\n"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="100 repetitions at two sizes, in less than a minute")
    quick = parser.parse_args().quick
    repetitions, draws = (100, 1) if quick else (2000, 4)
    start = time.process_time()
    print(_preamble(repetitions))
    print(HEADER)
    for case in cases():
        truth = _truth(case, draws) if case.truth is None else case.truth
        for rows in case.sizes[:2] if quick else case.sizes:
            found = measure(case, rows, max(int(repetitions * case.effort), 20), truth)
            print(_row(case, rows, found), flush=True)
    print(f"\nTook {time.process_time() - start:.0f} CPU seconds.")


if __name__ == "__main__":
    main()
