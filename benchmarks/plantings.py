"""Do the checks find planted faults, and are they silent about planted columns without meaning?

python -m benchmarks.plantings [FOLDER ...] [--quick] [--seeds 3]

FOLDER has one folder per table (data.parquet, card.yaml); without one, the shipped tables are used. Each fault is
planted before the split, and its check is given what it is given in a run: the development rows, and the inputs of the
rows kept aside. Swapped labels are the subject of `benchmarks.labels`.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.checks import PLANTED_ROWS, SEED, SHIPPED, cards_of, material_of, read
from benchmarks.faults import FAULTS, NOTHING, Fault
from benchmarks.machine import machine
from runner.checks import registry
from runner.dataset import Dataset
from runner.splits import Splits, split_off

MOST_MISSED = 6  # names in one cell


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="*", type=Path, default=[SHIPPED])
    parser.add_argument("--seeds", type=int, default=3, help="plantings of each fault in each table")
    parser.add_argument("--quick", action="store_true", help="a few tables, one planting each")
    given = parser.parse_args()
    planted: list[Planting] = []
    for card in cards_of(given.folders, given.quick):
        data = read(card, PLANTED_ROWS)
        planted += plantings(data, 1 if given.quick else given.seeds)
        print(data.name, file=sys.stderr, flush=True)
    print_found(planted)
    print_nothing(planted)
    print(f"\n{machine(SEED)}")


# --- what is run ------------------------------------------------------------------------


@dataclass(frozen=True)
class Planting:
    """The result of one planting.

    Attributes
    ----------
    found : bool
        Whether the check reports the fault, and names its column if it has one, at any severity.
    can_be_told : bool
        Whether the rows show it to somebody who knows what was planted.
    """

    fault: str
    table: str
    found: bool
    can_be_told: bool


def plantings(data: Dataset, seeds: int) -> Iterator[Planting]:
    """Plant each fault, and each column without meaning, `seeds` times, and run its check."""
    for name, fault in (FAULTS | NOTHING).items():
        for seed in range(seeds):
            planted = fault.plant(data, np.random.default_rng(seed))
            if planted is not None:
                yield looked_for(name, fault, *planted)


def looked_for(name: str, fault: Fault, data: Dataset, column: str | None) -> Planting:
    material = material_of(data, Splits(*split_off(data, 0.3, SEED), ()))
    findings = registry.look(fault.check, material)
    found = any(each.code == fault.code and (column is None or column in each.columns) for each in findings)
    return Planting(name, data.name, found, column is None or fault.can_be_told(material.rows, column))


# --- what is printed --------------------------------------------------------------------


def print_found(planted: list[Planting]) -> None:
    print("## Planted faults\n")
    print("A hidden group or time can be recognised if the outcomes of the neighbouring rows in it tell a row's own")
    print("outcome, at three standard errors; drift, if the rows are not sorted by the target and the column does not")
    print("name a moment. Other faults always can.\n")
    print("| fault | plantings | found | can be recognised | found of these | required | missed of these in |")
    print("|---|--:|--:|--:|--:|--:|---|")
    for fault in FAULTS:
        of_fault = [each for each in planted if each.fault == fault]
        told = [each for each in of_fault if each.can_be_told]
        missed = list(dict.fromkeys(each.table for each in told if not each.found))
        more = f" and {len(missed) - MOST_MISSED} more" if len(missed) > MOST_MISSED else ""
        print(
            f"| {fault} | {len(of_fault)} | {_share(of_fault)} | {len(told)} | {_share(told)} | 95 % "
            f"| {', '.join(missed[:MOST_MISSED])}{more} |"
        )


def print_nothing(planted: list[Planting]) -> None:
    print("\n## Planted units and dates without meaning\n\n| planted | plantings | reported as meaningful | in |")
    print("|---|--:|--:|---|")
    for name in NOTHING:
        of_name = [each for each in planted if each.fault == name]
        said = list(dict.fromkeys(each.table for each in of_name if each.found))
        print(f"| {name} | {len(of_name)} | {_share(of_name)} | {', '.join(said)} |")


def _share(planted: list[Planting]) -> str:
    return f"{np.mean([each.found for each in planted]):.0%}" if planted else "-"


if __name__ == "__main__":
    main()
