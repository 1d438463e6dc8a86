"""The whole runner as it ships, with checks, gates, verdict, report and MLflow; it predicts with the kept model.

Nothing heavy is imported before the run has ended, because it would count as part of the run.
"""

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any


def main() -> None:
    train, _, meta, out = (Path(word) for word in sys.argv[1:5])
    told, folder, begun = json.loads(meta.read_text()), out / "run", time.monotonic()
    command = [sys.executable, "-m", "runner", *overrides(told, train), f"hydra.run.dir={json.dumps(str(folder))}"]
    subprocess.run(command, check=True, cwd=told["options"]["home"])
    used = time.monotonic() - begun
    verdict = json.loads((folder / "verdict.json").read_text())
    if verdict["model"] is None:
        sys.exit(f"It kept no model ({verdict['decision']}, {verdict['reason']}).")
    hand_back_run(folder, used, f"({verdict['decision']}, {verdict['reason']})")


def overrides(told: dict[str, Any], train: Path) -> list[str]:
    """Return what a user would write: the table, how its rows depend on each other, and the seconds.

    Parameters
    ----------
    told : dict
        The content of meta.json.
    """
    said: dict[str, Any] = {"path": str(train), "name": "peers", "task": told["task"]} | told["roles"]
    said |= {"positive": 1} if told["task"] == "binary" else {}
    return [
        *(f"dataset.{key}={json.dumps(value)}" for key, value in said.items()),
        f"budget.seconds={told['seconds']}",
        f"seed={told['seed']}",
    ]


def hand_back_run(folder: Path, used: float, why: str) -> None:
    """Hand back the model that a run kept."""
    from benchmarks.peers.adapters.served import first_model, served
    from benchmarks.peers.handed import KEPT, given, hand_back
    from runner.folders import MODEL

    job = given()
    shutil.copy(folder / MODEL, job.out / KEPT)
    predict, name = served(job, folder)
    hand_back(job, used, predict, None, first_model(folder), f"{name} {why}")


if __name__ == "__main__":
    main()
