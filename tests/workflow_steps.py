"""Read the commands out of a CI file, and run them here: what the file says is what is tested.

python tests/workflow_steps.py .github/workflows/nightly.yml suite [NAME=VALUE ...]

The variables given take the place of those of the file, whose own values are expressions of the CI server.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml


def github_steps(path: Path, job: str) -> list[str]:
    """Return the commands of a job's steps; steps that use an action have none."""
    steps = yaml.safe_load(path.read_text())["jobs"][job]["steps"]
    return [step["run"] for step in steps if "run" in step]


def gitlab_steps(path: Path, job: str) -> list[str]:
    """Return the commands of a job, those of `before_script` first."""
    content = yaml.safe_load(path.read_text())
    before = content[job].get("before_script", content.get("default", {}).get("before_script", []))
    return [*before, *content[job]["script"]]


def jobs(path: Path) -> list[str]:
    """Return the names of a file's jobs."""
    content: dict[str, Any] = yaml.safe_load(path.read_text())
    described = content.get("jobs", content)
    return [name for name, job in described.items() if "steps" in job or "script" in job]


def scripts(path: Path, job: str) -> list[str]:
    """Return what a job runs, a text a shell: GitHub gives each step a shell of its own, GitLab one for all."""
    return github_steps(path, job) if path.parent.name == "workflows" else ["\n".join(gitlab_steps(path, job))]


def variables(path: Path, job: str) -> list[str]:
    """Return the names of the variables that a job sets for its steps."""
    content: dict[str, Any] = yaml.safe_load(path.read_text())
    described = content["jobs"][job] if "jobs" in content else content
    return [*described.get("env", {}), *described.get("variables", {})]


def run(path: Path, job: str, given: dict[str, str]) -> int:
    """Run the commands in order, in this folder, and stop at the first that fails; return its exit code."""
    missing = [name for name in variables(path, job) if name not in given]
    if missing:
        sys.exit(f"{path} sets {', '.join(missing)} by expressions: give their values.")
    for step in scripts(path, job):
        print(f"$ {step.strip()}", flush=True)
        done = subprocess.run(["bash", "-eo", "pipefail", "-c", step], env=os.environ | given, check=False)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    values = dict(word.split("=", 1) for word in sys.argv[3:])
    sys.exit(run(Path(sys.argv[1]), sys.argv[2], values))
