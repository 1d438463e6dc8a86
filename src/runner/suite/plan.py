"""What a night runs: tables x budgets x seeds, the longest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

from runner.config.compose import as_value, composed, dataset_names, in_folder
from runner.suite.settings import SuiteJob


@dataclass(frozen=True)
class PlannedRun:
    """One run of the main job.

    Attributes
    ----------
    words : tuple of str
        Overrides besides those of its table, budget and seed.
    forecast_seconds : float
        Wall seconds: what it took last time, or what its budget allows.
    """

    table: str
    budget: str
    seed: int
    words: tuple[str, ...]
    forecast_seconds: float

    @property
    def overrides(self) -> tuple[str, ...]:
        """Return the overrides passed to `python -m runner`, except for the folder."""
        return (f"dataset={self.table}", f"budget={self.budget}", f"seed={self.seed}", *self.words)

    @property
    def key(self) -> str:
        """Return the name by which the run is matched from night to night."""
        return key_of(self.table, self.budget, self.seed)


def key_of(table: str, budget: str, seed: int) -> str:
    """Return the name of a run in a suite, which is also that of its folder."""
    return f"{table}-{budget}-{seed}"


def plan(job: SuiteJob, workers: int, known_seconds: Mapping[str, float], conf: Path | None = None) -> list[PlannedRun]:
    """Return the runs of a night, the longest by forecast first, so that no long one starts last and runs alone.

    Parameters
    ----------
    workers : int
        Evaluations side by side in each run.
    known_seconds : mapping
        Wall seconds that runs took before, by key.
    conf : Path, optional
        The user's own folder of configs.

    Raises
    ------
    UserError
        If there is no such budget, or an override does not fit.
    """
    suite, tracking = job.suite, job.tracking
    shared = (
        f"engine.workers={workers}",
        *(f"tracking.{key}={as_value(value)}" for key, value in vars(tracking).items()),
        *suite.overrides,
    )
    runs = []
    for budget, seed, table in product(suite.budgets, suite.seeds, suite.tables):
        words = (*shared, *suite.own.get(table, ()))
        allowed = budget_seconds((*in_folder(conf), f"budget={budget}", *words))
        seconds = min(known_seconds.get(key_of(table, budget, seed), allowed), allowed)
        runs.append(PlannedRun(table, budget, seed, words, seconds))
    return sorted(runs, key=lambda run: (-run.forecast_seconds, run.key))


def kinds(runs: Sequence[PlannedRun]) -> list[PlannedRun]:
    """Return one run of each kind; runs of a kind have the same overrides but for seed and shipped table."""
    shipped = dataset_names()
    found: dict[tuple[object, ...], PlannedRun] = {}
    for run in runs:
        table = None if run.table in shipped else run.table
        found.setdefault((table, run.budget, run.words), run)
    return list(found.values())


@cache
def budget_seconds(overrides: tuple[str, ...]) -> float:
    """Return the seconds that a run with these overrides is allowed."""
    return composed(["dataset.path=x", "dataset.target=x", *overrides]).budget.seconds
