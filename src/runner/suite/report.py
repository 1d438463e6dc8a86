"""What a night leaves behind: suite.json, Markdown, JUnit XML, a page, and a summary for the CI server."""

import json
import os
from pathlib import Path
from typing import Any

from runner.suite.junit import junit
from runner.suite.markdown import markdown
from runner.suite.night import RESULT, Night, document

SUMMARY = "GITHUB_STEP_SUMMARY"  # the variable by which GitHub names the file for a job's summary


def publish(night: Night) -> dict[str, Any]:
    """Write all reports of a night; return what suite.json holds."""
    content = document(night)
    text = markdown(content)
    _write(night.folder / "summary.md", text)
    _write(night.folder / "junit.xml", junit(content))
    if path := os.environ.get(SUMMARY):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(f"{text}\n")
    _write(night.folder / RESULT, json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n")
    return content


def _write(path: Path, text: str) -> None:
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)
