"""A night, and the trend of the last nights, as self-contained pages."""

from collections.abc import Sequence
from typing import Any

from runner.report.page import environment
from runner.suite import Content, trend


def night_page(content: Content) -> str:
    """Return the page of a night.

    Parameters
    ----------
    content : mapping
        The content of suite.json.
    """
    rules = list(dict.fromkeys(item["rule"] for item in content["judged"]))
    grid: dict[str, dict[str, Any]] = {}
    for item in content["judged"]:
        grid.setdefault(item["run"], {})[item["rule"]] = item
    return _render("night.html.j2", content=content, rules=rules, grid=dict(sorted(grid.items())))


def trend_page(nights: Sequence[Content]) -> str:
    """Return the page of the last nights, oldest first."""
    return _render("trend.html.j2", nights=nights, rows=trend.rows(nights), suite=nights[-1]["suite"])


def _render(template: str, **values: Any) -> str:
    """Fill a template of the suite in the same environment as the report's."""
    from jinja2 import PackageLoader

    return environment().overlay(loader=PackageLoader("runner.suite")).get_template(template).render(**values)
