"""What happens in a run, as events for listeners. Listeners report; they never decide."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from runner.checks import Finding
from runner.clock import Clock
from runner.config import Config
from runner.costs import Costs
from runner.dataset import Dataset
from runner.decision.curve import Curve
from runner.decision.gate import Gate
from runner.decision.verdict import Verdict
from runner.evaluation import Evaluation
from runner.metrics import Metric
from runner.splits.design import Design


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
    """The evaluation of a rung's candidates (or of a search's next trials) begins."""

    rung: str
    candidates: tuple[str, ...]


@dataclass(frozen=True)
class Evaluated:
    """The evaluation of a candidate (or of a trial) has ended, with a score or without.

    Attributes
    ----------
    trial : int or None
        The number of the trial, if it is one.
    family, preparation : str or None
        For a trial, the space from which it was drawn, and the preparation that was drawn.
    """

    evaluation: Evaluation
    trial: int | None = None
    family: str | None = None
    preparation: str | None = None


@dataclass(frozen=True)
class Confirming:
    """The finalists are being fitted, to predict the rows that prove once."""

    candidates: tuple[str, ...]


@dataclass(frozen=True)
class SearchEnded:
    """The search has ended: what each family reached, and which hyperparameters of the best one mattered."""

    families: list[dict[str, Any]]
    importance: dict[str, float] | None


@dataclass(frozen=True)
class VerdictReached:
    """The run has its verdict, and everything is in the run's folder.

    Attributes
    ----------
    costs : Costs
        Of the whole run.
    score : float or None
        Score of the saved model on the rows that prove, or else on the folds.
    model : str or None
        Name of the saved model: the one that the verdict keeps, or what took its place as time was short.
    is_usable : bool
        Whether it is the one that the verdict keeps, and worth predicting with.
    """

    verdict: Verdict
    folder: Path
    costs: Costs
    score: float | None = None
    model: str | None = None
    is_usable: bool = False


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
    """Receives events."""

    def hear(self, event: Event) -> None:
        """Handle one event; must not raise."""


class Listeners:
    """All listeners of a run.

    Attributes
    ----------
    heard : bool
        Whether they were told that a run has begun, so that they must be told how it ends.
    """

    def __init__(self, *listeners: Listener):
        self._listeners = listeners
        self.heard = False

    def tell(self, event: Event) -> None:
        """Tell each listener."""
        self.heard = self.heard or isinstance(event, RunStarted)
        for listener in self._listeners:
            listener.hear(event)
