"""What a run was made with: the commit of the working directory and the versions of the libraries."""

import subprocess
from collections.abc import Iterable
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from typing import Any

DISTRIBUTION = "baseline-first-runner"
LIBRARIES = (DISTRIBUTION, "scikit-learn", "lightgbm", "optuna", "skrub", "pandas", "numpy", "mlflow", "hydra-core")


def versions(distributions: Iterable[str]) -> dict[str, str]:
    """Return the versions of those distributions that are installed."""
    found = {}
    for name in distributions:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def checkout() -> dict[str, Any] | None:
    """Return the commit of the working directory, and whether it has changes; None outside of a git checkout."""
    commit = _git("rev-parse", "--verify", "HEAD")
    if not commit:
        return None
    changes = _git("status", "--porcelain", "--untracked-files=no")
    return {"commit": commit, "dirty": None if changes is None else bool(changes)}


def git_tags() -> dict[str, str]:
    """Return the same as tags for a run in MLflow."""
    found = checkout()
    if found is None:
        return {}
    tags = {"git_commit": found["commit"], "mlflow.source.git.commit": found["commit"]}
    return tags if found["dirty"] is None else {**tags, "git_dirty": str(found["dirty"]).lower()}


def _git(*arguments: str) -> str | None:
    try:
        answer = subprocess.run(["git", *arguments], capture_output=True, text=True, timeout=2, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.strip()
