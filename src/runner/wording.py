"""Names and counts as they stand in a sentence for a person."""

from collections.abc import Iterable, Sequence
from typing import Any


def quoted(names: Iterable[Any]) -> str:
    """Return up to five names in quotes, long ones cut, and the number of the others."""
    names = list(names)
    shown = [repr(name if len(name) <= 60 else name[:59] + "…") for name in map(str, names[:5])]
    return ", ".join(shown) + (f" and {len(names) - 5:,} more" if len(names) > 5 else "")


def few(names: Sequence[str], most: int = 4) -> str:
    """Return the first names, and the number of the others: `age, income and 3 more`."""
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def counted(count: int, noun: str) -> str:
    """Return `1 row`, `2,000 rows`."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")
