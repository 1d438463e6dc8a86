import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock")


def build(source: Path, target: str, into: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(into)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    (built,) = into.iterdir()
    return built


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, "wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the commands of an environment that has the wheel, and sees our libraries, not the checkout."""
    environment = tmp_path_factory.mktemp("environment")
    venv.create(environment, symlinks=True)
    python = environment / "bin" / "python"
    (packages,) = environment.glob("lib/python*/site-packages")
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib"))
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index"]
    subprocess.run([*install, str(wheel)], check=True, capture_output=True)
    return python.parent


def names(wheel: Path) -> set[str]:
    return set(zipfile.ZipFile(wheel).namelist())


def outside() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}


def requirements(lock: str) -> dict[str, int]:
    """Return the hashes that each requirement of a lock file has."""
    entries = re.split(r"\n(?=[a-z0-9])", (ROOT / lock).read_text())
    return {entry.split()[0]: entry.count("--hash=sha256:") for entry in entries if not entry.startswith("#")}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_each_package_to_its_hashes(lock: str) -> None:
    pins = requirements(lock)
    assert len(pins) > 50
    assert all(re.fullmatch(r"[a-z0-9._-]+==\S+", pin) and hashes for pin, hashes in pins.items())


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_place_to_fetch_from(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert not re.search(r"://|file:|^(-f|-i|--find-links|--(extra-)?index-url)|\s/\w", text, re.MULTILINE)


def test_the_locks_hold_what_the_project_asks_for() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())

    needed, development = asked["project"]["dependencies"], asked["dependency-groups"]["dev"]
    for wanted, lock in zip((needed, needed + development), LOCKS, strict=True):
        pinned = {pin.partition("==")[0] for pin in requirements(lock)}
        assert {re.split(r"\[|>=", name)[0] for name in wanted} <= pinned


def test_all_that_the_code_imports_is_asked_for() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*asked["dependencies"], *(name for names in asked["optional-dependencies"].values() for name in names)]
    declared = {re.split(r"\[|>=", name)[0] for name in wanted}
    installed = packages_distributions()  # takes a second
    lines = "\n".join(path.read_text() for path in (ROOT / "src").rglob("*.py"))
    imported = set(re.findall(r"^ *(?:from|import) (\w+)", lines, re.MULTILINE)) & installed.keys()
    others = {name: installed[name] for name in imported - {"runner"}}
    assert {name for name, of in others.items() if not declared & {each.lower() for each in of}} == set()


def test_the_development_lock_agrees_with_the_other() -> None:
    assert requirements("requirements.lock").keys() <= requirements("requirements-dev.lock").keys()


@pytest.mark.slow
def test_the_wheel_carries_code_config_and_tables_and_nothing_else(wheel: Path) -> None:
    held = names(wheel)
    assert {"runner/__main__.py", "runner/py.typed", "runner/conf/config.yaml"} <= held
    assert {"runner/datasets/credit-g/data.parquet", "runner/datasets/credit-g/card.yaml"} <= held
    assert {name.split("/")[0].partition("-")[0] for name in held} == {"runner", "baseline_first_runner"}
    assert wheel.stat().st_size < 4 * 2**20


@pytest.mark.slow
def test_the_source_archive_builds_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    archive = build(ROOT, "sdist", tmp_path / "sdist")
    with tarfile.open(archive) as opened:
        opened.extractall(tmp_path / "source", filter="data")
    (source,) = (tmp_path / "source").iterdir()
    assert names(build(source, "wheel", tmp_path / "wheel")) == names(wheel)


@pytest.mark.slow
def test_the_installed_runner_reaches_a_verdict_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    few = ["budget.rows=300", "ladder.rungs=[none,tree,simple]"]
    command = [str(installed / "runner"), "dataset=credit-g", "budget=smoke", *few]
    done = subprocess.run(command, cwd=tmp_path, env=outside(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(list(tmp_path.glob("runs/credit-g/*/verdict.json"))) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["runs"]


@pytest.mark.slow
def test_the_installed_module_comes_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    command = [str(installed / "python"), "-c", "import runner; print(runner.__file__)"]
    done = subprocess.run(command, cwd=tmp_path, env=outside(), capture_output=True, text=True, check=True)
    assert Path(done.stdout.strip()).is_relative_to(installed.parent)
