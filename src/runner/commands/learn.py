"""learn [RUNS ...] [--out FILE] [tracking.KEY=VALUE ...]: learn the gate's prior from your team's own searches."""

import argparse
import json
import math
from pathlib import Path
from typing import TYPE_CHECKING

from runner.config.overrides import folders_and_overrides
from runner.errors import UserError
from runner.files import check_place, write_text
from runner.folders import MEMORY, RUNS
from runner.words import counted

if TYPE_CHECKING:
    from runner.prior.team import Accuracy, Remembered


def main(arguments: list[str]) -> int:
    """Read what finished searches gained, join it with the shipped prior, and write the result with its accuracy."""
    parser = argparse.ArgumentParser("runner learn", description=__doc__)
    parser.add_argument("runs", nargs="*", help="folders to look for runs in (runs/), or tracking.KEY=VALUE for MLflow")
    parser.add_argument("--out", type=Path, default=RUNS / "prior.json", help="where to write the prior")
    options = parser.parse_intermixed_args(arguments)
    folders, overrides = folders_and_overrides(options.runs)
    check_place("--out ", options.out)
    searches = _of_mlflow(overrides) if overrides else _of_folders(folders or [RUNS])
    if not searches:
        raise UserError("No finished search was found: run a few with an open gate first, or name folders of runs.")
    from runner.prior import learned, past_searches
    from runner.prior.team import accuracy

    shipped = past_searches()
    found = accuracy(shipped, searches)
    write_text(options.out, json.dumps(learned(searches, found), indent=1) + "\n")
    print(_told(found, options.out))
    return 0


def _of_folders(folders: list[Path]) -> "list[Remembered]":
    from runner.memory import read_memories

    for folder in folders:
        if not folder.is_dir():
            raise UserError(f"{str(folder)!r} is not a folder: give folders that hold runs.")
    return read_memories({path for folder in folders for path in folder.rglob(MEMORY)})


def _of_mlflow(overrides: list[str]) -> "list[Remembered]":
    from runner.config import compose
    from runner.listeners.mlflow_memories import memories
    from runner.memory import recalled

    return recalled(memories(compose.again("tracking", {}, overrides), RUNS))


def _told(found: "Accuracy", out: Path) -> str:
    projects = counted(found.projects, "project")
    if math.isnan(found.team):
        return f"{out}: {projects}, too few to tell how well they forecast; the shipped prior will be used."
    errors = f"off by {100 * found.team:.2f} % of the dummy's loss, the shipped prior by {100 * found.shipped:.2f} %"
    used = f"your team's prior will be used: prior={out}" if found.team_is_better else "the shipped prior will be used"
    return f"{out}: {projects}, each forecast from the others {errors}; {used}."
