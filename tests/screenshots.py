"""Pictures of what a person sees, for docs/screenshots/: python tests/screenshots.py.

Makes a run, and takes its report (wide, on a phone, in the dark, and parts of it), the terminal (80 and 200 columns),
the page that compares it with a second run, and MLflow's pages.
"""

import io
import os
import tempfile
from pathlib import Path
from typing import Any

import screenshots_mlflow
from browser import browser

PLACE = Path(__file__).parents[1] / "docs" / "screenshots"
JOB = ("dataset=credit-g", "budget=quick", "economics=cloud", "economics.value_per_unit=500000", "tracking=none")
CHANGE = ("+ladder.candidates.forest.params.min_samples_leaf=5",)  # of the second run
CALM = ("budget.seconds=420", "budget.trials=16")  # the machine may be busy, and the pictures are to show a whole run
WIDE, PHONE = (1280, 900), (360, 780)
VIEWS = {"wide": (*WIDE, "light", True), "phone": (*PHONE, "light", False), "dark": (*WIDE, "dark", False)}
PARTS = {  # of the page, for docs/report.md
    "verdict": ".verdict",
    "cost": ".columns:has(#picture-cost)",
    "tree": ".gallery:has(#picture-tree)",
    "columns": ".columns:has(#picture-columns)",
    "weak": ".gallery:has(#picture-confusion)",
}
MARGIN = 4
BOX = """const box = arguments[0].getBoundingClientRect();
return {x: box.x, y: box.y + scrollY, width: box.width, height: box.height}"""
TALLEST = 3600
COLOURS = 64  # of a palette: enough for a page, and a fraction of the bytes


def main() -> None:
    """Take the pictures."""
    PLACE.mkdir(parents=True, exist_ok=True)
    os.environ["FORCE_COLOR"] = "1"
    with tempfile.TemporaryDirectory() as folder, browser() as driver:
        events, content = _run(Path(folder) / "run", *JOB, *CALM)
        report = Path(folder) / "run" / "report.html"
        for name, (width, height, scheme, whole) in VIEWS.items():
            _page(driver, report, f"report-{name}", width, height, scheme, whole)
        parts(driver, report)
        for columns in (80, 200):
            page = Path(folder) / f"{columns}.html"
            page.write_text(f'<body style="margin:0">{_terminal(events, content, columns)}</body>', encoding="utf-8")
            _page(driver, page, f"terminal-{columns}", 1000 if columns == 80 else 1500, 600, "dark", True)
        _run(Path(folder) / "second", *JOB, *CALM, *CHANGE)
        comparison(driver, Path(folder) / "run", Path(folder) / "second")
    screenshots_mlflow.take_of_new_runs()


def comparison(driver: Any, first: Path, second: Path) -> None:
    """Take a picture of the page that compares two runs."""
    from runner.report.comparing import write_comparison

    _page(driver, write_comparison(first, second), "comparison", *WIDE, "light", True)


def _run(folder: Path, *job: str) -> tuple[list[Any], dict[str, Any]]:
    """Make a run and return what was told on the way, and what came out."""
    from runner.clock import Clock
    from runner.config.compose import composed
    from runner.engine import warm
    from runner.events import Listeners
    from runner.record import Place
    from runner.run import run

    events: list[Any] = []

    class Ear:
        def hear(self, event: Any) -> None:
            events.append(event)

    warm()
    config = composed(list(job))
    place = Place(folder, f"python -m runner {' '.join(job)}")
    return events, run(config, place, Listeners(Ear()), Clock(config.budget.seconds))


def _terminal(events: list[Any], content: dict[str, Any], columns: int) -> str:
    """Return the live view's last state and the closing lines as SVG."""
    from rich.console import Console
    from rich.text import Text

    from runner.listeners.story import Story
    from runner.listeners.terminal import WIDEST, _draw
    from runner.report.closing import closing_lines

    story = Story(events[0])
    for event in events[1:]:
        story.take_notice(event)
    console = Console(record=True, width=columns, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    for line in _draw(story, min(columns, WIDEST)):
        console.print(line, highlight=False)
    for line in closing_lines(content, columns):
        console.print(Text(line), highlight=False)
    return console.export_svg(title="python -m runner dataset=credit-g budget=quick")


def _page(driver: Any, page: Path, name: str, width: int, height: int, scheme: str, whole: bool) -> None:
    """Take a picture of a page, or of its first screen."""
    _open(driver, page, width, height, scheme)
    if whole:
        height = min(TALLEST, driver.execute_script("return document.documentElement.scrollHeight"))
    _take(driver, name, {"x": 0, "y": 0, "width": width, "height": height})


def parts(driver: Any, page: Path) -> None:
    """Take pictures of those parts of a report that there are."""
    _open(driver, page, *WIDE, "light")
    for name, selector in PARTS.items():
        for part in driver.find_elements("css selector", selector):
            box = driver.execute_script(BOX, part)
            sides = {key: box[key] - MARGIN for key in ("x", "y")}
            sizes = {key: box[key] + 2 * MARGIN for key in ("width", "height")}
            _take(driver, f"report-{name}", sides | sizes)


def _open(driver: Any, page: Path, width: int, height: int, scheme: str) -> None:
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    feature = {"name": "prefers-color-scheme", "value": scheme}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
    driver.get(page.as_uri())


def _take(driver: Any, name: str, clip: dict[str, float]) -> None:
    import base64

    from PIL import Image

    view = {"captureBeyondViewport": True, "clip": clip | {"scale": 1}}
    shot = driver.execute_cdp_cmd("Page.captureScreenshot", view)
    picture = Image.open(io.BytesIO(base64.b64decode(shot["data"]))).convert("RGB")
    path = PLACE / f"{name}.png"
    picture.quantize(COLOURS).save(path, optimize=True)
    print(f"{path}: {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
