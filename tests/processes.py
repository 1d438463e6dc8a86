"""The command line as a process of its own, for tests."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import runner

for _threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):  # as in workers: small fits crawl with two, beside others
    os.environ.setdefault(_threads, "1")

SECONDS = 180  # for any one process: the machine may be busy
OWN_CONF = Path(__file__).parent / "conf"  # a user's own config folder, with the ladder `small`
CHEAPLY = ("evaluation.design=holdout", "evaluation.folds=3")  # nested folds have tests of their own
SMALL = ("--config-dir", str(OWN_CONF), "ladder=small", "budget=smoke", "tracking=none", *CHEAPLY)

Done = subprocess.CompletedProcess[str]
Command = Callable[..., Done]
Script = Callable[[str], Done]


def environment() -> dict[str, str]:
    """Return variables with which a process in another folder finds the same code."""
    return os.environ | {"PYTHONPATH": str(Path(runner.__file__).parents[1])}


def python(*arguments: str, folder: Path) -> Done:
    """Run Python in a folder to its end."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def verdict_in(folder: Path) -> dict[str, Any]:
    """Return the one verdict.json that is in a folder or below."""
    (path,) = folder.rglob("verdict.json")
    content: dict[str, Any] = json.loads(path.read_text())
    return content
