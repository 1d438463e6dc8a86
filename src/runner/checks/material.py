"""What a check may look at: development rows, inputs of the rows kept aside, and evaluations of cheap candidates."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from runner.dataset import Dataset
from runner.evaluation import Evaluation
from runner.metrics import Metric


@dataclass(frozen=True, eq=False)
class Material:
    """What the checks of one run are given.

    Attributes
    ----------
    rows : Dataset
        The development rows.
    metric : Metric
        The metric of the run.
    aside : DataFrame or None
        Inputs of the holdout. Its target is reserved for the one look at the end, and never shown to a check.
    evaluations : tuple of Evaluation
        Of the cheap candidates, best first; empty while there are none.
    """

    rows: Dataset
    metric: Metric
    seed: int = 0
    aside: pd.DataFrame | None = None
    evaluations: tuple[Evaluation, ...] = ()

    def with_evaluations(self, evaluations: Sequence[Evaluation]) -> "Material":
        """Return the same material with the evaluations of the cheap candidates, best first."""
        return replace(self, evaluations=tuple(evaluations))

    def sample(self, most: int) -> Dataset:
        """Return at most `most` development rows, drawn at random, in the order of the table."""
        size = len(self.rows)
        if size <= most:
            return self.rows
        return self.rows.take(np.sort(np.random.default_rng(self.seed).permutation(size)[:most]))


def of_rows(looked_at: int, all_rows: int) -> str:
    """Return the addition to a sentence when only a sample of the rows was looked at."""
    return f" (seen on a sample of {looked_at:,} of {all_rows:,} rows)" if looked_at < all_rows else ""
