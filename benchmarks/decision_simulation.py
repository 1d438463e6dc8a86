"""Whole decisions in populations of known truth: a search among 24 challengers, then one look at a holdout.

No model is fitted. Cross-validation scores of the development rows choose the winner, so the winner's curse is that of
a real search; `runner.gain` and `runner.decision` decide on rows that were not used to choose. They are compared with
the rules that most people use.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from benchmarks.decision_population import Array, Population, Rows, binary, regression
from runner.config import EconomicsConfig
from runner.decision.deciding import decide
from runner.decision.economics import Contender
from runner.decision.facts import Facts
from runner.decision.stopping import PastSearches
from runner.gain import Gain, paired_gain

TRIALS = 24
FOLDS = 5
SIZES = (200, 1000, 5000, 20_000)
GROUPED_SIZES = (600, 1000, 2000, 5000)  # 9, 15, 30 and 75 groups in the holdout
PREVALENCES = (0.5, 0.1, 0.03)
SCORERS = ("neg_log_loss", "neg_brier_score", "accuracy", "roc_auc")
SMALL, LARGE = 0.02, 0.10  # skill
POWER = {1000: 0.05, 5000: 0.015}  # rows, and the gain over the reference's loss that they should prove
REFERENCE_LOSS = 0.6
COLUMNS = (
    *("truth", "estimate", "low", "high", "low_holds", "high_holds"),
    *("go", "settled", "go_at_zero", "settled_at_zero", "go_at_truth", "settled_at_truth"),
    *("go_at_share", "settled_at_share"),
    *("cv_at_zero", "cv_at_truth", "folds_at_zero", "folds_at_truth", "corrected_at_zero", "corrected_at_truth"),
    *("picked_truth", "picked_at_zero", "picked_at_truth"),
)


@dataclass(frozen=True, eq=False)
class Cell:
    """What was found in one cell: a named array for each of `COLUMNS`, with one entry per repetition.

    Attributes
    ----------
    metric, law : str
    rows : int
        Of the table.
    search : str
        Names what the 24 challengers truly gain.
    found : ndarray, shape (repetitions, columns)
        Gains and bounds as skill; decisions as 0 and 1.
    """

    metric: str
    law: str
    rows: int
    search: str
    found: Array

    def __getitem__(self, name: str) -> Array:
        return np.asarray(self.found[:, COLUMNS.index(name)])


def gains_of(past: PastSearches) -> list[float]:
    """Return the true gains of all challengers, as skill, in the order of the populations' columns."""
    shipped = np.quantile(past.final_gains(), (np.arange(TRIALS) + 0.5) / TRIALS)
    power = [REFERENCE_LOSS * share for share in POWER.values()]
    return [*np.linspace(-0.02, -1e-5, TRIALS), SMALL, LARGE, *shipped, *power]


def searches(rows: int) -> dict[str, Rows]:
    """Return which challengers each search draws, as columns of a population."""
    worthless = np.arange(1, TRIALS + 1)
    drawn = {
        "none gains": worthless,
        "one gains 2 %": np.append(worthless[1:], TRIALS + 1),
        "one gains 10 %": np.append(worthless[1:], TRIALS + 2),
        "past gains": np.arange(TRIALS + 3, 2 * TRIALS + 3),
    }
    for place, (size, share) in enumerate(POWER.items()):
        if rows == size:
            drawn[f"{100 * share:g} % of the loss"] = np.array([2 * TRIALS + 3 + place])
    return drawn


def populations(past: PastSearches, size: int, seed: int) -> Iterator[Population]:
    """Yield the populations one at a time, because each takes some 100 MB."""
    gains = gains_of(past)
    yield regression("normal", gains, size, seed)
    yield regression("t3", gains, size, seed)
    yield regression("normal", gains, size, seed, grouped=True)
    for name in SCORERS:
        for prevalence in PREVALENCES:
            yield binary(name, prevalence, gains, size, seed)


def cells(population: Population, repetitions: int, past: PastSearches, seed: int) -> Iterator[Cell]:
    """Decide `repetitions` times at each size; the searches of one size see the same rows."""
    for rows in SIZES if population.unit == 1 else GROUPED_SIZES:
        random = np.random.default_rng([seed, rows])
        drawn = searches(rows)
        found = np.array([list(_decisions(population, rows, drawn, past, random)) for _ in range(repetitions)])
        for place, search in enumerate(drawn):
            yield Cell(population.metric.name, population.law, rows, search, found[:, place])


def _decisions(
    population: Population, rows: int, drawn: dict[str, Rows], past: PastSearches, random: np.random.Generator
) -> Iterator[list[float]]:
    """Draw one table, and choose and decide in each search on it."""
    development, holdout = population.draw(random, rows, 0.3 if rows <= 10_000 else 0.2)
    units = population.values[population.rows(development)]
    in_folds = units[: len(units) // FOLDS * FOLDS].reshape(-1, FOLDS, *units.shape[1:])
    folds = in_folds.mean(axis=(0, 2), dtype=np.float64)
    held = population.rows(holdout)
    values = population.values[held].astype(np.float64).mean(axis=1)  # each group counts once
    look = Look(population, held.ravel())
    signal = look.gain(None, 0)
    for columns in drawn.values():
        winner = int(columns[folds[:, columns].mean(axis=0).argmax()])
        picked = int(columns[values[:, columns].mean(axis=0).argmax()])
        yield [
            *_verdicts(look, signal, winner, past),
            *_by_folds(population, folds[:, winner] - folds[:, 0], winner),
            *_by_holdout(population, values[:, picked] - values[:, 0], picked),
        ]


@dataclass(frozen=True, eq=False)
class Look:
    """A look at the holdout."""

    population: Population
    rows: Rows

    @property
    def target(self) -> NDArray[np.float64]:
        """Return the target of the holdout."""
        return np.asarray(self.population.target[self.rows])

    def gain(self, reference: int | None, challenger: int) -> Gain | None:
        """Compare two columns, where None is the dummy; return None if a class has no row."""
        population, rows = self.population, self.rows
        if population.positives and not 0 < self.target.sum() < len(rows):
            return None
        old = population.predicted_by_dummy(rows) if reference is None else population.predicted(rows, reference)
        groups = rows // population.unit if population.unit > 1 else None
        return paired_gain(population.metric, self.target, old, population.predicted(rows, challenger), groups=groups)

    def perfect(self) -> Gain:
        """Return the gain of a perfect model over the dummy, as far as a run knows it."""
        population, rows = self.population, self.rows
        perfect = np.eye(2)[self.target] if population.positives else self.target.astype(np.float64)
        dummy = population.predicted_by_dummy(rows)
        groups = rows // population.unit if population.unit > 1 else None
        return paired_gain(population.metric, self.target, dummy, perfect, groups=groups)

    def headroom(self) -> float:
        """Return the dummy's loss on the holdout, which is the unit of skill as far as a run knows it."""
        metric = self.population.metric
        return max(metric.loss(metric.score(self.target, self.population.predicted_by_dummy(self.rows))), 1e-12)


def _verdicts(look: Look, signal: Gain | None, winner: int, past: PastSearches) -> list[float]:
    """Decide under four economics.

    These are: the default; a margin of zero; a margin equal to the true gain, in money; and one equal to the true gain
    as a share of the dummy's loss, which a run knows from its holdout only.
    """
    population = look.population
    truth = float(population.gains[winner])
    gain = look.gain(0, winner)
    if gain is None:
        return [truth, 0, -np.inf, np.inf, *([0.0] * 10)]
    facts = Facts(
        champion=Contender("reference", "simple", 0, 0),
        headroom=look.headroom(),
        signal=signal,
        signal_p=0.0 if signal and signal.unit == "rows" else None,  # there is signal: what tests it may not shield
        challenger=Contender("winner", "search", 0, 0),
        gain=gain,
        perfect=look.perfect(),
    )
    default = EconomicsConfig()
    upkeep = {"search": truth * population.headroom}  # costs what the gain is worth, at 1 a unit and an hour
    economics = (
        default,
        replace(default, worthwhile_gain=0.0),
        replace(default, value_per_unit=1.0, price_per_work_hour=1.0, upkeep_hours=upkeep),
        replace(default, worthwhile_gain=truth),
    )
    verdicts = [decide(facts, prices, past) for prices in economics]
    skill = np.array([gain.estimate, gain.low, gain.high]) / population.headroom
    decisions = [float(said) for verdict in verdicts for said in (verdict.go, verdict.settled)]
    return [truth, *skill, gain.low_holds, gain.high_holds, *decisions]


def _by_folds(population: Population, gains: Array, winner: int) -> list[float]:
    """Decide on the folds that chose the winner: by the mean, by a t-test, by the t-test corrected for overlap."""
    t = float(stdtrit(FOLDS - 1, 0.95))
    spread = float(gains.std(ddof=1))
    halves = (0.0, t * spread * np.sqrt(1 / FOLDS), t * spread * np.sqrt(1 / FOLDS + 1 / (FOLDS - 1)))
    margins = (0.0, float(population.gains[winner]) * population.headroom)
    return [float(gains.mean() - half > margin) for half in halves for margin in margins]


def _by_holdout(population: Population, differences: Array, picked: int) -> list[float]:
    """Decide on the rows on which the winner was chosen."""
    truth = float(population.gains[picked])
    error = float(differences.std(ddof=1)) / np.sqrt(len(differences))
    low = float(differences.mean()) - float(stdtrit(len(differences) - 1, 0.95)) * error
    return [truth, float(low > 0), float(low > truth * population.headroom)]
