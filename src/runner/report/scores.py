"""The scores of a verdict's models, on the rows that prove or else on the folds."""

from runner import words
from runner.report import Content, candidates


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
    entry = candidates.entry(verdict, name) or {}
    return entry.get("score") if (proved := proved_score(entry)) is None else proved


def is_nested(verdict: Content) -> bool:
    """Whether all rows have judged, in outer folds."""
    return bool((verdict.get("design") or {}).get("kind") == "nested")


def proving_rows(verdict: Content) -> str:
    """Return the phrase for the proof rows, to follow "on"."""
    return "the outer folds" if is_nested(verdict) else "the rows kept aside"


def judged(verdict: Content, name: str) -> str:
    """Write a model's score on the proof rows or else on the folds."""
    entry = candidates.entry(verdict, name) or {}
    metric = verdict["metric"]
    if (proved := proved_score(entry)) is not None:
        return f"{metric['label']} {words.score(metric['name'], proved)} on {proving_rows(verdict)}"
    if entry.get("fold_scores"):
        return f"{metric['label']} {words.score_and_error(metric['name'], entry['fold_scores'])} on the folds"
    return "no score"


def judged_beside_no_model(verdict: Content, name: str) -> str:
    """Write a model's score on the proof rows and, as alone it says little, that of no model there."""
    none, said = candidates.dummy(verdict) or {}, judged(verdict, name)
    there = proved_score(none)
    if there is None or name == none["name"] or proved_score(candidates.entry(verdict, name) or {}) is None:
        return said
    return f"{said} (no model: {words.score(verdict['metric']['name'], there)})"


def judged_and_chosen(verdict: Content, name: str) -> str:
    """Write a model's score on the proof rows and, as it was chosen by that, on the folds: they may be far apart."""
    entry, said = candidates.entry(verdict, name) or {}, judged(verdict, name)
    if proved_score(entry) is None or not entry.get("fold_scores"):
        return said
    return f"{said}; {words.score_and_error(verdict['metric']['name'], entry['fold_scores'])} on the folds"
