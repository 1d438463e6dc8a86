"""What MkDocs writes into the pages while it builds them: made from the code, the results and the notebook.

A page says where, by a line such as ``<!-- results decision: Errors of the verdict -->``. So nothing here can be
stale, and a marker whose source is gone fails the build.
"""

import ast
import importlib
import json
import re
from collections.abc import Callable, Iterator
from itertools import takewhile
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
MARKER = re.compile(r"^<!-- (\w+)(?: ([^>]*?))? -->$", re.MULTILINE)
GROUPS = {  # where the values of a group live beside the schema
    "CiConfig": "ci",
    "DatasetConfig": "dataset",
    "BudgetConfig": "budget",
    "LadderConfig": "ladder",
    "EconomicsConfig": "economics",
    "EvaluationConfig": "evaluation",
    "EngineConfig": "engine",
    "TrackingConfig": "tracking",
}


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Replace the markers of a page (called by MkDocs)."""
    return MARKER.sub(lambda found: MADE[found[1]](found[2] or ""), markdown)


def results(told: str) -> str:
    """Return a section of benchmarks/RESULTS-<topic>.md, as a command of this repository has printed it."""
    topic, _, heading = told.partition(": ")
    path = ROOT / "benchmarks" / (f"RESULTS-{topic}.md" if topic else "RESULTS.md")
    parts = re.split(r"^#{1,3} (.+)$", path.read_text(), flags=re.MULTILINE)
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    if heading not in sections:
        raise KeyError(f"{path.name} has no section {heading!r}, only {sorted(sections)}")
    return sections[heading].strip()


def options(_: str = "") -> str:
    """Return every key of the config with type, default and meaning, from the schema and its comments."""
    return "\n\n".join(_class(each) for each in _classes())


def _classes() -> Iterator[ast.ClassDef]:
    tree = ast.parse((ROOT / "src/runner/config/__init__.py").read_text())
    yield from (node for node in tree.body if isinstance(node, ast.ClassDef))


def _class(node: ast.ClassDef) -> str:
    group = GROUPS.get(node.name)
    title = f"`{group}`" if group else "The whole run" if node.name == "Config" else node.name.removesuffix("Config")
    lines = [
        f"## {title}",
        "",
        ast.get_docstring(node) or "",
        "",
        "| key | type | default | meaning |",
        "|---|---|---|---|",
    ]
    lines += [_key(each, group) for each in node.body if isinstance(each, ast.AnnAssign)]
    return "\n".join([*lines, *(_choices(group) if group else [])])


def _key(node: ast.AnnAssign, group: str | None) -> str:
    name = ast.unparse(node.target)
    default = _default(node.value)
    if group and name in (given := _given(group)) and given[name] != yaml.safe_load(default.strip("`")):
        default = "set by the group"
    cells = [
        f"`{group}.{name}`" if group else f"`{name}`",
        f"`{ast.unparse(node.annotation).replace(' | None', ' or null')}`",
        default,
        _comment(node) or ("the keys above" if default == "a group" else ""),
    ]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _given(group: str) -> dict[str, Any]:
    """Return the values of the file that is chosen in a group by itself."""
    chosen = [each for each in yaml.safe_load((ROOT / "conf/config.yaml").read_text())["defaults"] if group in each]
    return yaml.safe_load((ROOT / "conf" / group / f"{chosen[0][group]}.yaml").read_text()) if chosen else {}


def _default(value: ast.expr | None) -> str:
    text = ast.unparse(value) if value else "MISSING"
    if text == "MISSING":
        return "set by the group"
    empty = {"field(default_factory=list)": "[]", "field(default_factory=dict)": "{}", "None": "null"}
    if text in empty:
        return f"`{empty[text]}`"
    return "a group" if text.startswith("field(") else f"`{text.lower() if text in ('True', 'False') else text}`"


def _comment(node: ast.AnnAssign) -> str:
    """Return what the comments beside a key say."""
    lines = (ROOT / "src/runner/config/__init__.py").read_text().splitlines()[node.lineno - 1 : node.end_lineno]
    return " ".join(line.partition("  # ")[2] for line in lines).strip()


def _choices(group: str) -> Iterator[str]:
    """Yield the files of a group, and what the comment at their head says."""
    paths = sorted((ROOT / "conf" / group).glob("*.yaml"))
    if paths:
        yield from ("", f"| `{group}=` | |", "|---|---|")
    for path in paths:
        head = takewhile(lambda line: line.startswith("# "), path.read_text().splitlines())
        yield f"| `{path.stem}` | {' '.join(line.removeprefix('# ') for line in head)} |"


def checks(_: str = "") -> str:
    """Return every check with what it means, when it does not apply and what to do, from its module's docstring."""
    from runner.checks.registry import CHECKS, FALLS_SHORT, UNUSED_INPUTS
    from runner.insight import shortfall, unused

    told = [_check(module, module.CODES) for module in CHECKS.values()]
    return "\n\n".join([*told, _check(shortfall, (FALLS_SHORT,)), _check(unused, (UNUSED_INPUTS,))])


def _check(module: Any, codes: tuple[str, ...]) -> str:
    title, _, rest = (importlib.import_module(module.__name__).__doc__ or "").strip().partition("\n")
    told = [f"### {', '.join(f'`{code}`' for code in codes)}", f"**{title}**"]
    paragraphs = re.split(r"\n(?=[A-Z][\w ]*: )|\n\n", rest.strip())
    told += [re.sub(r"^([A-Z][\w ]*):", r"*\1:*", " ".join(paragraph.split())) for paragraph in paragraphs]
    return "\n\n".join(told)


def verbs(_: str = "") -> str:
    """Return the verbs with the first line of each."""
    rows = ["| verb | what it does |", "|---|---|"]
    for path in sorted((ROOT / "src/runner/commands").glob("*.py")):
        if path.stem != "__init__":
            usage, _, what = ast.get_docstring(ast.parse(path.read_text()), clean=True).partition(": ")  # type: ignore[union-attr]
            rows.append(f"| `{usage}` | {what.splitlines()[0]} |".replace("|...", "\\|..."))
    return "\n".join(rows)


def notebook(name: str) -> str:
    """Return a notebook's cells: text as it is, code as code."""
    cells = json.loads((ROOT / "docs" / name).read_text())["cells"]
    told = []
    for cell in cells:
        source = "".join(cell["source"])
        told.append(source if cell["cell_type"] == "markdown" else f"```python\n{source}\n```")
    return "\n\n".join(told)


MADE: dict[str, Callable[[str], str]] = {
    "results": results,
    "options": options,
    "checks": checks,
    "verbs": verbs,
    "notebook": notebook,
}
