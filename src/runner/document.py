"""verdict.json: what a run found, in a schema with a version that others may build on."""

import math
from dataclasses import asdict, dataclass
from typing import Any

from runner.checks import Finding
from runner.climb import Climb
from runner.config import Config
from runner.costs import Costs
from runner.dataset import Dataset
from runner.evaluation import Evaluation
from runner.gate import Gate
from runner.judge import HoldoutLook
from runner.provenance import DISTRIBUTION, versions
from runner.record import Place
from runner.search import Search
from runner.verdict import Verdict

SCHEMA_VERSION = 1
PROMISE = "the gain of the models as fitted on the development rows: a bound for those refitted on all rows"
LIBRARIES = (DISTRIBUTION, "scikit-learn", "lightgbm", "optuna", "skrub", "pandas", "numpy", "mlflow", "hydra-core")


@dataclass(frozen=True, eq=False)
class Findings:
    """All that a run found."""

    config: Config
    dataset: Dataset
    climb: Climb
    checks: tuple[Finding, ...]
    verdict: Verdict
    looks: dict[str, HoldoutLook]
    costs: Costs
    times: dict[str, str]
    place: Place


def document(found: Findings) -> dict[str, Any]:
    """Return the content of verdict.json; keys are only ever added within a schema version."""
    config, climb, verdict = found.config, found.climb, found.verdict
    return {
        "schema_version": SCHEMA_VERSION,
        "decision": verdict.decision,
        "reason": str(verdict.reason),
        "sentence": verdict.sentence,
        "settled": verdict.settled,
        "lean": verdict.lean,
        "promise": PROMISE,
        "policy": config.economics.policy,
        "dataset": _dataset(found.dataset),
        "metric": {
            "name": climb.metric.name,
            "label": climb.metric.label,
            "greater_is_better": climb.metric.greater_is_better,
        },
        "cheap_champion": verdict.cheap_champion,
        "challenger": verdict.challenger,
        "gain": _interval(verdict.gain),
        "skill": _interval(verdict.skill),
        "signal": _interval(verdict.signal),
        "worthwhile_gain": {
            "skill": config.economics.worthwhile_gain,
            "metric": config.economics.worthwhile_gain * climb.headroom(),
        },
        "p_pays": verdict.p_pays,
        "net_benefit": _interval(verdict.net_benefit),
        "currency": config.economics.currency,
        "rows_to_settle": verdict.rows_to_settle,
        "gates": [_gate(gate) for gate in climb.gates],
        "candidates": [_candidate(evaluation, found.looks) for evaluation in _candidates(climb)],
        "search": _search(climb.search),
        "costs": {**_costs(found.costs), "money": found.costs.money(config.economics.price_per_cpu_hour)},
        "checks": [asdict(finding) | {"severity": str(finding.severity)} for finding in found.checks],
        "budget": {"name": config.budget.name, "seconds": config.budget.seconds},
        "seed": config.seed,
        "versions": versions(LIBRARIES),
        "command": found.place.command,
        "folder": str(found.place.folder),
        "tracking_uri": found.place.tracking_uri,
        "mlflow_run_id": found.place.run_id(),
        **found.times,
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
    """Return the cheap candidates and the best trial: what a reader compares."""
    challenger = climb.challenger()
    return [*climb.evaluations, *([challenger] if challenger else [])]


def _dataset(dataset: Dataset) -> dict[str, Any]:
    return {
        "name": dataset.name,
        "fingerprint": dataset.fingerprint,
        "rows": len(dataset),
        "features": dataset.features.shape[1],
        "task": str(dataset.task),
        "target": dataset.target_name,
        "classes": [str(name) for name in dataset.classes],
        "notes": list(dataset.notes),
    }


def _candidate(evaluation: Evaluation, looks: dict[str, HoldoutLook]) -> dict[str, Any]:
    look = looks.get(evaluation.candidate)
    return {
        "rung": evaluation.rung,
        "name": evaluation.candidate,
        "status": str(evaluation.status),
        "reason": evaluation.reason,
        "score": evaluation.score,
        "holdout_score": look.score if look else None,
        "fold_scores": list(evaluation.fold_scores),
        "costs": _costs(evaluation.costs),
        "params": evaluation.params,
        "text": evaluation.text,
    }


def _gate(gate: Gate) -> dict[str, Any]:
    return asdict(gate) | {"code": str(gate.code)}


def _search(search: Search | None) -> dict[str, Any] | None:
    if search is None:
        return None
    best = search.best()
    return {
        "trials": len(search.trials),
        "planned": search.limits.trials,
        "stopped_by": search.stopped_by,
        "best_family": best.candidate.name.split(" ")[0] if best else None,
        "cpu_seconds": search.cpu_seconds(),
    }


def _costs(costs: Costs) -> dict[str, Any]:
    return asdict(costs)


def _interval(interval: Any) -> dict[str, float | None] | None:
    """Return bounds as numbers; an infinite one is null, as JSON knows no infinity."""
    if interval is None:
        return None
    return {key: value if math.isfinite(value) else None for key, value in asdict(interval).items()}
