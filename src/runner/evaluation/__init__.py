"""What is known of a candidate once it is evaluated."""

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
    PRUNED = "pruned"  # ended early, as its first folds were clearly worse than those of good candidates


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Out-of-fold predictions, scores per fold and costs of one candidate.

    Attributes
    ----------
    reason : str or None
        A sentence, if the status is not ok.
    fold_scores : tuple of float
        The score of each fold, in the scorer's own sign, on rows that its model had not seen; if the status is pruned,
        of the first folds only.
    predictions : ndarray, shape (rows,) or (rows, classes), or None
        Out-of-fold values (regression) or probabilities (classification); NaN for rows that are in no test fold.
    params : dict
        The hyperparameters that a trial drew.
    text : str or None
        The fitted model in words, if it is readable, such as the rules of a tree.
    parts : ndarray or None
        Under nested folds, where several models predict a row: the predictions of all folds, one fold after the other.
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
        """Return the mean score over the folds, in the scorer's own sign; None if there is none."""
        return float(np.mean(self.fold_scores)) if self.ok and self.fold_scores else None

    @property
    def judged(self) -> NDArray[np.bool_]:
        """Return which rows it has predicted, shape (rows,); it has to have predictions."""
        assert self.predictions is not None
        return np.asarray(np.isfinite(self.predictions.reshape(len(self.predictions), -1)).all(axis=1))
