"""The costly rung: Optuna draws candidates, we evaluate them and tell it what came of it.

Ask and tell, so that the engine decides where trials run. Trials are drawn in rounds of a fixed size, so that one
worker and many see the same trials in the same order.
"""

import math
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from runner.candidates.pipeline import Candidate
from runner.config import DimensionConfig
from runner.evaluation import Evaluation
from runner.ladder import SEARCH, Space

if TYPE_CHECKING:
    import optuna

ROUND = 4  # trials drawn at once, however many workers there are
Evaluate = Callable[[list[Candidate], float], Iterator[Evaluation]]


@dataclass(frozen=True)
class Limits:
    """What a search may take.

    Attributes
    ----------
    trials : int
    deadline : float
        On the clock of `time.monotonic`; no round begins that would end after it by forecast.
    cpu_seconds : float
    worth_going_on : callable
        Takes the scores so far (NaN where a trial failed); asked between rounds.
    """

    trials: int
    deadline: float
    cpu_seconds: float = float("inf")
    worth_going_on: Callable[[list[float]], bool] = lambda _scores: True


@dataclass(frozen=True)
class Trial:
    """One candidate that was drawn, and what came of it."""

    number: int
    candidate: Candidate
    evaluation: Evaluation


@dataclass
class Search:
    """One search over the spaces of a ladder.

    Attributes
    ----------
    trials : list of Trial
        Done so far, in the order in which they were drawn.
    stopped_by : str
        What ended it: ``trials``, ``time``, ``money``, or ``rule`` (no further trial is worth its price).
    adaptive : bool
        Whether a draw may learn from the trials before it. Where all rows judge it may not: a list of trials that the
        rows of an outer fold have a part in would be judged by these very rows.
    """

    spaces: tuple[Space, ...]
    limits: Limits
    seed: int
    trials: list[Trial] = field(default_factory=list)
    stopped_by: str = "trials"
    adaptive: bool = True

    def run(self, evaluate: Evaluate) -> Iterator[Trial]:
        """Draw rounds of trials until a limit is near; give each trial as soon as it is done.

        Parameters
        ----------
        evaluate : callable
            Takes candidates and a deadline, gives their evaluations in any order.
        """
        study = _study(self.seed, self.adaptive)
        seconds_of_a_round = 0.0
        while (count := min(ROUND, self.limits.trials - len(self.trials))) > 0:
            if time.monotonic() + 1.2 * seconds_of_a_round >= self.limits.deadline:
                self.stopped_by = "time"
                return
            if self.cpu_seconds() >= self.limits.cpu_seconds:
                self.stopped_by = "money"
                return
            if self.trials and not self.limits.worth_going_on(self._scores()):
                self.stopped_by = "rule"
                return
            begun = time.monotonic()
            yield from self._round(study, count, evaluate)
            seconds_of_a_round = time.monotonic() - begun

    def best(self) -> Trial | None:
        """Return the trial with the best score on the folds; the first of equals."""
        scored = [trial for trial in self.trials if trial.evaluation.score is not None]
        return max(scored, key=lambda trial: trial.evaluation.score or 0.0, default=None)

    def _scores(self) -> list[float]:
        scores = (trial.evaluation.score for trial in self.trials)
        return [math.nan if score is None else score for score in scores]

    def _round(self, study: "optuna.Study", count: int, evaluate: Evaluate) -> Iterator[Trial]:
        asked = [study.ask() for _ in range(count)]
        drawn = [self._draw(trial) for trial in asked]
        numbers = {candidate.name: asked[i].number for i, candidate in enumerate(drawn)}
        done = {}
        for evaluation in evaluate(drawn, self.limits.deadline):
            number = numbers[evaluation.candidate]
            done[number] = Trial(number, drawn[number - asked[0].number], evaluation)
            yield done[number]
        for trial in asked:  # told in the order drawn: the sampler must not depend on who was faster
            _tell(study, trial, done[trial.number].evaluation)
        self.trials += [done[trial.number] for trial in asked]

    def _draw(self, trial: "optuna.Trial") -> Candidate:
        families = {space.family: space for space in self.spaces}
        space = families[trial.suggest_categorical("family", list(families))]
        drawn = {
            name: _suggest(trial, f"{space.family}.{name}", dimension) for name, dimension in space.dimensions.items()
        }
        return space.candidate.with_params(f"{space.family} #{trial.number}", SEARCH, drawn)

    def cpu_seconds(self) -> float:
        """Return what all trials took."""
        return sum(trial.evaluation.costs.cpu_seconds for trial in self.trials)


def _study(seed: int, adaptive: bool) -> "optuna.Study":
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    with warnings.catch_warnings():  # `group` is what makes a multivariate sampler fit for families
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        sampler: optuna.samplers.BaseSampler = optuna.samplers.RandomSampler(seed)
        if adaptive:
            sampler = optuna.samplers.TPESampler(
                seed=seed, n_startup_trials=2 * ROUND, multivariate=True, group=True, constant_liar=True
            )
    return optuna.create_study(direction="maximize", sampler=sampler)


def _suggest(trial: "optuna.Trial", name: str, dimension: DimensionConfig) -> Any:
    if dimension.choices is not None:
        return trial.suggest_categorical(name, list(dimension.choices))
    assert dimension.low is not None
    assert dimension.high is not None
    if dimension.integer:
        return trial.suggest_int(name, int(dimension.low), int(dimension.high), log=dimension.log)
    return trial.suggest_float(name, dimension.low, dimension.high, log=dimension.log)


def _tell(study: "optuna.Study", trial: "optuna.Trial", evaluation: Evaluation) -> None:
    from optuna.trial import TrialState

    trial.set_user_attr("cpu_seconds", evaluation.costs.cpu_seconds)
    if evaluation.score is None:
        study.tell(trial, state=TrialState.FAIL)
    else:
        study.tell(trial, evaluation.score)
