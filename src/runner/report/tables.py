"""Values as the cells of the report's tables."""

from typing import Any

from runner import words


def amount(money: float | None) -> str:
    """Write a sum of money whose currency is in the header of its column."""
    return words.money(money, "").replace("  ", " ").strip()


def p_value(value: float | None) -> str:
    """Write a p-value with three decimals."""
    if value is None:
        return words.UNKNOWN
    return "under 0.001" if value < 0.001 else f"{value:.3f}"


def heads(rows: list[dict[str, Any]]) -> list[str]:
    """Return the headers of a table whose rows name their cells."""
    return [key.replace("_", " ") for key in rows[0]]


def cell(value: Any) -> str:
    """Write the value of any cell."""
    if isinstance(value, bool) or value is None:
        return words.UNKNOWN if value is None else ("yes" if value else "no")
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.3g}" if isinstance(value, float) else str(value)
