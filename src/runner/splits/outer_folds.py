"""Nested folds: outer folds that judge, and models fitted without two of them that choose.

A model fitted without the folds f and g has seen neither, so it scores g for the choice that f judges, and f for the
choice that g judges. Thus K (K - 1) / 2 fits give the inner scores of all K outer folds: half as many as K inner
cross-validations would take.
"""

from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]

OUTER, REPEATS = 5, 2  # folds, and how often the rows are shuffled and split


class Outer(NamedTuple):
    """One outer fold of one repeat."""

    repeat: int
    fold: int


@dataclass(frozen=True, eq=False)
class OuterFolds:
    """The rows of each outer fold.

    Attributes
    ----------
    repeats : tuple of tuple of ndarray
        Row positions; in each repeat every row is in exactly one fold.
    """

    repeats: tuple[tuple[Rows, ...], ...]

    @property
    def folds(self) -> int:
        """Return how many folds a repeat has."""
        return len(self.repeats[0])

    def outer(self) -> list[Outer]:
        """Return all outer folds, repeat by repeat."""
        return [Outer(repeat, fold) for repeat, folds in enumerate(self.repeats) for fold in range(len(folds))]

    def pairs(self) -> list[tuple[Outer, Outer]]:
        """Return all pairs of folds, repeat by repeat; a model that chooses has not seen either."""
        return [pair for pair in combinations(self.outer(), 2) if pair[0].repeat == pair[1].repeat]

    def test(self, outer: Outer) -> Rows:
        """Return the rows that an outer fold judges on."""
        return self.repeats[outer.repeat][outer.fold]

    def train(self, outer: Outer) -> Rows:
        """Return all other rows: those on which an outer fold's finalists are fitted."""
        return self._without(outer)

    def inner(self) -> tuple[tuple[Rows, Rows], ...]:
        """Return the fits that choose: for each pair, the rows outside its two folds and those inside, in order."""
        return tuple((self._without(*pair), np.concatenate([*map(self.test, pair)])) for pair in self.pairs())

    def _without(self, *left_out: Outer) -> Rows:
        others = (outer for outer in self.outer() if outer.repeat == left_out[0].repeat and outer not in left_out)
        return np.sort(np.concatenate([*map(self.test, others)]))
