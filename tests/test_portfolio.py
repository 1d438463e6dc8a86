"""The portfolio can still be chosen anew: its pool fits the ladder, and holds what ships."""

import pytest
from benchmarks.portfolio import candidates, pool, shipped
from tests.tables import table

from runner.config.compose import composed
from runner.task import Task


@pytest.mark.parametrize("task", Task)
def test_the_pool_is_measured_after_all_rungs_below_the_portfolio(task: Task) -> None:
    measured = candidates(table(task, rows=60))
    rungs = dict.fromkeys(candidate.rung for candidate in measured)
    assert list(rungs) == ["none", "tree", "simple", "boosting", "pool"]
    assert {candidate.name for candidate in measured if candidate.rung == "pool"} <= set(pool())


def test_the_pool_holds_the_portfolio_that_ships() -> None:
    ladder = composed(["dataset.path=x", "dataset.target=y"]).ladder
    ships = [entry for entry in ladder.candidates.values() if entry and entry.rung == "portfolio"]
    assert len(shipped()) == len(ships)
