"""The candidates of a verdict: which is kept, which have no score and why, and what they are made of."""

from runner.ladder import BLEND
from runner.report import Content
from runner.report.tables import cell

PREPARED = {  # preparations of candidates/preparation.py in words
    "none": "columns as they are",
    "onehot": "categories as yes-or-no columns",
    "scaled": "categories as yes-or-no columns, numbers scaled",
    "ordinal": "categories as numbers",
    "native": "categories left to the model",
}


def entry(verdict: Content, name: str | None) -> Content | None:
    """Return the entry of a candidate in verdict.json; None if it has none."""
    return next((each for each in verdict["candidates"] if each["name"] == name), None)


def dummy(verdict: Content) -> Content | None:
    """Return the entry of the dummy; None if there is none."""
    return next((each for each in verdict["candidates"] if each["rung"] == "none"), None)


def kept(verdict: Content) -> str:
    """Return the name of the candidate that the verdict keeps."""
    return str(verdict["challenger"] if verdict["decision"] == "GO" else verdict["cheap_champion"])


def keeps_no_model(verdict: Content) -> bool:
    """Whether the dummy is kept although models are shown to beat it: none does so by a gain worth having."""
    return kept(verdict) == (dummy(verdict) or {}).get("name")


def keeps_today(verdict: Content) -> bool:
    """Whether what is used today is kept."""
    return kept(verdict) == (verdict.get("incumbent") or {}).get("candidate")


def is_scored(verdict: Content) -> bool:
    """Whether anything but the dummy has a score."""
    return any(each["score"] is not None and each["rung"] != "none" for each in verdict["candidates"])


def all_failed(verdict: Content) -> bool:
    """Whether no model has a score, each because of its own fault, which more time would not mend."""
    ends = {each["status"] for each in verdict["candidates"] if each["score"] is None}
    return not is_scored(verdict) and bool(ends) and ends <= {"failed", "out of memory"}


def failed(verdict: Content) -> list[Content]:
    """Return the candidates without a score, except those that were stopped because they had lost."""
    return [each for each in _without_score(verdict) if each["status"] != "pruned"]


def ran_out_of_time(entry: Content) -> bool:
    """Whether a candidate has no score because the time was too short."""
    return entry["score"] is None and entry["status"] in ("timed out", "skipped")


def rungs_without_time(verdict: Content) -> list[str]:
    """Return the rungs below the search of which no model has a score because the time was too short."""
    rungs: dict[str, list[Content]] = {}
    for each in verdict["candidates"]:
        rungs.setdefault(each["rung"], []).append(each)
    late = (name for name, members in rungs.items() if all(each["score"] is None for each in members))
    return [name for name in late if name != "search" and any(map(ran_out_of_time, rungs[name]))]


def failures(verdict: Content) -> list[tuple[list[str], str, str]]:
    """Return names, status and reason of the candidates without a score, grouped by reason."""
    groups: dict[tuple[str, str], list[str]] = {}
    for each in sorted(_without_score(verdict), key=lambda each: each["status"] == "pruned"):
        groups.setdefault((each["status"], each["reason"] or ""), []).append(each["name"])
    return [(names, status, reason) for (status, reason), names in groups.items()]


def _without_score(verdict: Content) -> list[Content]:
    return [each for each in verdict["candidates"] if each["score"] is None]


def makeup(verdict: Content, name: str | None) -> str:
    """Write what a candidate is made of: the members of a blend, or the parameters that were set."""
    found = entry(verdict, name) or {}
    if found.get("params"):
        return ", ".join(f"{key} {cell(value)}" for key, value in found["params"].items())
    text = str(found.get("text") or "")
    return text if name and name.endswith(BLEND) and "\n" not in text else ""


def preparations(verdict: Content, config: Content) -> list[tuple[str, list[str]]]:
    """Return each preparation of the columns with the candidates that use it."""
    asked = (config.get("ladder") or {}).get("candidates") or {}
    ways: dict[str, list[str]] = {}
    for each in verdict["candidates"]:
        if (given := asked.get(each["name"])) and each["rung"] != "none":  # null where a name was taken out
            ways.setdefault(PREPARED.get(given["preparation"], given["preparation"]), []).append(each["name"])
    return list(ways.items())
