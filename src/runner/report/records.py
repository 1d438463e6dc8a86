"""Reads the folder of a run: its verdict.json, the trials of its search, and its config."""

import csv
import json
from pathlib import Path
from typing import Any

from runner.errors import UserError
from runner.folders import CONFIG, TRIALS, VERDICT


def read_verdict(folder: Path) -> dict[str, Any]:
    """Read verdict.json of a finished run; its folder is where it is now, as it may have been moved.

    Raises
    ------
    UserError
        If the folder holds no verdict.json, or one of another program.
    """
    path = folder / VERDICT
    if not path.is_file():
        raise UserError(f"{str(folder)!r} holds no verdict: give the folder of a finished run (runs/<dataset>/<time>).")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise UserError(f"{str(path)!r} is not JSON ({error}): run it again.") from error
    if not isinstance(content, dict) or "decision" not in content:
        raise UserError(f"{str(path)!r} is not a verdict of the runner: give the folder of a finished run.")
    return content | {"folder": str(folder)}


def read_trials(folder: Path) -> list[dict[str, Any]]:
    """Return name, score and costs of each scored trial of the search; an empty list if no search was run."""
    path = folder / TRIALS
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [
            {
                "name": f"{row['family']} #{row['number']}",
                "score": float(row["score"]),
                "costs": {"cpu_seconds": float(row["cpu_seconds"])},
            }
            for row in csv.DictReader(file)
            if row["score"]
        ]


def read_config(folder: Path) -> dict[str, Any]:
    """Return the config that the run was made with; empty if the file is missing.

    Raises
    ------
    UserError
        If the file is none any more.
    """
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException
    from yaml import YAMLError

    path = folder / CONFIG
    try:
        stored: Any = OmegaConf.to_container(OmegaConf.load(path), resolve=True) if path.is_file() else {}
        return dict(stored)
    except (OmegaConfBaseException, YAMLError, ValueError) as error:
        raise UserError(
            f"{str(path)!r} is no longer the config of a run ({type(error).__name__}): correct it, or delete it."
        ) from error
