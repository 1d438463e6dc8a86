"""What is remembered of a finished search: what was gained, and the loss of each trial.

No value of any table is included, and the gain is the one measured by the single look at rows that chose no model.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runner.folders import MEMORY
from runner.prior.team import Remembered

if TYPE_CHECKING:
    from runner.climb import Climb

SCHEMA_VERSION = 1


def memory(content: Mapping[str, Any], climb: "Climb") -> dict[str, Any] | None:
    """Return what to remember of a run; None if no search was run or its gain was not measured.

    Parameters
    ----------
    content : mapping
        The content of verdict.json.
    """
    gain, headroom = content["facts"]["gain"], content["facts"]["headroom"]
    if not climb.trials or gain is None or gain["standard_error"] is None:
        return None
    evaluations = [trial.evaluation for trial in climb.trials]
    return {
        "schema_version": SCHEMA_VERSION,
        "project": content["dataset"]["name"],
        "fingerprint": content["dataset"]["fingerprint"][:12],
        "search": {
            "gain": gain["estimate"] / headroom,
            "standard_error": gain["standard_error"] / headroom,
            "losses": [None if each.score is None else round(climb.loss_of(each), 6) for each in evaluations],
        },
    }


def looks_before(ours: Mapping[str, Any], folder: Path) -> int:
    """Return how many other searches of this table were judged by runs that lie beside this one.

    What is remembered of a run that was only repeated is the same, and no second look.

    Parameters
    ----------
    ours : mapping
        What is remembered of this run.
    folder : Path
        The folder of this run.
    """
    others = read_memories(path for path in folder.parent.glob(f"*/{MEMORY}") if path.parent != folder)
    judged = {(one.gain, one.standard_error) for one in others if one.fingerprint == ours["fingerprint"]}
    return len(judged - {(ours["search"]["gain"], ours["search"]["standard_error"])})


def read_memories(paths: Iterable[Path]) -> list[Remembered]:
    """Read the memories that runs left; duplicates, such as a copy among MLflow's artifacts, count once."""
    return recalled(dict.fromkeys(path.read_text(encoding="utf-8", errors="replace") for path in sorted(paths)))


def recalled(texts: Iterable[str]) -> list[Remembered]:
    """Return the memories that a prior is learned from, leaving out texts of another version or of another program."""
    return [search for text in texts if (search := _recalled(text)) is not None]


def _recalled(text: str) -> Remembered | None:
    try:
        content = json.loads(text)
        is_ours = content["schema_version"] == SCHEMA_VERSION
        return Remembered.read({**content, **content["search"]}) if is_ours else None
    except (ValueError, KeyError, TypeError):  # cut short, or written by another program
        return None
