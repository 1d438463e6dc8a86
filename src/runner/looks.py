"""The one look at the rows that prove: finalists fitted anew, and what they say of rows that chose nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from runner.candidates.pipeline import Candidate
from runner.costs import Costs
from runner.engine import Call, Outcome
from runner.errors import in_a_line
from runner.evaluate import fit_and_predict
from runner.evaluation import Evaluation, Status
from runner.judge import Judge
from runner.prepared import path_of
from runner.proof import Proof
from runner.record import key_of


@dataclass(frozen=True, eq=False)
class Look:
    """What a finalist said of the rows that prove: `Proof.rows`, in this order.

    Under nested folds it is not one model but a role, such as the cheap champion, which each outer fold fills anew.

    Attributes
    ----------
    predictions : ndarray, shape (rows,) or (rows, classes), or None
        None where it could not be fitted, or its predictions not be scored; `reason` then says why.
    score : float or None
        In the scorer's own sign: greater is better.
    """

    candidate: str
    predictions: NDArray[np.float64] | None
    score: float | None
    costs: Costs
    reason: str | None = None


def look(judge: Judge, picks: Sequence[Mapping[str, Candidate]], deadline: float) -> dict[str, Look]:
    """Fit the finalists and let them see the rows that prove: to be called once a run.

    A blend is the mean of its members, which are fitted once, however many blends they are in.

    Parameters
    ----------
    picks : sequence of mapping, one for each fold of `judge.proof`
        The candidate that each finalist's name stands for in that fold.
    deadline : float
        On the clock of the run.
    """
    fits = _fits(judge, picks, deadline)
    return {
        name: _looked(name, [_mean(fits[fold], picked[name]) for fold, picked in enumerate(picks)], judge.proof)
        for name in picks[0]
    }


@dataclass(frozen=True, eq=False)
class _Fit:
    """A candidate to be fitted without the rows of one fold, and the key that its predictions are kept under."""

    candidate: Candidate
    fold: int
    key: str


def _fits(judge: Judge, picks: Sequence[Mapping[str, Candidate]], deadline: float) -> list[dict[str, Outcome]]:
    """Fit, on each fold, all candidates that are picked there, and keep what they predict by name."""
    fits: list[dict[str, Outcome]] = [{} for _ in picks]
    todo: list[_Fit] = []
    for fit in _wanted(judge, picks):
        if found := judge.record.find(fit.key):
            fits[fit.fold][fit.candidate.name] = Outcome(Status.OK, (found.predictions, found.costs))
        else:
            todo.append(fit)
    for number, outcome in judge.engine.run(_calls(judge, todo, deadline), deadline) if todo else ():
        fit = todo[number]
        fits[fit.fold][fit.candidate.name] = outcome
        if outcome.value is not None:
            predictions, costs = outcome.value
            done = Evaluation(fit.candidate.name, fit.candidate.rung, Status.OK, costs, predictions=predictions)
            judge.record.add(fit.key, done)
    return fits


def _wanted(judge: Judge, picks: Sequence[Mapping[str, Candidate]]) -> list[_Fit]:
    """Return what is to be fitted in each fold: each candidate once, a blend's members in its place."""
    wanted = []
    for fold, (picked, (train, test)) in enumerate(zip(picks, judge.proof.folds, strict=True)):
        for candidate in {one.name: one for finalist in picked.values() for one in finalist.singles}.values():
            key = key_of(judge.rows_key, "look", train, test, replace(candidate, drawn={}))
            wanted.append(_Fit(candidate, fold, key))
    return wanted


def _calls(judge: Judge, todo: Sequence[_Fit], deadline: float) -> list[Call]:
    """Prepare the folds, each form of the columns once, and return the fits that they are for."""
    dataset, folds = judge.engine.share(judge.dataset, "all.pkl"), judge.proof.folds
    first = len(judge.splits.folds)  # those before it are the folds that choose
    forms = {(fit.fold, fit.candidate.preparation): fit for fit in todo}
    judge.prepare([(fit.candidate, first + fit.fold, folds[fit.fold]) for fit in forms.values()], dataset, deadline)
    paths = [path_of(judge.engine.folder, fit.candidate.preparation, first + fit.fold) for fit in todo]
    return [
        Call(fit_and_predict, (fit.candidate, dataset, *folds[fit.fold], judge.seed, path))
        for fit, path in zip(todo, paths, strict=True)
    ]


def _looked(name: str, parts: Sequence[Outcome], proof: Proof) -> Look:
    """Put together what a finalist said of each fold; one that a fold has nothing of has said nothing."""
    costs = sum((part.costs for part in parts), Costs())
    if lost := [part for part in parts if part.value is None]:
        return Look(name, None, None, costs, lost[0].reason)
    predictions = np.concatenate([part.value for part in parts])
    try:
        score = proof.score(predictions)
    except ValueError as error:  # as a logarithm of what is predicted below zero: no gain is known of it either
        return Look(name, None, None, costs, f"its score is not to be had ({in_a_line(error)}).")
    return Look(name, predictions, score if np.isfinite(score) else None, costs)


def _mean(fits: Mapping[str, Outcome], candidate: Candidate) -> Outcome:
    """Return what a candidate predicts, from what it or its members do; or why one of them does not."""
    own = [fits[single.name] for single in candidate.singles]
    costs = sum((outcome.value[1] if outcome.value else outcome.costs for outcome in own), Costs())
    if lost := [outcome for outcome in own if outcome.value is None]:
        return Outcome(lost[0].status, None, lost[0].reason, costs)
    weights = [weight for _, weight in candidate.members] or [1.0]
    predictions = np.average([outcome.value[0] for outcome in own], axis=0, weights=weights)
    return Outcome(Status.OK, predictions, None, costs)
