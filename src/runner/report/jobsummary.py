"""The summary of a job on GitHub Actions: what is appended to a file that it names stands on the job's page."""

import os
from pathlib import Path

VARIABLE = "GITHUB_STEP_SUMMARY"


def append_job_summary(text: str) -> None:
    """Append a run's summary where GitHub Actions asks for one; a file that cannot be written stops nothing."""
    if not (path := os.environ.get(VARIABLE)):
        return
    try:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(f"{text}\n")
    except OSError:
        return
