"""Pictures of a run in MLflow's pages, for docs/screenshots/: python tests/screenshots_mlflow.py [STORE].

STORE is the address of a store, such as sqlite:////tmp/x/runs/mlflow.db; its newest run with a search is shown, or its
newest where none was worth a search. Without one, runs are made first.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from browser import browser
from processes import environment
from servers import free_port, wait_for_page

PLACE = Path(__file__).parents[1] / "docs" / "screenshots"
CALM = ("budget.seconds=420",)  # the machine may be busy, and the pictures are to show whole runs
JOB = ("dataset=credit-g", "budget=quick", "budget.trials=8", "economics=cloud", "economics.value_per_unit=500000")
OTHERS = (("dataset=glass", "budget=smoke"), ("dataset=control-noise", "budget=smoke"))
PARENT = "mlflow.parentRunId"
WIDTH, HEIGHT = 1600, 900
SECONDS = 6.0  # for a page to be drawn


def main() -> None:
    """Take the pictures."""
    if len(sys.argv) == 2:
        take(sys.argv[1], PLACE)
    else:
        take_of_new_runs()


def take_of_new_runs() -> None:
    """Make runs, and take pictures of them."""
    with tempfile.TemporaryDirectory() as folder:
        for words in (JOB, *OTHERS):
            command = [sys.executable, "-m", "runner", *words, *CALM]
            subprocess.run(command, cwd=folder, env=environment(), check=True, stdout=subprocess.DEVNULL)
        take(f"sqlite:///{folder}/runs/mlflow.db", PLACE)


def take(store: str, place: Path) -> list[Path]:
    """Take pictures of list, parent, child, artifacts and search of a store's newest run, best with a search."""
    from mlflow import MlflowClient

    client = MlflowClient(store)
    number = client.get_experiment_by_name("runner").experiment_id
    runs = client.search_runs([number])
    search = next((run for run in runs if run.info.run_name == "search"), None)
    parent = search.data.tags[PARENT] if search else next(r for r in runs if PARENT not in r.data.tags).info.run_id
    child = next(run for run in runs if run.info.run_name == "linear" and run.data.tags[PARENT] == parent)
    files = {file.path for file in client.list_artifacts(parent)}
    pages = {
        "list": f"runs?workflowType=machine_learning&o=%5B%22{parent}%22%5D",
        "parent": f"runs/{parent}",
        "child": f"runs/{child.info.run_id}",
        "artifact": f"runs/{parent}/artifacts/ladder.csv",
    }
    if search:
        pages["search"] = f"runs/{search.info.run_id}/model-metrics"
    else:
        print("No run of the store has searched: no picture of a search is taken.")
    if "report.html" in files:
        pages["report"] = f"runs/{parent}/artifacts/report.html"
    place.mkdir(parents=True, exist_ok=True)
    with _pages(store) as address, browser(WIDTH, HEIGHT) as driver:
        driver.get(address)
        _close_assistant(driver)
        return [_take(driver, f"{address}/#/experiments/{number}/{page}", place, name) for name, page in pages.items()]


def _take(driver: Any, page: str, place: Path, name: str) -> Path:
    driver.get("about:blank")
    driver.get(page)
    time.sleep(SECONDS)
    _close_assistant(driver)
    for button in driver.find_elements("xpath", "//button[.='Show more' or .//span[.='Show more']]"):
        button.click()
    time.sleep(1)
    path = place / f"mlflow-{name}.png"
    driver.save_screenshot(str(path))
    return path


def _close_assistant(driver: Any) -> None:
    """Close what MLflow opens beside its pages."""
    time.sleep(2)
    for button in driver.find_elements("css selector", "button[aria-label='Close']"):
        if button.is_displayed():
            button.click()


@contextmanager
def _pages(store: str) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "mlflow", "ui", "--backend-store-uri", store, "--port", str(port)]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, env=environment(), stdout=quiet, stderr=quiet)
    try:
        wait_for_page(f"http://127.0.0.1:{port}/health", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()


if __name__ == "__main__":
    main()
