"""What did the search find for its cost? The best so far, trial by trial."""

from typing import Any

from runner import words
from runner.report import Content, candidates
from runner.report.pictures import canvas
from runner.report.pictures.canvas import Picture


def search_picture(verdict: Content) -> Picture | None:
    """Draw the best score so far over the CPU time spent; None if no search was run or its progress is unknown."""
    search = verdict["search"] or {}
    steps = [each for each in search.get("progress") or () if each["best_score"] is not None]
    if len(steps) < 2:
        return None
    metric = verdict["metric"]["name"]
    spent = [each["cpu_seconds"] for each in steps]
    best = [words.for_people(metric, each["best_score"]) for each in steps]
    figure, axes = canvas.sheet(height=2.5)
    axes.step(spent, best, where="post", color=canvas.COSTLY)
    axes.plot(spent, best, "o", color=canvas.COSTLY, ms=3)
    champion = candidates.entry(verdict, verdict["cheap_champion"])
    if champion and champion["score"] is not None:
        level = words.for_people(metric, champion["score"])
        axes.axhline(level, color=canvas.CHEAP, lw=1.2, ls=(0, (4, 3)))
        place: dict[str, Any] = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points", "size": 9}
        axes.annotate(canvas.short(champion["name"]), (1.0, level), (0, 3), ha="right", color=canvas.CHEAP, **place)
    axes.set_xlabel("CPU seconds of the search")
    axes.set_ylabel(f"best {verdict['metric']['label']}")
    axes.margins(y=0.15)
    canvas.bare(axes, "bottom")
    scores = [words.score(metric, each["best_score"]) for each in (steps[0], steps[-1])]
    text = f"The best of the search went from {scores[0]} to {scores[1]} in {words.cpu(spent[-1])}."
    return canvas.picture(figure, "search", "What the search found on its way", text)
