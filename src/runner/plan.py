"""What will be run: the table, how it is judged, the ladder to climb, and which rows prove."""

from dataclasses import dataclass, replace

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
from runner.splits import FEWEST_FOLDS, Rows, Splits
from runner.splits.design import HOLDOUT, Design, divide
from runner.words import amount, counted, quoted


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
    if not any(rung.candidates or rung.spaces for rung in ladder[1:]):
        rungs = ", ".join(config.ladder.rungs)
        raise UserError(f"ladder.rungs=[{rungs}] leaves nothing to compare with no model: add one, such as tree.")
    splits, design, told = _divided(dataset, config, ladder, metric)
    dataset = replace(dataset, notes=(*dataset.notes, *told))
    development = dataset.take(splits.development)  # which depend on the design
    _assert_of_several_outcomes(development)
    metric = metric.for_shares(development.target, development.weights)
    ladder = with_best_constants(suited(ladder, development.target), development, metric)
    return Plan(dataset, metric, with_starts(ladder, config, dataset, splits), splits, design)


def _divided(
    dataset: Dataset, config: Config, ladder: tuple[Rung, ...], metric: Metric
) -> tuple[Splits, Design, list[str]]:
    """Divide the rows into the folds asked for, or into as many as there can be; then say so.

    Of four rows of a class, for instance, five folds cannot all have one, without which the metric may have no value.
    """
    evaluation, why = config.evaluation, ""
    while True:
        splits, design = divide(dataset, replace(config, evaluation=evaluation), ladder)
        _assert_weighted(dataset, splits)
        rows = _unscored(dataset, metric, splits)
        if rows is None:
            break
        if evaluation.folds <= FEWEST_FOLDS:
            raise _no_score(dataset, metric, rows)
        why = f"one of {evaluation.folds} would hold only {_there(dataset, rows)}"
        evaluation = replace(evaluation, folds=evaluation.folds - 1)
    folds, asked = len(splits.folds), config.evaluation.folds
    if design.kind != HOLDOUT or dataset.folds is not None or folds >= asked:
        return splits, design, []
    why = why or _too_few(dataset.take(splits.development), asked)
    folded = counted(folds, "fold")
    return splits, design, [f"Models are chosen on {folded} and not on {asked} (evaluation.folds): {why}."]


def _too_few(development: Dataset, folds: int) -> str:
    """Say what there is too little of for so many folds: groups, moments, or a past of the moments."""
    if development.groups is not None and (count := len(np.unique(development.groups))) < folds:
        return f"there are only {counted(count, 'group')} besides those kept aside"
    if development.time is not None and (count := len(np.unique(development.time))) <= folds:
        return f"there are only {counted(count, 'moment')} before those kept aside"
    return "others would judge on the same moments, or have no past to learn from"


def _assert_of_several_outcomes(development: Dataset) -> None:
    """Refuse rows to learn from that all have one outcome, as those do that are older than the first of another."""
    if np.ptp(development.target) > 0:
        return
    only = development.classes[development.target[0]] if development.classes else amount(float(development.target[0]))
    raise UserError(
        f"Target column {development.target_name!r} holds only {quoted([only])} in the "
        f"{counted(len(development), 'row')} that models learn from, and others only in rows kept aside: give more "
        "rows of others, or keep fewer rows aside (evaluation.holdout)."
    )


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


def _unscored(dataset: Dataset, metric: Metric, splits: Splits) -> Rows | None:
    """Return rows that must judge and on which the metric cannot, such as ROC AUC where there is only one class."""
    judging = _judging(splits) if dataset.classes else []
    return next((r for r in judging if not metric.can_judge(dataset.target[r], dataset.weights_of(r))), None)


def _there(dataset: Dataset, rows: Rows) -> str:
    """Name the classes of the rows that count."""
    counting = rows if dataset.weights is None else rows[dataset.weights[rows] > 0]
    return quoted(dataset.classes[code] for code in np.unique(dataset.target[counting]))


def _no_score(dataset: Dataset, metric: Metric, rows: Rows) -> UserError:
    sizes = np.bincount(dataset.target, minlength=len(dataset.classes))
    rarest = str(dataset.classes[int(sizes.argmin())])
    of_all, more = (
        ("the sample", "set budget.rows higher")
        if dataset.unused_rows
        else ("the table", "give more of them")
        if dataset.time is None
        else ("the table", "leave out the newest rows if their outcomes are not known yet")
    )
    many = counted(int(sizes.min()), "row")
    if dataset.groups is not None:
        many += f" in {counted(len(np.unique(dataset.groups[dataset.target == sizes.argmin()])), 'group')}"
    there = f"{_there(dataset, rows)} in {counted(len(rows), 'row')} that must judge"
    return UserError(
        f"{metric.label} has no value with only {there}, and of {rarest!r} {of_all} has {many}: {more}, or choose "
        "evaluation.metric=neg_log_loss."
    )
