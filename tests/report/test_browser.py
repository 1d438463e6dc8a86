"""report.html as a person has it: in a browser, wide and on a phone, in the light and in the dark."""

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from browser import browser, why_no_browser
from runner import words
from runner.folders import REPORT
from runner.report import comparing
from runner.report.page import render, write_report

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(why_no_browser()), reason=f"no browser: {why_no_browser()}"),
]

Made = dict[str, dict[str, Any]]
Open = Callable[..., Any]
REACH = """return [...document.querySelectorAll('body *')].filter(e => !e.closest('.table, pre, .skip'))
.map(e => [e.tagName + '.' + e.className, Math.round(e.getBoundingClientRect().right)])
.filter(([, right]) => right > innerWidth + 1)"""


@pytest.fixture(scope="module")
def driver() -> Iterator[Any]:
    with browser() as driver:
        yield driver


@pytest.fixture
def look(driver: Any, tmp_path: Path) -> Open:
    """Return a function that opens a verdict's page, or its comparison, in a width and a colour scheme."""

    def opened(verdict: Any, width: int = 1200, scheme: str = "light", before: Any = None) -> Any:
        page = tmp_path / REPORT
        page.write_text(_html(json.dumps(verdict), before and json.dumps(before)), encoding="utf-8")
        metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500}
        feature = {"name": "prefers-color-scheme", "value": scheme}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
        driver.get(page.as_uri())
        return driver

    return opened


@cache
def _html(verdict: str, before: str | None) -> str:
    """Return the page of a verdict, or its comparison, given as JSON: pictures are drawn once for all tests."""
    if before is None:
        return render(json.loads(verdict))
    return comparing.render(json.loads(before), json.loads(verdict), {"seed": 0}, {"seed": 1})


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", ["told_all", "unsettled", "crashed"])
def test_nothing_keeps_a_person_out(look: Open, made: Made, kind: str, scheme: str) -> None:
    _assert_accessible(look(made[kind], scheme=scheme))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", ["unsettled", "regression"])
def test_nothing_keeps_a_person_out_of_a_comparison(look: Open, made: Made, kind: str, scheme: str) -> None:
    driver = look(made["told_all"], scheme=scheme, before=made[kind])
    _assert_accessible(driver)
    paper = driver.execute_script("return getComputedStyle(document.body).backgroundColor")
    assert (_lightness(paper) > 128) == (scheme == "light")


@pytest.mark.parametrize("width", [360, 1400])
def test_nothing_sticks_out_of_a_comparison(look: Open, made: Made, width: int) -> None:
    for before, after in (("unsettled", "told_all"), ("regression", "crashed")):
        driver = look(made[after], width=width, before=made[before])
        assert driver.execute_script("return document.documentElement.scrollWidth") <= width
        assert driver.execute_script(REACH) == []


def _assert_accessible(driver: Any) -> None:
    from axe_core_python.selenium import Axe

    found = Axe().run(driver)
    told = [(each["id"], node["html"][:200]) for each in found["violations"] for node in each["nodes"]]
    assert not told
    assert len(found["passes"]) > 15


@pytest.mark.parametrize("width", [360, 768, 1400])
def test_nothing_sticks_out(look: Open, verdict: dict[str, Any], width: int) -> None:
    driver = look(verdict, width=width)
    assert driver.execute_script("return document.documentElement.scrollWidth") <= width
    assert driver.execute_script(REACH) == []


def test_a_command_of_many_columns_stays_on_a_phone(look: Open, made: Made) -> None:
    drop = f"Leave them out: dataset.drop=[{','.join(f'column{number}' for number in range(12))}]."
    stops = [check | {"advice": drop} for check in made["not_trustworthy"]["checks"]]
    driver = look(made["not_trustworthy"] | {"checks": stops}, width=360)
    assert driver.execute_script("return document.documentElement.scrollWidth") <= 360
    assert driver.execute_script(REACH) == []


def test_the_first_screen_of_a_phone_says_it(look: Open, made: Made) -> None:
    driver = look(made["go"], width=360)
    bottom = "return document.querySelector(arguments[0]).getBoundingClientRect().bottom"
    assert driver.execute_script(bottom, "h1") < 300
    assert driver.execute_script(bottom, "#picture-gain svg") < 740


def test_no_request_leaves_the_file(look: Open, made: Made) -> None:
    driver = look(made["told_all"])
    assert driver.execute_script("return performance.getEntriesByType('resource').length") == 0


def test_a_role_opens_on_its_part_without_scripts(look: Open, made: Made) -> None:
    driver = look(made["go"], width=360)
    driver.get(f"{driver.current_url}#engineer")
    top = driver.execute_script("return document.querySelector('#engineer').getBoundingClientRect().top")
    assert 0 <= top < 60
    assert driver.execute_script("return document.scripts.length") == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pictures_take_the_colours_of_the_page(look: Open, made: Made, scheme: str) -> None:
    driver = look(made["told_all"], scheme=scheme)
    paper = driver.execute_script("return getComputedStyle(document.body).backgroundColor")
    fills = driver.execute_script(
        "return [...document.querySelectorAll('figure svg text')].map(e => getComputedStyle(e).fill)"
    )
    light = _lightness(paper)
    assert len(fills) > 30
    assert all(abs(_lightness(fill) - light) > 80 for fill in fills)


def _lightness(colour: str) -> float:
    return sum(map(float, re.findall(r"[\d.]+", colour)[:3])) / 3


@pytest.mark.parametrize("kind", ["go", "regression", "unsettled"])
def test_the_numbers_are_those_of_the_verdict(look: Open, made: Made, kind: str) -> None:
    verdict = made[kind]
    driver = look(verdict)
    text = driver.execute_script("return document.body.innerText")
    assert words.interval(verdict["gain"]) in text
    assert verdict["decision"] in driver.execute_script("return document.querySelector('h1').innerText")
    rows = driver.execute_script(
        "return [...document.querySelectorAll('[aria-label=\"All candidates\"] tbody tr')]"
        ".map(r => [...r.cells].map(c => c.firstChild ? c.firstChild.textContent.trim() : ''))"
    )
    metric = verdict["metric"]["name"]
    for row, entry in zip(rows, verdict["candidates"], strict=True):
        assert row[:3] == [entry["rung"], entry["name"], words.score_and_error(metric, entry["fold_scores"])]
        assert row[4] == words.quantity(entry["costs"]["cpu_seconds"])


def test_a_real_run_has_its_page(finished: Any, driver: Any) -> None:
    page = write_report(finished.folder)
    assert page.stat().st_size < 1_500_000
    driver.get(page.as_uri())
    verdict = json.loads((finished.folder / "verdict.json").read_text())
    assert verdict["decision"] in driver.find_element("css selector", "h1").text
    shown = driver.execute_script("return document.querySelectorAll('[aria-label=\"All candidates\"] tbody tr').length")
    assert shown == len(verdict["candidates"])
