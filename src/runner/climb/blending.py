"""Blends: new candidates from the weighted out-of-fold predictions of those that were already evaluated."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

import numpy as np

from runner.candidates.blend import POOL, greedy_weights
from runner.candidates.pipeline import Candidate
from runner.climb import Climb
from runner.costs import Costs
from runner.evaluation import Evaluation, Status
from runner.judge.out_of_fold import OutOfFold
from runner.ladder import BLEND, SEARCH, SEARCH_BLEND

STEPS = 12  # greedy choices; more of them add serving cost, not score

InTime = Callable[[Candidate], bool]


def always(_: Candidate) -> bool:
    """Say of any blend that there is time for it, as where it is fitted on some of the folds only."""
    return True


def blend_cheap(climb: Climb, folds: OutOfFold, is_in_time: InTime = always) -> Evaluation | None:
    """Blend the cheap candidates of a climb, and add the blend to it; None if no mix of them scores better than one."""
    if not (made := _blend_in_time(BLEND, BLEND, climb, folds, is_in_time)):
        return None
    candidate, evaluation = made
    climb.blends.append(candidate)
    climb.evaluations.append(evaluation)
    return evaluation


def blend_search(climb: Climb, folds: OutOfFold, is_in_time: InTime = always) -> Evaluation | None:
    """Blend the trials of the search with the cheap candidates; None if the blend contains no trial, or one alone."""
    if not (climb.search and climb.search.best()):
        return None
    if not (made := _blend_in_time(SEARCH_BLEND, SEARCH, climb, folds, is_in_time)):
        return None
    candidate, evaluation = made
    if not any(member.rung == SEARCH for member, _ in candidate.members):
        return None
    climb.blends.append(candidate)
    climb.blended_search = evaluation
    return evaluation


def _blend_in_time(
    name: str, rung: str, climb: Climb, folds: OutOfFold, is_in_time: InTime
) -> tuple[Candidate, Evaluation] | None:
    """Blend the best that there is time to fit; None if one alone scores best.

    Of a blend that would take too long, the members that take half as long as the longest, or longer, are left out.
    """
    slow, besides = climb.too_slow.setdefault(name, set()), in_cheap_blend(climb)
    while len(pool := [each for each in climb.pool() if each[0].name not in slow]) > 1:
        candidate, evaluation = blend(name, rung, pool, folds, besides)
        if len(candidate.members) < 2:
            return None
        if is_in_time(candidate):
            return candidate, evaluation
        seconds = {one.name: each.costs.own_cpu_seconds for one, each in pool}
        half = max(seconds[member.name] for member, _ in candidate.members) / 2
        slow |= {one for one, took in seconds.items() if took >= half}
    return None


def blend(
    name: str,
    rung: str,
    pool: Sequence[tuple[Candidate, Evaluation]],
    folds: OutOfFold,
    besides: Collection[str] = (),
) -> tuple[Candidate, Evaluation]:
    """Blend the best of the candidates greedily on their out-of-fold predictions.

    Its fold scores are a little too good, because the same rows chose the weights; the verdict judges it on other rows.
    It costs what its members cost, except that work they share when serving is counted once.

    Parameters
    ----------
    pool : sequence of (Candidate, Evaluation)
        With scores and out-of-fold predictions; at least one.
    folds : OutOfFold
        The folds that the predictions belong to.
    besides : collection of str
        Names of candidates in the pool that are weighed too, where they are not among the best.
    """
    best = _best(pool, besides)
    predictions = [given for _, evaluation in best if (given := folds.of(evaluation)) is not None]
    counts = greedy_weights(lambda mean: float(np.mean(folds.scores(mean))), predictions, STEPS)
    members = tuple((candidate, float(count)) for (candidate, _), count in zip(best, counts, strict=True) if count)
    chosen = [member for member, count in zip(best, counts, strict=True) if count]
    candidate = Candidate(name, rung, "runner.candidates.blend.Blend", "none", members=members)
    text = ", ".join(f"{count:.0f} x {member.name}" for member, count in members)
    evaluation = Evaluation(name, rung, Status.OK, _costs(chosen), text=text)
    return candidate, folds.scored(evaluation, np.average(predictions, axis=0, weights=counts))


def members_on_one_fold(climb: Climb, folds: OutOfFold) -> list[Candidate]:
    """Return the members that a blend of the best so far would have, weighed on the last fold alone, to be quick."""
    best, test = _best(climb.pool(), in_cheap_blend(climb)), folds.tests[-1]
    predictions = [e.predictions[test] for _, e in best if e.predictions is not None]
    if len(predictions) < 2:
        return [candidate for candidate, _ in best]
    counts = greedy_weights(lambda mean: folds.score(test, mean), predictions, STEPS)
    return [candidate for (candidate, _), count in zip(best, counts, strict=True) if count]


def in_cheap_blend(climb: Climb) -> set[str]:
    """Return the members of the cheap blend: trials that are much like each other would crowd them out."""
    return {member.name for blend in climb.blends if blend.rung == BLEND for member, _ in blend.members}


def _best(pool: Sequence[tuple[Candidate, Evaluation]], besides: Collection[str]) -> list[tuple[Candidate, Evaluation]]:
    """Return the best of all, and the best of each estimator, as models that are unlike each other add most."""
    ranked = sorted(pool, key=lambda item: -(item[1].score or 0.0))
    first = {candidate.estimator: candidate.name for candidate, _ in reversed(ranked)}
    taken = {*(candidate.name for candidate, _ in ranked[:POOL]), *first.values(), *besides}
    return [each for each in ranked if each[0].name in taken]


def _costs(members: Sequence[tuple[Candidate, Evaluation]]) -> Costs:
    """Add up what the members take to fit, to serve and to store.

    When serving, a blend cleans the rows once and prepares each form once (see `candidates.blend`).
    """
    each = [evaluation.costs for _, evaluation in members]
    total = sum(each, Costs())
    forms = {candidate.preparation: evaluation.costs.encode_seconds or 0.0 for candidate, evaluation in members}
    prepared = [(costs.clean_seconds or 0.0) + (costs.encode_seconds or 0.0) for costs in each]
    predicted = sum((costs.predict_seconds or 0.0) - own for costs, own in zip(each, prepared, strict=True))
    clean, encoded = max(costs.clean_seconds or 0.0 for costs in each), sum(forms.values())
    return replace(
        total,
        predict_seconds=clean + encoded + predicted,
        clean_seconds=clean,
        encode_seconds=encoded,
        size_mb=sum(costs.size_mb or 0.0 for costs in each),
    )
