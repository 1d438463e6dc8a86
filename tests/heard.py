"""A run as its listeners hear it, without one: what tracking's tests are told."""

from collections.abc import Callable
from pathlib import Path
from threading import Thread

import cloudpickle
import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from runner.clock import Clock
from runner.config import (
    BudgetConfig,
    CandidateConfig,
    Config,
    DatasetConfig,
    EconomicsConfig,
    LadderConfig,
    TrackingConfig,
)
from runner.costs import Costs
from runner.dataset import Dataset
from runner.decision.gate import Gate
from runner.decision.reasons import Reason
from runner.decision.verdict import Verdict
from runner.evaluation import Evaluation, Status
from runner.events import Evaluated, GateDecided, RungStarted, RunStarted, VerdictReached
from runner.gain.interval import Interval
from runner.listeners.mlflow_store import address
from runner.listeners.tracking import Tracking
from runner.metrics import make_metric
from runner.splits.design import Design
from runner.task import Task

TITLE = "NO-GO: keep logistic · +0.0020 · gain-too-small · cost EUR 13.00 · adult"
SUMMARY = "# adult: NO-GO\n**Keep `logistic`.** The gain is too small.\n"


def make_dataset() -> Dataset:
    draw = np.random.default_rng(0)
    rows = 60
    features = pd.DataFrame(
        {
            "age": draw.integers(18, 90, rows),
            "income": np.where(draw.random(rows) < 0.1, np.nan, draw.normal(size=rows)),
            "city": pd.Series(draw.choice(["Ghent", "Turin"], rows), dtype="str"),
            "job": pd.Categorical(draw.choice(["cook", "smith"], rows)),
            "since": pd.Timestamp("2020-01-01") + pd.to_timedelta(draw.integers(0, 900, rows), unit="D"),
            "member": draw.random(rows) > 0.5,
        }
    )
    target = (features["age"] > 50).to_numpy().astype(np.int64)
    return Dataset("adult", Task.BINARY, "income_class", features, target, ("<=50K", ">50K"), "ab" * 32)


def make_config(tracking: TrackingConfig | None = None) -> Config:
    candidates = {
        "dummy": CandidateConfig(rung="nothing", classifier="sklearn.dummy.DummyClassifier"),
        "logistic": CandidateConfig(
            rung="linear", classifier="sklearn.linear_model.LogisticRegression", params={"C": 0.5}
        ),
    }
    return Config(
        dataset=DatasetConfig(name="adult", path="https://user:secret@example.org/adult.csv", target="income_class"),
        budget=BudgetConfig(name="quick", seconds=60.0, memory_gb=2.0, trials=3),
        ladder=LadderConfig(rungs=["nothing", "linear"], candidates=dict(candidates)),
        economics=EconomicsConfig(name="none", price_per_cpu_hour=3600.0),
        tracking=tracking or TrackingConfig(),
    )


def evaluated(candidate: str, *scores: float, trial: int | None = None, status: Status = Status.OK) -> Evaluated:
    reason = None if status is Status.OK else "ValueError: no."
    costs = Costs(2.0, 1.0, 100.0, 0.01, 0.5)
    drawn = {} if trial is None else {"learning_rate": 0.1 * trial}
    return Evaluated(Evaluation(candidate, "linear", status, costs, reason, scores, None, drawn), trial)


VERDICT = Verdict(
    go=False,
    reason=Reason.GAIN_TOO_SMALL,
    sentence="The gain is too small.",
    settled=True,
    lean=None,
    cheap_champion="logistic",
    challenger="lightgbm 1",
    gain=Interval(0.002, -0.001, float("inf")),
    skill=Interval(0.004, -0.002, 0.01),
    signal=Interval(0.4, 0.3, 0.5),
    p_pays=0.07,
    net_benefit=None,
    rows_to_settle=None,
)


def write_folder(folder: Path, dataset: Dataset) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "verdict.json").write_text("{}")
    (folder / "summary.md").write_text(SUMMARY)
    (folder / "ladder.csv").write_text("name\n")
    (folder / "trials.csv").write_text("number\n")
    (folder / "run.log").write_text("")
    model = make_pipeline(OneHotEncoder(handle_unknown="ignore"), LogisticRegression())
    model.fit(dataset.features, np.asarray(dataset.classes)[dataset.target])
    (folder / "model.pkl").write_bytes(cloudpickle.dumps(model))
    dataset.features.head(5).to_parquet(folder / "example.parquet")


def start(tracking: Tracking, folder: Path, config: Config | None = None) -> Dataset:
    dataset = make_dataset()
    metric = make_metric("neg_log_loss", dataset)
    design = Design("holdout", "", 10, 50)
    tracking.hear(RunStarted(config or make_config(), dataset, metric, folder, design, Clock(60)))
    return dataset


def climb(tracking: Tracking) -> None:
    tracking.hear(RungStarted("linear", ("dummy", "logistic")))
    tracking.hear(evaluated("dummy", -0.7, -0.5))
    tracking.hear(evaluated("logistic", -0.3, -0.4))
    tracking.hear(evaluated("svm", status=Status.TIMED_OUT))
    tracking.hear(evaluated("net", -0.9, status=Status.PRUNED))
    tracking.hear(GateDecided(Gate("search", True, "It may pay.")))
    tracking.hear(evaluated("lightgbm 0", -0.5, trial=0))
    tracking.hear(evaluated("lightgbm 1", -0.3, trial=1))
    tracking.hear(evaluated("lightgbm 2", trial=2, status=Status.FAILED))


def play(tracking: Tracking, folder: Path) -> None:
    dataset = start(tracking, folder)
    climb(tracking)
    write_folder(folder, dataset)
    tracking.hear(VerdictReached(VERDICT, folder, Costs(13.0, 1.5, 100.0), -0.33, VERDICT.kept, is_usable=True))
    tracking.close(180)


class InAThread(Thread):
    """A courier in the tests' own process, where its faults can be made."""

    def __init__(self, function: Callable[..., None], *arguments: object, niceness: int) -> None:
        super().__init__(target=function, args=arguments, daemon=True)
        self.start()

    def kill(self) -> None:
        """Let it be: a thread cannot be killed."""


def client_of(root: Path):
    from mlflow import MlflowClient

    return MlflowClient(address(TrackingConfig(), root))


def runs_of(root: Path):
    client = client_of(root)
    experiment = client.get_experiment_by_name("runner")
    runs = client.search_runs([experiment.experiment_id])
    children = {run.info.run_name: run for run in runs if "mlflow.parentRunId" in run.data.tags}
    [parent] = [run for run in runs if "mlflow.parentRunId" not in run.data.tags]
    return parent, children
