"""What a night leaves behind: suite.json, Markdown, JUnit XML, pages, a summary for the CI server, and MLflow's run."""

import json
import logging
from pathlib import Path
from typing import Any

from runner.errors import in_a_line
from runner.files import write_text
from runner.folders import NIGHT, REPORT, SUMMARY
from runner.report.job_summary import append_job_summary
from runner.suite.junit import junit
from runner.suite.markdown import markdown
from runner.suite.night import Night, document
from runner.suite.page import night_page, trend_page
from runner.suite.trend import local_nights, merged

TREND = "trend.html"

log = logging.getLogger("runner.suite")


def publish(night: Night, root: Path) -> dict[str, Any]:
    """Write all reports of a night; return the content of suite.json.

    Parameters
    ----------
    root : Path
        The folder of all runs.
    """
    content, folder = document(night), night.folder
    text = markdown(content)
    write_text(folder / SUMMARY, text)
    write_text(folder / "junit.xml", junit(content))
    write_text(folder / REPORT, night_page(content))
    append_job_summary(text)
    write_text(folder / NIGHT, json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n")
    write_text(folder / TREND, trend_page(_nights(night, content, root)))
    return content


def _nights(night: Night, content: dict[str, Any], root: Path) -> list[Any]:
    """Return this night and those before it, from MLflow (if it is logged there) and from the suite's own folder."""
    suite, tracking = night.job.suite, night.job.tracking
    nights = [*local_nights(root / "suites" / suite.name, suite.trend), content]
    if tracking.enabled:
        from runner.listeners.mlflow_suite import log_night, past_nights

        try:
            log_night(tracking, root, content, night.folder)
            nights = [*past_nights(tracking, root, suite.name, suite.trend), *nights]
        except Exception as fault:  # MLflow faults must not lose the night's result
            log.warning("MLflow did not get the night (%s).", in_a_line(fault))
    return merged(nights, suite.trend)
