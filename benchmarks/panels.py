"""Rows of groups in time, as visits of patients: is knowledge found there, and luck not taken for it?

python -m benchmarks.panels [--quick]

A model is fitted on the visits of some groups, and judged on later visits of others by the runner's rule, as in
`benchmarks.series`. Its inputs are one that varies between groups, two that vary inside of them (at random, and as a
random walk), one that all groups share in time (a random walk), and the moment. Where there is nothing to find, the
target has levels of its own: of groups, which may wander, in time, or both. Where there is, 30 % of its variance is an
input's, and the rest has both.

A group has its visits in a fifth of the time, or in all of it. Something may be found in at most 5 % of the panels that
hold nothing.
"""

import argparse
import time
from itertools import product

import numpy as np
from numpy.typing import NDArray

from benchmarks.machine import machine
from benchmarks.series import RULES, SEED, TARGETS, shown

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
GROUPS = {10: 25, 50: 25, 300: 10}  # that are judged, with as many panels for each cell; twice as many are learned from
VISITS = {10: 20, 50: 10, 300: 5}  # of each group
DATES = (20, 200)  # that are judged; twice as many are learned from
SPANS = (0.2, 1.0)  # of the time, in which a group has its visits
NOTHING = ("levels of groups", "levels that wander", "a level in time", "all of them")
SOMETHING = ("between groups", "inside of groups", "inside, a random walk", "in time")
TOLD = 0.3  # of the variance


def visits(random: np.random.Generator, groups: int, dates: int, span: float) -> tuple[Codes, Codes]:
    """Return the group and the date of each visit, in order of groups: first of those that are learned from."""
    length, count, parts = max(int(span * dates), 1), VISITS[groups], []
    for number in range(3 * groups):
        begin, period = (0, 2 * dates) if number < 2 * groups else (2 * dates, dates)
        first = begin if span == 1 else begin + random.integers(0, period - length + 1)
        when = np.unique(np.linspace(first, first + (period if span == 1 else length) - 1, count).astype(int))
        parts.append(np.column_stack([np.full(len(when), number), when]))
    group, date = np.concatenate(parts).T
    return group, date


def wandering(random: np.random.Generator, group: Codes) -> Array:
    """Return a random walk for each group, which begins anywhere."""
    first = np.flatnonzero(np.diff(group, prepend=-1))
    steps = random.standard_normal(len(group)).cumsum()
    begins = random.standard_normal(len(first)) - steps[first]
    return np.asarray(steps / 2 + begins[group] / 2)


def drawn(
    random: np.random.Generator, groups: int, dates: int, span: float, law: str, target: str
) -> tuple[Array, Array, int, Codes, Codes]:
    """Return inputs, shape (rows, 5), a target, the number of rows to learn from, the dates and the groups."""
    group, date = visits(random, groups, dates, span)

    def unit(values: Array) -> Array:
        return np.asarray((values - values.mean()) / values.std())

    def in_time() -> Array:
        return unit(random.standard_normal(3 * dates).cumsum()[date])

    def of_groups() -> Array:
        return unit(random.standard_normal(3 * groups)[group])

    inputs = [of_groups(), random.standard_normal(len(group)), unit(wandering(random, group)), in_time()]
    levels = [of_groups(), unit(wandering(random, group)), in_time()]
    own = levels[NOTHING.index(law)] if law in NOTHING[:3] else unit(levels[0] + levels[1] + 1.5 * levels[2])
    said = unit(own + 0.5 * random.standard_normal(len(group)))
    if law in SOMETHING:
        said = np.sqrt(TOLD) * inputs[SOMETHING.index(law)] + np.sqrt(1 - TOLD) * said
    said = (said > np.median(said)).astype(int) if target == "classes" else said
    order = np.argsort(date, kind="stable")
    return (
        np.column_stack([*inputs, date])[order],
        said[order],
        int((date < 2 * dates).sum()),
        date[order],
        group[order],
    )


def shares(law: str, groups: int, panels: int) -> Array:
    """Return in which share of panels each rule finds something, on average over dates, spans and targets."""
    found: list[tuple[bool, bool, bool]] = []
    for dates, span, target in product(DATES, SPANS, (TARGETS[0], TARGETS[2])):
        which = (*NOTHING, *SOMETHING).index(law)
        random = np.random.default_rng([SEED, groups, dates, int(10 * span), len(target), which])
        for number in range(panels):
            inputs, said, past, date, group = drawn(random, groups, dates, span, law, target)
            found += shown(inputs, said, past, number, date, group)
    return np.asarray(np.mean(found, axis=0))


def main() -> None:
    """Print the share of panels in which something is found, as a table."""
    parser = argparse.ArgumentParser(prog="benchmarks.panels", description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a smoke test")
    quick, begun = parser.parse_args().quick, time.process_time()
    for title, laws in (("nothing to find: levels", NOTHING), ("something to find: an input that varies", SOMETHING)):
        print(f"| {title} | groups | {' | '.join(RULES)} |")
        print(f"|---|--:|{'--:|' * len(RULES)}")
        found = []
        for law, (groups, panels) in product(laws, list(GROUPS.items())[: 1 if quick else None]):
            found.append(shares(law, groups, 1 if quick else panels))
            print(f"| {law} | {groups} | {' | '.join(f'{100 * share:.1f} %' for share in found[-1])} |", flush=True)
        ends = [np.mean(found, axis=0), (np.max if laws is NOTHING else np.min)(found, axis=0)]
        told = [
            f"{name} {100 * mean:.1f} % ({100 * worst:.1f} % at worst)"
            for name, mean, worst in zip(RULES, *ends, strict=True)
        ]
        print(f"\nOn average: {', '.join(told)}.\n")
    print(f"{machine(SEED)} Took {time.process_time() - begun:.0f} CPU seconds.")


if __name__ == "__main__":
    main()
