"""The CI files are valid, ask for no more rights than they need, and their commands pass here."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from workflow_steps import github_steps, gitlab_steps, jobs, scripts, variables

ROOT = Path(__file__).resolve().parents[1]
GITHUB = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
GITLAB = ROOT / ".gitlab-ci.yml"
DEPENDABOT = ROOT / ".github" / "dependabot.yml"
SCHEMAS = {**dict.fromkeys(GITHUB, "github-workflows"), GITLAB: "gitlab-ci", DEPENDABOT: "dependabot"}
NIGHTLY = ROOT / ".github" / "workflows" / "nightly.yml"
SMALL = "suite.tables=[glass] suite.seconds=150 budget.rows=150 ladder.rungs=[none,tree,simple] tracking=none"


@pytest.mark.parametrize(("path", "schema"), SCHEMAS.items(), ids=lambda value: getattr(value, "name", ""))
def test_a_file_obeys_the_schema_of_its_server(path: Path, schema: str) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", str(path)]
    if path == GITLAB:
        command[-1:] = ["--data-transform", "gitlab-ci", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", GITHUB, ids=lambda path: path.name)
def test_rights_are_the_least(path: Path) -> None:
    content = yaml.safe_load(path.read_text())
    assert content["permissions"] == {"contents": "read"}
    assert all("timeout-minutes" in job for job in content["jobs"].values())
    for job in content["jobs"].values():  # what may write runs nothing of the pull request
        if "write" in job.get("permissions", {}).values():
            assert not [step for step in job["steps"] if "checkout" in step.get("uses", "")]


@pytest.mark.parametrize("path", [*GITHUB, GITLAB], ids=lambda path: path.name)
def test_commands_are_sound_shell(path: Path) -> None:
    shellcheck = [Path(sys.executable).with_name("shellcheck"), "--shell=bash", "-"]
    for script in (script for job in jobs(path) for script in scripts(path, job)):
        done = subprocess.run(shellcheck, input=script, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_both_servers_run_the_same_suite() -> None:
    (ours,) = [step for step in github_steps(NIGHTLY, "suite") if "runner suite" in step]
    assert ours in gitlab_steps(GITLAB, "suite")
    assert {"SUITE", "SUITE_ARGS", "ACCEPT"} == set(variables(NIGHTLY, "suite"))


def test_the_container_runs_as_a_user_without_rights() -> None:
    lines = (ROOT / "Containerfile").read_text().splitlines()
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert int(users[-1]) > 0  # a number: Kubernetes cannot tell of a name that it is not root
    copied = [word for line in lines if line.startswith("COPY ") for word in line.split()[1:-1]]
    assert all((ROOT / name).exists() for name in copied)


@pytest.mark.slow
def test_the_commands_of_the_night_pass_in_a_clean_clone(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--depth=1", f"file://{ROOT}", str(clone)], check=True)
    _set_up(clone / ".venv")
    command = [sys.executable, "tests/workflow_steps.py", ".github/workflows/nightly.yml", "suite"]
    values = ["SUITE=pull-request", "ACCEPT=--accept", f"SUITE_ARGS={SMALL} suite.accepted=benchmarks/accepted/x.json"]
    summary = tmp_path / "summary.md"
    environment = {**os.environ, "PYTHONPATH": str(clone / "src"), "GITHUB_STEP_SUMMARY": str(summary)}
    done = subprocess.run([*command, *values], cwd=clone, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert summary.read_text().startswith("**pull-request: passed: ")
    assert {"junit.xml", "report.html", "trend.html", "suite.json", "summary.md"} <= {
        path.name for path in (clone / "night").iterdir()
    }
    assert (clone / "night" / "accepted" / "x.json").is_file()


def _set_up(environment: Path) -> None:
    """Make an environment out of this one, such that `make setup` finds nothing to do."""
    environment.mkdir()
    for name in ("bin", "lib", "pyvenv.cfg"):
        (environment / name).symlink_to(Path(sys.prefix) / name)
    (environment / ".installed").touch()
