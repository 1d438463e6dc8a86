"""verdict.json: what a run found, in a versioned schema that other programs can rely on."""

from dataclasses import asdict, dataclass
from typing import Any

from runner.candidates.incumbent import NAME
from runner.checks import Finding
from runner.climb import Climb
from runner.climb.confirm import Confirmation
from runner.config import Config
from runner.costs import Costs
from runner.dataset import Dataset
from runner.decision.outlook import curve_document
from runner.decision.stakes import margin
from runner.decision.stopping import PastSearches
from runner.decision.verdict import Verdict
from runner.evaluation import Evaluation, Status
from runner.folders import MODEL
from runner.insight import Insight
from runner.model import read_card
from runner.plan import Plan
from runner.provenance import LIBRARIES, checkout, versions
from runner.readable import Readable
from runner.reconsidered import costs_document, finite, standing_document, verdict_document
from runner.record import Place
from runner.rules.rule_file import as_text
from runner.search import Search
from runner.search.earlier import kept_aside
from runner.search.lessons import families, importance, progress
from runner.splits.design import NESTED

SCHEMA_VERSION = 1


@dataclass(frozen=True, eq=False)
class RunResult:
    """All that a run found.

    Attributes
    ----------
    checks : tuple of Finding
        Findings of the checks, and those made after the verdict.
    model : str or None
        The candidate that was refitted as the model; None if there is no model.
    readable : Readable or None
        The rules that were written; None if there are none.
    costs : Costs
        Of the whole run.
    times : dict
        When the run began and ended, in ISO 8601.
    """

    config: Config
    place: Place
    plan: Plan
    climb: Climb
    checks: tuple[Finding, ...]
    past: PastSearches
    confirmed: Confirmation
    verdict: Verdict
    insight: Insight
    model: str | None
    readable: Readable | None
    costs: Costs
    times: dict[str, str]


def document(found: RunResult) -> dict[str, Any]:
    """Return the content of verdict.json; keys are only ever added within a schema version."""
    config, climb, facts, verdict = found.config, found.climb, found.confirmed.facts, found.verdict
    plan = found.plan
    return {
        "schema_version": SCHEMA_VERSION,
        **verdict_document(verdict, margin(facts, config.economics), config.economics),
        "promise": plan.design.promise,
        "design": asdict(plan.design)
        | {"chosen": found.confirmed.chosen, "kept_aside": kept_aside(plan.dataset, plan.splits)},
        "dataset": _dataset(plan.dataset),
        "incumbent": _incumbent(found),
        "metric": {key: getattr(climb.metric, key) for key in ("name", "label", "greater_is_better")},
        "curve": curve_document(climb.curve, verdict, facts, config.economics, found.past),
        "gates": [asdict(gate) | {"code": str(gate.code)} for gate in climb.gates],
        "candidates": [_candidate(evaluation, found) for evaluation in _candidates(climb)],
        "search": _search(climb.search),
        "costs": costs_document(asdict(found.costs), config.economics),
        "checks": [asdict(finding) | {"severity": str(finding.severity)} for finding in found.checks],
        "weak": finite(found.insight.weak),
        "columns": finite(found.insight.columns),
        "notes": found.insight.notes,
        "budget": {"name": config.budget.name, "seconds": config.budget.seconds},
        "seed": config.seed,
        "prior": config.prior,
        "search_from": config.search_from,
        "versions": versions(LIBRARIES),
        "code": checkout(),
        "command": found.place.command,
        "folder": str(found.place.folder),
        "model": MODEL if found.model else None,
        "model_of": found.model,
        "model_mb": (found.place.folder / MODEL).stat().st_size / 2**20 if found.model else None,
        "model_one_row_seconds": read_card(found.place.folder)["one_row_seconds"] if found.model else None,
        "rules": found.readable.file if found.readable else None,
        "readable": asdict(found.readable) if found.readable else None,
        "tracking_uri": found.place.tracking_uri,
        "mlflow_run_id": found.place.run_id(),
        **found.times,
        "facts": finite(asdict(facts)),
    }


def ladder_table(content: dict[str, Any]) -> str:
    """Return the candidates of verdict.json as CSV."""
    import pandas as pd

    rows = [
        {key: c[key] for key in ("rung", "name", "status", "reason", "score", "holdout_score")} | c["costs"]
        for c in content["candidates"]
    ]
    return str(pd.DataFrame(rows).to_csv(index=False))


def _candidates(climb: Climb) -> list[Evaluation]:
    """Return the candidates that a reader compares: the cheap ones, and the best result of the search."""
    found = climb.found()
    return [*climb.evaluations, *([found] if found else [])]


def _dataset(dataset: Dataset) -> dict[str, Any]:
    return {
        "name": dataset.name,
        "fingerprint": dataset.fingerprint,
        "rows": len(dataset),
        "unused_rows": dataset.unused_rows,
        "features": dataset.features.shape[1],
        "task": str(dataset.task),
        "target": dataset.target_name,
        "classes": [str(name) for name in dataset.classes],
        "has_more_of_rare": dataset.has_more_of_rare,
        "has_groups": dataset.groups is not None,
        "has_time": dataset.time is not None,
        "notes": list(dataset.notes),
    }


def _candidate(evaluation: Evaluation, found: RunResult) -> dict[str, Any]:
    look = found.confirmed.looks.get(evaluation.candidate)
    proved = look.score if look else None
    nested = found.plan.design.kind == NESTED
    return {
        "rung": evaluation.rung,
        "name": evaluation.candidate,
        "status": str(evaluation.status),
        "reason": evaluation.reason,
        "score": evaluation.score,
        "holdout_score": None if nested else proved,
        "outer_score": proved if nested else None,
        "fold_scores": list(evaluation.fold_scores),
        "costs": asdict(evaluation.costs),
        "params": evaluation.params,
        "text": evaluation.text,
    }


def _incumbent(found: RunResult) -> dict[str, Any] | None:
    """Return what is used today, its score, and whether a model beats it."""
    incumbent, today = found.plan.dataset.incumbent, found.climb.incumbent()
    if incumbent is None:
        return None
    look = found.confirmed.looks.get(today.candidate) if today else None
    return {
        "name": incumbent.name,
        "kind": "column" if incumbent.rules is None else "rules",
        "candidate": NAME,
        "rules": None if incumbent.rules is None else as_text(incumbent.rules),
        "text": today.text if today else None,
        "score": look.score if look else None,
        **standing_document(found.verdict),
    }


def _search(search: Search | None) -> dict[str, Any] | None:
    if search is None:
        return None
    best = search.best()
    return {
        "trials": len(search.trials),
        "planned": search.limits.trials,
        "stopped_by": search.stopped_by,
        "best_family": best.family if best else None,
        "cpu_seconds": search.cpu_seconds(),
        "pruned": sum(trial.evaluation.status is Status.PRUNED for trial in search.trials),
        "families": families(search),
        "progress": progress(search),
        "importance": importance(search),
    }
