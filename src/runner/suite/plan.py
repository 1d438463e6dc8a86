"""What a night runs: tables x budgets x seeds, the longest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from runner.compose import as_value, conf_dir, dataset_names
from runner.suite.settings import SuiteJob


@dataclass(frozen=True)
class PlannedRun:
    """One run of the main job.

    Attributes
    ----------
    words : tuple of str
        Overrides beside its table, its budget and its seed.
    forecast_seconds : float
        Wall time: what it took last, or what its budget allows.
    """

    table: str
    budget: str
    seed: int
    words: tuple[str, ...]
    forecast_seconds: float

    @property
    def overrides(self) -> tuple[str, ...]:
        """Return what `python -m runner` is given, apart from its folder."""
        return (f"dataset={self.table}", f"budget={self.budget}", f"seed={self.seed}", *self.words)

    @property
    def key(self) -> str:
        """Return the name under which it is found from night to night."""
        return key_of(self.table, self.budget, self.seed)


def key_of(table: str, budget: str, seed: int) -> str:
    """Return the name of a run in a suite: it is also that of its folder."""
    return f"{table}-{budget}-{seed}"


def plan(job: SuiteJob, workers: int, known_seconds: Mapping[str, float]) -> list[PlannedRun]:
    """Return the runs of a night, the longest by forecast first, so that none of them is left for the end alone.

    Parameters
    ----------
    workers : int
        Evaluations side by side in each run.
    known_seconds : mapping
        What runs took before, by key.
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
    """Return a run of each kind: those of a kind take the same words, as they differ by seed and shipped table only."""
    shipped = dataset_names()
    found: dict[tuple[object, ...], PlannedRun] = {}
    for run in runs:
        table = None if run.table in shipped else run.table
        found.setdefault((table, run.budget, run.words), run)
    return list(found.values())


def budget_seconds(name: str, overrides: list[str]) -> float:
    """Return what a budget allows a run, as far as it can be told without composing each run."""
    from omegaconf import OmegaConf

    given = [word.partition("=")[2] for word in overrides if word.startswith("budget.seconds=")]
    path = conf_dir() / "budget" / f"{name}.yaml"
    stored = OmegaConf.select(OmegaConf.load(path), "seconds") if path.is_file() else None
    return float(given[-1]) if given else float(stored or 60.0)
