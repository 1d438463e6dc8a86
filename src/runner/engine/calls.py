"""A call for a worker, what its arguments may stand for, and how it ended."""

import pickle
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from runner.costs import Costs
from runner.evaluation import Status


@dataclass(frozen=True)
class Call:
    """A function to run in a worker; arguments that are `Shared` or `SecondsLeft` become their values there."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]


@dataclass(frozen=True)
class Outcome:
    """How a call ended: its value, or the reason why there is none."""

    status: Status
    value: Any = None
    reason: str | None = None
    costs: Costs = field(default_factory=Costs)


@dataclass(frozen=True)
class Shared:
    """An object that many calls need, written to a file once and read by each."""

    path: Path

    def load(self) -> Any:
        """Read it."""
        with self.path.open("rb") as file:
            return pickle.load(file)


@dataclass(frozen=True)
class SecondsLeft:
    """Stands for the wall seconds that a call has, known only when it begins, as it may have to wait for others."""
