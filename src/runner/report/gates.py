"""The gates of a run: those with a forecast or a reason to stop, and those that a cheap rung passes anyway."""

from collections.abc import Iterator
from itertools import groupby

from runner import words
from runner.decision.reasons import Reason
from runner.report import Content, candidates, search

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


def not_tried(verdict: Content) -> str | None:
    """Name the rungs for which time or money did not suffice, and say why; None if there are none."""
    late = candidates.rungs_without_time(verdict)
    shut = [(names, gate) for names, gate in grouped(verdict) if gate["code"] == Reason.OUT_OF_BUDGET]
    told = [f"{words.few(late)}: no time; run it again with a larger budget."] if late else []
    told += [f"{names}: {gate['reason']}" for names, gate in shut if names != "search"]  # whose reason is the verdict's
    return " ".join(told) or None


def forecast_and_outcome(verdict: Content, gate: Content) -> str:
    """Say what was forecast of a rung that was climbed and, of a search, what came; empty without a forecast."""
    if not gate["open"] or gate["forecast_gain"] is None:
        return ""
    told = f"Forecast: {_for(words.share(gate['forecast_gain']), gate['forecast_cpu_seconds'])}"
    if gate["rung"] != "search" or not verdict["search"]:
        return f"{told}."
    return f"{told}; came: {_for(_what_came(verdict), verdict['search']['cpu_seconds'])}."


def _what_came(verdict: Content) -> str:
    if verdict["skill"]:
        return words.interval(verdict["skill"], 100, " %")
    led = (verdict.get("facts") or {}).get("challenger")
    return "not known" if led or search.is_lost(verdict["search"]) else "nothing better"


def _for(gained: str, cpu_seconds: float | None) -> str:
    return gained if cpu_seconds is None else f"{gained} for {words.cpu(cpu_seconds)}"
