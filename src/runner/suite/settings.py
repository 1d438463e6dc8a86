"""The typed schema of conf/suite.yaml and conf/suite/: what a night runs, and by which rules it is judged."""

import re
from dataclasses import dataclass, field, fields
from pathlib import Path

from omegaconf import MISSING

from runner.config import TrackingConfig
from runner.errors import UserError, check_known

ACTIONS = ("off", "warn", "fail")
SEVERITIES = ("stop", "warn", "info")
OURS = ("suite", "tracking", "hydra")  # first words of overrides that concern the suite itself
NAME = re.compile(r"[\w-]+")
ONE_OF_MANY = {"dataset": "suite.tables", "budget": "suite.budgets", "seed": "suite.seeds"}


@dataclass
class RunRule:
    """A run ended without a verdict, or did not start."""

    action: str = "fail"


@dataclass
class ScoreRule:
    """The kept model scores worse than accepted, beyond noise."""

    action: str = "fail"
    least: float = 0.005  # smallest drop that is worth an alarm, as skill
    luck: float = 0.15  # same rows: how far equally good models differ on a fold, over the spread between folds
    luck_folds: float = 8.0  # folds that this expectation counts for


@dataclass
class CostRule:
    """The same work takes more CPU seconds, memory or latency."""

    action: str = "fail"
    least: float = 0.1  # smallest rise that is worth an alarm, as a share
    floor: float = 0.0  # smallest rise in the rule's own unit: MB, or calibration loops
    noise: float = 0.04  # between two nights of one table, as a standard deviation of the logarithm
    night: float = 0.02  # the same, common to all tables


@dataclass
class VerdictRule:
    """GO became NO-GO, or the other way round."""

    action: str = "fail"
    luck: float = 0.15  # same rows: how far luck moves the gain, as a share of its standard error


@dataclass
class CheckRule:
    """A check fails that did not fail when the suite was accepted."""

    action: str = "fail"
    severity: str = "stop"  # less severe findings only warn


@dataclass
class ForecastRule:
    """The search took far more than forecast."""

    action: str = "warn"
    factor: float = 3.0  # how many times the forecast CPU seconds the search may take


@dataclass
class RulesConfig:
    """What is judged; each rule is off, warns, or fails the night."""

    run: RunRule = field(default_factory=RunRule)
    score: ScoreRule = field(default_factory=ScoreRule)
    cost: CostRule = field(default_factory=CostRule)
    memory: CostRule = field(default_factory=CostRule)
    latency: CostRule = field(default_factory=CostRule)
    verdict: VerdictRule = field(default_factory=VerdictRule)
    check: CheckRule = field(default_factory=CheckRule)
    forecast: ForecastRule = field(default_factory=ForecastRule)

    def action(self, rule: str) -> str:
        """Return what a rule does when it raises an alarm."""
        return str(getattr(self, rule).action)


@dataclass
class SuiteConfig:
    """Tables x budgets x seeds, in one total budget, and the rules they are judged by."""

    name: str = MISSING
    tables: list[str] = MISSING  # names of conf/dataset/
    budgets: list[str] = MISSING  # names of conf/budget/
    seeds: list[int] = field(default_factory=lambda: [0])
    seconds: float = MISSING  # wall seconds of the whole suite; runs that no longer fit are not started
    side_by_side: int | None = None  # runs at once; null: one per core
    overrides: list[str] = field(default_factory=list)  # for every run
    own: dict[str, list[str]] = field(default_factory=dict)  # for the runs of one table
    accepted: str = ""  # the file that holds what was accepted; if not named, one in a folder `accepted`
    trend: int = 30  # nights on the page of trends
    false_alarms: float = 0.005  # per night, over all tests of rules that fail
    false_warnings: float = 0.05  # the same for rules that warn
    rules: RulesConfig = field(default_factory=RulesConfig)


@dataclass
class SuiteJob:
    """The config of one night."""

    suite: SuiteConfig = field(default_factory=SuiteConfig)
    tracking: TrackingConfig = field(default_factory=TrackingConfig)


def settings(words: list[str], conf: Path | None = None) -> SuiteJob:
    """Compose conf/suite.yaml with overrides; those that do not concern the suite are passed to every run.

    Parameters
    ----------
    words : list of str
        Overrides; one without a value is the name of a suite.
    conf : Path, optional
        The user's own folder of configs, in which suites are found, and what is accepted is kept by default.

    Raises
    ------
    UserError
        If an override does not fit.
    """
    from runner.config.compose import composed_as, in_folder

    words = [f"suite={word}" if NAME.fullmatch(word) else word for word in words]
    for word in words:
        if (several := ONE_OF_MANY.get(word.partition("=")[0])) is not None:
            raise UserError(f"{word!r} is for one run: a suite has {several}=[...].")
    ours = [word for word in words if word.lstrip("+~").startswith(OURS)]
    added = [f"++{word}" if word.startswith("suite.own.") else word for word in ours]  # any table may be a key
    job = composed_as(SuiteJob, "suite", [*in_folder(conf), *added])
    suite = job.suite
    suite.overrides += [word for word in words if word not in ours]
    suite.accepted = suite.accepted or str((conf or Path("benchmarks")) / "accepted" / f"{suite.name}.json")
    for rule in fields(suite.rules):
        check_known(f"suite.rules.{rule.name}.action", suite.rules.action(rule.name), ACTIONS)
    check_known("suite.rules.check.severity", suite.rules.check.severity, SEVERITIES)
    for key in ("tables", "budgets", "seeds"):
        if not getattr(suite, key):
            raise UserError(f"suite.{key} is empty: give at least one.")
    if suite.side_by_side is not None and suite.side_by_side < 1:
        raise UserError(f"suite.side_by_side={suite.side_by_side} must be 1 or more; null is one per core.")
    if suite.trend < 1:
        raise UserError(f"suite.trend={suite.trend} must be 1 or more: tonight is one of the nights on the page.")
    for key in ("false_alarms", "false_warnings"):
        if not 0 < getattr(suite, key) < 1:
            raise UserError(f"suite.{key}={getattr(suite, key):g} is a probability: give one between 0 and 1.")
    return job
