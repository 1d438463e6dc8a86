"""Entries of runs, as a suite keeps them."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from runner.suite.entry import entry_of
from runner.suite.plan import PlannedRun
from runner.suite.schedule import EndedRun
from runner.suite.settings import SuiteConfig, settings

Entry = dict[str, Any]


@pytest.fixture(scope="session")
def suite() -> SuiteConfig:
    """Return the nightly suite as it ships."""
    return settings(["tracking=none"]).suite


@pytest.fixture
def entry() -> Callable[..., Entry]:
    """Return a function that makes an entry like that of credit-g, with some figures changed."""
    usual: Entry = {
        "fingerprint": "abc",
        "kept_aside": "def",
        "rows": 1000,
        "features": 20,
        "metric": "roc_auc",
        "label": "ROC AUC",
        "greater_is_better": True,
        "decision": "NO-GO",
        "reason": "within-noise",
        "settled": False,
        "p_pays": 0.4,
        "kept": "blend",
        "score": 0.785,
        "scores": {
            "dummy": [0.5] * 5,
            "linear": [0.74, 0.78, 0.76, 0.80, 0.75],
            "blend": [0.77, 0.80, 0.78, 0.80, 0.775],
            "lightgbm #3": [0.78, 0.82, 0.79, 0.82, 0.79],
        },
        "combined": ["blend", "lightgbm #3"],
        "cut": False,
        "dummy_scores": [0.5] * 5,
        "loops": {"dummy": 10.0, "linear": 300.0},
        "memory_mb": {"dummy": 1.0, "linear": 90.0},
        "latency_loops": {"blend": 3.0},
        "cpu_seconds": 20.0,
        "wall_seconds": 25.0,
        "loop_seconds": 0.003,
        "checks": [],
        "search": {"forecast_cpu_seconds": 10.0, "cpu_seconds": 12.0, "stopped_by": "rule", "skill": 0.004},
        "mlflow_run_id": None,
    }
    return lambda **changed: {**deepcopy(usual), **changed}


@pytest.fixture
def ended() -> Callable[..., EndedRun]:
    """Return a function that makes a run that ended, with a verdict or with the reason why not."""

    def make(table: str, reason: str | None = None) -> EndedRun:
        planned = PlannedRun(table, "smoke", 0, (), 30.0)
        return EndedRun(planned, None if reason else {}, reason, 0.003, 25.0)

    return make


@pytest.fixture(scope="session")
def content(finished: Any) -> Entry:
    """Return the content of a real run's verdict.json."""
    return dict(finished.content)


@pytest.fixture(scope="session")
def real_entry(content: Entry) -> Entry:
    """Return the entry of a real run."""
    return entry_of(content, 0.003)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
