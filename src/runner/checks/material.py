"""What a check may look at: the development rows, the inputs of the rows kept aside, and what cheap models said."""

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
        What the run is judged by.
    aside : DataFrame or None
        Inputs of the holdout. Its target is for one look at the end, and no check's business.
    evaluations : tuple of Evaluation
        Of the cheap candidates, best first; empty while there are none.
    """

    rows: Dataset
    metric: Metric
    seed: int = 0
    aside: pd.DataFrame | None = None
    evaluations: tuple[Evaluation, ...] = ()

    def with_evaluations(self, evaluations: Sequence[Evaluation]) -> "Material":
        """Return the same with what cheap candidates said, best first."""
        return replace(self, evaluations=tuple(evaluations))

    def sample(self, most: int) -> Dataset:
        """Return at most so many development rows, drawn at random, in the order of the table."""
        size = len(self.rows)
        if size <= most:
            return self.rows
        return self.rows.take(np.sort(np.random.default_rng(self.seed).permutation(size)[:most]))


def of_rows(looked_at: int, all_rows: int) -> str:
    """Return what to add to a sentence when only a sample was looked at."""
    return f" (seen on a sample of {looked_at:,} of {all_rows:,} rows)" if looked_at < all_rows else ""
