"""The prices at which a verdict would change, within the range that somebody might pay."""

import math
from collections.abc import Iterator

from runner import words
from runner.decision.economics import unit_value
from runner.decision.reasons import Reason
from runner.report import Content
from runner.report.economics import prices

DEAREST_HOUR = 10_000.0  # the highest price of a CPU hour that is mentioned
LEAST_SKILL = 0.0001  # the smallest threshold for a gain that is mentioned
MOST = 1e12  # money, or predictions a year; more are not mentioned
LEAST_WORTH = 1.0  # money a year that a perfect model gains over no model; below it no price is mentioned


def turning_points(verdict: Content) -> list[str]:
    """Write at which prices the decision would change, the plainest first.

    A search that was not run, but would be worth it, is none that a price turns to GO.
    """
    turns, currency = verdict["break_even"], verdict["currency"]
    if verdict["reason"] == Reason.FORECAST_NOT_WORTH_IT and _is_worth_a_search(verdict):
        return []
    said = []
    if turns["worthwhile_gain"] is not None and turns["worthwhile_gain"] >= LEAST_SKILL:
        percent = words.quantity(100 * turns["worthwhile_gain"])  # with one digit it might not turn there
        said.append(f"if {percent} % of the way to a perfect model were worth having")
    said += _values(verdict)
    if _can_be_paid(turns["price_per_cpu_hour"], DEAREST_HOUR):
        now = _now(verdict["economics"]["price_per_cpu_hour"], currency)
        said.append(f"at {words.money(turns['price_per_cpu_hour'], currency)} for a CPU hour{now}")
    return said


def _values(verdict: Content) -> Iterator[str]:
    """Write at which value of a gain the decision would change: of each prediction and of their number, or of a year.

    With a cost matrix, the value of each prediction is given, and only their number can differ.
    """
    turns, given, currency = verdict["break_even"], verdict["economics"], verdict["currency"]
    a_year, a_row, rows = (turns.get(key) for key in ("value_per_unit", "value_per_row", "predictions_per_year"))
    if a_year is not None and a_year * verdict["facts"]["headroom"] < LEAST_WORTH:
        return
    unit, counted = f"for one unit of {verdict['metric']['label']}", given["predictions_per_year"]
    if a_row is not None and a_row <= MOST:
        now = f"now {currency} {words.amount(given['value_per_row'])}"  # to the digits of what it is compared with
        yield f"at {currency} {words.amount(a_row)} a row {unit} ({now})"
    if rows is not None and 1 <= rows <= MOST:
        yield f"at {math.ceil(rows):,} predictions a year{f' (now {counted:,.0f})' if counted else ''}"
    has_a_year = given.get("value_per_unit") is not None and not given.get("cost_matrix")
    by_rows = "value_per_row" in turns and (given.get("cost_matrix") or given.get("value_per_row") is not None)
    if (has_a_year or not by_rows) and _can_be_paid(a_year):
        yield f"at {words.money(a_year, currency)} a year {unit}{_now(_worth_a_year(verdict), currency)}"


def _is_worth_a_search(verdict: Content) -> bool:
    """Whether today's price lies on the side of its turn on which the gate before a search is open."""
    value, least = verdict["break_even"]["value_per_unit"], verdict["break_even"]["worthwhile_gain"]
    if (now := _worth_a_year(verdict)) is not None:
        return value is not None and now > value
    return least is not None and prices(verdict).worthwhile_gain < least


def _worth_a_year(verdict: Content) -> float | None:
    """Return what one unit of the metric is taken to be worth a year; None if no price is given."""
    told = prices(verdict)
    value = unit_value(told)
    return None if value is None else value / told.horizon_years


def _now(price: float | None, currency: str) -> str:
    """Write today's price, next to the one at which the decision changes."""
    return "" if price is None else f" (now {words.price(price, currency)})"


def _can_be_paid(price: float | None, most: float = MOST) -> bool:
    """Whether a price is realistic: neither a fraction of a cent nor the world's wealth."""
    return price is not None and 0.01 <= price <= most
