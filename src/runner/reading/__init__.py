"""From a frame and its config to a valid `Dataset`, or to one sentence that says what to change."""

from runner.reading.table import build, load

__all__ = ["build", "load"]
