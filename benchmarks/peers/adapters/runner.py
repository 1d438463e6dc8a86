"""The whole runner as it ships: checks, gates, verdict, report, MLflow; what the verdict keeps."""

import json
import shutil
import subprocess
import sys
import time
from typing import Any

from benchmarks.peers.adapters.served import first_model, served
from benchmarks.peers.handed import GROUP, KEPT, TARGET, WEIGHT, Job, given, hand_back
from runner.folders import MODEL


def main() -> None:
    job = given()
    folder, begun = job.out / "run", time.time()
    command = [sys.executable, "-m", "runner", *overrides(job), f"hydra.run.dir={json.dumps(str(folder))}"]
    subprocess.run(command, check=True, cwd=job.options["home"])
    used = job.elapsed()
    verdict = json.loads((folder / "verdict.json").read_text())
    if verdict["model"] is None:
        sys.exit(f"It kept no model ({verdict['decision']}, {verdict['reason']}).")
    shutil.copy(folder / MODEL, job.out / KEPT)
    predict, name = served(job, folder)
    kept = f"{name} ({verdict['decision']}, {verdict['reason']})"
    hand_back(job, used, predict, None, first_model(folder, begun), kept)


def overrides(job: Job) -> list[str]:
    """Return what a user would write: the table, what its rows obey, and the seconds."""
    roles: dict[str, Any] = {"target": TARGET, "task": job.task, "time": job.time}
    roles |= {"positive": 1} if job.task == "binary" else {}
    roles |= {"group": GROUP} if job.group is not None else {}
    roles |= {"weight": WEIGHT} if job.weight is not None else {}
    said = {"path": str(job.paths[0]), "name": "peers"} | {key: value for key, value in roles.items() if value}
    return [
        *(f"dataset.{key}={json.dumps(value)}" for key, value in said.items()),
        f"budget.seconds={job.seconds}",
        f"seed={job.seed}",
    ]


if __name__ == "__main__":
    main()
