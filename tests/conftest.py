"""What many tests need: shipped tables at a small size, workers, a finished run, and the command line."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from processes import CHEAPLY, OWN_CONF, Command, Done, Script, python
from runner.clock import Clock
from runner.config import Config, EngineConfig, LadderConfig
from runner.dataset import Dataset
from runner.engine import Engine, warm
from runner.events import Event, Listeners
from runner.record import Place, Record

if TYPE_CHECKING:
    from runner.climb import Climb
    from runner.judge import Judge

Compose = Callable[..., Config]
Shipped = Callable[..., Dataset]
Climbed = Callable[[int], "tuple[Climb, Judge]"]
settings.register_profile("calm", deadline=None)  # the machine may be busy: slow is no fault
settings.load_profile("calm")

SECONDS = 150.0  # of a run's budget: the machine may be busy
SEARCH_PAYS = ("economics.value_per_unit=1000000",)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that have most slow tests: else a core waits for the last of them at the end."""
    slow = Counter(item.path for item in items if item.get_closest_marker("slow"))
    items.sort(key=lambda item: -slow[item.path])


@dataclass(frozen=True)
class Finished:
    """A run that has reached its verdict."""

    folder: Path
    content: dict[str, Any]
    events: list[Event]


@pytest.fixture(scope="session")
def compose() -> Compose:
    """Return a function that composes a config from overrides, each once: Hydra takes a third of a second for it."""
    from runner.config.compose import composed

    known = cache(lambda *overrides: composed(["tracking=none", *overrides]))
    return lambda *overrides: deepcopy(known(*overrides))


@pytest.fixture(scope="session")
def small(compose: Compose) -> Compose:
    """Return a function that composes a config with the ladder of tests/conf, and time enough."""
    from omegaconf import OmegaConf

    ladder = OmegaConf.to_object(
        OmegaConf.merge(OmegaConf.structured(LadderConfig), OmegaConf.load(OWN_CONF / "ladder" / "small.yaml"))
    )
    usual = ("budget=smoke", f"budget.seconds={SECONDS}", "budget.trials=4", *CHEAPLY)
    return lambda *overrides: replace(compose(*usual, *overrides), ladder=ladder)


@pytest.fixture(scope="session")
def shipped(compose: Compose) -> Shipped:
    """Return a function that reads so many rows of a table that ships, once."""
    from runner.reading import load

    @cache
    def read(name: str, rows: int, *overrides: str) -> Dataset:
        config = compose(f"dataset={name}", *overrides)
        return load(config.dataset, rows, config.seed)

    return read


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """Return two workers, forked from a server that has the libraries; like a run's, they share one split."""
    warm()
    with Engine(EngineConfig(workers=2), memory_gb=2) as engine:
        yield engine


@pytest.fixture(scope="module")
def climbed(shipped: Shipped, small: Compose, engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Climbed:
    """Return a function that climbs the cheap rungs of the small ladder on so many rows of credit-g, fitted once."""
    from runner.climb import Climb
    from runner.judge import Judge
    from runner.ladder import make_ladder
    from runner.metrics import make_metric
    from runner.splits import make_splits

    folder = tmp_path_factory.mktemp("climbed")

    def up_to_the_search(rows: int) -> tuple[Climb, Judge]:
        dataset, config = shipped("credit-g", rows), small("dataset=credit-g")
        metric, splits = make_metric(None, dataset), make_splits(dataset, config.evaluation, 0)
        judge = Judge(dataset, splits, metric, 0, engine, Record(folder / str(rows)))
        climb = Climb(make_ladder(config.ladder, dataset.task), metric, config.economics, judge.contender)
        for rung in climb.ladder:
            if not rung.is_search:
                climb.add(rung, [*judge.evaluate(rung.candidates, time.monotonic() + SECONDS)])
        return climb, judge

    return up_to_the_search


@pytest.fixture(scope="session")
def run_here() -> Callable[..., Finished]:
    """Return a function that runs a config in this process, in a folder.

    What takes longest and is seldom looked at is left out unless a whole run is asked for: the report, and the check
    for undeclared time and groups.
    """
    from runner.checks.registry import OF_TABLE, SLOW
    from runner.run import run

    dearest = "undeclared"
    others = {name: check for name, check in OF_TABLE.items() if name != dearest}

    def finish(config: Config, folder: Path, frame: Any = None, whole: bool = False) -> Finished:
        warm()
        events: list[Event] = []

        class Listener:
            def hear(self, event: Event) -> None:
                events.append(event)

        with pytest.MonkeyPatch.context() as patch:
            if not whole:
                patch.setattr("runner.run.try_report", lambda *_: None)
                patch.setattr("runner.climb.checkup.OF_TABLE", others)
                patch.setattr("runner.climb.checkup.SLOW", tuple(name for name in SLOW if name != dearest))
            place, clock = Place(folder, "the command"), Clock(config.budget.seconds)
            content = run(config, place, Listeners(Listener()), clock, frame)
        return Finished(folder, content, events)

    return finish


@pytest.fixture(scope="session")
def finished(small: Compose, run_here: Callable[..., Finished], tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """Return a run of 300 rows of credit-g whose search was worth its price; to be looked at only."""
    config = small("dataset=credit-g", "budget.rows=300", "budget.trials=6", "evaluation.folds=5", *SEARCH_PAYS)
    return run_here(config, tmp_path_factory.mktemp("finished") / "credit-g", whole=True)


@pytest.fixture
def command(tmp_path: Path) -> Command:
    """Return a function that runs `python -m runner` in an empty folder."""

    def run(*arguments: str, folder: Path = tmp_path) -> Done:
        return python("-m", "runner", *arguments, folder=folder)

    return run


@pytest.fixture
def script(tmp_path: Path) -> Script:
    """Return a function that runs a script, as a user writes one, in an empty folder."""

    def run(text: str) -> Done:
        path = tmp_path / "script.py"
        path.write_text(text)
        return python(str(path), folder=tmp_path)

    return run
