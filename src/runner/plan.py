"""What will be run: the table, how it is judged, the ladder to climb, and which rows prove."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from runner.candidates.incumbent import incumbent_candidate
from runner.config import Config
from runner.dataset import Dataset
from runner.errors import UserError
from runner.ladder import Rung, make_ladder, suited, with_best_constants, with_incumbent
from runner.metrics import Metric, make_metric, takes_weights
from runner.metrics.money import money_metric
from runner.reading import build, load
from runner.sampling import ENOUGH_OF_A_CLASS
from runner.search.earlier import with_starts
from runner.splits import Rows, Splits
from runner.splits.design import Design, divide
from runner.words import counted, quoted


@dataclass(frozen=True, eq=False)
class Plan:
    """What a run starts from, before anything is fitted.

    Attributes
    ----------
    ladder : tuple of Rung
        It includes what is used today, if the data set config names it.
    design : Design
        Why the rows are split as they are, and what a verdict on them promises.
    """

    dataset: Dataset
    metric: Metric
    ladder: tuple[Rung, ...]
    splits: Splits
    design: Design


def make_plan(config: Config, frame: pd.DataFrame | None = None) -> Plan:
    """Read the table and decide how it will be judged.

    Parameters
    ----------
    frame : DataFrame, optional
        The table, if it should not be read from `config.dataset.path`.

    Raises
    ------
    UserError
        If the data or the config is wrong.
    """
    least = ENOUGH_OF_A_CLASS if takes_weights(config.evaluation.metric) else 0
    source = (config.dataset, config.budget.rows, config.seed, least)
    dataset = load(*source) if frame is None else build(frame, *source)
    matrix = config.economics.cost_matrix
    metric = money_metric(dataset, matrix) if matrix else make_metric(config.evaluation.metric, dataset)
    ladder = make_ladder(config.ladder, dataset.task, metric.name)
    if dataset.incumbent:
        ladder = with_incumbent(ladder, incumbent_candidate(dataset, metric))
    splits, design = divide(dataset, config, ladder)
    development = dataset.take(splits.development)  # which depend on the design
    ladder = with_best_constants(suited(ladder, development.target), development, metric)
    _assert_weighted(dataset, splits)
    _assert_scored(dataset, metric, splits, len(dataset) == config.budget.rows)
    return Plan(dataset, metric, with_starts(ladder, config, dataset, splits), splits, design)


def _assert_weighted(dataset: Dataset, splits: Splits) -> None:
    """Refuse weights that leave nothing to learn from or nothing to judge on."""
    learned = [splits.development[train] for train, _ in splits.folds]
    for rows in [*learned, splits.development, *_judging(splits)]:
        weights = dataset.weights_of(rows)
        if weights is not None and not weights.any():
            raise UserError(
                f"dataset.weight of {dataset.name!r} is 0 in all {counted(len(rows), 'row')} of a split: leave rows "
                "that do not count out of the table, or set evaluation.folds lower."
            )


def _judging(splits: Splits) -> list[Rows]:
    """Return each set of rows that a score is of: the folds and the holdout, or the outer folds."""
    if splits.outer:
        return [splits.outer.test(fold) for fold in splits.outer.outer()]
    return [*(splits.development[test] for _, test in splits.folds), splits.holdout]


def _assert_scored(dataset: Dataset, metric: Metric, splits: Splits, is_sample: bool) -> None:
    """Refuse a metric without a value on some of the judging rows, such as ROC AUC where there is only one class."""
    if not dataset.classes:
        return
    for rows in _judging(splits):
        dull = np.full((len(rows), len(dataset.classes)), 1 / len(dataset.classes))
        if metric.score_or_none(dataset.target[rows], dull, dataset.weights_of(rows)) is None:
            sizes = np.bincount(dataset.target, minlength=len(dataset.classes))
            counts = rows if dataset.weights is None else rows[dataset.weights[rows] > 0]
            there = quoted(dataset.classes[code] for code in np.unique(dataset.target[counts]))
            rarest = str(dataset.classes[int(sizes.argmin())])
            of_all, more = (
                ("the sample", "set budget.rows higher if the table has more")
                if is_sample
                else ("the table", "give more of them")
                if dataset.time is None
                else ("the table", "leave out the newest rows if their outcomes are not known yet")
            )
            raise UserError(
                f"{metric.label} has no value with only {there} in {counted(len(rows), 'row')} that must judge, and "
                f"of {rarest!r} {of_all} has {counted(int(sizes.min()), 'row')}: {more}, set evaluation.folds lower, "
                "or choose evaluation.metric=neg_log_loss."
            )
