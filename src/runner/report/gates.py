"""The gates of a run: those with a forecast or a reason to stop, and those that a cheap rung passes anyway."""

from collections.abc import Iterator
from itertools import groupby

from runner.report import Content

CHEAP = "Cheap, and something was left to win."


def is_weighed(gate: Content) -> bool:
    """Whether a gate was shut, or opened upon a forecast."""
    return not gate["open"] or gate["forecast_gain"] is not None


def grouped(verdict: Content) -> Iterator[tuple[str, Content]]:
    """Yield the gates with the names of their rungs: in a row, those with one reason are one."""
    gates = (gate if is_weighed(gate) else gate | {"reason": CHEAP} for gate in verdict["gates"])
    for _, group in groupby(gates, key=lambda gate: (gate["open"], gate["reason"])):
        same = [*group]
        yield ", ".join(gate["rung"] for gate in same), same[-1]
