"""Phrases about a verdict, from the content of verdict.json, for everything that is shown to people."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from runner import words
from runner.folders import REPORT, SUMMARY
from runner.report import Content
from runner.words import counted

if TYPE_CHECKING:
    from runner.config import EconomicsConfig


ENDED = {  # reasons for which a search ended, in words
    "trials": "all that were planned",
    "rule": "stopped as no further trial was worth its price",
    "time": "stopped when the time was up",
    "money": "stopped when the money was spent",
    "interrupt": "interrupted",
}


def decision(verdict: Content) -> str:
    """Return the decision, with its leaning if the rows do not settle it."""
    settled = "" if verdict["settled"] else f" ({unsettled(verdict)})"
    return f"{verdict['decision']}{settled}"


def unsettled(verdict: Content) -> str:
    """Return what to say of a verdict that the rows do not settle."""
    return f"not settled, leaning {verdict['lean']}" if verdict["lean"] else "not settled"


def to_settle(verdict: Content) -> str:
    """Write about how many rows would settle the verdict, next to those that judge now."""
    judging, facts = (verdict.get("design") or {}).get("rows") or 0, verdict.get("facts") or {}
    more = counted(words.rounded(max(verdict["rows_to_settle"] - judging, 1)), "more row")
    by_groups = (facts.get("gain") or facts.get("signal") or {}).get("unit") == "groups"
    return f"about {more}{' of new groups' if by_groups else ''} to judge on"


def action(verdict: Content) -> str:
    """Return what to do, in the imperative."""
    if verdict["decision"] == "GO" and verdict["challenger"]:
        return f"use {verdict['challenger']}"
    if not is_scored(verdict):
        return (
            "find out why no model could be fitted" if all_failed(verdict) else "allow more time: no model was scored"
        )
    keep_today = "keep what is used today"
    if verdict["reason"] == "no-signal" and verdict.get("incumbent"):
        return keep_today if verdict["settled"] else f"{keep_today} until a model is shown to help"
    return {
        "data-not-trustworthy": "fix the data before trusting any score",
        "no-signal": "use no model on this data" if verdict["settled"] else "use no model until one is shown to help",
        "incumbent-better": keep_today,
    }.get(verdict["reason"], _cheap(verdict))


def _cheap(verdict: Content) -> str:
    """Return what to do with the cheap champion: it is kept, or replaces what is used today."""
    if keeps_no_model(verdict):
        return "use no model: none is worth having"
    champion, today = verdict["cheap_champion"], verdict.get("incumbent") or {}
    replaces = today.get("beaten") and today["model"] == champion
    return f"use {champion} in place of {today['name']}" if replaces else f"keep {champion}"


def keeps_no_model(verdict: Content) -> bool:
    """Whether the dummy is kept although models are shown to beat it: none does so by a gain worth having."""
    return kept(verdict) == (dummy(verdict) or {}).get("name")


def is_scored(verdict: Content) -> bool:
    """Whether anything but the dummy has a score."""
    return any(each["score"] is not None and each["rung"] != "none" for each in verdict["candidates"])


def all_failed(verdict: Content) -> bool:
    """Whether no model has a score, each because of its own fault, which more time would not mend."""
    ends = {each["status"] for each in verdict["candidates"] if each["score"] is None}
    return not is_scored(verdict) and bool(ends) and ends <= {"failed", "out of memory"}


def sentence_case(text: str) -> str:
    """Return the text with its first letter capitalised as in a sentence; names keep their letters."""
    return text[:1].upper() + text[1:]


def burden(verdict: Content) -> str:
    """Say which side has the burden of proof."""
    if verdict["policy"] == "bank":
        return "Where the rows do not settle it, the lean is acted on (policy: bank)."
    return "The burden of proof lies with the costly model (policy: prove)."


def design(found: Content) -> str:
    """Say on which rows the models were judged."""
    rows, folds = found.get("rows"), found.get("folds")
    if found["kind"] == "nested":
        repeats = found.get("repeats")
        times = f", {counted(repeats, 'time')} over" if repeats and repeats > 1 else ""
        return f"Every row judged models that had not seen it: nested cross-validation with {folds} folds{times}."
    aside = f"{counted(rows, 'row')} were kept aside" if rows else "Some rows were kept aside"
    return f"{aside} for one look at the end; no fit and no choice has seen them."


def is_usable(verdict: Content) -> bool:
    """Whether there is a model worth predicting with."""
    believed = verdict["reason"] not in ("data-not-trustworthy", "no-signal")
    return bool(verdict["model"]) and believed and is_scored(verdict) and not keeps_no_model(verdict)


def gain(bounds: Content, metric: Content) -> str:
    """Write a gain in the metric's unit, and say which direction is better if people read less as better."""
    text = words.gained(bounds, metric["label"])
    return text if metric["greater_is_better"] else f"{text} (+ is better)"


def positive(verdict: Content) -> str | None:
    """Return the class whose probability is reported; None unless there are two classes."""
    classes = verdict["dataset"].get("classes") or []
    return str(classes[1]) if len(classes) == 2 else None


def candidate(verdict: Content, name: str | None) -> Content | None:
    """Return the entry of a candidate in verdict.json; None if it has none."""
    return next((each for each in verdict["candidates"] if each["name"] == name), None)


def dummy(verdict: Content) -> Content | None:
    """Return the entry of the dummy; None if there is none."""
    return next((each for each in verdict["candidates"] if each["rung"] == "none"), None)


def loss(metric: Content, score: float) -> float:
    """Return the distance from a perfect score, which is 1 if greater is better and 0 otherwise."""
    return (1.0 if metric["greater_is_better"] else 0.0) - score


def proved_score(entry: Content) -> float | None:
    """Return a model's score on the proof rows (the holdout, or the outer folds); None if it was not judged there."""
    held_back = entry.get("holdout_score")
    score = held_back if held_back is not None else entry.get("outer_score")
    return None if score is None else float(score)


def judged_score(verdict: Content, name: str) -> float | None:
    """Return a model's score on the proof rows or else on the folds."""
    entry = candidate(verdict, name) or {}
    return entry.get("score") if (proved := proved_score(entry)) is None else proved


def proving_rows(verdict: Content) -> str:
    """Return the phrase for the proof rows, to follow "on"."""
    return "the outer folds" if (verdict.get("design") or {}).get("kind") == "nested" else "the rows kept aside"


def judged(verdict: Content, name: str) -> str:
    """Write a model's score on the proof rows or else on the folds."""
    entry = candidate(verdict, name) or {}
    metric = verdict["metric"]
    if (proved := proved_score(entry)) is not None:
        return f"{metric['label']} {words.score(metric['name'], proved)} on {proving_rows(verdict)}"
    if entry.get("fold_scores"):
        return f"{metric['label']} {words.score_and_error(metric['name'], entry['fold_scores'])} on the folds"
    return "no score"


def kept(verdict: Content) -> str:
    """Return the name of the candidate that the verdict keeps."""
    return str(verdict["challenger"] if verdict["decision"] == "GO" else verdict["cheap_champion"])


def stand_in(verdict: Content) -> str | None:
    """Say, if so, that the model is not the one that the verdict keeps."""
    named, of = kept(verdict), verdict.get("model_of")
    if not is_usable(verdict) or of in (None, named):
        return None
    why = f"there was no time to fit {named} on all rows"
    if of == verdict.get("kept_by_run"):
        why = f"under its own prices the run kept it, and not {named}"
    return f"{of}, {judged(verdict, of)}: {why}"


def no_challenger(verdict: Content) -> str:
    """Say why there is no challenger."""
    if not verdict["search"]:
        return "none: the search was never run"
    led = (verdict.get("facts") or {}).get("challenger")
    if led:  # on the folds; but it is not shown to beat no model, or could not predict the proof rows
        return f"none: the search found {led['name']}, but the verdict does not rest on it"
    return "none: the search found nothing better"


def search_in_words(search: Content) -> str:
    """Write how many trials there were, what ended the search, and which family led."""
    trials = f"{search['trials']:,} of {counted(search['planned'], 'trial')}"
    best = f"; best family {search['best_family']}" if search["best_family"] else ""
    return f"{trials}, {ENDED.get(search['stopped_by'], search['stopped_by'])}{best}"


def threshold(verdict: Content) -> str:
    """Write the smallest gain worth having, in the metric's unit."""
    smallest = verdict["worthwhile_gain"]["metric"]
    if smallest is None:
        return "worth nothing under these economics"
    if is_nothing(smallest, verdict["gain"]):
        return "worth having as soon as it is above 0"
    return f"worth having from {words.signed(smallest)}"


def is_nothing(smallest: float, bounds: Content | None) -> bool:
    """Whether the smallest gain worth having is negligible next to the gain's interval, or next to the gain alone."""
    if not bounds:
        return smallest <= 0
    known = bounds["low"] is not None and bounds["high"] is not None
    size = bounds["high"] - bounds["low"] if known else abs(bounds["estimate"])
    return abs(smallest) <= words.NEGLIGIBLE * float(size)


def prices(verdict: Content) -> "EconomicsConfig":
    """Return the economics that the verdict was reached under."""
    from runner.config import EconomicsConfig

    return EconomicsConfig(**verdict["economics"])


def horizon(verdict: Content) -> str:
    """Return the time that a sum of money covers, after the sum."""
    years = verdict["economics"]["horizon_years"]
    return "a year" if years == 1 else f"over {years:g} years"


def net_benefit(verdict: Content) -> str:
    """Write what the gain brings beyond what it costs, and over which time; unknown if no price is given."""
    if not verdict["net_benefit"]:
        return words.UNKNOWN
    return f"{words.money_interval(verdict['net_benefit'], verdict['currency'])} {horizon(verdict)}"


def costs(verdict: Content) -> str:
    """Write what the run took."""
    spent = verdict["costs"]
    texts = [words.cpu(spent["cpu_seconds"]), f"{words.duration(spent['wall_seconds'])} on the clock"]
    if spent["money"] is not None:
        texts.append(words.money(spent["money"], verdict["currency"]))
    return ", ".join(texts)


def against_today(verdict: Content) -> str | None:
    """Say how today's predictions score, and whether a model beats them; None if nothing is known to be used."""
    today = verdict.get("incumbent")
    if not today:
        return None
    score = words.score(verdict["metric"]["name"], today["score"])
    said = f"{today['name']}: {verdict['metric']['label']} {score}" if today["score"] is not None else today["name"]
    if not today["gain"]:
        return said
    answer = {True: "is better by", False: "is not better by enough:", None: "is not shown to be better by enough:"}
    return f"{said}; {today['model']} {answer[today['beaten']]} {words.interval(today['gain'])}"


def findings(verdict: Content) -> list[Content]:
    """Return the findings that a person must know about, the most severe first."""
    return [each for grave in ("stop", "warn") for each in verdict["checks"] if each["severity"] == grave]


def notes(verdict: Content) -> list[Content]:
    """Return the findings that are good to know but no reason to worry."""
    return [each for each in verdict["checks"] if each["severity"] == "info"]


def report_file(verdict: Content) -> str:
    """Return the page to look at: report.html if it was made, else the summary."""
    there = (Path(verdict["folder"]) / REPORT).is_file()
    return f"{folder(verdict)}/{REPORT if there else SUMMARY}"


def folder(verdict: Content) -> str:
    """Return the run's folder, relative to the working folder if it lies below that."""
    path = Path(verdict["folder"])
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def predict_command(verdict: Content) -> str:
    """Return the command that applies the model to new rows."""
    return f"python -m runner predict {shlex.quote(folder(verdict))} new.csv out.csv"


def mlflow_way(verdict: Content) -> str:
    """Return the command that shows the run in MLflow, or the address of a server that shows it."""
    uri = str(verdict["tracking_uri"])
    if uri.startswith("http"):
        return uri
    here = f"sqlite:///{Path.cwd().as_posix()}/"
    return f"mlflow ui --backend-store-uri {shlex.quote(uri.replace(here, 'sqlite:///'))}"


def more_rows(verdict: Content) -> str | None:
    """Write what twice the rows would bring; None if no learning curve was measured."""
    curve = verdict.get("curve") or {}
    return curve["sentence"] if curve.get("usable") else None


def more_rows_or_why(verdict: Content) -> str:
    """Write what twice the rows would bring, or why that is not known."""
    curve = verdict["curve"]
    return str(curve.get("sentence") or f"Not known. {curve['why']}")
