"""A baseline-first AutoML experiment runner: is the costly model worth it?"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from runner.api import decide

__all__ = ["decide"]


def __getattr__(name: str) -> Any:
    """Import `decide` when it is asked for: `python -m runner --help` must not pay for pandas."""
    if name == "decide":
        from runner.api import decide

        return decide
    raise AttributeError(f"module 'runner' has no attribute {name!r}")
