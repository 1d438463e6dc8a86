"""MLflow's length limits, and its tags for who made a run or a night of runs; nothing heavy is imported."""

import getpass
from contextlib import suppress

LONGEST_PARAM = 6000  # MLflow's limits, in characters
LONGEST_TAG = 8000


def origin_tags() -> dict[str, str]:
    """Return who and what made a run or a model, as MLflow's own tags."""
    tags = {"mlflow.source.name": "runner", "mlflow.source.type": "LOCAL"}
    with suppress(OSError, KeyError, ImportError):  # a container's user may have no name
        tags["mlflow.user"] = getpass.getuser()
    return tags


def cut(text: str, longest: int) -> str:
    """Return the text, cut to at most `longest` characters."""
    return text if len(text) <= longest else text[: longest - 1] + "…"
