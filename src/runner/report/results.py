"""What a run leaves behind: its folder, its model and whether to use it, and the commands that go on from there."""

import shlex
from pathlib import Path

from runner import words
from runner.decision.reasons import AGAINST_ANY_MODEL
from runner.folders import REPORT, REPORT_FAULT, SUMMARY, from_here, in_a_command
from runner.report import Content, candidates, outcome, scores


def folder(verdict: Content) -> str:
    """Return the run's folder, relative to the working folder if it lies below that."""
    return str(from_here(Path(verdict["folder"])))


def report_file(verdict: Content) -> str:
    """Return the page to look at: report.html if it was made, else the summary."""
    there = (Path(verdict["folder"]) / REPORT).is_file()
    return f"{folder(verdict)}/{REPORT if there else SUMMARY}"


def without_report(verdict: Content) -> str | None:
    """Say, if so, that report.html was not made, why, and how to make it."""
    place = Path(verdict["folder"])
    if (place / REPORT).is_file():
        return None
    again = f"`{command(verdict, 'report')}` makes it"
    if (place / REPORT_FAULT).is_file():
        return f"There is no {REPORT}: {folder(verdict)}/{REPORT_FAULT} says why; once that is mended, {again}."
    return f"There is no {REPORT} yet, for lack of time or of room on the disk: {again}."


def is_usable(verdict: Content) -> bool:
    """Whether there is a model worth predicting with."""
    if not verdict["model"] or verdict["reason"] in AGAINST_ANY_MODEL:
        return False
    return candidates.is_scored(verdict) and not candidates.keeps_no_model(verdict)


def no_model(verdict: Content) -> str:
    """Say why there is no model to use."""
    if verdict["model"] is None:
        return "No model was kept: there was no time to fit it on all rows."
    is_judged = verdict["signal"] and verdict["reason"] not in AGAINST_ANY_MODEL
    why = "What it gains over no model is not worth having." if is_judged else outcome.why(verdict)
    return f"{verdict['model']} is there for inspection and should not be used. {why}"


def stand_in(verdict: Content) -> str | None:
    """Say, if so, that the model is not the one that the verdict keeps."""
    named, of = candidates.kept(verdict), verdict.get("model_of")
    if not is_usable(verdict) or of in (None, named):
        return None
    why = f"there was no time to fit {named} on all rows"
    if of == verdict.get("kept_by_run"):
        why = f"under its own prices the run kept it, and not {named}"
    return f"{of}, {scores.judged(verdict, of)}: {why}"


def time_to_predict(verdict: Content, model: Content) -> str:
    """Write how long the model saved takes for 1,000 rows at once, and for a row that comes alone; empty if unknown."""
    times = (
        (model["costs"]["predict_seconds"], "{} ms for 1,000 rows at once"),
        (verdict.get("model_one_row_seconds"), "one row alone: {} ms"),
    )
    return "; ".join(text.format(words.quantity(1000 * seconds)) for seconds, text in times if seconds is not None)


def command(verdict: Content, verb: str) -> str:
    """Return the command that goes on from the run by a verb, without what the verb takes besides."""
    return f"python -m runner {verb} {in_a_command(Path(verdict['folder']))}"


def predict_command(verdict: Content) -> str:
    """Return the command that applies the model to new rows."""
    return f"{command(verdict, 'predict')} new.csv out.csv"


def mlflow_way(verdict: Content) -> str:
    """Return the command that shows the run in MLflow, or the address of a server that shows it."""
    uri = str(verdict["tracking_uri"])
    if uri.startswith("http"):
        return uri
    here = f"sqlite:///{Path.cwd().as_posix()}/"
    return f"mlflow ui --backend-store-uri {shlex.quote(uri.replace(here, 'sqlite:///'))}"


def versions(verdict: Content) -> str:
    """Return the libraries that the result depends on."""
    return ", ".join(f"{name} {version}" for name, version in verdict["versions"].items())
