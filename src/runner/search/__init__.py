"""The costly rung: Optuna draws candidates, the engine evaluates them, and Optuna is told the results.

Ask and tell lets the engine decide where trials run. Trials are drawn in rounds of a fixed size, and the bar that their
first folds have to pass is set before the round, so that one worker and many see the same trials in the same order. A
round is smaller only when the time left is too short for a whole one.
"""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from runner.candidates.pipeline import Candidate
from runner.decision.racing import Bar, bar_of
from runner.evaluation import Evaluation, Status
from runner.ladder import Space, Start
from runner.search import study as optuna_study

ROUND = 4  # trials drawn at once, whatever the number of workers
CUT_SHORT = ("time", "money", "interrupt")  # reasons that end a search before it is done
Evaluate = Callable[[list[Candidate], float, Bar | None], Iterator[Evaluation]]


@dataclass(frozen=True)
class Limits:
    """The limits of a search.

    Attributes
    ----------
    deadline : callable
        Returns when the next round has to end, on the clock of `now`; no trial begins that is forecast to end later. It
        moves as the search finds winners, whose last fit takes time.
    worth_going_on : callable
        Takes the scores so far (NaN where a trial failed) and returns a bool; called between rounds.
    interrupted : callable
        Returns whether the search was asked to end; called between rounds.
    trial_seconds : callable
        Returns the forecast wall seconds of a trial; one that takes longer is ended at the deadline.
    workers : int
        How many trials run side by side.
    now : callable
        Returns the time.
    """

    trials: int
    deadline: Callable[[], float]
    cpu_seconds: float = math.inf
    worth_going_on: Callable[[list[float]], bool] = lambda _scores: True
    interrupted: Callable[[], bool] = lambda: False
    trial_seconds: Callable[[], float] = lambda: 0.0
    workers: int = 1
    now: Callable[[], float] = time.monotonic


@dataclass(frozen=True)
class Trial:
    """One candidate that was drawn, and its evaluation.

    Attributes
    ----------
    expected : float or None
        The score, or for a trial that was ended early the one that its first folds let expect.
    """

    number: int
    family: str
    candidate: Candidate
    evaluation: Evaluation
    expected: float | None = None


@dataclass
class Search:
    """One search over the spaces of a ladder.

    Attributes
    ----------
    known : sequence of (Candidate, Evaluation)
        The evaluations of the rungs below: the search starts from them, and a trial has to beat them.
    adaptive : bool
        Whether draws may learn from earlier trials, and trials be ended early because of them. Not under nested folds:
        there every row judges later, and must not have shaped the list of trials.
    starts : sequence of Start
        Configurations to try before anything is drawn.
    trials : list of Trial
        The trials done so far, in the order in which they were drawn.
    stopped_by : str
        What ended the search: ``trials``, ``time``, ``money``, ``interrupt``, or ``rule`` (no further trial is worth
        its price).
    """

    spaces: tuple[Space, ...]
    limits: Limits
    seed: int
    known: Sequence[tuple[Candidate, Evaluation]] = ()
    adaptive: bool = True
    starts: Sequence[Start] = ()
    trials: list[Trial] = field(default_factory=list)
    stopped_by: str = "trials"
    study: Any = None

    def run(self, evaluate: Evaluate) -> Iterator[Trial]:
        """Draw rounds of trials until a limit is reached; yield each trial as soon as it is done.

        Parameters
        ----------
        evaluate : callable
            Takes candidates, a deadline and a bar; yields their evaluations in any order.
        """
        self.study = optuna_study.make_study(self.seed, self.adaptive)
        optuna_study.tell_known(self.study, self.spaces, self.known)
        optuna_study.begin_with(self.study, self.spaces, self.starts)
        while (allowed := min(ROUND, self.limits.trials - len(self.trials))) > 0:
            deadline = self.limits.deadline()
            count = min(allowed, self._affordable(deadline))
            if reason := self._reason_to_stop(count):
                self.stopped_by = reason
                return
            yield from self._round(count, deadline, evaluate)

    def best(self) -> Trial | None:
        """Return the trial with the best score on the folds, the first if several are equal; None without a score."""
        scored = [trial for trial in self.trials if trial.evaluation.score is not None]
        return max(scored, key=lambda trial: trial.evaluation.score or 0.0, default=None)

    @property
    def was_cut_short(self) -> bool:
        """Whether the budget ended the search, or most of its trials, so that it says little of searching."""
        judged = sum(trial.evaluation.status in (Status.OK, Status.PRUNED) for trial in self.trials)
        return self.stopped_by in CUT_SHORT or 2 * judged < len(self.trials)

    def cpu_seconds(self) -> float:
        """Return the CPU seconds of all trials."""
        return sum(trial.evaluation.costs.cpu_seconds for trial in self.trials)

    def _reason_to_stop(self, affordable: int) -> str | None:
        if self.limits.interrupted():
            return "interrupt"
        if affordable < 1:
            return "time"
        if self.cpu_seconds() >= self.limits.cpu_seconds:
            return "money"
        if self.trials and not self.limits.worth_going_on(self._scores()):
            return "rule"
        return None

    def _affordable(self, deadline: float) -> int:
        """Return how many trials of a round are forecast to end in time."""
        left, one = deadline - self.limits.now(), self.limits.trial_seconds()
        waves = ROUND if one <= 0 else int(min(left / one, ROUND))
        return waves * self.limits.workers if left > 0 else 0

    def _scores(self) -> list[float]:
        return [math.nan if trial.expected is None else trial.expected for trial in self.trials]

    def _bar(self) -> Bar | None:
        """Return the bar that the best evaluations so far, of the rungs below or of the search, set for a trial."""
        if not self.adaptive:
            return None
        known = [evaluation for candidate, evaluation in self.known if not candidate.members]
        paid = [*known, *(trial.evaluation for trial in self.trials)]
        return bar_of([evaluation.fold_scores for evaluation in paid if evaluation.ok])

    def _round(self, count: int, deadline: float, evaluate: Evaluate) -> Iterator[Trial]:
        bar = self._bar()
        asked = [self.study.ask() for _ in range(count)]
        start = len(self.trials)
        drawn = [optuna_study.draw(trial, self.spaces, start + i) for i, trial in enumerate(asked)]
        places = {candidate.name: i for i, (_, candidate) in enumerate(drawn)}
        done: dict[int, Trial] = {}
        for evaluation in evaluate([candidate for _, candidate in drawn], deadline, bar):
            place = places[evaluation.candidate]
            family, candidate = drawn[place]
            expected = evaluation.score
            if evaluation.status is Status.PRUNED and bar:
                expected = bar.expected(evaluation.fold_scores)
            done[place] = Trial(start + place, family, candidate, evaluation, expected)
            yield done[place]
        for place, trial in enumerate(asked):  # in the order drawn: the sampler must not depend on speed
            optuna_study.tell(self.study, trial, done[place].evaluation)
        self.trials += [done[place] for place in range(count)]
