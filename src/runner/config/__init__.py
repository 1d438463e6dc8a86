"""The typed schema of conf/: what can be varied, its types, and its defaults.

Hydra composes the YAML files over these classes, so that a misspelt key or a wrong type is found before any work is
done. The comments beside the keys become the documentation's page of options. Nothing heavy is imported here.
"""

from dataclasses import dataclass, field
from typing import Any

from omegaconf import MISSING


@dataclass
class DatasetConfig:
    """The table, and how its rows depend on each other."""

    name: str = MISSING  # its name in results, and its folder's; the file's name when only dataset.path is given
    path: str = MISSING  # a file, a pattern, or the address of a database
    target: str = MISSING  # the column to predict
    task: str | None = None  # binary | multiclass | regression; inferred when not given
    positive: Any = None  # the class whose probability is scored; the rarer one when not given
    drop: list[str] = field(default_factory=list)  # columns that are not inputs
    drop_copies: bool | None = None  # leave out copies of rows, target included; null: if clearly recorded twice
    group: str | None = None  # column with groups: all rows of a group stay on one side of every split
    time: str | None = None  # column with dates or numbers: train on the past, judge on the future
    gap: Any = None  # time between training rows and the rows judged: '7d', '12h', or a number if time is numeric
    fold: str | None = None  # column with your own folds; the one named holdout or test, or the last, is kept aside
    weight: str | None = None  # column with sample weights, for fitting and for scoring
    incumbent: Any = None  # what is used today: a column, or rules (a list, or a YAML file); see titanic-rules.yaml
    sensitive: list[str] = field(default_factory=list)  # columns for whose groups the kept model's errors are reported
    acknowledged: list[str] = field(default_factory=list)  # findings that you know of: code or code:column
    schema: str | None = None  # a contract that the table must keep: a pandera schema in YAML (runner init --contract)
    query: str | None = None  # SQL for a database at path: sqlite:///FILE, postgresql+psycopg://.., or env:VARIABLE
    sheet: str | None = None  # of an Excel file; the first when not given
    separator: str | None = None  # of a CSV file; detected when not given
    encoding: str = "utf-8"  # of a text file
    source: str | None = None  # where the table comes from; for people
    licence: str | None = None  # for people
    note: str | None = None  # for people


@dataclass
class BudgetConfig:
    """What the whole run may take; work that does not fit is not started."""

    name: str = MISSING  # for people
    seconds: float = MISSING  # wall time of the whole run
    memory_gb: float = MISSING  # of a single evaluation; those that run at once must fit into the machine or container
    fit_seconds: float | None = None  # wall time of a single evaluation; null: what is left of the budget
    trials: int = MISSING  # of the search, at most
    money: float | None = None  # for the computing of the whole run, in the currency of economics; null: no limit
    rows: int | None = None  # at most: the latest if there is a time, else a random sample; null: all


@dataclass
class CandidateConfig:
    """One model; to add a model, add an entry."""

    rung: str = MISSING  # its cost class
    classifier: str | None = None  # dotted name of a scikit-learn estimator; null: not for classification
    regressor: str | None = None  # the same for regression
    preparation: str = "scaled"  # none | onehot | scaled | ordinal | native (see candidates/preparation.py)
    params: dict[str, Any] = field(default_factory=dict)  # of either estimator
    classifier_params: dict[str, Any] = field(default_factory=dict)  # of the classifier only
    regressor_params: dict[str, Any] = field(default_factory=dict)  # of the regressor only
    target: str | None = None  # log: fit the regressor to the target's logarithm; only for targets with a long tail
    metrics: list[str] = field(default_factory=list)  # the only ones for which it is tried; empty: any


@dataclass
class DimensionConfig:
    """One hyperparameter of a search space: a range (`low`, `high`) or a list of `choices`."""

    low: float | None = None  # lower end
    high: float | None = None  # upper end
    log: bool = False  # draw on a log scale
    integer: bool = False  # whole numbers only
    choices: list[Any] | None = None  # instead of a range


@dataclass
class SpaceConfig:
    """What the search may vary of one candidate."""

    candidate: str = MISSING  # the candidate of the ladder that it varies
    params: dict[str, DimensionConfig] = field(default_factory=dict)  # of either estimator
    classifier_params: dict[str, DimensionConfig] = field(default_factory=dict)  # of the classifier only
    regressor_params: dict[str, DimensionConfig] = field(default_factory=dict)  # of the regressor only
    preparations: list[str] = field(default_factory=list)  # to draw from, in addition to the candidate's own


@dataclass
class LadderConfig:
    """The rungs, cheapest first, and the candidates on them."""

    rungs: list[str] = MISSING  # by name, cheapest first
    candidates: dict[str, CandidateConfig | None] = field(default_factory=dict)  # by name; null removes one
    search: dict[str, SpaceConfig | None] = field(default_factory=dict)  # the spaces, by name; null removes one


@dataclass
class EconomicsConfig:
    """What compute costs and what a better prediction is worth."""

    name: str = MISSING  # for people
    currency: str = "EUR"  # of all prices
    price_per_cpu_hour: float = 0.05  # price of one core for an hour
    watts_per_core: float = 10.0  # for energy and carbon
    price_per_kwh: float = 0.0  # of energy, if it is not in the price of the core
    carbon_kg_per_kwh: float = 0.3  # reported, but not priced
    device_hours: float = 0.0  # of hired accelerators, for one training of the challenger
    price_per_device_hour: float = 0.0  # price of one accelerator for an hour
    watts_per_device: float | None = None  # of one accelerator, for energy and carbon; null: not known, and left out
    horizon_years: float = 1.0  # over which the gain is weighed against its cost
    retrainings_per_year: float = 4.0  # each costs a fit
    predictions_per_year: float = 0.0  # rows, in batches; each has a cost, and a value if value_per_row is given
    price_per_work_hour: float = 0.0  # of a person
    price_per_row: float | None = None  # of one more row, to learn or judge from; null: the most that pays is told
    upkeep_hours: dict[str, float] = field(default_factory=dict)  # per year, by rung
    cost_matrix: Any = None  # true class -> decided class -> cost: the metric is then money per row
    value_per_unit: float | None = None  # money per year for one unit of the metric; null: not known
    value_per_row: float | None = None  # money for one unit of the metric on one prediction
    worthwhile_gain: float = 0.01  # smallest gain worth having without prices, as skill: a share of the dummy's loss
    policy: str = "prove"  # prove: GO only if the gain is shown to pay; bank: follow the lean


@dataclass
class EvaluationConfig:
    """How candidates are judged."""

    metric: str | None = None  # any scikit-learn scorer, or your own (mine.scorer); null: ROC AUC, log loss or RMSE
    design: str = "auto"  # holdout | nested | auto: nested if there are few rows and the budget allows it
    folds: int = 5  # to choose models on, in the holdout design; fewer if one would hold too few classes to be scored
    holdout: float | None = None  # share for the last look; null: 30 %, above 10,000 rows 20 %, of few rows more


@dataclass
class EngineConfig:
    """Where evaluations run."""

    backend: str = "threading"  # of joblib, on this machine: threads that wait for the worker processes
    workers: int | None = None  # evaluations side by side; null: one per core


@dataclass
class TrackingConfig:
    """Where the run is logged."""

    enabled: bool = True  # false: nothing is logged; `runner track` can send the run later
    uri: str | None = None  # of the MLflow server or store; null: MLFLOW_TRACKING_URI, or else SQLite under runs/
    experiment: str = "runner"  # name of the experiment
    register: str | None = None  # registered model of which the kept model becomes a version; null: none


@dataclass
class CiConfig:
    """Which verdicts fail a job."""

    fail_on: list[str] = field(default_factory=list)  # go, no-go, unsettled, a reason code, a severity: exit code 3


@dataclass
class Config:
    """One run."""

    dataset: DatasetConfig = field(default_factory=DatasetConfig)
    budget: BudgetConfig = field(default_factory=BudgetConfig)
    ladder: LadderConfig = field(default_factory=LadderConfig)
    economics: EconomicsConfig = field(default_factory=EconomicsConfig)
    evaluation: EvaluationConfig = field(default_factory=EvaluationConfig)
    engine: EngineConfig = field(default_factory=EngineConfig)
    tracking: TrackingConfig = field(default_factory=TrackingConfig)
    ci: CiConfig = field(default_factory=CiConfig)
    prior: str = "shipped"  # what past searches gained: the shipped ones, or a file that `runner learn` wrote
    search_from: str | None = None  # folder of a finished run whose best configurations the search tries first
    seed: int = 0  # of splits, models and the search
