"""Values as the cells of the report's tables."""

from typing import Any

from runner import words


def p_value(value: float | None) -> str:
    """Write a p-value with three decimals."""
    if value is None:
        return words.UNKNOWN
    return "under 0.001" if value < 0.001 else f"{value:.3f}"


def heads(rows: list[dict[str, Any]]) -> list[str]:
    """Return the headers of a table whose rows name their cells; a column of text is marked by `=`."""
    return [("=" if isinstance(value, str) else "") + key.replace("_", " ") for key, value in rows[0].items()]


def rate(value: Any) -> str:
    """Write a cell among rates, which are comparable at a glance if they have as many digits."""
    return f"{value:.3f}" if isinstance(value, float) and abs(value) <= 1 else cell(value)


def cell(value: Any) -> str:
    """Write the value of any cell."""
    if isinstance(value, bool) or value is None:
        return words.UNKNOWN if value is None else ("yes" if value else "no")
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.3g}" if isinstance(value, float) else str(value)
