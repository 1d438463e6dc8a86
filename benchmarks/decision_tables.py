"""Rates of error and of power from simulated decisions, as Markdown tables."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from benchmarks.decision_simulation import Cell
from runner.config import EconomicsConfig

MARGIN = EconomicsConfig().worthwhile_gain
FEWEST = 100  # fewest repetitions for which the rate of a cell is given
SURE = 3  # standard errors above a target; of 270 cells some are two above it by chance

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Rate:
    """A number of cases out of a number of repetitions."""

    count: int
    of: int

    @property
    def value(self) -> float:
        """Return the share; NaN if there are no repetitions."""
        return self.count / self.of if self.of else np.nan

    def __str__(self) -> str:
        return f"{100 * self.value:.1f}" if self.of >= FEWEST else "–"


def rate(event: Bools, among: Bools) -> Rate:
    """Return how often something was the case among the repetitions that count."""
    return Rate(int((event & among).sum()), int(among.sum()))


def pooled(rates: Iterable[Rate]) -> Rate:
    """Return the rate over all cells."""
    kept = list(rates)
    return Rate(sum(one.count for one in kept), sum(one.of for one in kept))


# Errors of the verdict, and what it takes to have so few


def go_at_no_gain(cell: Cell) -> Rate:
    """Return how often the verdict is GO where the true gain is not above zero, under the default economics."""
    return rate(cell["go"] > 0, cell["truth"] <= 0)


def go_at_no_gain_margin_zero(cell: Cell) -> Rate:
    """Return the same for a margin of zero, where any gain is worth having."""
    return rate(cell["go_at_zero"] > 0, cell["truth"] <= 0)


def go_below_margin(cell: Cell) -> Rate:
    """Return how often the verdict is GO where the true gain is below the margin."""
    return rate(cell["go"] > 0, cell["truth"] < MARGIN)


def go_at_truth(cell: Cell) -> Rate:
    """Return how often the verdict is GO where the margin equals the true gain."""
    return rate(cell["go_at_truth"] > 0, _all(cell))


def go_at_share(cell: Cell) -> Rate:
    """Return the same where the margin is given as a share of the dummy's loss."""
    return rate(cell["go_at_share"] > 0, _all(cell))


def no_go_above_margin(cell: Cell) -> Rate:
    """Return how often a NO-GO is settled where the true gain is above the margin."""
    return rate((cell["settled"] > 0) & (cell["go"] == 0), cell["truth"] > MARGIN)


def no_go_at_truth(cell: Cell) -> Rate:
    """Return how often a NO-GO is settled where the margin equals the true gain."""
    return rate((cell["settled_at_truth"] > 0) & (cell["go_at_truth"] == 0), _all(cell))


def no_go_at_share(cell: Cell) -> Rate:
    """Return the same where the margin is given as a share of the dummy's loss."""
    return rate((cell["settled_at_share"] > 0) & (cell["go_at_share"] == 0), _all(cell))


def low_missed(cell: Cell) -> Rate:
    """Return how often a lower bound is above the true gain, among those given."""
    return rate(cell["low"] > cell["truth"], cell["low_holds"] > 0)


def high_missed(cell: Cell) -> Rate:
    """Return how often an upper bound is below the true gain, among those given."""
    return rate(cell["high"] < cell["truth"], cell["high_holds"] > 0)


def offered(cell: Cell) -> Rate:
    """Return how often both bounds are given."""
    return rate((cell["low_holds"] > 0) & (cell["high_holds"] > 0), _all(cell))


def settled(cell: Cell) -> Rate:
    """Return how often the verdict is settled under the default economics."""
    return rate(cell["settled"] > 0, _all(cell))


def power(cell: Cell) -> Rate:
    """Return how often the verdict is GO where the true gain is above the margin."""
    return rate(cell["go"] > 0, cell["truth"] > MARGIN)


def power_margin_zero(cell: Cell) -> Rate:
    """Return how often the verdict is GO where there is a gain and any gain is worth having."""
    return rate(cell["go_at_zero"] > 0, cell["truth"] > 0)


def _all(cell: Cell) -> Bools:
    return np.ones(len(cell.found), dtype=bool)


TARGETS = (
    ("GO although the true gain is zero or less", go_at_no_gain, 0.05, 0.05),
    ("the same, if any gain is worth having (margin 0)", go_at_no_gain_margin_zero, 0.05, 0.05),
    ("GO although the true gain is below the margin of 1 %", go_below_margin, 0.05, 0.05),
    ("GO where the margin equals the true gain", go_at_truth, 0.06, 0.06),
    ("the same, with the margin given as a share of the dummy's loss", go_at_share, 0.06, 0.06),
    ("settled NO-GO although the true gain is above the margin of 1 %", no_go_above_margin, 0.05, 0.08),
    ("settled NO-GO where the margin equals the true gain", no_go_at_truth, 0.05, 0.08),
    ("the same, with the margin given as a share of the dummy's loss", no_go_at_share, 0.05, 0.08),
    ("lower bound above the true gain, where a bound is given", low_missed, 0.05, 0.06),
    ("upper bound below the true gain, where a bound is given", high_missed, 0.05, 0.08),
)


def summary(cells: Sequence[Cell]) -> list[str]:
    """Return one line per target rate: pooled, the worst cell, and the number of cells beyond the target."""
    lines = [
        "| error | allowed, % | all cells, % | worst cell, % | which cell | cells above the allowed rate "
        f"| above it by {SURE} standard errors | met |",
        "|---|--:|--:|--:|---|--:|--:|---|",
    ]
    for what, error, whole, each in TARGETS:
        rates = [(one, cell) for cell in cells if (one := error(cell)).of >= FEWEST]
        everything = pooled(one for one, _ in rates)
        worst, where = max(rates, key=lambda pair: pair[0].value)
        above = [one for one, _ in rates if one.value > each]
        surely = [one for one in above if one.value - SURE * np.sqrt(each * (1 - each) / one.of) > each]
        met = "yes" if everything.value <= whole and not surely else "**no**"
        target = f"{100 * whole:.0f}" if whole == each else f"{100 * whole:.0f} ({100 * each:.0f} in a cell)"
        lines.append(
            f"| {what} | {target} | {everything} | {worst} | {_name(where)} | {len(above)} of {len(rates)} "
            f"| {len(surely)} | {met} |"
        )
    return lines


def _name(cell: Cell) -> str:
    return f"{_metric(cell)}, {cell.rows:,} rows, {cell.search}"


def _metric(cell: Cell) -> str:
    return f"{cell.metric.removeprefix('neg_')}, {cell.law}"


COLUMNS = {
    "GO, gain ≤ 0": go_at_no_gain,
    "GO, gain ≤ 0, margin 0": go_at_no_gain_margin_zero,
    "GO at the margin": go_at_truth,
    "settled NO-GO, gain > 1 %": no_go_above_margin,
    "settled NO-GO at the margin": no_go_at_truth,
    "lower bound > truth": low_missed,
    "upper bound < truth": high_missed,
    "both bounds given": offered,
    "settled": settled,
    "GO, gain > 1 %": power,
    "GO, gain > 0, margin 0": power_margin_zero,
}


def details(cells: Sequence[Cell]) -> list[str]:
    """Return one line per cell."""
    lines = [
        f"| metric, law | rows | search | true gain | half-width | {' | '.join(COLUMNS)} |",
        f"|---|--:|---|{'--:|' * (2 + len(COLUMNS))}",
    ]
    for cell in cells:
        rates = " | ".join(str(measure(cell)) for measure in COLUMNS.values())
        truth = 100 * cell["truth"].mean()
        lines.append(
            f"| {_metric(cell)} | {cell.rows:,} | {cell.search} | {truth:+.1f} % | {_half_width(cell)} | {rates} |"
        )
    return lines


def by_metric(cells: Sequence[Cell]) -> list[str]:
    """Return one line per metric and size, over all searches."""
    lines = [f"| metric, law | rows | {' | '.join(COLUMNS)} |", f"|---|--:|{'--:|' * len(COLUMNS)}"]
    for (_, _, rows), same in groupby(cells, lambda cell: (cell.metric, cell.law, cell.rows)):
        kept = list(same)
        rates = " | ".join(str(pooled(measure(cell) for cell in kept)) for measure in COLUMNS.values())
        lines.append(f"| {_metric(kept[0])} | {rows:,} | {rates} |")
    return lines


def _half_width(cell: Cell) -> str:
    both = (cell["low_holds"] > 0) & (cell["high_holds"] > 0)
    return f"{50 * float(np.median((cell['high'] - cell['low'])[both])):.1f} %" if both.any() else "–"


def powers(cells: Sequence[Cell]) -> list[str]:
    """Return how often a gain that the search found is proved, where the rows should prove it."""
    lines = [
        "| metric, law | rows | true gain | GO, margin 0 | GO by the corrected t-test on the folds, margin 0 "
        "| GO, margin 1 % | settled, margin 1 % | half-width |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {_metric(cell)} | {cell.rows:,} | {cell.search} = {100 * cell['truth'].mean():.1f} % "
        f"| {power_margin_zero(cell)} | {rate(cell['corrected_at_zero'] > 0, _all(cell))} "
        f"| {rate(cell['go'] > 0, _all(cell))} | {settled(cell)} | {_half_width(cell)} |"
        for cell in cells
        if "of the loss" in cell.search
    ]
    return lines


def rules(cells: Sequence[Cell]) -> list[str]:
    """Return how often other rules say GO on the same tables: at no gain (margin 0), and at the margin."""
    lines = [
        "| metric, law | rows | runner | best CV score | t-test on the folds | corrected t-test "
        "| chosen on the holdout |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    lines += [_rule_line(list(same)) for _, same in groupby(cells, lambda cell: (cell.metric, cell.law, cell.rows))]
    return [*lines, _rule_line(cells, "**all**", "")]


def _rule_line(cells: Sequence[Cell], metric: str | None = None, rows: str | None = None) -> str:
    rates = []
    for rule in ("go", "cv", "folds", "corrected", "picked"):
        truth = "picked_truth" if rule == "picked" else "truth"
        none = pooled(rate(cell[f"{rule}_at_zero"] > 0, cell[truth] <= 0) for cell in cells)
        margin = pooled(rate(cell[f"{rule}_at_truth"] > 0, _all(cell)) for cell in cells)
        rates.append(f"{none} / {margin}")
    first = cells[0]
    name = _metric(first) if metric is None else metric
    return f"| {name} | {f'{first.rows:,}' if rows is None else rows} | {' | '.join(rates)} |"
