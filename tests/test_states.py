"""Whatever state a run ends in can be told: in all that people read, without a fault, and in sentences that agree."""

import json
import re
from collections.abc import Callable
from contextlib import chdir
from dataclasses import replace
from functools import partial
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runner.checks import Severity
from runner.checks.registry import OF_TABLE
from runner.clock import Clock
from runner.config import Config, EconomicsConfig
from runner.errors import UserError
from runner.evaluation import Status
from runner.events import Event, Listeners, RunStarted
from runner.listeners.mlflow_run import MlflowRun
from runner.reconsidered import reconsider
from runner.record import Place
from runner.report import comparing, page
from runner.report.advice import action, next_step
from runner.report.closing import closing_lines
from runner.report.outcome import why
from runner.report.summary import summary
from runner.run import run
from staged import Model, Stage, StagedEngine

Content = dict[str, Any]
Compose = Callable[..., Config]

FAMILIES = ("tree", "linear", "lightgbm")
METRICS = {
    "binary": ("roc_auc", "log_loss", "accuracy", "f1"),
    "multiclass": ("log_loss", "accuracy", "roc_auc_ovr"),
    "regression": ("rmse", "mae", "r2", "rmsle"),
}
UNTOLD = re.compile(r"\bNone\b(?!\s+of)|\b(nan|inf|null)\b|NaN|Infinity|\bTrue\b|\bFalse\b|[+-]–|(?<!\.)\.\.(?![./])")

shares = st.sampled_from([-0.5, 0.0, 0.1, 0.4, 0.8, 0.95, 1.0])
ends = st.sampled_from([Status.OK] * 6 + [Status.FAILED, Status.TIMED_OUT, Status.OUT_OF_MEMORY, Status.SKIPPED])
fates = st.builds(Model, ends, shares, shares | shares | st.none(), st.sampled_from([0.01, 0.5, 60.0]))


@st.composite
def models(draw: st.DrawFn) -> Model:
    """Draw a model that mostly does on new rows as on the folds."""
    drawn = draw(fates)
    return replace(drawn, on_look=drawn.on_folds) if draw(st.booleans()) else drawn


stages = st.builds(
    Stage,
    models=st.fixed_dictionaries({name: models() for name in FAMILIES}),
    trials=st.lists(models(), min_size=1, max_size=3),
    found=st.dictionaries(st.sampled_from([*OF_TABLE]), st.sampled_from(Severity), max_size=2),
    keeps=st.booleans(),
    stops_at=st.none() | st.none() | st.integers(1, 30),
    by_hand=st.booleans(),
)
prices = st.builds(
    partial(EconomicsConfig, name="drawn", upkeep_hours={"boosting": 8.0, "search": 24.0}),
    policy=st.sampled_from(["prove", "bank"]),
    value_per_unit=st.sampled_from([None, None, 0.0, 1.0, 1000.0, 1e7]),
    worthwhile_gain=st.sampled_from([0.01, 0.01, 0.0, 0.2]),
    price_per_work_hour=st.sampled_from([0.0, 80.0]),
    horizon_years=st.sampled_from([1.0, 3.0]),
)


@st.composite
def tables(draw: st.DrawFn) -> tuple[pd.DataFrame, dict[str, str], str]:
    """Draw a table, the roles of its columns, and a metric."""
    rows, random = draw(st.sampled_from([60, 120, 400])), np.random.default_rng(0)
    task = draw(st.sampled_from([*METRICS]))
    targets: dict[str, Callable[[], Any]] = {
        "binary": lambda: random.choice(["no", "yes"], rows, p=draw(st.sampled_from([[0.5, 0.5], [0.85, 0.15]]))),
        "multiclass": lambda: random.choice(["x", "y", "z"], rows),
        "regression": lambda: random.lognormal(1, draw(st.sampled_from([0.3, 2.0])), rows),
    }
    target = targets[task]()
    frame = pd.DataFrame({"a": random.normal(size=rows), "b": random.choice(["u", "v"], rows), "y": target})
    frame["today"] = random.permutation(target) if draw(st.booleans()) else target
    frame["unit"], frame["weight"] = np.arange(rows) // draw(st.sampled_from([1, 3])), random.choice([1.0, 2.0], rows)
    roles = draw(st.fixed_dictionaries({}, optional={"incumbent": st.just("today"), "weight": st.just("weight")}))
    roles |= draw(st.sampled_from([{}, {"time": "unit"}, {"group": "unit"}]))
    frame = frame[["a", "b", "y", *roles.values()]]
    return frame, roles, draw(st.sampled_from(METRICS[task]))


class Heard:
    """Keeps what MLflow would be sent."""

    def __init__(self) -> None:
        self.steps: list[Any] = []
        self._run: MlflowRun | None = None

    def hear(self, event: Event) -> None:
        if isinstance(event, RunStarted):
            self._run = MlflowRun(event, 0.0)
        if self._run:
            self.steps += self._run.steps(event, 1.0)

    def text(self) -> str:
        """Return titles, tags and figures."""
        told = ([step.content.get(key) for key in ("title", "tags", "metrics")] for step in self.steps)
        return "\n".join(str(value) for values in told for value in values if value is not None)


def read(html: str) -> str:
    """Return what people read of a page."""
    return unescape(re.sub(r"(?s)<style.*?</style>|<svg.*?</svg>|<[^>]*>", " ", html))


def told(content: Content) -> str:
    """Return all that people read of a verdict; most pictures take long, and have tests of their own."""
    lines = [closing_lines(content, width) for width in (60, 80, 100)]
    assert max(map(len, lines)) <= 15
    pages = (page.render(content, drawn={}), page.fragment(content), comparing.render(content, content, {}, {}))
    return "\n".join([summary(content), *("\n".join(each) for each in lines), *map(read, pages)])


def check(content: Content) -> None:
    """Assert that sentences agree with one another, and with the figures."""
    assert not (fault := UNTOLD.search(text := told(content))), text[max(0, fault.start() - 100) : fault.end() + 50]
    do, then, reason = action(content), next_step(content), content["reason"]
    gain, least = content["gain"] or {}, content["worthwhile_gain"]["metric"]
    for bounds in filter(None, (content[key] for key in ("gain", "skill", "signal", "net_benefit"))):
        known = [bounds[key] for key in ("low", "estimate", "high") if bounds[key] is not None]
        assert known == pytest.approx(sorted(known))
    assert content["settled"] == (content["lean"] is None)
    assert not (content["settled"] and content["rows_to_settle"])
    if content["decision"] == "GO":
        assert (do, reason in ("gain-pays", "within-noise")) == (f"use {content['challenger']}", True)
    else:
        assert f"use {content['challenger']}" not in f"{do} {then}".lower()
        assert "into use" not in then
    if reason == "gain-pays":
        assert gain["low"] > least
    if reason == "gain-too-small" and gain and least is not None:
        assert gain["high"] < least
    if content["search"] and content["search"]["trials"]:
        assert "search was not run" not in f"{content['sentence']} {why(content)}"
    asked = content["reason"] == "no-signal" and content["settled"]  # what to ask for, and nothing of what to use
    assert asked or ("keep what is used today" in do) == ("keep what is used today" in then.lower())


@pytest.mark.slow
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(tables(), stages, prices, prices, st.sampled_from([0, 1, 6]), st.sampled_from([3, 4, 5]))
def test_whatever_state_a_run_ends_in_can_be_told(
    small: Compose, drawn: Any, stage: Stage, now: EconomicsConfig, later: EconomicsConfig, trials: int, rungs: int
) -> None:
    frame, roles, metric = drawn
    usual = small("dataset.path=x", "dataset.name=drawn", "dataset.target=y")
    config = replace(
        usual,
        dataset=replace(usual.dataset, **roles),
        evaluation=replace(usual.evaluation, metric=metric),
        ladder=replace(usual.ladder, rungs=usual.ladder.rungs[:rungs]),
        budget=replace(usual.budget, trials=trials, seconds=100.0),
        economics=now,
    )
    heard = Heard()
    with TemporaryDirectory() as folder, chdir(folder), pytest.MonkeyPatch.context() as patch:
        patch.setattr("runner.run.Engine", partial(StagedEngine, stage))
        patch.setattr("runner.run.try_report", lambda *_: None)
        try:
            found = run(config, Place(Path("run"), "the command"), Listeners(heard), Clock(100.0), frame)
        except UserError:  # the table is refused
            return
        content = json.loads(json.dumps(found, allow_nan=False))
        assert not UNTOLD.search(heard.text())
        assert json.loads(json.dumps(reconsider(content, now))) == content
        assert content["would_keep"] is None
        assert "these prices" not in action(content)
        for each in (content, json.loads(json.dumps(reconsider(content, later), allow_nan=False))):
            check(each)
