"""What was accepted: a small file in git that a person can review, with one entry per run."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from runner.errors import UserError
from runner.files import write_text
from runner.suite.entry import rounded

SCHEMA_VERSION = 1
ANEW = "remove it, and accept a night again with --accept."
PLAIN_LIST, LINE_BREAK = re.compile(r"\[\s+([^\[\]{}]*?)\s+\]"), re.compile(r"\s*\n\s*")


def read_accepted(path: Path) -> dict[str, Any]:
    """Return the entries by key; empty if nothing was accepted yet.

    Raises
    ------
    UserError
        If the file cannot be read, or is of another version.
    """
    if not path.is_file():
        return {}
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        version, runs = content["schema_version"], content["runs"]
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(f"{str(path)!r} is not a file of accepted runs ({error}): {ANEW}") from error
    if version != SCHEMA_VERSION:
        raise UserError(f"{str(path)!r} has version {version}, known is {SCHEMA_VERSION}: {ANEW}")
    return dict(runs)


def write_accepted(path: Path, suite: str, entries: Mapping[str, Any], versions: Mapping[str, str]) -> None:
    """Write what is accepted from now on; runs without a verdict tonight keep their accepted entry."""
    runs = _sorted({**read_accepted(path), **entries})
    content = {"schema_version": SCHEMA_VERSION, "suite": suite, "versions": dict(versions), "runs": runs}
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, _lines(rounded(content)))


def cut_short(tonight: Mapping[str, Any], before: Mapping[str, Any]) -> list[str]:
    """Return the runs that time cut off tonight and not when they were accepted: later ones could be compared less."""
    return [key for key, entry in tonight.items() if entry["cut"] and key in before and not before[key]["cut"]]


def _sorted(runs: Mapping[str, Any]) -> dict[str, Any]:
    private = ("mlflow_run_id",)  # meaningful only on the machine that accepted it
    return {key: {k: v for k, v in runs[key].items() if k not in private} for key in sorted(runs)}


def _lines(content: Mapping[str, Any]) -> str:
    """Write JSON with one figure or list of figures per line, so that a review shows what has changed."""
    text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
    return PLAIN_LIST.sub(lambda found: f"[{LINE_BREAK.sub(' ', found[1])}]", text) + "\n"
