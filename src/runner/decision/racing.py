r"""When has a candidate lost before its last fold? Pure arithmetic on paired fold differences.

After k of K folds, the differences to a good candidate (on the same folds) have the mean :math:`\bar d`. If they
scatter by s, the mean over all K folds will be :math:`\bar d` plus or minus :math:`s (K-k)/K \sqrt{1/k + 1/(K-k)}`.
One fold says nothing about s, so the scatter between the best known candidates counts as `PRIOR_FOLDS` further folds.
A candidate is stopped if its chance of being better at the end is below `CHANCE`. It is compared with the `PLACE`-th
best rather than the best, because a slightly worse candidate may still be useful in a blend.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

CHANCE = 0.03
PRIOR_FOLDS = 4
PLACE = 4  # the usual size of a blend


@dataclass(frozen=True)
class Bar:
    """What a candidate has to pass.

    Attributes
    ----------
    scores : tuple of float
        The scores of the reference candidate, one per fold.
    noise : float
        Scatter of the fold differences between good candidates.
    """

    scores: tuple[float, ...]
    noise: float

    def ends(self, scores: Sequence[float]) -> bool:
        """Return whether a candidate with these scores on the first folds has lost."""
        done, folds = len(scores), len(self.scores)
        if not 0 < done < folds:
            return False
        differences = np.subtract(scores, self.scores[:done])
        freedom = PRIOR_FOLDS + done - 1
        squares = PRIOR_FOLDS * self.noise**2 + float(np.sum((differences - differences.mean()) ** 2))
        left = folds - done
        error = np.sqrt(squares / freedom * (1 / done + 1 / left)) * left / folds
        return bool(differences.mean() < stdtrit(freedom, CHANCE) * error)

    def expected(self, scores: Sequence[float]) -> float:
        """Return the expected score over all folds: the bar's, plus the mean difference on the first folds."""
        differences = np.subtract(scores, self.scores[: len(scores)])
        return float(np.mean(self.scores) + differences.mean())


def bar_of(known: Sequence[tuple[float, ...]]) -> Bar | None:
    """Return the bar that the best of several candidates set; None if there are too few candidates.

    Parameters
    ----------
    known : sequence of tuple of float
        Scores on the same folds, one tuple per candidate.
    """
    ranked = sorted((scores for scores in known if len(scores) > 1), key=lambda scores: -float(np.mean(scores)))
    if len(ranked) < PLACE:
        return None
    scatter = [np.var(np.subtract(better, ranked[PLACE - 1]), ddof=1) for better in ranked[: PLACE - 1]]
    return Bar(ranked[PLACE - 1], float(np.sqrt(np.mean(scatter))))
