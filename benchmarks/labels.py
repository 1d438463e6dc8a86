"""Swapped labels: are they found where that is possible, is their share bounded, and are the right rows named?

python -m benchmarks.labels [FOLDER ...] [--quick]

In many tables, wrong labels cannot be told from chance. They should be found if a model of the clean table makes hardly
any errors on the rows that it is most certain of, and if they are fewer than the rows of the rarest class.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.checks import PLANTED_ROWS, SEED, SHIPPED, best_first, candidates_of, cards_of, read
from benchmarks.faults import swapped
from benchmarks.machine import machine
from runner.candidates.pipeline import Candidate
from runner.checks import label_noise
from runner.checks.material import Material
from runner.config import EvaluationConfig
from runner.dataset import Dataset
from runner.evaluation.evaluate import cross_validate
from runner.metrics import make_metric
from runner.splits import make_splits

SHARES = (0.02, 0.05, 0.10)
LOOKED_FOR_WITH = ("dummy", "linear", "lightgbm")
FOLDS = 3
SURE = 0.4  # share of the rows: those of which a model is most certain
FEW = 0.5  # most errors of the clean table's model there, as a share of the swapped labels


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="*", type=Path, default=[SHIPPED])
    parser.add_argument("--quick", action="store_true", help="a few tables")
    given = parser.parse_args()
    exchanged: list[Swap] = []
    for card in cards_of(given.folders, given.quick):
        data = read(card, PLANTED_ROWS)
        if data.task.is_classification:
            exchanged += swaps(data, [each for each in candidates_of(data) if each.name in LOOKED_FOR_WITH], SEED)
        print(data.name, file=sys.stderr, flush=True)
    print_swaps(exchanged)
    print(f"\n{machine(SEED)}")


@dataclass(frozen=True)
class Swap:
    """What the check reported on one planting.

    Attributes
    ----------
    can_be_told : bool
        Whether the swapped labels can be recognised, judging by the clean table.
    at_most : float or None
        Upper bound of the share of wrong labels, if something was found.
    right : float
        Share of the named rows whose label was swapped.
    """

    table: str
    share: float
    can_be_told: bool
    at_most: float | None
    right: float


def swaps(data: Dataset, candidates: Iterable[Candidate], seed: int) -> Iterator[Swap]:
    """Swap each share of the labels, and run the check."""
    candidates = list(candidates)
    clean, _ = _looked_at(data, candidates, seed)
    errors = _errors_where_sure(clean)
    sizes = np.bincount(clean.rows.target, clean.rows.weights_above_zero)
    rarest = float(sizes.min() / sizes.sum())
    for share in SHARES:
        material, splits = _looked_at(swapped(data, share, np.random.default_rng(seed)), candidates, seed)
        judged, said = _judged(material)
        named = judged[label_noise.in_doubt(said, material.rows.target[judged])[: label_noise.NAMED]]
        was = data.target[splits[named]] != material.rows.target[named]
        findings = label_noise.look(material)
        can_be_told = errors <= FEW * share and rarest >= share and len(material.rows) >= label_noise.FEWEST_ROWS
        at_most = findings[0].figures["high"] if findings else None
        yield Swap(data.name, share, can_be_told, at_most, float(was.mean()) if len(was) else 0.0)


def _looked_at(data: Dataset, candidates: list[Candidate], seed: int) -> tuple[Material, NDArray[np.int64]]:
    """Return what the check is given, and the positions of these rows."""
    splits, metric = make_splits(data, EvaluationConfig(folds=FOLDS), seed), make_metric(None, data)
    rows = data.take(splits.development)
    evaluations = [cross_validate(each, rows, splits.folds, metric, seed, 3600) for each in candidates]
    return Material(rows, metric, seed).with_evaluations(best_first(evaluations)), splits.development


def _judged(material: Material) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the rows that the best candidate was judged on, in time the newer half, and what it said of them."""
    best = material.evaluations[0]
    assert best.predictions is not None
    judged = np.flatnonzero(best.judged)
    return judged, best.predictions[judged]


def _errors_where_sure(material: Material) -> float:
    """Return the share of errors, by weight as the check counts them, on the rows that a model is surest of."""
    judged, said = _judged(material)
    sure = np.argsort(-said.max(axis=1), kind="stable")[: round(SURE * len(said))]
    wrong = said.argmax(axis=1) != material.rows.target[judged]
    return float(np.average(wrong[sure], weights=material.rows.weights_above_zero[judged][sure]))


def print_swaps(found: list[Swap]) -> None:
    """Print one line per share."""
    print("## Swapped labels (classes)\n")
    print("Swapped labels can be recognised if a model of the clean table, on the 40 % of rows it is surest of, errs")
    print("at most half as often as labels are swapped, and if the rarest class has more rows than are swapped; rows")
    print("count by their weights, as in the check. The check names the ten most doubtful rows.\n")
    print(
        "| swapped | tables | can be recognised in | found there | missed in | upper bound of the share holds "
        "| really swapped, of the rows named |"
    )
    print("|---|--:|--:|--:|---|--:|--:|")
    for share in SHARES:
        of_share = [each for each in found if each.share == share]
        told = [each for each in of_share if each.can_be_told]
        missed = [each.table for each in told if each.at_most is None]
        bounds = [each.at_most >= share for each in of_share if each.at_most is not None]
        right = float(np.median([each.right for each in told])) if told else 0.0
        print(
            f"| {share:.0%} | {len(of_share)} | {len(told)} | {len(told) - len(missed)} | {', '.join(missed)} "
            f"| {sum(bounds)} of {len(bounds)} | {right:.0%} (median) |"
        )


if __name__ == "__main__":
    main()
