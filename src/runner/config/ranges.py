"""The ranges of the numbers in a config; values outside of them are meaningless and are refused."""

import dataclasses
import math
from collections.abc import Iterator
from typing import Any

from runner.config import Config
from runner.errors import UserError

ABOVE_NOTHING = ("budget.seconds", "budget.memory_gb", "budget.fit_seconds", "economics.horizon_years")
AT_LEAST_ONE = ("engine.workers",)
AT_LEAST_NOTHING = ("seed", "budget.trials", "budget.money", "economics")  # a group: all numbers in it
JUDGED = ("budget", "economics", "engine", "seed")  # the others are checked against the rows, or by the estimators
AT_MOST = {"seed": 2**32 - 1, "economics.worthwhile_gain": 1}


def check_ranges(config: Config) -> None:
    """Refuse a number that is out of its range.

    Raises
    ------
    UserError
        Naming the key, the value and the range.
    """
    for key, value in _numbers({name: getattr(config, name) for name in JUDGED}, ""):
        if wanted := _wanted(key, value):
            raise UserError(f"{key}={value:g} is out of range: give {wanted}.")


def _wanted(key: str, value: float) -> str | None:
    """Return the range of a key in words if the value is outside of it."""
    if math.isnan(value):
        return "a number"
    if math.isinf(value):
        return "a finite number"
    if key in ABOVE_NOTHING:
        return None if value > 0 else "more than 0"
    if key in AT_LEAST_ONE:
        return None if value >= 1 else "1 or more"
    if key.startswith(AT_LEAST_NOTHING) and value < 0:
        return "0 or more"
    most = AT_MOST.get(key, math.inf)
    return None if value <= most else f"at most {most}"


def _numbers(node: Any, prefix: str) -> Iterator[tuple[str, float]]:
    """Give each number of a config with its key, also those in dicts of plain values."""
    fields = () if isinstance(node, dict) else dataclasses.fields(node)
    items = node.items() if isinstance(node, dict) else ((field.name, getattr(node, field.name)) for field in fields)
    for name, value in items:
        if isinstance(value, dict) or dataclasses.is_dataclass(value):
            yield from _numbers(value, f"{prefix}{name}.")
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield f"{prefix}{name}", value
