"""The job summary of GitHub Actions: text appended to the file that GitHub names appears on the job's page."""

import os
from pathlib import Path

VARIABLE = "GITHUB_STEP_SUMMARY"


def append_job_summary(text: str) -> None:
    """Append a run's summary if GitHub Actions provides a file for it; a file that cannot be written stops nothing."""
    if not (path := os.environ.get(VARIABLE)):
        return
    try:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(f"{text}\n")
    except OSError:
        return
