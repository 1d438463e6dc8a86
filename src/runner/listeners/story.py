"""What the live view knows of a climb: one row per candidate, and the sentences between the rungs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from runner import events
from runner.checks import Finding, Severity
from runner.evaluation import Evaluation
from runner.ladder import SEARCH
from runner.listeners.log import curve_told, lessons_told
from runner.splits.design import NESTED
from runner.words import counted

FINDINGS_SHOWN = 3


@dataclass
class Row:
    """A candidate, or a search with all its trials."""

    rung: str
    name: str
    best: Evaluation | None = None  # the only one, except for a search
    done: int = 0
    cpu_seconds: float = 0.0

    @property
    def score(self) -> float | None:
        """Return the best score, or None if there is none yet."""
        return self.best.score if self.best else None

    def add(self, evaluation: Evaluation) -> None:
        """Count an evaluation, and keep it if it is the best."""
        self.done += 1
        self.cpu_seconds += evaluation.costs.cpu_seconds
        if self.score is None or (evaluation.score is not None and evaluation.score > self.score):
            self.best = evaluation


@dataclass(frozen=True)
class Note:
    """A sentence between the rungs."""

    mark: str
    text: str
    style: str = ""


@dataclass
class Story:
    """What has happened so far."""

    start: events.RunStarted
    items: list[Row | Note] = field(default_factory=list)
    doing: str = "checking the data"
    doing_since: float = 0.0
    heard: float = 0.0  # the time of the last event
    ended: bool = False

    @property
    def rows(self) -> list[Row]:
        """Return the rows without the notes between them."""
        return [item for item in self.items if isinstance(item, Row)]

    def row(self, rung: str, name: str) -> Row:
        """Return the row of a candidate, creating it if needed."""
        for row in self.rows:
            if (row.rung, row.name) == (rung, name):
                return row
        new = Row(rung, name)
        self.items.append(new)
        return new

    def take_notice(self, event: events.Event) -> None:
        """Add an event to the story."""
        self.heard = self.start.clock.now()
        match event:
            case events.Checked(findings):
                self.items.extend(_findings(findings))
            case events.CurveDrawn(curve):
                self.items.append(Note("~", curve_told(curve), "dim"))
            case events.GateDecided(gate) if gate.open and gate.forecast_gain is None:
                pass  # as a matter of course: the rung is cheap, and the bars show what is left to win
            case events.GateDecided(gate):
                mark, state = ("↑", "open") if gate.open else ("■", "shut")
                self.items.append(Note(mark, f"{gate.rung}, gate {state}: {gate.reason}", "dim" if gate.open else ""))
            case events.RungStarted(rung, candidates):
                if rung != self.doing:  # a search starts again with each round of trials
                    self.doing, self.doing_since = rung, self.heard
                for name in (SEARCH,) if rung == SEARCH else candidates:
                    self.row(rung, name)
            case events.Evaluated(evaluation, trial):
                self.row(evaluation.rung, evaluation.candidate if trial is None else SEARCH).add(evaluation)
            case events.SearchEnded():
                self.items += [Note("~", told, "dim") for told in lessons_told(event, self.start.metric.name)]
            case events.Confirming(candidates):
                where = "the outer folds" if self.start.design.kind == NESTED else "the rows kept aside"
                self.doing = f"one look at {where}: {', '.join(candidates)}"
            case events.VerdictReached():
                self.ended = True
            case events.RunFailed(reason):
                self.items.append(Note("✗", f"The run failed: {reason}", "red"))
                self.ended = True


def _findings(findings: Sequence[Finding]) -> Iterator[Note]:
    grave = [each for each in findings if each.severity is not Severity.INFO]
    for each in grave[:FINDINGS_SHOWN]:
        style = "red" if each.severity is Severity.STOP else "yellow"
        yield Note("!", f"{each.code}: {each.evidence}", style)
    if len(grave) > FINDINGS_SHOWN:
        yield Note("!", f"and {counted(len(grave) - FINDINGS_SHOWN, 'more finding')}", "yellow")
