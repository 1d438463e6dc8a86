"""A candidate made of those that were already paid for: their out-of-fold predictions, weighted."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from runner.candidates.blend import greedy_weights
from runner.candidates.pipeline import Candidate
from runner.costs import Costs
from runner.evaluation import Evaluation, Status
from runner.judge import Judge

POOL, STEPS = 8, 12  # the best candidates to choose from, and how often; more adds serving cost, not score


def blend(
    name: str, rung: str, pool: Sequence[tuple[Candidate, Evaluation]], judge: Judge
) -> tuple[Candidate, Evaluation]:
    """Blend the best of the candidates greedily on their out-of-fold predictions.

    Its fold scores are those rows' own, which chose the weights: a little too good, so it is the holdout that judges
    it. Its cost is that of its members, whose evaluations it rests on.

    Parameters
    ----------
    pool : sequence of (Candidate, Evaluation)
        With scores and out-of-fold predictions; at least one.
    """
    best = sorted(pool, key=lambda item: -(item[1].score or 0.0))[:POOL]
    predictions = [evaluation.predictions for _, evaluation in best if evaluation.predictions is not None]
    counts = greedy_weights(lambda mean: float(np.mean(judge.fold_scores(mean))), predictions, STEPS)
    members = tuple((candidate, float(count)) for (candidate, _), count in zip(best, counts, strict=True) if count)
    chosen = [evaluation for (_, evaluation), count in zip(best, counts, strict=True) if count]
    mean = np.average(predictions, axis=0, weights=counts)
    candidate = Candidate(name, rung, "runner.candidates.blend.Blend", "none", members=members)
    text = ", ".join(f"{count:.0f} x {member.name}" for member, count in members)
    return candidate, Evaluation(
        name, rung, Status.OK, _costs(chosen), fold_scores=judge.fold_scores(mean), predictions=mean, text=text
    )


def _costs(members: Sequence[Evaluation]) -> Costs:
    """Add up what the members take to fit, to serve and to store."""
    total = Costs()
    for member in members:
        total += member.costs
    return replace(
        total,
        predict_seconds=sum(member.costs.predict_seconds or 0.0 for member in members),
        size_mb=sum(member.costs.size_mb or 0.0 for member in members),
    )
