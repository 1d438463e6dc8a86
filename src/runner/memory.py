"""What is remembered of a finished search: figures that describe the problem, what was gained, and what it took.

No value of any table is included, and nothing from rows that chose a model: the gain is the one measured by the
single look at the holdout.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runner.prior.team import Remembered

if TYPE_CHECKING:
    from runner.climb import Climb
    from runner.dataset import Dataset

SCHEMA_VERSION = 1


def memory(content: Mapping[str, Any], dataset: "Dataset", climb: "Climb") -> dict[str, Any] | None:
    """Return what to remember of a run; None if no search was run or its gain was not measured.

    Parameters
    ----------
    content : mapping
        The content of verdict.json.
    """
    gain = content["facts"]["gain"]
    if not climb.trials or gain is None or gain["standard_error"] is None:
        return None
    headroom = content["facts"]["headroom"]
    scores = [trial.evaluation.score for trial in climb.trials]
    return {
        "schema_version": SCHEMA_VERSION,
        "project": content["dataset"]["name"],
        "fingerprint": content["dataset"]["fingerprint"][:12],
        "seed": content["seed"],
        "features": {
            "rows": content["dataset"]["rows"],
            "columns": content["dataset"]["features"],
            **kinds(dataset),
            "task": content["dataset"]["task"],
            "metric": content["metric"]["name"],
            "loss_left": climb.loss_left(),
            "noise": gain["standard_error"] / headroom,
            "slope": _slope(content),
        },
        "search": {
            "gain": gain["estimate"] / headroom,
            "standard_error": gain["standard_error"] / headroom,
            "forecast_gain": next((g["forecast_gain"] for g in content["gates"] if g["rung"] == "search"), None),
            "losses": [
                None if score is None else round(climb.metric.loss(score) / climb.headroom(), 6) for score in scores
            ],
            "trial_cpu": [round(trial.evaluation.costs.cpu_seconds, 3) for trial in climb.trials],
            "stopped_by": content["search"]["stopped_by"],
            "cpu_seconds": content["search"]["cpu_seconds"],
        },
    }


def kinds(dataset: "Dataset") -> dict[str, int]:
    """Return how many columns hold numbers, dates, and anything else."""
    letters = [dtype.kind if hasattr(dtype, "kind") else "O" for dtype in dataset.features.dtypes]
    numeric, dates = sum(letter in "iufb" for letter in letters), sum(letter in "mM" for letter in letters)
    return {"numeric": numeric, "dates": dates, "other": len(letters) - numeric - dates}


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


def _slope(content: Mapping[str, Any]) -> float | None:
    """Return how much skill twice the rows would add, if a learning curve was measured."""
    twice = content["curve"].get("twice")
    return twice["skill"]["estimate"] if twice else None
