"""The state of a climb: evaluations, gates, and which candidates lead."""

from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

from runner.candidates.pipeline import Candidate
from runner.config import EconomicsConfig
from runner.decision.curve import Curve
from runner.decision.economics import Contender
from runner.decision.facts import SearchForecast
from runner.decision.gate import Gate
from runner.decision.reference import Option, cheap_champion
from runner.evaluation import Evaluation, Status
from runner.ladder import NONE, Rung
from runner.metrics import Metric
from runner.search import Search, Trial

LATEST = 4  # evaluations that show how busy the machine is
AT_EASE_SECONDS = 1.0  # at pace 1, added to theirs: what takes milliseconds waits more than it works


@dataclass
class Climb:
    """The state of one run between two rungs.

    Attributes
    ----------
    contender : callable
        Takes an evaluation and returns the costs of its model.
    evaluations : list of Evaluation
        Of the cheap rungs, in the order of the ladder.
    blended_search : Evaluation or None
        Of the blend that contains trials of the search.
    too_slow : dict of str to set of str
        For each blend, the candidates that are no part of it as there was no time to fit them.
    weighing_seconds : float
        Wall seconds that it took to find the weights of the cheap blend.
    curve : Curve or str
        The learning curve, or why there is none.
    """

    ladder: tuple[Rung, ...]
    metric: Metric
    prices: EconomicsConfig
    contender: Callable[[Evaluation], Contender]
    evaluations: list[Evaluation] = field(default_factory=list)
    gates: list[Gate] = field(default_factory=list)
    blends: list[Candidate] = field(default_factory=list)
    blended_search: Evaluation | None = None
    too_slow: dict[str, set[str]] = field(default_factory=dict)
    weighing_seconds: float = 0.0
    search: Search | None = None
    forecast: SearchForecast | None = None
    curve: Curve | str = "The climb ended before it."

    @property
    def trials(self) -> list[Trial]:
        """Return the trials of the search so far."""
        return self.search.trials if self.search else []

    def add(self, rung: Rung, evaluations: list[Evaluation]) -> None:
        """Add the evaluations of a rung, in the order of the ladder, whichever ended first."""
        order = {candidate.name: position for position, candidate in enumerate(rung.candidates)}
        self.evaluations += sorted(evaluations, key=lambda evaluation: order[evaluation.candidate])

    def candidate(self, name: str) -> Candidate:
        """Return a candidate, trials and blends included, by name."""
        candidates = [c for rung in self.ladder for c in rung.candidates] + [t.candidate for t in self.trials]
        return next(c for c in [*candidates, *self.blends] if c.name == name)

    def evaluation(self, name: str) -> Evaluation | None:
        """Return the evaluation of a candidate, trials and blends included, by name."""
        found = [*self.everything(), *([self.blended_search] if self.blended_search else [])]
        return next((each for each in found if each.candidate == name), None)

    def scored(self) -> list[Evaluation]:
        """Return the cheap evaluations that have a score, best first; the cheaper first among equals."""
        scored = [evaluation for evaluation in self.evaluations if evaluation.score is not None]
        return sorted(scored, key=lambda evaluation: -(evaluation.score or 0.0))

    def pool(self) -> list[tuple[Candidate, Evaluation]]:
        """Return all that can be blended: candidates with a score, except the dummy, the incumbent and blends."""
        cheap = [(self.candidate(e.candidate), e) for e in self.scored() if e.rung != NONE]
        single = [(candidate, e) for candidate, e in cheap if not (candidate.members or candidate.is_incumbent)]
        return single + [(t.candidate, t.evaluation) for t in self.trials if t.evaluation.ok]

    def is_blend(self, evaluation: Evaluation) -> bool:
        """Whether a candidate consists of others, whose costs are included in its own."""
        return bool(self.candidate(evaluation.candidate).members)

    def dummy(self) -> Evaluation | None:
        """Return the evaluation of no model."""
        return next((e for e in self.evaluations if e.rung == NONE and e.ok), None)

    def incumbent(self) -> Evaluation | None:
        """Return the evaluation of what is used today; None if there is none with a score."""
        return next((e for e in self.scored() if self.candidate(e.candidate).is_incumbent), None)

    def readable(self) -> Candidate | None:
        """Return the best readable tree; None if there is none with a score."""
        candidates = (self.candidate(evaluation.candidate) for evaluation in self.scored())
        return next((candidate for candidate in candidates if candidate.is_readable), None)

    def headroom(self) -> float:
        """Return the dummy's loss on the folds, in the metric's unit."""
        dummy = self.dummy()
        return self.metric.headroom(dummy.score) if dummy and dummy.score is not None else 1.0

    def loss_left(self) -> float:
        """Return the loss of the best candidate so far as a share of the dummy's: what is left to gain."""
        return self.loss_of(next(iter(self.scored()), None))

    def loss_of(self, evaluation: Evaluation | None) -> float:
        """Return the loss of a candidate as a share of the dummy's; 1 without a score."""
        if evaluation is None or evaluation.score is None:
            return 1.0
        return self.metric.loss(evaluation.score) / self.headroom()

    def champion(self) -> Evaluation | None:
        """Return the cheap champion, which the challenger must beat; None if nothing has a score.

        The position of a rung in the ladder is its cost class.
        """
        scored = self.scored()
        if not scored:
            return None
        places = {rung.name: place for place, rung in enumerate(self.ladder)}
        options = [Option(places[e.rung], e.score or 0.0, self.contender(e)) for e in scored]
        return scored[cheap_champion(options, self.headroom(), self.prices)]

    def found(self) -> Evaluation | None:
        """Return the best result of the search: a trial, or a blend that contains trials; None without a score."""
        best = self.search.best() if self.search else None
        if best is None or best.evaluation.score is None:
            return None
        blended = self.blended_search
        if blended and blended.score is not None and blended.score > best.evaluation.score:
            return blended
        return best.evaluation

    def challenger(self) -> Evaluation | None:
        """Return the best result of the search if it beats the cheap champion on the folds; else None."""
        found, champion = self.found(), self.champion()
        if found is None or champion is None or (found.score or 0.0) <= (champion.score or 0.0):
            return None
        return found

    def everything(self) -> list[Evaluation]:
        """Return all evaluations, trials included, but without the blend that contains trials."""
        return self.evaluations + [trial.evaluation for trial in self.trials]

    def cpu_seconds(self) -> float:
        """Return the CPU seconds of all evaluations, except blends, which repeat the costs of their members."""
        return sum(each.costs.cpu_seconds for each in self.everything() if not self.is_blend(each))

    def pace(self) -> float:
        """Return the wall seconds that a CPU second of the latest evaluations took: 1 on an idle machine, else more."""
        latest = [e.costs for e in self.everything() if e.ok and not self.is_blend(e)][-LATEST:]
        wall_seconds = AT_EASE_SECONDS + sum(costs.wall_seconds for costs in latest)
        return max(wall_seconds / (AT_EASE_SECONDS + sum(costs.cpu_seconds for costs in latest)), 1.0)

    def trial_seconds(self) -> float:
        """Forecast the wall seconds of a trial of the search: the median of the trials so far.

        Before the first trial, it is the median of the candidates from which a search starts. A forecast for the most
        expensive trial would only prevent searches, as a trial that takes too long is killed in time anyway.
        """
        families = {space.candidate.name for rung in self.ladder for space in rung.spaces}
        trials = [trial.evaluation for trial in self.trials]
        known = [e for e in trials if e.ok or e.status is Status.PRUNED]
        known = known or [e for e in self.evaluations if e.ok and e.candidate in families]
        return self.pace() * median(e.costs.own_cpu_seconds for e in known) if known else 0.0
