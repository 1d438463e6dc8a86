"""The job summary of GitHub Actions."""

from pathlib import Path

import pytest

from runner.report.job_summary import VARIABLE, append_job_summary


def test_it_is_appended_where_it_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    append_job_summary("nobody asks")
    monkeypatch.setenv(VARIABLE, str(tmp_path / "summary"))
    append_job_summary("# one: GO")
    append_job_summary("# two: NO-GO")
    assert (tmp_path / "summary").read_text() == "# one: GO\n# two: NO-GO\n"
    monkeypatch.setenv(VARIABLE, str(tmp_path / "there is no such folder" / "x"))
    append_job_summary("nothing breaks")
