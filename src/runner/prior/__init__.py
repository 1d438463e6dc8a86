"""What past searches gained: what the gate and the stopping rule expect before the search has seen this table."""

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from runner.decision.stopping import PastSearches
from runner.errors import UserError
from runner.folders import from_home
from runner.prior.team import Accuracy, Remembered, joined

SHIPPED = "shipped"
SCHEMA_VERSION = 2


def past_searches(prior: str = SHIPPED, fingerprint: str = "") -> PastSearches:
    """Return the searches that ship with the runner, joined with a team's own if those forecast better.

    Those that ship were measured by `benchmarks/prior.py` with this runner.

    Parameters
    ----------
    prior : str
        ``shipped``, or the path of a file that `python -m runner learn` wrote.
    fingerprint : str
        The fingerprint of the table at hand. A team's search of the same table is left out, because its gain was
        measured on rows that this run holds out.

    Raises
    ------
    UserError
        If the file does not exist, or is not such a file.
    """
    shipped = _shipped()
    if prior == SHIPPED:
        return shipped
    content = _read(from_home(prior))
    if not content["team_is_better"]:
        return shipped
    searches = [Remembered.read(entry) for entry in content["searches"]]
    others = [one for one in searches if not (one.fingerprint and fingerprint.startswith(one.fingerprint))]
    if not others:
        return shipped
    return _joined(tuple(others))


@lru_cache(maxsize=1)
def _joined(others: tuple[Remembered, ...]) -> PastSearches:
    """Return them with those that ship, once for all gates of a run: how they spread takes seconds to compute."""
    projects = len({one.project for one in others})
    whose = f"past searches (your team's in {projects} projects, and those that ship)"
    return replace(joined(_shipped(), others), whose=whose)


def learned(searches: Sequence[Remembered], found: Accuracy) -> dict[str, Any]:
    """Return the content of a team's prior file: its searches, and whether they forecast better."""
    return {
        "schema_version": SCHEMA_VERSION,
        "projects": found.projects,
        "team_is_better": found.team_is_better,
        "error": {"team": _finite(found.team), "shipped": _finite(found.shipped)},
        "searches": [
            {
                "project": search.project,
                "fingerprint": search.fingerprint,
                "gain": round(search.gain, 6),
                "standard_error": round(search.standard_error, 6),
                "losses": [_finite(loss) for loss in search.losses],
            }
            for search in sorted(searches, key=lambda one: (one.project, one.gain))
        ],
    }


@cache
def _shipped() -> PastSearches:
    tables = json.loads(files("runner.prior").joinpath("prior.json").read_text())["tables"]
    return PastSearches(
        tuple(table["name"] for table in tables),
        np.array([table["gains"] for table in tables], dtype=np.float64),
        np.array([table["losses"] for table in tables], dtype=np.float64),
    )


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise UserError(
            f"prior={str(path)!r} is not a file: give one that `python -m runner learn` wrote, or 'shipped'."
        )
    try:
        content: dict[str, Any] = json.loads(path.read_text())
        if content["schema_version"] != SCHEMA_VERSION:
            raise UserError(
                f"prior={str(path)!r} is from another version: write it again with `python -m runner learn`."
            )
        [Remembered.read(entry) for entry in content["searches"]]
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(f"prior={str(path)!r} is not a prior: write it again with `python -m runner learn`.") from error
    return content


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
