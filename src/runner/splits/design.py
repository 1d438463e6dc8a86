"""The design of a run: a holdout, or nested folds if there are few rows. Nothing is fitted to choose it."""

import math
from dataclasses import dataclass

import numpy as np

from runner.config import Config
from runner.dataset import Dataset
from runner.errors import UserError, check_known
from runner.gain import rows_to_settle
from runner.ladder import Rung
from runner.splits import Splits, holdout_share, make_nested_splits, make_splits
from runner.splits.outer_folds import OUTER, REPEATS
from runner.words import counted

HOLDOUT, NESTED, AUTO = "holdout", "nested", "auto"
ROW_SD = 0.47  # sd of the difference in loss of a row, over the dummy's loss: median of 30 searches on 20 tables
SMALLEST = 0.01  # skill: the smallest gain that the design aims to detect
LEAST = {"rows": 100, "groups": 2 * OUTER, "rows of the rarest class": 4 * OUTER}
FITS_AT_THE_END = 6 * OUTER * REPEATS  # of finalists, including the members of blends
SECONDS_A_FIT, SECONDS_A_CELL = 0.15, 4e-6  # CPU seconds per fit and per cell, for the standard ladder and its search
ENOUGH_TRIALS = 24  # that the budget must allow for; a longer search may end when time runs out
SHARE = 1 / 3  # of the budget that nesting may take by forecast: machines are shared, and the search needs time too
CORES = 2  # assumed for the forecast, so that the same config leads to the same design on every machine


@dataclass(frozen=True)
class Design:
    """How the verdict is reached.

    Attributes
    ----------
    kind : str
        ``holdout`` or ``nested``.
    why : str
        The reason in a sentence.
    rows : int
        Rows that the verdict rests on: the holdout, or all.
    train_rows : int
        Approximate number of rows that the compared models are fitted on.
    folds, repeats : int
        Of the outer folds; 1 and 1 for a holdout.
    """

    kind: str
    why: str
    rows: int
    train_rows: int
    folds: int = 1
    repeats: int = 1

    @property
    def promise(self) -> str:
        """Say what the interval of the gain is about."""
        if self.kind == HOLDOUT:
            return (
                "the gain of the models fitted on the development rows; the lower bound also holds for the models "
                "refitted on all rows, unless more rows do harm"
            )
        return (
            f"the gain of the whole procedure (including the choice of models) when trained on {self.train_rows:,} "
            f"rows, averaged over {self.folds} x {self.repeats} outer folds: the lower bound also holds for the models "
            "refitted on all rows, unless more rows do harm; the upper bound holds for that many rows only"
        )


def divide(dataset: Dataset, config: Config, ladder: tuple[Rung, ...]) -> tuple[Splits, Design]:
    """Choose the design and split the rows accordingly.

    Raises
    ------
    UserError
        If there is no such design, or it is not possible with these rows.
    """
    wanted = config.evaluation.design
    check_known("evaluation.design", wanted, (AUTO, HOLDOUT, NESTED))
    asked = "Asked for by evaluation.design."
    if wanted == HOLDOUT:
        return _holdout(dataset, config, asked)
    obstacle = _obstacle(dataset)
    if wanted == NESTED:
        if obstacle:
            raise UserError(f"evaluation.design=nested is not possible: {obstacle} Use evaluation.design=holdout.")
        return _nested(dataset, config, asked)
    if against := obstacle or _against_nesting(dataset, config, ladder):
        return _holdout(dataset, config, against)
    try:
        return _nested(
            dataset,
            config,
            "There are few rows, so all of them judge: each row judges only models that have not seen it.",
        )
    except UserError as error:
        return _holdout(dataset, config, str(error))


def _holdout(dataset: Dataset, config: Config, why: str) -> tuple[Splits, Design]:
    splits = make_splits(dataset, config.evaluation, config.seed)
    if unused := len(dataset) - len(splits.holdout) - len(splits.development):
        of_these = "of groups that reach into the newest rows, or within the gap before these"
        why = f"{why} {counted(unused, 'row')} {'is' if unused == 1 else 'are'} on neither side: {of_these}."
    return splits, Design(HOLDOUT, why, len(splits.holdout), len(splits.development))


def _nested(dataset: Dataset, config: Config, why: str) -> tuple[Splits, Design]:
    rows = len(dataset)
    splits = make_nested_splits(dataset, config.seed)
    return splits, Design(NESTED, why, rows, rows - math.ceil(rows / OUTER), OUTER, REPEATS)


def _obstacle(dataset: Dataset) -> str | None:
    """Return the reason why nested folds are impossible; None if they are possible."""
    if dataset.folds is not None:
        return "dataset.fold says how to split."
    if dataset.time is not None:
        return "rows in the order of time are judged on the latest ones."
    counts = {"rows": len(dataset)}
    if dataset.groups is not None:
        counts["groups"] = len(np.unique(dataset.groups))
    if dataset.task.is_classification:
        counts["rows of the rarest class"] = int(np.bincount(dataset.target).min())
    for what, count in counts.items():
        if count < LEAST[what]:
            return f"there are too few {what} for {OUTER} folds: {count}, and {LEAST[what]} are needed."
    return None


def _against_nesting(dataset: Dataset, config: Config, ladder: tuple[Rung, ...]) -> str | None:
    """Return the reason for a holdout, if there are enough rows for one or the budget is too small; else None."""
    units = len(dataset) if dataset.groups is None else len(np.unique(dataset.groups))
    needed = rows_to_settle(ROW_SD, max(config.economics.worthwhile_gain, SMALLEST))
    if holdout_share(config.evaluation, dataset) * units >= needed:
        return f"There are enough rows: with {needed:,} kept aside, a gain worth having is seen in 80 % of cases."
    candidates = sum(len(rung.candidates) for rung in ladder)
    trials = min(config.budget.trials, ENOUGH_TRIALS) if any(rung.is_search for rung in ladder) else 0
    seconds = forecast_cpu_seconds(len(dataset), dataset.features.shape[1], candidates + trials)
    if seconds > SHARE * CORES * config.budget.seconds:
        return (
            f"Nested folds would take about {seconds:,.0f} CPU s, more than a third of what {CORES} cores have in the "
            f"{config.budget.seconds:,.0f} s of the budget."
        )
    return None


def forecast_cpu_seconds(rows: int, columns: int, configurations: int) -> float:
    """Forecast the CPU seconds of nested folds from sizes alone, so that the design does not depend on any clock."""
    fits = configurations * OUTER * (OUTER - 1) // 2 * REPEATS + FITS_AT_THE_END
    return fits * (SECONDS_A_FIT + SECONDS_A_CELL * rows * columns)
