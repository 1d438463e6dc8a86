"""The verdict on given facts under given economics, and the part of verdict.json that depends on the economics."""

import math
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from runner.config import EconomicsConfig
from runner.decision.break_even import break_even
from runner.decision.deciding import decide
from runner.decision.economics import compute_cost, energy_kwh
from runner.decision.facts import Facts, facts_of
from runner.decision.outlook import curve_document, curve_of
from runner.decision.stakes import margin
from runner.decision.stopping import PastSearches
from runner.decision.verdict import Verdict
from runner.errors import UserError
from runner.prior import SHIPPED, past_searches


def reach_verdict(facts: Facts, prices: EconomicsConfig, past: PastSearches) -> Verdict:
    """Reach the verdict and say at which prices it would change; nothing is fitted."""
    return replace(decide(facts, prices, past), break_even=break_even(facts, prices, past))


def reconsider(content: dict[str, Any], prices: EconomicsConfig) -> dict[str, Any]:
    """Return what verdict.json would hold under other economics; nothing is fitted.

    Raises
    ------
    UserError
        If they have another cost matrix, because the models were chosen by the costs of the run's.
    """
    _refuse_another_metric(content["economics"].get("cost_matrix"), prices.cost_matrix)
    facts = replace(facts_of(content["facts"]), metric=content["metric"]["label"])
    past = past_searches(content.get("prior", SHIPPED), content["dataset"]["fingerprint"])
    verdict = reach_verdict(facts, prices, past)
    today = content.get("incumbent")
    incumbent = {"incumbent": today | standing_document(verdict)} if today else {}
    by_run = content["challenger"] if content["decision"] == "GO" else content["cheap_champion"]
    curve = curve_of(content["curve"]) if content.get("curve") else "This run has measured none."
    return {
        **content,
        **verdict_document(verdict, margin(facts, prices), prices),
        **incumbent,
        **({} if by_run == verdict.kept else {"kept_by_run": by_run}),
        "curve": curve_document(curve, verdict, facts, prices, past),
        "costs": costs_document(content["costs"], prices),
    }


def _refuse_another_metric(judged_by: Any, given: Any) -> None:
    """Refuse a cost matrix that the run was not judged by; class names are text in a file."""
    if given and (not judged_by or _as_text(given) != _as_text(judged_by)):
        raise UserError(
            "economics.cost_matrix is the metric that models were chosen by, and this run's was "
            f"{'another' if judged_by else 'none'}: run it again."
        )


def _as_text(matrix: Mapping[Any, Mapping[Any, float]]) -> dict[str, dict[str, float]]:
    return {str(true): {str(decided): cost for decided, cost in costs.items()} for true, costs in matrix.items()}


def verdict_document(verdict: Verdict, worthwhile: float, prices: EconomicsConfig) -> dict[str, Any]:
    """Return the part of verdict.json that depends on the verdict and its economics."""
    return {
        "decision": verdict.decision,
        "reason": str(verdict.reason),
        "sentence": verdict.sentence,
        "settled": verdict.settled,
        "lean": verdict.lean,
        "policy": prices.policy,
        "cheap_champion": verdict.cheap_champion,
        "challenger": verdict.challenger,
        "gain": _interval(verdict.gain),
        "skill": _interval(verdict.skill),
        "signal": _interval(verdict.signal),
        "worthwhile_gain": {"skill": prices.worthwhile_gain, "metric": finite(worthwhile)},
        "p_pays": verdict.p_pays,
        "net_benefit": _interval(verdict.net_benefit),
        "break_even": asdict(verdict.break_even),
        "whole_exercise_pays": verdict.whole_exercise_pays,
        "rows_to_settle": verdict.rows_to_settle,
        "worth_of_certainty": verdict.worth_of_certainty,
        "would_keep": verdict.would_keep,
        "economics": asdict(prices),
        "currency": prices.currency,
    }


def costs_document(spent: Mapping[str, Any], prices: EconomicsConfig) -> dict[str, Any]:
    """Return what the run took, and what that costs."""
    seconds = spent["cpu_seconds"]
    return {**spent, "money": compute_cost(prices, seconds), "kwh": energy_kwh(prices, seconds)}


def standing_document(verdict: Verdict) -> dict[str, Any]:
    """Return the part about the incumbent that depends on the economics."""
    stands = verdict.incumbent
    return {
        "model": stands.model if stands else None,
        "gain": _interval(stands.gain.interval) if stands and stands.gain else None,
        "beaten": stands.beaten if stands else None,
        "sentence": stands.sentence if stands else None,
    }


def _interval(interval: Any) -> dict[str, float | None] | None:
    """Return an estimate with its bounds; infinite bounds become null."""
    return None if interval is None else finite(asdict(interval))


def finite(value: Any) -> Any:
    """Return nested dicts and lists with null in place of values that JSON lacks: infinity and NaN."""
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
