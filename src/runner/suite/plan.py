"""What a night runs: tables x budgets x seeds, the longest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from runner.config.compose import as_value, dataset_names
from runner.folders import shipped
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


def plan(job: SuiteJob, workers: int, known_seconds: Mapping[str, float]) -> list[PlannedRun]:
    """Return the runs of a night, the longest by forecast first, so that no long one starts last and runs alone.

    Parameters
    ----------
    workers : int
        Evaluations side by side in each run.
    known_seconds : mapping
        Wall seconds that runs took before, by key.
    """
    suite, tracking = job.suite, job.tracking
    shared = (
        f"engine.workers={workers}",
        *(f"tracking.{key}={as_value(value)}" for key, value in vars(tracking).items()),
        *suite.overrides,
    )
    runs = []
    for budget in suite.budgets:
        allowed = budget_seconds(budget, suite.overrides)
        for seed in suite.seeds:
            for table in suite.tables:
                seconds = min(known_seconds.get(key_of(table, budget, seed), allowed), allowed)
                runs.append(PlannedRun(table, budget, seed, (*shared, *suite.own.get(table, ())), seconds))
    return sorted(runs, key=lambda run: (-run.forecast_seconds, run.key))


def kinds(runs: Sequence[PlannedRun]) -> list[PlannedRun]:
    """Return one run of each kind; runs of a kind have the same overrides but for seed and shipped table."""
    shipped = dataset_names()
    found: dict[tuple[object, ...], PlannedRun] = {}
    for run in runs:
        table = None if run.table in shipped else run.table
        found.setdefault((table, run.budget, run.words), run)
    return list(found.values())


def budget_seconds(name: str, overrides: list[str]) -> float:
    """Return the seconds that a budget allows a run, as far as known without composing each run's config."""
    from omegaconf import OmegaConf

    given = [word.partition("=")[2] for word in overrides if word.startswith("budget.seconds=")]
    path = shipped("conf") / "budget" / f"{name}.yaml"
    stored = OmegaConf.select(OmegaConf.load(path), "seconds") if path.is_file() else None
    return float(given[-1]) if given else float(stored or 60.0)
