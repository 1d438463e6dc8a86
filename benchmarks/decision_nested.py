"""Nested folds compared with a holdout and with the rules that most people use, where models are really fitted.

Each repetition draws a table, chooses a cheap champion and a challenger, and asks each rule for two bounds of the gain.
Each rule makes a statement about a gain of its own: a holdout about the models that it looks at, nested folds about
the procedure, on average over tables, at 0.8 of the rows. The gain of the kept models, which are fitted on all rows, is
given as well. The rule `fresh rows` shows what could be proved at best: it judges the kept models on as many new rows
as the table has.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from benchmarks.intervals import Score
from benchmarks.nested_world import (
    CONFIGURATIONS,
    DEFAULT,
    FIRST_DRAWN,
    LINEAR,
    PENALTIES,
    SEARCHED,
    Array,
    Grams,
    Rows,
    World,
)
from runner.gain import Gain, OuterLook, corrected_gain, nested_gain, paired_gain
from runner.splits.outer_folds import OUTER, REPEATS, OuterFolds
from runner.task import Task

MARGIN = 0.01  # skill: the cheapest model within it of the best is the champion
RULES = (
    "best CV",
    "t-test on the folds",
    "corrected t-test on the folds",
    "holdout",
    "nested, t-test on 10 folds",
    "nested",
    "nested, adaptive",
    "fresh rows",
)
# metric, rows, strengths: none, some, and what gives a gain of about 5 % of the loss at 1,000 rows, 1.5 % at 5,000
CELLS = [
    *(
        (metric, rows, strength)
        for metric in ("squared error", "squared error, t3 noise")
        for rows, strengths in ((200, (0.0, 0.4, 0.8)), (1000, (0.0, 0.45, 0.8)), (5000, (0.0, 0.32)))
        for strength in strengths
    ),
    *(
        ("Brier", rows, strength)
        for rows, strengths in ((200, (0.0, 1.0, 2.5)), (1000, (0.0, 1.0, 2.3)), (5000, (0.0, 0.72)))
        for strength in strengths
    ),
    *(
        ("ROC AUC", rows, strength)
        for rows, strengths in ((200, (0.0, 2.0)), (1000, (0.0, 1.0)))
        for strength in strengths
    ),
]


@dataclass(frozen=True, eq=False)
class Cell:
    """What was found in one cell.

    Attributes
    ----------
    gains : dict
        For each rule: estimate, lower bound, upper bound, and the true gain of the models that were measured; shape
        (repetitions, 4).
    deployed : ndarray, shape (repetitions,)
        True gain of the models fitted on all rows.
    loss : float
        Of the linear model: its mean squared error, or one minus its area under the curve.
    """

    metric: str
    rows: int
    strength: float
    gains: dict[str, Array]
    deployed: Array
    loss: float

    def truth(self, rule: str) -> Array | float:
        """Return the gain about which a rule makes a statement."""
        own = self.gains[rule][:, 3]
        return float(own.mean()) if rule.startswith("nested") else own


def cell(metric: str, rows: int, strength: float, repetitions: int, seed: int) -> Cell:
    """Run all rules on the given number of tables."""
    world = World(metric, strength, seed)
    random = np.random.default_rng([seed, rows, round(100 * strength)])
    found: dict[str, list[list[float]]] = {rule: [] for rule in RULES}
    deployed, losses = [], []
    for _ in range(repetitions):
        table = Table(world, *world.draw(random, rows), random)
        for rule, gain in table.gains().items():
            found[rule].append(gain)
        deployed.append(table.deployed)
        losses.append(table.loss)
    gains = {rule: np.array(values) for rule, values in found.items()}
    return Cell(metric, rows, strength, gains, np.array(deployed), float(np.mean(losses)))


class Table:
    """One drawn table."""

    def __init__(self, world: World, members: Rows, target: Array, random: np.random.Generator):
        self.world, self.target, self.random = world, target, random
        self.forms = [form[members] for form in world.forms]
        self.rows = len(target)
        self.classes = target.astype(int) if world.metric == "ROC AUC" else target
        self.headroom = 0.5 if world.metric == "ROC AUC" else float(np.var(target))
        self.metric = (
            Score("roc_auc", Task.BINARY)
            if world.metric == "ROC AUC"
            else Score("neg_mean_squared_error", Task.REGRESSION)
        )

    def gains(self) -> dict[str, list[float]]:
        """Return the estimate, the bounds and the true gain for each rule."""
        dealt = OuterFolds(tuple(tuple(self._folds(np.arange(self.rows))) for _ in range(REPEATS)))
        grams = [Grams(self.forms, self.target, list(folds)) for folds in dealt.repeats]
        inner = np.full((REPEATS, OUTER, OUTER, len(CONFIGURATIONS)), np.nan)  # without f and g, on g
        for (repeat, first), (_, second) in dealt.pairs():
            for one, other in ((first, second), (second, first)):
                inner[repeat, one, other] = grams[repeat].scores((first, second), other, self.world.metric)
        by_fold = np.nanmean(inner, axis=1).reshape(REPEATS * OUTER, -1)
        champion, challenger = self._choose(by_fold.mean(axis=0), SEARCHED)
        self.loss = (self.world.metric == "ROC AUC") - float(by_fold.mean(axis=0)[LINEAR])
        models = [grams[0].one(champion), grams[0].one(challenger)]
        self.deployed = self._true_gain(*models)
        adapted = self._adapted(by_fold.mean(axis=0))
        return {
            **self._on_folds(by_fold[:OUTER, challenger] - by_fold[:OUTER, champion]),
            "holdout": self._holdout(),
            **self._nested(dealt, grams, inner),
            "nested, adaptive": self._nested(dealt, grams, inner, adapted)["nested"],
            "fresh rows": self._fresh(models),
        }

    def _folds(self, rows: Rows) -> list[Rows]:
        """Assign rows to folds, each class in proportion."""
        mixed = self.random.permutation(rows)
        if self.world.metric == "ROC AUC":
            mixed = mixed[np.argsort(self.target[mixed], kind="stable")]
        return [np.sort(mixed[fold::OUTER]) for fold in range(OUTER)]

    def _choose(self, scores: Array, drawn: Rows) -> tuple[int, int]:
        """Return the cheap champion (the cheapest within the margin of the best) and the best of the search."""
        near = scores[LINEAR] >= scores[DEFAULT] - MARGIN * self.headroom
        return LINEAR if near else DEFAULT, int(drawn[np.argmax(scores[drawn])])

    def _adapted(self, scores: Array) -> Rows:
        """Return what an adaptive search tries: half of it drawn, the rest near what did best on all rows."""
        form = CONFIGURATIONS[FIRST_DRAWN[np.argmax(scores[FIRST_DRAWN])]][0]
        near = 1 + (form - 1) * len(PENALTIES) + np.arange(len(PENALTIES))
        return np.union1d(FIRST_DRAWN, near)

    def _true_gain(self, reference: tuple[int, Array], challenger: tuple[int, Array]) -> float:
        return self.world.true_score(*challenger) - self.world.true_score(*reference)

    def _given(self, model: tuple[int, Array], rows: Rows) -> Array:
        return self._of_classes(self.forms[model[0]][rows] @ model[1])

    def _of_classes(self, predicted: Array) -> Array:
        return np.column_stack([1 - predicted, predicted]) if self.metric.task is Task.BINARY else predicted

    def _on_folds(self, gains: Array) -> dict[str, list[float]]:
        """Decide on the folds on which the winner was chosen."""
        t = float(stdtrit(OUTER - 1, 0.95)) * float(gains.std(ddof=1))
        mean, truth = float(gains.mean()), self.deployed
        halves = {
            "best CV": 0.0,
            "t-test on the folds": t * OUTER**-0.5,
            "corrected t-test on the folds": t * (1 / OUTER + 1 / (OUTER - 1)) ** 0.5,
        }
        return {rule: [mean, mean - half, mean + half, truth] for rule, half in halves.items()}

    def _holdout(self) -> list[float]:
        """Choose on folds of 70 % of the rows, and look at the other rows once."""
        mixed = self.random.permutation(self.rows)
        held, kept = mixed[: round(0.3 * self.rows)], mixed[round(0.3 * self.rows) :]
        grams = Grams(self.forms, self.target, self._folds(kept))
        scores = np.mean([grams.scores((fold,), fold, self.world.metric) for fold in range(OUTER)], axis=0)
        models = [grams.one(configuration) for configuration in self._choose(scores, SEARCHED)]
        gain = paired_gain(self.metric, self.classes[held], *(self._given(model, held) for model in models))
        return [*_bounds(gain), self._true_gain(*models)]

    def _fresh(self, models: list[tuple[int, Array]]) -> list[float]:
        """Look at as many new rows as the table has."""
        members, target = self.world.draw(self.random, self.rows)
        classes = target.astype(int) if self.world.metric == "ROC AUC" else target
        forms = [form[members] for form in self.world.forms]
        given = (self._of_classes(forms[form] @ weights) for form, weights in models)
        return [*_bounds(paired_gain(self.metric, classes, *given)), self.deployed]

    def _nested(
        self, dealt: OuterFolds, grams: list[Grams], inner: Array, drawn: Rows = SEARCHED
    ) -> dict[str, list[float]]:
        """Choose again in each outer fold, from the inner scores without it."""
        looks, truths, gains = [], [], []
        for outer in dealt.outer():
            scores = np.nanmean(inner[outer.repeat, outer.fold], axis=0)
            models = [grams[outer.repeat].one(one, (outer.fold,)) for one in self._choose(scores, drawn)]
            rows = dealt.test(outer)
            look = OuterLook(outer.repeat, rows, *(self._given(model, rows) for model in models))
            looks.append(look)
            truths.append(self._true_gain(*models))
            score = self.metric.score
            gains.append(score(self.classes[rows], look.challenger) - score(self.classes[rows], look.reference))
        truth = float(np.mean(truths))
        return {
            "nested, t-test on 10 folds": [*_bounds(corrected_gain(gains, 1 / (OUTER - 1))), truth],
            "nested": [*_bounds(nested_gain(self.metric, self.classes, looks)), truth],
        }


def _bounds(gain: Gain) -> list[float]:
    """Return the estimate and the bounds; a bound that is not given is infinite."""
    low = gain.low if gain.low_holds else -np.inf
    return [gain.estimate, low, gain.high if gain.high_holds else np.inf]


def cells(repetitions: int, seed: int, jobs: int = 2) -> list[Cell]:
    """Run all cells; those with 5,000 rows have a quarter of the repetitions."""
    from joblib import Parallel, delayed, parallel_config

    with parallel_config(backend="loky", n_jobs=jobs, inner_max_num_threads=1):
        return list(
            Parallel()(
                delayed(cell)(metric, rows, strength, repetitions // (4 if rows == 5000 else 1), seed)
                for metric, rows, strength in CELLS
            )
        )


def rates(found: list[Cell]) -> Iterator[str]:
    """Yield one line per cell and rule."""
    yield (
        "| metric | rows | gain / loss | rule | GO, margin 0 | GO at the margin | GO, margin = gain of the kept models "
        "| NO-GO at the margin | NO-GO, margin = gain of the kept models | half-width / loss |"
    )
    yield "|---|--:|--:|---|--:|--:|--:|--:|--:|--:|"
    for one in found:
        share = f"{100 * float(np.mean(one.truth('nested'))) / one.loss:+.1f} %"
        for rule in RULES:
            cells_of = [f"{100 * rate:.1f}" for rate in _rates(one, rule)]
            width = one.gains[rule]
            half = np.median((width[:, 2] - width[:, 1])[np.isfinite(width[:, 1:3]).all(axis=1)]) / 2 / one.loss
            yield f"| {one.metric} | {one.rows:,} | {share} | {rule} | {' | '.join(cells_of)} | {100 * half:.1f} % |"


def _rates(one: Cell, rule: str) -> tuple[float, float, float, float, float]:
    _, low, high, _ = one.gains[rule].T
    truth = one.truth(rule)
    shares = (low > 0, low > truth, low > one.deployed, high < truth, high < one.deployed)
    return tuple(float(np.mean(share)) for share in shares)  # type: ignore[return-value]


def summary(found: list[Cell]) -> Iterator[str]:
    """Yield one line per rule: pooled over the cells, and for the worst cell."""
    yield (
        "| rule | GO although the gain is zero or less | GO at the margin | worst cell | NO-GO at the margin "
        "| worst cell | power: 5 % of the loss, 1,000 rows | power: 1.5 % of the loss, 5,000 rows |"
    )
    yield "|---|--:|--:|--:|--:|--:|--:|--:|"
    for rule in RULES:
        every = np.array([_rates(one, rule) for one in found])
        null = [_rates(one, rule)[0] for one in found if one.strength == 0]
        power = [
            " / ".join(
                f"{100 * _rates(one, rule)[0]:.0f}"
                for one in found
                if one.rows == rows and one.strength == _largest(found, one)
            )
            for rows in (1000, 5000)
        ]
        yield (
            f"| {rule} | {100 * np.mean(null):.1f} | {100 * every[:, 1].mean():.1f} | {100 * every[:, 1].max():.1f} "
            f"| {100 * every[:, 3].mean():.1f} | {100 * every[:, 3].max():.1f} | {power[0]} | {power[1]} |"
        )


def _largest(found: list[Cell], like: Cell) -> float:
    return max(one.strength for one in found if (one.metric, one.rows) == (like.metric, like.rows))
