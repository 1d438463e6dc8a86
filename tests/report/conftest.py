"""Verdicts made by hand: one of each kind that a person may be shown."""

from typing import Any

import pytest

SCORER = {
    "roc_auc": {"name": "roc_auc", "label": "ROC AUC", "greater_is_better": True},
    "rmse": {"name": "neg_root_mean_squared_error", "label": "RMSE", "greater_is_better": False},
    "log_loss": {"name": "neg_log_loss", "label": "log loss", "greater_is_better": False},
}

ECONOMICS: dict[str, Any] = {
    "name": "cloud",
    "currency": "EUR",
    "price_per_cpu_hour": 0.05,
    "watts_per_core": 10.0,
    "price_per_kwh": 0.0,
    "carbon_kg_per_kwh": 0.3,
    "device_hours": 0.0,
    "price_per_device_hour": 0.0,
    "horizon_years": 1.0,
    "retrainings_per_year": 52.0,
    "predictions_per_year": 1_000_000.0,
    "price_per_work_hour": 80.0,
    "upkeep_hours": {"boosting": 16.0, "search": 24.0},
    "cost_matrix": None,
    "value_per_unit": 100_000.0,
    "value_per_row": None,
    "worthwhile_gain": 0.01,
    "policy": "prove",
}
SPENT = {"cpu_seconds": 2021.4, "wall_seconds": 118.2, "peak_memory_mb": 412.4, "money": 0.0281, "kwh": 0.0056}
FACTS: dict[str, Any] = {
    "champion": {"name": "lightgbm", "rung": "boosting", "fit_cpu_seconds": 3.6, "predict_seconds": 0.01},
    "challenger": {"name": "lightgbm #7", "rung": "search", "fit_cpu_seconds": 36.0, "predict_seconds": 0.02},
    "headroom": 0.5,
    "forecast": None,
    "gain": {"unit": "rows", "why": None},
}
RULES = """\
if age <= 30.5 then 95% likely <=50K (6,000 rows)
if age > 30.5 and married != yes then 90% likely <=50K (8,000 rows)
if age > 30.5 and married == yes then 55% likely >50K (6,000 rows)"""


def interval(estimate: float, low: float | None, high: float | None) -> dict[str, float | None]:
    return {"estimate": estimate, "low": low, "high": high}


def entry(rung: str, name: str, score: float | None, **changes: Any) -> dict[str, Any]:
    spread = 0.01 * abs(score or 0.0)
    costs = {
        "cpu_seconds": 0.41,
        "wall_seconds": 0.5,
        "peak_memory_mb": 31.0,
        "predict_seconds": 0.0021,
        "size_mb": 0.1,
    }
    return {
        "rung": rung,
        "name": name,
        "status": "ok" if score is not None else "failed",
        "reason": None,
        "score": score,
        "holdout_score": None,
        "fold_scores": [] if score is None else [score - spread, score, score + spread],
        "costs": costs | changes.pop("costs", {}),
        "params": {},
        "text": None,
    } | changes


def finding(code: str, severity: str, evidence: str) -> dict[str, Any]:
    return {"code": code, "severity": severity, "columns": ["x"], "evidence": evidence, "advice": "Drop it."}


def gate(rung: str, is_open: bool, reason: str, **changes: Any) -> dict[str, Any]:
    return {
        "rung": rung,
        "open": is_open,
        "code": "open" if is_open else "forecast-not-worth-it",
        "reason": reason,
        "forecast_gain": None,
        "forecast_cpu_seconds": None,
        "forecast_cost": None,
        "provable": None,
    } | changes


def go() -> dict[str, Any]:
    return {
        "schema_version": 1,
        "decision": "GO",
        "reason": "gain-pays",
        "sentence": "lightgbm #7 gains +0.0171 (+0.0112 to +0.0230) over lightgbm, more than 0.0050.",
        "settled": True,
        "lean": None,
        "dataset": {
            "name": "adult",
            "fingerprint": "5e884898da28047151d0e56f8dc62927",
            "rows": 20000,
            "features": 14,
            "task": "binary",
            "target": "class",
            "classes": ["<=50K", ">50K"],
            "notes": ["20,000 of 48,842 rows were drawn at random."],
        },
        "metric": SCORER["roc_auc"],
        "cheap_champion": "lightgbm",
        "challenger": "lightgbm #7",
        "gain": interval(0.0171, 0.0112, 0.0230),
        "skill": interval(0.0342, 0.0224, 0.0460),
        "signal": interval(0.4281, 0.4210, 0.4352),
        "worthwhile_gain": {"skill": 0.01, "metric": 0.005},
        "break_even": {"value_per_unit": 70_000.0, "price_per_cpu_hour": None, "worthwhile_gain": 0.0224},
        "p_pays": 0.9991,
        "net_benefit": interval(1210.4, 620.2, 1800.6),
        "whole_exercise_pays": True,
        "currency": "EUR",
        "economics": ECONOMICS,
        "promise": "the gain of the models as fitted on the development rows",
        "facts": FACTS,
        "rows_to_settle": None,
        "policy": "prove",
        "gates": [
            gate("tree", True, "Cheap, with 118 s left and at most 100% of the dummy's loss to win."),
            gate(
                "search", True, "Past searches brought 2.10% on average.",
                forecast_gain=0.0123, forecast_cpu_seconds=412.0, forecast_cost=0.0057, provable=0.61,
            ),
        ],
        "candidates": [
            entry("none", "dummy", 0.5, holdout_score=0.5, costs={"cpu_seconds": 0.0}),
            entry("tree", "stump", 0.704, text=RULES),
            entry("simple", "linear", 0.9061),
            entry("boosting", "lightgbm", 0.9281, holdout_score=0.9274, costs={"cpu_seconds": 3.12}),
            entry("search", "lightgbm #7", 0.9462, holdout_score=0.9445, costs={"cpu_seconds": 35.3}),
        ],
        "search": {"trials": 2, "planned": 40, "stopped_by": "time", "best_family": "lightgbm", "cpu_seconds": 96.5},
        "costs": SPENT,
        "checks": [],
        "budget": {"name": "quick", "seconds": 120},
        "seed": 0,
        "versions": {"runner": "0.1.0"},
        "command": "python -m runner dataset=adult budget=quick",
        "folder": "runs/adult/2026-11-24_09-00-00",
        "model": "model.pkl",
        "tracking_uri": "sqlite:///runs/mlflow.db",
        "mlflow_run_id": "0123456789abcdef0123456789abcdef",
        "started_at": "2026-11-24T09:00:00+00:00",
        "finished_at": "2026-11-24T09:01:58+00:00",
    }  # fmt: skip


def not_worth_it() -> dict[str, Any]:
    """Return the verdict of a gate that stayed shut: nothing was searched."""
    reason = (
        "Past searches brought 0.30% of the dummy's loss on average; on these rows a gain would be proved "
        "with probability 4%, which leaves 0.02% to expect against a price of 1.00% (2100 CPU s, EUR 0.0292)."
    )
    return go() | {
        "decision": "NO-GO",
        "reason": "forecast-not-worth-it",
        "sentence": f"The search was never run: {reason}",
        "challenger": None,
        "gain": None,
        "skill": None,
        "p_pays": None,
        "net_benefit": None,
        "search": None,
        "gates": [gate("search", False, reason, forecast_gain=0.0002, forecast_cpu_seconds=2100.0, provable=0.04)],
        "candidates": go()["candidates"][:4],
        "costs": {"cpu_seconds": 14.2, "wall_seconds": 9.4, "peak_memory_mb": 212.0, "money": 0.0002},
    }


def no_signal() -> dict[str, Any]:
    return not_worth_it() | {
        "reason": "no-signal",
        "sentence": "Nothing beats no model: the best cheap model gains +0.0010 (-0.0200 to +0.0031).",
        "cheap_champion": "dummy",
        "signal": interval(0.001, -0.02, 0.0031),
        "gates": [],
        "candidates": [entry("none", "dummy", 0.5), entry("tree", "stump", 0.4971)],
        "mlflow_run_id": None,
    }


def not_trustworthy() -> dict[str, Any]:
    """Return a verdict with more findings than there is room for, none of them in order of gravity."""
    long = "duration alone reaches an AUC of 0.9987, which no honest column of a table like this one does, " * 3
    found = [finding(f"check-{i}", "warn", f"Column {i} is constant in {i} of 5 folds.") for i in range(5)]
    return not_worth_it() | {
        "reason": "data-not-trustworthy",
        "sentence": "The scores cannot be believed: duration gives the target away.",
        "checks": [*found, finding("target-leak", "stop", long), finding("few-rows", "info", "Twelve rows.")],
    }


def unsettled() -> dict[str, Any]:
    """Return the longest closing there can be: unsettled, priced, warned of, in a deep folder."""
    return not_trustworthy() | {
        "reason": "within-noise",
        "sentence": "hist-boosting #123 gains something, not to be told from what is worth having. " * 6,
        "settled": False,
        "lean": "go",
        "challenger": "hist-boosting #123",
        "gain": interval(0.0017, -0.0009, 0.0043),
        "skill": interval(0.0034, -0.0018, 0.0086),
        "net_benefit": interval(-3.2, None, 410.0),
        "p_pays": 0.41,
        "rows_to_settle": 12400,
        "candidates": [
            *go()["candidates"][:4],
            entry("search", "hist-boosting #123", 0.9299, holdout_score=0.9291),
        ],
        "folder": "runs/a-table-with-quite-a-long-name/2026-11-24_09-00-00",
    }


def with_failures() -> dict[str, Any]:
    reason = "could not be fitted: ValueError: Input X contains | infinity\nor a value too large for float32"
    many = [entry("boosting", f"model-{i}", 0.8 + i / 1000) for i in range(30)]
    failed = [
        entry("simple", "neighbours", None, status="timed out", reason="took longer than the 10 s left"),
        entry("simple", "broken", None, reason=reason, costs={"predict_seconds": None}),
    ]
    gates = [gate(f"rung-{i}", True, "Cheap, and worth a look.") for i in range(9)]
    checks = [finding(f"check-{i}", "warn", "Evidence.") for i in range(9)]
    verdict = go() | {"checks": checks, "gates": gates}
    return verdict | {"candidates": failed + many + verdict["candidates"]}


def regression() -> dict[str, Any]:
    return go() | {
        "sentence": "forest #3 gains +4.1 (+2.4 to +5.8) over linear, more than the 1.8 worth having.",
        "dataset": go()["dataset"] | {"name": "bike-sharing", "task": "regression", "target": "count", "notes": []},
        "metric": SCORER["rmse"],
        "facts": FACTS | {"headroom": 181.17},
        "cheap_champion": "linear",
        "challenger": "forest #3",
        "gain": interval(4.12, 2.41, 5.83),
        "skill": interval(0.0227, 0.0133, 0.0322),
        "signal": interval(139.8, 131.0, 148.6),
        "worthwhile_gain": {"skill": 0.01, "metric": 1.8117},
        "net_benefit": None,
        "p_pays": 0.871,
        "candidates": [
            entry("none", "dummy", -181.17),
            entry("simple", "linear", -41.31, holdout_score=-41.412),
            entry("search", "forest #3", -38.9, holdout_score=-37.292),
        ],
    }


def multiclass() -> dict[str, Any]:
    return not_worth_it() | {
        "dataset": go()["dataset"] | {"name": "satellite", "task": "multiclass", "target": "soil", "notes": []},
        "metric": SCORER["log_loss"],
        "facts": FACTS | {"headroom": 1.7211},
        "cheap_champion": "forest",
        "signal": interval(1.448, 1.401, 1.495),
        "candidates": [
            entry("none", "dummy", -1.7211),
            entry("simple", "linear", -0.3581),
            entry("boosting", "forest", -0.2732, holdout_score=-0.2684),
        ],
        "costs": {"cpu_seconds": 14.2, "wall_seconds": 9.4, "peak_memory_mb": 212.0, "money": None},
    }


def crashed() -> dict[str, Any]:
    """Return the verdict of a run in which nothing but the time came to an end."""
    return not_worth_it() | {
        "reason": "out-of-budget",
        "sentence": "No candidate, not even the dummy, has a score: see the reasons in the ladder.",
        "settled": False,
        "lean": "no-go",
        "cheap_champion": "dummy",
        "signal": None,
        "model": None,
        "candidates": [
            entry("none", "dummy", None, status="timed out", reason="it was ended after 5 s."),
            entry("tree", "tree", None, status="failed", reason="could not be fitted: <b>ValueError</b>: no & yes"),
        ],
        "facts": FACTS | {"challenger": None},
    }


def told_all() -> dict[str, Any]:
    """Return a verdict with all that can be told beyond what every run tells."""
    return go() | {
        "design": {"kind": "nested", "rows": 14000, "folds": 5, "repeats": 2},
        "incumbent": {
            "name": "by-hand",
            "kind": "rules",
            "model": "lightgbm #7",
            "rules": ["if age <= 25 then <=50K", "if married == yes then >50K", "otherwise <=50K"],
            "score": 0.71,
            "gain": interval(0.2345, 0.21, 0.26),
            "beaten": True,
            "sentence": "lightgbm #7 is better than by-hand by +0.235 (0.210 to 0.260).",
        },
        "curve": {
            "candidate": "lightgbm",
            "points": [{"rows": 3500 * 2**i, "score": 0.9 + 0.01 * i, "standard_error": 0.003} for i in range(3)],
            "usable": True,
            "why": None,
            "twice": {"rows": 28000, "gain": interval(0.006, 0.001, 0.011), "skill": interval(0.012, 0.002, 0.022)},
            "advice": "more-rows",
            "sentence": "Twice the rows are expected to gain +0.006.",
        },
        "weak": {
            "slices": [
                {
                    "column": "age", "value": "under 25", "rows": 412, "score": 0.81, "rest": 0.95,
                    "promised": 0.87, "falls_short": True, "p_value": 0.0004,
                }
            ],
            "looked_at": 31,
            "confusion": {"labels": ["<=50K", ">50K"], "counts": [[4100, 400], [600, 900]], "threshold": 0.31},
            "calibration": [{"predicted": i / 10, "observed": i / 11, "rows": 100 * i + 5} for i in range(10)],
            "residuals": None,
            "fairness": [{"column": "sex", "group": "female", "rows": 2000, "selection_rate": 0.11}],
        },
        "columns": [
            {"name": f"column-{i}", "gain": interval(0.1 / i, 0.08 / i - 0.01, 0.12 / i), "earns": i <= 7}
            for i in range(1, 21)
        ],
        "search": go()["search"] | {
            "families": [{"family": "lightgbm", "trials": 2, "best_score": 0.9462, "cpu_seconds": 96.5}],
            "progress": [{"trial": i, "cpu_seconds": 48.2 * i, "best_score": 0.94 + 0.003 * i} for i in (1, 2)],
            "importance": {"learning_rate": 0.71, "num_leaves": 0.29},
        },
        "checks": [finding("many-levels", "warn", "x has 400 levels.") | {"acknowledged": True}],
    }  # fmt: skip


ALL = (
    go,
    not_worth_it,
    no_signal,
    not_trustworthy,
    unsettled,
    with_failures,
    regression,
    multiclass,
    crashed,
    told_all,
)


@pytest.fixture(params=ALL, ids=[make.__name__ for make in ALL])
def verdict(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Every kind in turn."""
    return request.param()


@pytest.fixture(scope="module", params=ALL, ids=[make.__name__ for make in ALL])
def shown(request: pytest.FixtureRequest) -> tuple[dict[str, Any], str]:
    """Every kind in turn with its page, which is made once for all tests of a file."""
    from runner.report.page import render

    return request.param(), render(request.param())


@pytest.fixture
def made() -> dict[str, dict[str, Any]]:
    """All of them by name."""
    return {make.__name__: make() for make in ALL}
