"""What is known of a candidate after it was judged."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.costs import Costs


class Status(StrEnum):
    """How an evaluation can end."""

    OK = "ok"
    FAILED = "failed"
    TIMED_OUT = "timed out"
    OUT_OF_MEMORY = "out of memory"
    SKIPPED = "skipped"
    PRUNED = "pruned"  # its first folds were clearly worse than those of the best


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Out-of-fold predictions, scores per fold and cost of one candidate.

    Attributes
    ----------
    candidate, rung : str
    status : Status
    reason : str or None
        One sentence, when the status is not ok.
    fold_scores : tuple of float
        In the metric's own direction, a fold each, on rows that the fold's model did not see; the first folds only,
        when the status is pruned.
    predictions : ndarray, shape (rows,) or (rows, classes), or None
        Out-of-fold: values for regression, probabilities for classification; NaN where a row was in no fold.
    params : dict
        Hyperparameters that differ from the candidate's config entry (those a trial drew).
    text : str or None
        The fitted model in words, where it can be read: the rules of a tree.
    parts : ndarray or None
        Of nested folds, where a row is predicted by several models: the predictions of each fold, one after the other.
    """

    candidate: str
    rung: str
    status: Status
    costs: Costs
    reason: str | None = None
    fold_scores: tuple[float, ...] = ()
    predictions: NDArray[np.float64] | None = field(default=None, repr=False)
    params: dict[str, Any] = field(default_factory=dict)
    text: str | None = None
    parts: NDArray[np.float64] | None = field(default=None, repr=False)

    @property
    def ok(self) -> bool:
        """Whether there is a score."""
        return self.status is Status.OK

    @property
    def score(self) -> float | None:
        """Return the mean over the folds, in the metric's own direction; None where there is none to tell of."""
        return float(np.mean(self.fold_scores)) if self.ok and self.fold_scores else None
