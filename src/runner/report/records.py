"""The folder of a run, read: its verdict.json, the trials of its search, and its config."""

import json
from pathlib import Path
from typing import Any

from runner.errors import UserError
from runner.folders import CONFIG, EVALUATIONS, VERDICT
from runner.record import Record


def read_verdict(folder: Path) -> dict[str, Any]:
    """Read verdict.json of a finished run.

    Raises
    ------
    UserError
        When the folder holds none, or one that is not ours.
    """
    path = folder / VERDICT
    if not path.is_file():
        raise UserError(f"{str(folder)!r} holds no verdict: give the folder of a finished run (runs/<dataset>/<time>).")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise UserError(f"{str(path)!r} is no JSON ({error}): run it anew.") from error
    if not isinstance(content, dict) or "decision" not in content:
        raise UserError(f"{str(path)!r} is no verdict of ours: give the folder of a finished run.")
    return content


def read_trials(folder: Path) -> list[dict[str, Any]]:
    """Return name, score and costs of each trial of the search that was stored, in the order of their numbers."""
    record, trials = Record(folder), []
    for path in sorted((folder / EVALUATIONS).glob("*.pkl")):
        evaluation = record.find(path.stem)
        if evaluation and " #" in evaluation.candidate and evaluation.score is not None:  # a last look has none
            spent = {"cpu_seconds": evaluation.costs.cpu_seconds}
            trials.append({"name": evaluation.candidate, "score": evaluation.score, "costs": spent})
    return sorted(trials, key=lambda trial: int(trial["name"].rpartition("#")[2]))


def read_config(folder: Path) -> dict[str, Any]:
    """Return the config that the run was made with; empty where it is not there."""
    import yaml

    path = folder / CONFIG
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")) or {}) if path.is_file() else {}
