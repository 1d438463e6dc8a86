"""What happened, told to whoever listens. A listener tells; it never decides."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from runner import words
from runner.checks import Finding
from runner.clock import Clock
from runner.config import Config
from runner.costs import Costs
from runner.dataset import Dataset
from runner.decision.curve import Curve
from runner.decision.gate import Gate
from runner.decision.verdict import Verdict
from runner.design import Design
from runner.evaluation import Evaluation
from runner.metrics import Metric


@dataclass(frozen=True)
class RunStarted:
    """The table was read and split; nothing is fitted yet."""

    config: Config
    dataset: Dataset
    metric: Metric
    folder: Path
    design: Design
    clock: Clock


@dataclass(frozen=True)
class Checked:
    """The data checks are done."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class CurveDrawn:
    """A learning curve was measured, or could not be."""

    curve: Curve | str


@dataclass(frozen=True)
class GateDecided:
    """A gate opened or stayed shut."""

    gate: Gate


@dataclass(frozen=True)
class RungStarted:
    """The candidates of a rung (or the next trials of a search) are being evaluated."""

    rung: str
    candidates: tuple[str, ...]


@dataclass(frozen=True)
class Evaluated:
    """A candidate (or a trial of a search) is done, well or not.

    Attributes
    ----------
    trial : int or None
        Its number, when it is a trial.
    family, preparation : str or None
        Of a trial: the space that it was drawn from, and the preparation that was drawn.
    """

    evaluation: Evaluation
    trial: int | None = None
    family: str | None = None
    preparation: str | None = None


@dataclass(frozen=True)
class Confirming:
    """The finalists are fitted and meet the rows that prove, once."""

    candidates: tuple[str, ...]


@dataclass(frozen=True)
class SearchEnded:
    """What the search taught, as in verdict.json: what each family reached, and what mattered of the best one."""

    families: list[dict[str, Any]]
    importance: dict[str, float] | None

    def sentences(self, metric: str) -> list[str]:
        """Say it, a sentence each."""
        best = self.families[0]["family"]
        mattered = [f"What mattered of {best}: {words.mattered(self.importance)}."] if self.importance else []
        return [f"Best of each family (trials): {words.families(metric, self.families)}.", *mattered]


@dataclass(frozen=True)
class VerdictReached:
    """The end: everything is in the run's folder.

    Attributes
    ----------
    costs : Costs
        Of the whole run.
    score : float or None
        Of the model that is kept, where it counts: on the rows that prove, or on the folds where it met none of those.
    """

    verdict: Verdict
    folder: Path
    costs: Costs
    score: float | None = None


@dataclass(frozen=True)
class RunFailed:
    """The run ended without a verdict."""

    reason: str


Event = (
    RunStarted
    | Checked
    | CurveDrawn
    | GateDecided
    | RungStarted
    | Evaluated
    | SearchEnded
    | Confirming
    | VerdictReached
    | RunFailed
)


class Listener(Protocol):
    """Somebody who wants to know."""

    def hear(self, event: Event) -> None:
        """Take notice of one event; must not raise."""


class Listeners:
    """Everybody who wants to know.

    Attributes
    ----------
    heard : bool
        Whether a run has begun, so that they have to be told how it ends.
    """

    def __init__(self, *listeners: Listener):
        self._listeners = listeners
        self.heard = False

    def tell(self, event: Event) -> None:
        """Tell each listener."""
        self.heard = self.heard or isinstance(event, RunStarted)
        for listener in self._listeners:
            listener.hear(event)
