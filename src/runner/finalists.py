"""Who is looked at in the end, named on rows that do not judge: once for a holdout, or anew in each outer fold."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, replace

from runner.blending import blend_cheap, blend_search
from runner.candidates.pipeline import Candidate
from runner.climb import Climb
from runner.evaluation import Evaluation
from runner.judge import Judge
from runner.ladder import BLEND
from runner.outerfolds import Outer
from runner.outoffold import PairedOutOfFold
from runner.recalibration import Recalibration, recalibration

DUMMY, CHAMPION, CHALLENGER, BEST = "dummy", "champion", "challenger", "best"
TODAY, RIVAL = "today", "rival"  # the incumbent, and the best cheap model

Corrections = dict[str, Recalibration | None]


@dataclass(frozen=True, eq=False)
class Finalists:
    """Whom to look at.

    Attributes
    ----------
    roles : dict
        The evaluation that has each role, on all development rows. Of two roles that one candidate has, the first is
        what it is judged in.
    picks : list of dict
        For each fold that judges, the candidate that each finalist's name stands for.
    corrections : list of dict
        Likewise, what is done to its probabilities before costs are weighed; learned on rows that do not judge.
    """

    roles: dict[str, Evaluation]
    picks: list[dict[str, Candidate]]
    corrections: list[Corrections]

    def chosen(self) -> dict[str, dict[str, int]]:
        """Return how often each candidate was picked for champion and challenger."""
        return {role: self._counts(self.roles[role].candidate) for role in (CHAMPION, CHALLENGER) if role in self.roles}

    def _counts(self, name: str) -> dict[str, int]:
        picked = [pick[name].name for pick in self.picks]
        return {one: picked.count(one) for one in sorted(picked, key=lambda one: (-picked.count(one), one))}


def roles(climb: Climb) -> dict[str, Evaluation]:
    """Return who has which role; a climb without a score has none, and not each has a challenger.

    What is used today comes before the champion: it is itself in each outer fold, whoever leads there.
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
    """Name the finalists; None where not even the dummy has a score.

    Nested, the whole way up is judged: each outer fold has its own cheap champion, its own weights of the blends and
    its own challenger, from the scores of models and rows that have nothing of that fold.
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
    """Return who has the roles of these names in a view; without a challenger the champion is kept."""
    named = roles(view)
    return {name: view.candidate(named.get(role, named[CHAMPION]).candidate) for name, role in names.items()}


def _corrections(view: Climb, judge: Judge, picks: Mapping[str, Candidate]) -> Corrections:
    return {name: correction(view, judge, candidate.name) for name, candidate in picks.items()}


def correction(view: Climb, judge: Judge, name: str) -> Recalibration | None:
    """Learn from a candidate's out-of-fold predictions what its probabilities need before costs are weighed."""
    found = view.evaluation(name)
    if judge.metric.costs is None or judge.metric.threshold is None or found is None or found.predictions is None:
        return None
    return recalibration(found.predictions, judge.development.target, judge.development.weights)


def seen_without(climb: Climb, folds: PairedOutOfFold, outer: Outer) -> Climb:
    """Return the climb as it would have been without one outer fold: other scores, other blends, other leaders."""
    inner = folds.within(outer)
    seen = Climb(climb.ladder, climb.metric, climb.prices, climb.contender)
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
