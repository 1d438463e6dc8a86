"""The typed schema of conf/: what can be varied, its types, and its defaults.

Hydra composes the YAML files over these classes, so that a misspelt key or a wrong type is found before any
work is done. Imports nothing heavy: `--help` reads this module.
"""

from dataclasses import dataclass, field
from typing import Any

from omegaconf import MISSING


@dataclass
class DatasetConfig:
    """The table, and what its rows obey."""

    name: str = MISSING  # what it is called in results; of dataset.path, the file's name
    path: str = MISSING  # a file, a pattern, or the address of a database
    target: str = MISSING  # the column to predict
    task: str | None = None  # binary | multiclass | regression; inferred when not given
    positive: Any = None  # the class whose probability is scored; the rarer one when not given
    drop: list[str] = field(default_factory=list)  # columns that are no input
    group: str | None = None  # rows of one group stay on one side of every split
    time: str | None = None  # train on the past, judge on the future
    gap: Any = None  # of time between the rows trained on and those judged: '7d', '12h'; a number where time is one
    fold: str | None = None  # a column with folds of your own; that named holdout or test, or the last, is kept aside
    weight: str | None = None  # sample weights, for fitting and for scoring
    incumbent: Any = None  # what is used today: a column, or rules (a list, or a YAML file); see titanic-rules.yaml
    sensitive: list[str] = field(default_factory=list)  # columns by whose groups the kept model's errors are told
    acknowledged: list[str] = field(default_factory=list)  # findings of checks that are known: code or code:column
    schema: str | None = None  # a contract that the table must keep: a pandera schema in YAML (runner init --contract)
    query: str | None = None  # to a database: path is then sqlite:///FILE, postgresql+psycopg://.., or env:VARIABLE
    sheet: str | None = None  # of an Excel file; the first when not given
    separator: str | None = None  # of a CSV; found out when not given
    encoding: str = "utf-8"  # of a text file
    source: str | None = None  # where the table comes from; for people
    licence: str | None = None  # for people
    note: str | None = None  # for people


@dataclass
class BudgetConfig:
    """What the whole run may take. What it does not allow is not begun."""

    name: str = MISSING  # for people
    seconds: float = MISSING  # wall time of the whole run
    memory_gb: float = MISSING  # of any one evaluation; all at once have to fit into the machine or the container
    fit_seconds: float | None = None  # wall time of any one evaluation; null: what is left of the budget
    trials: int = MISSING  # of the search
    money: float | None = None  # compute of the whole run, in the currency of economics
    rows: int | None = None  # judge on a random sample of at most so many rows


@dataclass
class CandidateConfig:
    """One model: an entry here is all it takes to add one."""

    rung: str = MISSING  # its cost class
    classifier: str | None = None  # dotted name of a scikit-learn estimator; null: not for this task
    regressor: str | None = None  # the same, for numbers
    preparation: str = "scaled"  # none | onehot | scaled | ordinal | native (see candidates/preparation.py)
    params: dict[str, Any] = field(default_factory=dict)  # of either estimator
    classifier_params: dict[str, Any] = field(default_factory=dict)  # of the classifier alone
    regressor_params: dict[str, Any] = field(default_factory=dict)  # of the regressor alone
    target: str | None = None  # log: a regressor is fitted to its logarithm; left out unless the target has a long tail


@dataclass
class DimensionConfig:
    """One hyperparameter of a search space: a range (`low`, `high`) or a list of `choices`."""

    low: float | None = None  # the least
    high: float | None = None  # the greatest
    log: bool = False  # draw on a log scale
    integer: bool = False  # whole numbers only
    choices: list[Any] | None = None  # in place of a range


@dataclass
class SpaceConfig:
    """What the search may vary of one candidate."""

    candidate: str = MISSING  # the candidate of the ladder that it starts from
    params: dict[str, DimensionConfig] = field(default_factory=dict)  # of either estimator
    classifier_params: dict[str, DimensionConfig] = field(default_factory=dict)  # of the classifier alone
    regressor_params: dict[str, DimensionConfig] = field(default_factory=dict)  # of the regressor alone
    preparations: list[str] = field(default_factory=list)  # to draw from, beside the candidate's own


@dataclass
class LadderConfig:
    """The rungs, cheapest first, and the candidates on them."""

    rungs: list[str] = MISSING  # by name, cheapest first
    candidates: dict[str, CandidateConfig | None] = field(default_factory=dict)  # by name; null takes one out
    search: dict[str, SpaceConfig | None] = field(default_factory=dict)  # the spaces, by name; null takes one out


@dataclass
class EconomicsConfig:
    """What compute costs and what a better prediction is worth."""

    name: str = MISSING  # for people
    currency: str = "EUR"  # of all prices
    price_per_cpu_hour: float = 0.05  # hire of one core for an hour
    watts_per_core: float = 10.0  # for energy and carbon
    price_per_kwh: float = 0.0  # beside the hire; of one's own machine
    carbon_kg_per_kwh: float = 0.3  # told, and not priced
    device_hours: float = 0.0  # of hired accelerators, for one training of the challenger
    price_per_device_hour: float = 0.0  # hire of one accelerator for an hour
    horizon_years: float = 1.0  # over which a gain is weighed against its cost
    retrainings_per_year: float = 4.0  # each costs a fit
    predictions_per_year: float = 0.0  # rows; each costs, and earns where value_per_row is given
    price_per_work_hour: float = 0.0  # of a person
    price_per_row: float | None = None  # of one more row to learn from; null: not known, taken as nothing
    upkeep_hours: dict[str, float] = field(default_factory=dict)  # a year, by rung
    cost_matrix: Any = None  # true class -> decided class -> cost: the metric is then money per row
    value_per_unit: float | None = None  # money a year for one unit of the metric; null: no money is known
    value_per_row: float | None = None  # money for one unit of the metric on one prediction
    worthwhile_gain: float = 0.01  # smallest gain worth having, as skill: a share of the dummy's loss
    policy: str = "prove"  # prove: GO only when shown; bank: act on the lean


@dataclass
class EvaluationConfig:
    """How candidates are judged."""

    metric: str | None = None  # any scikit-learn scorer; ROC AUC, log loss or RMSE when not given
    design: str = "auto"  # holdout | nested | auto: nested where rows are few and the budget allows it
    folds: int = 5  # to choose on, beside a holdout
    holdout: float | None = None  # share of rows for one last look; null: 30 % up to 10,000 rows, 20 % above


@dataclass
class EngineConfig:
    """Where evaluations run."""

    backend: str = "threading"  # of joblib: threads that wait for processes
    workers: int | None = None  # null: one a core


@dataclass
class TrackingConfig:
    """Where the run is logged."""

    enabled: bool = True  # false: nothing is logged; `runner track` can send the run later
    uri: str | None = None  # null: SQLite under runs/
    experiment: str = "runner"  # of MLflow
    register: str | None = None  # registered model that the champion becomes a version of; null: none


@dataclass
class CiConfig:
    """What fails a job that waits for the verdict."""

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
    prior: str = "shipped"  # what past searches gained: those that ship, or the file that `runner learn` wrote
    search_from: str | None = None  # folder of a finished run: what its search found best is tried first, scored anew
    seed: int = 0  # of splits, models and the search
