"""A run's records in MLflow's terms: params, tags, metrics, a dataset; plain data, without importing MLflow."""

import dataclasses
import json
import math
import platform
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from runner import words
from runner.config import Config
from runner.decision.reasons import AGAINST_ANY_MODEL
from runner.decision.verdict import Verdict
from runner.evaluation import Evaluation, Status
from runner.events import Evaluated, RunStarted
from runner.folders import SUMMARY
from runner.listeners.mlflow_store import without_password
from runner.listeners.mlflow_table import dataset_input, schema
from runner.listeners.mlflow_tags import LONGEST_PARAM, LONGEST_TAG, cut, origin_tags
from runner.metrics import Metric
from runner.provenance import DISTRIBUTION, git_tags, versions

LIBRARIES = ("scikit-learn", "lightgbm", "optuna", "mlflow")

PARENT, SEARCH = "", "search"  # the parent of a step's run

NAME = re.compile(r"[\w. -]+")  # names of params that MLflow accepts

Figures = Mapping[str, float | None]  # metrics by name; None if unknown


def run_content(started: RunStarted) -> dict[str, Any]:
    """Return everything that is known of a run before its first score."""
    dataset = started.dataset
    answers = np.asarray(dataset.classes) if dataset.classes else dataset.target
    return {
        "dataset": dataset.name,
        "task": dataset.task.value,
        "target": dataset.target_name,
        "classes": [str(name) for name in dataset.classes],
        "tags": run_tags(started) | origin_tags(),
        "params": config_params(started.config),
        "input": dataset_input(started.config, dataset),
        "inputs": schema(dataset.features),
        "outputs": schema(pd.DataFrame({"prediction": answers})),
    }


def candidate_content(started: RunStarted, heard: Evaluated) -> dict[str, Any]:
    """Return what the child run of a candidate or a trial contains."""
    evaluation = heard.evaluation
    return {
        "ok": evaluation.status in (Status.OK, Status.PRUNED),  # a candidate that lost early is also a valid result
        "wall_seconds": evaluation.costs.wall_seconds,
        "params": candidate_params(started, heard),
        "metrics": known(evaluation_metrics(evaluation, started.metric)),
        "tags": evaluation_tags(evaluation),
        "folds": [started.metric.for_people(score) for score in evaluation.fold_scores],
    }


def known(figures: Figures) -> dict[str, float]:
    """Return the figures that are numbers, since MLflow cannot represent the others."""
    return {key: float(value) for key, value in figures.items() if value is not None and math.isfinite(value)}


def config_params(config: Config) -> dict[str, str]:
    """Return the config as params such as ``budget.seconds``; a candidate or a search space is one param.

    A mapping is also one param if MLflow does not accept its keys as names, as in a cost matrix of the classes <=50K
    and >50K.
    """
    return dict(_flatten(dataclasses.asdict(config), ()))


def _flatten(value: Any, path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping) and len(path) < 3 and all(NAME.fullmatch(str(key)) for key in value):
        for key, below in value.items():
            yield from _flatten(below, (*path, str(key)))
    elif value not in (None, [], {}):
        yield ".".join(path), param(value)


def param(value: Any) -> str:
    """Return a value as the text of a param, no longer than MLflow accepts."""
    if isinstance(value, Mapping):
        value = {key: below for key, below in value.items() if below not in (None, {})}
    text = value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)
    return cut(without_password(text), LONGEST_PARAM)


def candidate_params(started: RunStarted, heard: Evaluated) -> dict[str, str]:
    """Return what a candidate is made of, and what a trial drew."""
    made_of: dict[str, Any] = {}
    ladder, evaluation = started.config.ladder, heard.evaluation
    space = ladder.search.get(heard.family) if heard.family else None
    entry = ladder.candidates.get(space.candidate if space else evaluation.candidate)
    if entry is not None:
        classes = started.dataset.task.is_classification
        made_of = {
            "estimator": entry.classifier if classes else entry.regressor,
            "preparation": heard.preparation or entry.preparation,
            **entry.params,
            **(entry.classifier_params if classes else entry.regressor_params),
        }
        if entry.target is not None:
            made_of["target"] = entry.target
    return {key: param(value) for key, value in (made_of | evaluation.params).items()}


def run_tags(started: RunStarted) -> dict[str, str]:
    """Return the tags that are known before a run's first score."""
    config, dataset = started.config, started.dataset
    tags = {
        "decision": "pending",  # MLflow shows tags in the order in which they were created
        "dataset": dataset.name,
        "dataset_fingerprint": dataset.fingerprint,
        "task": dataset.task.value,
        "metric": started.metric.label,
        "budget": config.budget.name,
        "seed": str(config.seed),
        "python": platform.python_version(),
        "folder": str(started.folder),
    }
    for name, number in versions((DISTRIBUTION, *LIBRARIES)).items():
        tags["runner_version" if name == DISTRIBUTION else f"version.{name}"] = number
    return tags | git_tags()


def verdict_tags(verdict: Verdict) -> dict[str, str]:
    """Return the decision and the model that it is about."""
    tags = {
        "decision": verdict.decision,
        "reason": verdict.reason.value,
        "settled": str(verdict.settled).lower(),
        "lean": verdict.lean,
        "cheap_champion": verdict.cheap_champion,
        "challenger": verdict.challenger,
    }
    return {key: value for key, value in tags.items() if value is not None}


def verdict_title(started: RunStarted, verdict: Verdict, cost: float) -> str:
    """Return the title of a run in MLflow's list of runs.

    Decision, kept model and gain come first, because the column of names is initially some 20 characters wide. The
    table has a column of its own. No model is named that should not be used.
    """
    parts = [f"{verdict.decision}: {'use' if verdict.go else 'keep'} {verdict.kept}", str(verdict.reason)]
    if verdict.reason in AGAINST_ANY_MODEL:
        parts[0] = verdict.decision
    elif verdict.gain:
        parts.insert(1, f"{verdict.gain.estimate:+.{words.decimals_for(verdict.gain.estimate, 2)}f}")
    spent = words.money(cost, started.config.economics.currency)
    return " · ".join([*parts, f"cost {spent}", started.dataset.name])


def model_content(started: RunStarted, verdict: Verdict, model: str) -> dict[str, Any]:
    """Return what a registered model, which has this name in the run, says about the verdict that it rests on."""
    gain = verdict.gain.estimate if verdict.gain else None
    told = {"candidate": model, "gain": None if gain is None else f"{gain:.6g}", "sentence": verdict.sentence}
    tags = {**verdict_tags(verdict), **told, "metric": started.metric.label, "dataset": started.dataset.name}
    return {"tags": {key: cut(value, LONGEST_TAG) for key, value in tags.items() if value is not None}}


def description(folder: Path) -> dict[str, str]:
    """Return the summary in a run's folder as the tag that MLflow shows at the top of a run.

    Pictures are left out, because a file of the folder would show as a broken image there.
    """
    summary = folder / SUMMARY
    if not summary.exists():
        return {}
    text = re.sub(r"!\[[^]]*\]\((?!https?:)[^)]*\)\n*", "", summary.read_text(encoding="utf-8"))
    return {"mlflow.note.content": cut(text, LONGEST_TAG)}


def verdict_metrics(verdict: Verdict) -> Figures:
    """Return the figures behind the decision."""
    gain, skill, money = verdict.gain, verdict.skill, verdict.net_benefit
    return {
        "gain": gain.estimate if gain else None,
        "gain_low": gain.low if gain else None,
        "gain_high": gain.high if gain else None,
        "skill": skill.estimate if skill else None,
        "p_pays": verdict.p_pays,
        "net_benefit": money.estimate if money else None,
    }


def evaluation_metrics(evaluation: Evaluation, metric: Metric) -> Figures:
    """Return the score and costs of a candidate."""
    costs = evaluation.costs
    return {
        "score": None if evaluation.score is None else metric.for_people(evaluation.score),
        "cpu_seconds": costs.cpu_seconds,
        "wall_seconds": costs.wall_seconds,
        "peak_memory_mb": costs.peak_memory_mb,
        "predict_seconds": costs.predict_seconds,
        "size_mb": costs.size_mb,
    }


def evaluation_tags(evaluation: Evaluation) -> dict[str, str]:
    """Return how an evaluation ended."""
    tags = {"rung": evaluation.rung, "status": evaluation.status.value, "reason": evaluation.reason}
    return {key: cut(value, LONGEST_TAG) for key, value in tags.items() if value is not None}
