"""The one look at the proof rows: finalists are fitted again and predict rows that played no part in any choice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from runner.candidates.pipeline import Candidate
from runner.costs import Costs
from runner.engine import Call, Outcome
from runner.errors import in_a_line
from runner.evaluation import Evaluation, Status
from runner.evaluation.evaluate import fit_and_predict
from runner.evaluation.prepared import path_of
from runner.judge import Judge
from runner.judge.proof import Proof
from runner.record import key_of


@dataclass(frozen=True, eq=False)
class Look:
    """What a finalist predicted for the proof rows, in the order of `Proof.rows`.

    Under nested folds this is not one model but a role, such as the cheap champion, that each outer fold fills again.

    Attributes
    ----------
    predictions : ndarray, shape (rows,) or (rows, classes), or None
        None if the finalist could not be fitted or its predictions could not be scored; `reason` then says why.
    score : float or None
        In the scorer's own sign: greater is better.
    """

    candidate: str
    predictions: NDArray[np.float64] | None
    score: float | None
    costs: Costs
    reason: str | None = None


def look(judge: Judge, picks: Sequence[Mapping[str, Candidate]], deadline: float) -> dict[str, Look]:
    """Fit the finalists and predict the proof rows; call this once per run.

    A blend is the mean of its members, each fitted once however many blends it belongs to.

    Parameters
    ----------
    picks : sequence of mapping, one for each fold of `judge.proof`
        The candidate that each finalist's name stands for in that fold.
    deadline : float
        The time, on the run's clock, at which fitting must end.
    """
    fits = _fits(judge, picks, deadline)
    return {
        name: _looked(name, [_mean(fits[fold], picked[name]) for fold, picked in enumerate(picks)], judge.proof)
        for name in picks[0]
    }


@dataclass(frozen=True, eq=False)
class _Fit:
    """A candidate to fit without the rows of one fold, and the key under which its predictions are kept."""

    candidate: Candidate
    fold: int
    key: str


def _fits(judge: Judge, picks: Sequence[Mapping[str, Candidate]], deadline: float) -> list[dict[str, Outcome]]:
    """Fit, on each fold, all candidates picked there, and keep their predictions by name."""
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
    """Return what to fit in each fold: each candidate once, and a blend's members instead of the blend."""
    wanted = []
    for fold, (picked, (train, test)) in enumerate(zip(picks, judge.proof.folds, strict=True)):
        for candidate in {one.name: one for finalist in picked.values() for one in finalist.singles}.values():
            key = key_of(judge.rows_key, "look", train, test, replace(candidate, drawn={}))
            wanted.append(_Fit(candidate, fold, key))
    return wanted


def _calls(judge: Judge, todo: Sequence[_Fit], deadline: float) -> list[Call]:
    """Prepare the folds, each preparation of the columns once, and return the fits that use them."""
    dataset, folds = judge.engine.share(judge.dataset, "all.pkl"), judge.proof.folds
    first = len(judge.splits.folds)  # the folds before it are those that choose
    forms = {(fit.fold, fit.candidate.preparation): fit for fit in todo}
    judge.prepare([(fit.candidate, first + fit.fold, folds[fit.fold]) for fit in forms.values()], dataset, deadline)
    paths = [path_of(judge.engine.folder, fit.candidate.preparation, first + fit.fold) for fit in todo]
    return [
        Call(fit_and_predict, (fit.candidate, dataset, *folds[fit.fold], judge.seed, path))
        for fit, path in zip(todo, paths, strict=True)
    ]


def _looked(name: str, parts: Sequence[Outcome], proof: Proof) -> Look:
    """Join a finalist's predictions over the folds; if one fold has none, there are none."""
    costs = sum((part.costs for part in parts), Costs())
    if lost := [part for part in parts if part.value is None]:
        return Look(name, None, None, costs, lost[0].reason)
    predictions = np.concatenate([part.value for part in parts])
    try:
        score = proof.score(predictions)
    except ValueError as error:  # such as the logarithm of a prediction below zero; then no gain is known either
        return Look(name, None, None, costs, f"its score cannot be computed ({in_a_line(error)}).")
    return Look(name, predictions, score if np.isfinite(score) else None, costs)


def _mean(fits: Mapping[str, Outcome], candidate: Candidate) -> Outcome:
    """Return a candidate's predictions, averaged over its members if it is a blend, or why one of them has none."""
    own = [fits[single.name] for single in candidate.singles]
    costs = sum((outcome.value[1] if outcome.value else outcome.costs for outcome in own), Costs())
    if lost := [outcome for outcome in own if outcome.value is None]:
        return Outcome(lost[0].status, None, lost[0].reason, costs)
    weights = [weight for _, weight in candidate.members] or [1.0]
    predictions = np.average([outcome.value[0] for outcome in own], axis=0, weights=weights)
    return Outcome(Status.OK, predictions, None, costs)
