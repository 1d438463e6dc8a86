"""What a run was made with: the commit of the working folder and the versions of the libraries."""

import subprocess
from collections.abc import Iterable
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version

DISTRIBUTION = "baseline-first-runner"


def versions(distributions: Iterable[str]) -> dict[str, str]:
    """Return the versions of those that are installed."""
    found = {}
    for name in distributions:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def git_tags() -> dict[str, str]:
    """Return commit and dirtiness of the working folder; nothing when it is not in a git checkout."""
    commit = _git("rev-parse", "--verify", "HEAD")
    if not commit:
        return {}
    changes = _git("status", "--porcelain", "--untracked-files=no")
    tags = {"git_commit": commit, "mlflow.source.git.commit": commit}
    return tags if changes is None else {**tags, "git_dirty": str(bool(changes)).lower()}


def _git(*arguments: str) -> str | None:
    try:
        answer = subprocess.run(["git", *arguments], capture_output=True, text=True, timeout=2, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.strip()
