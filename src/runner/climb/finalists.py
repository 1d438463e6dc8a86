"""The finalists of the last look, named without the rows that judge: once for a holdout, or for each outer fold."""

import copy
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from runner.candidates.decision import DecisionRule
from runner.candidates.pipeline import Candidate
from runner.climb import Climb
from runner.climb.blending import blend_cheap, blend_search
from runner.evaluation import Evaluation
from runner.judge import Judge
from runner.judge.out_of_fold import InnerOutOfFold, PairedOutOfFold
from runner.ladder import BLEND
from runner.recalibration import Recalibration, recalibration
from runner.splits.outer_folds import Outer
from runner.task import Task

DUMMY, CHAMPION, CHALLENGER, BEST = "dummy", "champion", "challenger", "best"
TODAY, RIVAL = "today", "rival"  # the incumbent, and the best cheap model

Corrections = dict[str, Recalibration | None]


@dataclass(frozen=True, eq=False)
class Finalists:
    """The finalists of a run.

    Attributes
    ----------
    roles : dict
        The evaluation, on all development rows, for each role. A candidate with two roles is judged in the first of
        them.
    picks : list of dict
        For each fold that judges, the candidate that stands in for each finalist's name.
    corrections : list of dict
        Likewise, the correction of its probabilities before costs are weighed, learned on rows that do not judge.
    """

    roles: dict[str, Evaluation]
    picks: list[dict[str, Candidate]]
    corrections: list[Corrections]

    def chosen(self) -> dict[str, dict[str, int]]:
        """Return how often each candidate was picked as champion and as challenger."""
        return {role: self._counts(self.roles[role].candidate) for role in (CHAMPION, CHALLENGER) if role in self.roles}

    def _counts(self, name: str) -> dict[str, int]:
        return dict(Counter(sorted(pick[name].name for pick in self.picks)).most_common())


def roles(climb: Climb) -> dict[str, Evaluation]:
    """Return the evaluation for each role; empty without scores, and without a challenger if there is none.

    What is used today comes before the champion, as it stays the same in each outer fold, whichever model leads there.
    """
    scored, dummy, champion = climb.scored(), climb.dummy(), climb.champion()
    if dummy is None or champion is None:
        return {}
    today = climb.incumbent()
    found = {DUMMY: dummy} | ({TODAY: today} if today else {}) | {CHAMPION: champion, BEST: scored[0]}
    if challenger := climb.challenger():
        found[CHALLENGER] = challenger
    if today:
        rivals = [evaluation for evaluation in scored if evaluation not in (today, dummy)]
        found |= {RIVAL: rivals[0]} if rivals else {}
    return found


def name_finalists(climb: Climb, judge: Judge) -> Finalists | None:
    """Name the finalists; None if not even the dummy has a score.

    With nested folds, the whole climb is judged: each outer fold has its own cheap champion, blend weights and
    challenger, chosen by the scores of models and rows that do not involve that fold.
    """
    if not (named := roles(climb)):
        return None
    names = {evaluation.candidate: role for role, evaluation in reversed(named.items())}
    if not isinstance(judge.out_of_fold, PairedOutOfFold):
        picks = {name: climb.candidate(name) for name in names}
        return Finalists(named, [picks], [_corrections(climb, judge, picks)])
    views = [seen_without(climb, judge.out_of_fold, outer) for outer in judge.out_of_fold.folds.outer()]
    picked = [_picks(view, names) for view in views]
    corrections = [_corrections(view, judge, picks) for view, picks in zip(views, picked, strict=True)]
    return Finalists(named, picked, corrections)


def _picks(view: Climb, names: Mapping[str, str]) -> dict[str, Candidate]:
    """Return the candidate that has each name's role in a view; without a challenger, the champion stands in."""
    named = roles(view)
    return {name: view.candidate(named.get(role, named[CHAMPION]).candidate) for name, role in names.items()}


def _corrections(view: Climb, judge: Judge, picks: Mapping[str, Candidate]) -> Corrections:
    return {name: correction(view, judge, candidate.name) for name, candidate in picks.items()}


def correction(view: Climb, judge: Judge, name: str) -> Recalibration | None:
    """Learn the correction of a candidate's probabilities from its out-of-fold predictions; None if it needs none.

    What is used today is judged as it decides; corrected, it would be another rule, one that nobody uses.
    """
    found, metric = view.evaluation(name), judge.metric
    if metric.task is not Task.BINARY or not metric.weighs_decisions or view.candidate(name).is_incumbent:
        return None
    if found is None or found.predictions is None:
        return None
    return recalibration(found.predictions, judge.development.target, judge.development.weights)


def decision_rule(view: Climb, judge: Judge, name: str) -> DecisionRule | None:
    """Return how a model decides that is kept; None if for the most probable class."""
    found, line = view.evaluation(name), correction(view, judge, name)
    if found is None or found.predictions is None or not judge.metric.weighs_decisions:
        return None
    said, weights = found.predictions[found.judged], judge.development.weights_of(found.judged)
    losses = judge.metric.losses_of_decisions(said if line is None else line.apply(said), weights)
    return None if losses is None else DecisionRule(losses, line)


def seen_without(climb: Climb, folds: PairedOutOfFold, outer: Outer) -> Climb:
    """Return the climb as it would have been without one outer fold, with other scores, blends and leaders.

    Blends leave out whom the run's own had no time for.
    """
    inner = InnerOutOfFold(folds, outer)
    seen = Climb(climb.ladder, climb.metric, climb.prices, climb.contender, too_slow=climb.too_slow)
    for evaluation in climb.evaluations:
        if evaluation.rung == BLEND:
            blend_cheap(seen, inner)
        else:
            seen.evaluations.append(inner.seen(evaluation))
    if climb.search:
        seen.search = copy.copy(climb.search)
        seen.search.trials = [replace(trial, evaluation=inner.seen(trial.evaluation)) for trial in climb.search.trials]
        if climb.blended_search:
            blend_search(seen, inner)
    return seen
