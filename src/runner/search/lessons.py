"""What a search taught: what each family reached, how the best score grew with the CPU spent, and what mattered."""

import csv
import io
import json
import math
from typing import Any

from runner.search import Search, Trial
from runner.search import study as optuna_study


def families(search: Search) -> list[dict[str, Any]]:
    """Return what each family of models reached and what it took, the best first."""
    found = []
    for space in search.spaces:
        trials = [trial for trial in search.trials if trial.family == space.family]
        scores = [trial.evaluation.score for trial in trials if trial.evaluation.score is not None]
        found.append(
            {
                "family": space.family,
                "trials": len(trials),
                "best_score": max(scores, default=None),
                "cpu_seconds": sum(trial.evaluation.costs.cpu_seconds for trial in trials),
            }
        )
    return sorted(found, key=lambda each: -math.inf if each["best_score"] is None else each["best_score"], reverse=True)


def progress(search: Search) -> list[dict[str, Any]]:
    """Return the best score so far after each trial, by the CPU seconds spent by then."""
    best, spent, steps = None, 0.0, []
    for trial in search.trials:
        score = trial.evaluation.score
        spent += trial.evaluation.costs.cpu_seconds
        best = score if best is None or (score is not None and score > best) else best
        steps.append({"trial": trial.number, "cpu_seconds": spent, "best_score": best})
    return steps


def importance(search: Search) -> dict[str, float] | None:
    """Return the importance share of each parameter of the best family; None if there are too few trials to say."""
    best = search.best()
    return optuna_study.importance(search.study, best.family) if best and search.study else None


def trials_table(search: Search) -> str:
    """Return all trials as CSV, in the order in which they were drawn."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    seconds = ["cpu_seconds", "wall_seconds"]
    table.writerow(["number", "family", "status", "score", "folds", *seconds, "preparation", "params", "reason"])
    table.writerows(_row(trial) for trial in search.trials)
    return text.getvalue()


def _row(trial: Trial) -> list[Any]:
    done = trial.evaluation
    return [
        trial.number,
        trial.family,
        str(done.status),
        done.score,
        len(done.fold_scores),
        round(done.costs.cpu_seconds, 3),
        round(done.costs.wall_seconds, 3),
        trial.candidate.preparation,
        json.dumps(trial.candidate.drawn),
        done.reason,
    ]
