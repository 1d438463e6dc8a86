"""A measured learning curve: a cheap model trained on parts of the rows and judged on the same folds."""

from collections.abc import Sequence

import numpy as np

from runner import sampling, words
from runner.candidates.pipeline import Candidate
from runner.climb import Climb
from runner.decision.curve import Curve, fit_curve
from runner.decision.economics import unit_value
from runner.errors import UserError
from runner.judge import Judge
from runner.splits import PLAIN_FOLDS, Fold, Rows, plain_folds

PARTS = (8, 4, 2, 1)  # divisors: an eighth of the training rows, a quarter, half, all
SMALLEST = 40  # training rows; with fewer, the curve does not show what more rows would bring
SHARE = 0.25  # of the cheap rungs' CPU time, the most that the curve may cost
FEWEST_FOLDS = 3
NOTHING_LEFT = 1e-4  # of the dummy's loss


def learning_curve(climb: Climb, judge: Judge, seconds_left: float) -> Curve | str:
    """Return the curve of a single cheap model, or the reason, as a sentence, why there is none.

    It is the best one or, with prices, the cheap champion: what more rows would bring a model that is not worth its
    upkeep is of no use to anyone.

    Parameters
    ----------
    seconds_left : float
        Wall seconds before the end of the run; the curve may take an eighth of them.
    """
    singles = [evaluation for _, evaluation in climb.pool()]
    if not singles:
        return "No cheap model has a score."
    champion = None if unit_value(climb.prices) is None else climb.champion()
    leader = next((each for each in singles if each is champion), singles[0])  # none is drawn of a blend
    if champion is not None and champion is climb.dummy():
        return "At these prices, no model is worth what it costs."
    if climb.loss_left() < NOTHING_LEFT:
        return f"{leader.candidate} is nearly perfect on the folds: nothing is left to win."
    fit = len(judge.splits.folds)
    plain = plain_folds(judge.splits, judge.development, judge.seed)
    folds = plain[-_affordable(climb, leader.costs.cpu_seconds / fit) :]
    fewest = min(len(train) for train, _ in folds) // PARTS[0]
    if len(folds) < 2:
        return "There is only one fold, and two are needed."
    if fewest < SMALLEST:
        return f"There are too few rows: an eighth of the training rows is {fewest}, and {SMALLEST} are needed."
    with_all = None if judge.splits.outer else leader.fold_scores[-len(folds) :]
    fits = 2 if with_all is None else 1  # for each fold: the parts of its rows together take as long as all of them
    forecast = fits * leader.costs.wall_seconds / fit * len(folds) / judge.workers
    if forecast > seconds_left / 8:
        return f"There was no time: it would have taken about {words.duration(forecast)}."
    deadline = judge.engine.clock.now() + seconds_left / 4
    try:
        return measured(climb.candidate(leader.candidate), judge, folds, deadline, with_all)
    except UserError as error:
        return str(error)


def _affordable(climb: Climb, one_fit: float) -> int:
    """Return how many folds the CPU allowance covers (the last ones, which have the most past in time splits)."""
    return int(np.clip(SHARE * climb.cpu_seconds() / max(2 * one_fit, 1e-9), FEWEST_FOLDS, PLAIN_FOLDS))


def measured(
    candidate: Candidate,
    judge: Judge,
    folds: Sequence[Fold],
    deadline: float,
    with_all: Sequence[float] | None = None,
) -> Curve | str:
    """Fit a candidate on parts of each fold's training rows, and fit the curve to its scores.

    Parameters
    ----------
    with_all : sequence of float, optional
        Its scores with all training rows, where these folds have judged it before.
    """
    try:
        sizes = [[(_part_of(train, part, judge), test) for train, test in folds] for part in PARTS]
    except UserError:
        return "The groups are too large: an eighth of the training rows cannot hold two of them."
    evaluations = judge.evaluate_on(candidate, sizes if with_all is None else sizes[:-1], deadline)
    if lost := [e for e in evaluations if not e.ok]:
        return f"{candidate.name} could not be fitted on part of the rows: {lost[0].reason}"
    rows = [round(float(np.mean([len(train) for train, _ in size]))) for size in sizes]
    known = [] if with_all is None else [with_all]
    scores, data = np.array([*(e.fold_scores for e in evaluations), *known]), judge.dataset
    left = max(0.0, judge.metric.loss(float(scores[-1].mean())))
    return fit_curve(candidate.name, rows, scores, len(data), data.has_more_of_rare, left)


def _part_of(rows: Rows, part: int, judge: Judge) -> Rows:
    """Return 1/`part` of the rows: the latest ones (time), whole groups, or a stratified draw."""
    if part == 1:
        return rows
    data = judge.development
    groups = None if data.groups is None else data.groups[rows]
    return rows[sampling.sample(data.strata[rows], groups, data.time is not None, len(rows) // part, judge.seed)]
