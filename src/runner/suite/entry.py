"""What is remembered of one run, for comparison with later ones: figures, but no value of any table."""

import math
from collections.abc import Mapping
from statistics import fmean
from typing import Any

from runner.ladder import BLEND, SEARCH
from runner.report.candidates import dummy, kept, ran_out_of_time
from runner.report.scores import loss

DIGITS = 6
COMBINED = (BLEND, SEARCH)  # rungs that depend on other rungs, or on the time that was left


def entry_of(content: Mapping[str, Any], loop_seconds: float) -> dict[str, Any]:
    """Return the entry of a finished run.

    Parameters
    ----------
    content : mapping
        The content of verdict.json.
    loop_seconds : float
        CPU seconds of the calibration loop beside the run; CPU times are expressed in loops.
    """
    best, candidates = kept(content), content["candidates"]
    constant = dummy(content)
    entry = {
        "fingerprint": content["dataset"]["fingerprint"][:12],
        "kept_aside": (content.get("design") or {}).get("kept_aside"),
        "rows": content["dataset"]["rows"],
        "features": content["dataset"]["features"],
        "metric": content["metric"]["name"],
        "label": content["metric"]["label"],
        "greater_is_better": content["metric"]["greater_is_better"],
        "decision": content["decision"],
        "reason": content["reason"],
        "settled": content["settled"],
        "p_pays": content["p_pays"],
        "kept": best,
        "score": next((c["score"] for c in candidates if c["name"] == best), None),
        "scores": {c["name"]: c["fold_scores"] for c in candidates if c["status"] == "ok"},
        "combined": [c["name"] for c in candidates if c["rung"] in COMBINED],
        "cut": _is_cut(content),
        "dummy_scores": constant["fold_scores"] if constant else [],
        "loops": {c["name"]: c["costs"]["cpu_seconds"] / loop_seconds for c in candidates if _is_paired(c)},
        "memory_mb": {c["name"]: c["costs"]["peak_memory_mb"] for c in candidates if _is_paired(c)},
        "latency_loops": _latency(candidates, best, loop_seconds),
        "cpu_seconds": content["costs"]["cpu_seconds"],
        "wall_seconds": content["costs"]["wall_seconds"],
        "loop_seconds": loop_seconds,
        "checks": sorted({f"{c['severity']}:{c['code']}" for c in content["checks"] if not c.get("acknowledged")}),
        "search": _search(content),
        "mlflow_run_id": content["mlflow_run_id"],
    }
    return {key: rounded(value) for key, value in entry.items()}


def rounded(value: Any) -> Any:
    """Return nested plain values with floats rounded to six digits; values that are not finite become null."""
    if isinstance(value, Mapping):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(item) for item in value]
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None
    return value


def headroom(entry: Mapping[str, Any]) -> float:
    """Return the dummy's loss on the folds, which is the scale of skill."""
    scores = entry["dummy_scores"]
    lost = loss(entry, sum(scores) / len(scores)) if scores else 1.0
    return lost if lost > 0 else 1e-12  # next to nothing, if the dummy makes no mistake


def judged(now: Mapping[str, Any], before: Mapping[str, Any]) -> tuple[list[float], list[float], str] | None:
    """Return the fold scores to compare, tonight's best and the best as accepted, and whose tonight's are.

    The best is compared because the kept model may be worse by one smallest worthwhile gain, as it is cheaper. If time
    cut the run off, only what it reached is compared. A challenger counts only where it was kept.
    """
    names = []
    for entry in (now, before):
        challengers = [name for name in entry["combined"] if name != BLEND and entry["decision"] != "GO"]
        names.append([name for name in entry["scores"] if name not in challengers])
    if now["cut"] or before["cut"]:
        combined = {*now["combined"], *before["combined"]}
        common = [name for name in names[0] if name in names[1] and name not in combined]
        names = [common, common]
    if not all(names):
        return None
    tonight = max(names[0], key=lambda name: fmean(now["scores"][name]))
    accepted = max(names[1], key=lambda name: fmean(before["scores"][name]))
    return now["scores"][tonight], before["scores"][accepted], tonight


def _is_cut(content: Mapping[str, Any]) -> bool:
    """Say whether the time budget kept something from being evaluated."""
    late = any(map(ran_out_of_time, content["candidates"]))
    by_time = bool(content["search"]) and content["search"]["stopped_by"] == "time"
    return late or by_time or any(gate["code"] == "out-of-budget" for gate in content["gates"])


def _is_paired(candidate: Mapping[str, Any]) -> bool:
    return candidate["status"] == "ok" and candidate["rung"] not in COMBINED


def _latency(candidates: list[Mapping[str, Any]], best: str, loop_seconds: float) -> dict[str, float]:
    seconds = {c["name"]: c["costs"]["predict_seconds"] for c in candidates}
    return {best: seconds[best] / loop_seconds} if seconds.get(best) else {}


def _search(content: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what the search was forecast to take, and what it took and brought."""
    gate = next((g for g in content["gates"] if g["rung"] == SEARCH and g["open"]), None)
    if not content["search"] or not gate:
        return None
    return {
        "forecast_cpu_seconds": gate["forecast_cpu_seconds"],
        "cpu_seconds": content["search"]["cpu_seconds"],
        "stopped_by": content["search"]["stopped_by"],
        "skill": content["skill"]["estimate"] if content["skill"] else None,
    }
