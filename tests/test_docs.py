"""The documentation tells what is true: its commands can be run, its figures are printed again, it builds."""

import ast
import importlib.util
import re
import shlex
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from processes import environment

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("*.md"))
COMMAND = re.compile(r"python -m runner ((?:[^`\n\\]|\\\n)*)")


def module(name: str) -> ModuleType:
    """Import a program of docs/, which is no package."""
    spec = importlib.util.spec_from_file_location(f"docs_{name}", DOCS / f"{name}.py")
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def commands():
    for page in PAGES:
        for told in COMMAND.findall(page.read_text()):
            yield page.name, shlex.split(told.replace("\\\n", " "), comments=True)


@pytest.mark.parametrize(("page", "words"), list(commands()))
def test_commands_can_be_run(compose, page, words):
    verbs = {path.stem for path in (ROOT / "src/runner/commands").glob("*.py")}
    if words and "=" not in words[0] and not words[0].startswith("-"):
        assert words[0] in verbs or words[0] in ("VERB", "..."), f"{page}: no verb {words[0]}"
        return
    if "--config-dir" in words or not any("=" in word for word in words):
        return
    overrides = [word for word in words if "=" in word and not word.startswith("-")]
    if "-m" in words:
        overrides = [f"{key}={value.split(',')[0]}" for key, value in (word.split("=", 1) for word in overrides)]
    compose(*overrides)


@pytest.mark.parametrize(("command", "shown"), module("cookbook").cases())
def test_cookbook_prints_what_the_page_shows(command, shown):
    assert module("cookbook").printed(command) == shown


def test_every_module_is_where_the_map_says():
    source = ROOT / "src/runner"
    shown = (ROOT / "ARCHITECTURE.md").read_text().partition("## Where things are")[2].partition("## ")[0]
    named = {name.rstrip("/") for name in re.findall(r"`([\w/]+(?:\.py|/))`", shown)}
    assert [name for name in named if not any(source.rglob(name))] == []
    there = {path.name for path in source.glob("*.py")} | {path.parent.name for path in source.glob("*/__init__.py")}
    assert there - named == set()


def test_every_key_of_the_config_is_told():
    hooks = module("hooks")
    told = hooks.options()
    for node in hooks._classes():
        prefix = f"{hooks.GROUPS[node.name]}." if node.name in hooks.GROUPS else ""
        keys = [ast.unparse(each.target) for each in node.body if isinstance(each, ast.AnnAssign)]
        assert keys and all(f"| `{prefix}{key}` |" in told for key in keys)
    assert not re.findall(r"^\| `[^`]+` \| .*\|  \|$", told, re.MULTILINE)  # each with its meaning
    assert "| `budget.rows` | `int or null` | set by the group |" in told  # though the schema has a default
    assert "| `economics.horizon_years` | `float` | `1.0` |" in told


def test_every_check_is_told():
    from runner.checks.registry import CODES

    told = module("hooks").checks()
    assert all(f"`{code}`" in told for code in CODES)


def test_a_result_that_is_not_there_fails_the_build():
    with pytest.raises(KeyError, match="has no section"):
        module("hooks").results("decision: No such heading")


@pytest.mark.slow
def test_site_builds_without_warnings_and_fetches_nothing(tmp_path):
    site = tmp_path / "site"
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(site)],
        cwd=ROOT,
        env=environment() | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0 and "WARNING" not in done.stderr, (
        done.stderr
    )  # --quiet would hide warnings from --strict
    pages = list(site.glob("*.html"))
    assert {page.stem for page in PAGES} <= {page.stem for page in pages}
    for page in pages:
        fetched = re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=\"?(https?://[^\">\s]+)", page.read_text())
        assert fetched == [], page.name


@pytest.mark.slow
def test_notebook_runs(tmp_path):
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(DOCS / "tutorial.ipynb", as_version=4)
    assert all(not cell.get("outputs") for cell in notebook.cells)  # stored without
    told, few = '"tracking=none"', '"tracking=none", "budget.rows=300", "ladder.rungs=[none,tree,simple]"'
    for cell in notebook.cells:  # the notebook as it stands, on fewer rows and rungs
        cell.source = cell.source.replace(told, few)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", environment()["PYTHONPATH"])
        NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = "".join(str(cell.get("outputs")) for cell in notebook.cells)
    assert "GO" in shown and "a year for one unit of AUC" in shown
