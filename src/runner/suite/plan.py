"""What a night runs: tables x budgets x seeds, the longest first."""

from collections.abc import Mapping
from dataclasses import dataclass

from runner.compose import as_value, conf_dir
from runner.suite.settings import SuiteJob


@dataclass(frozen=True)
class Planned:
    """One run of the main job.

    Attributes
    ----------
    overrides : tuple of str
        What `python -m runner` is given, apart from its folder.
    forecast_seconds : float
        Wall time: what it took last, or what its budget allows.
    """

    table: str
    budget: str
    seed: int
    overrides: tuple[str, ...]
    forecast_seconds: float

    @property
    def key(self) -> str:
        """Return the name under which it is found from night to night."""
        return key_of(self.table, self.budget, self.seed)


def key_of(table: str, budget: str, seed: int) -> str:
    """Return the name of a run in a suite: it is also that of its folder."""
    return f"{table}-{budget}-{seed}"


def plan(job: SuiteJob, workers: int, known_seconds: Mapping[str, float]) -> list[Planned]:
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
                own = (f"dataset={table}", f"budget={budget}", f"seed={seed}", *shared, *suite.own.get(table, ()))
                seconds = min(known_seconds.get(key_of(table, budget, seed), allowed), allowed)
                runs.append(Planned(table, budget, seed, own, seconds))
    return sorted(runs, key=lambda run: (-run.forecast_seconds, run.key))


def budget_seconds(name: str, overrides: list[str]) -> float:
    """Return what a budget allows a run, as far as it can be told without composing each run."""
    from omegaconf import OmegaConf

    given = [word.partition("=")[2] for word in overrides if word.startswith("budget.seconds=")]
    path = conf_dir() / "budget" / f"{name}.yaml"
    stored = OmegaConf.select(OmegaConf.load(path), "seconds") if path.is_file() else None
    return float(given[-1]) if given else float(stored or 60.0)
