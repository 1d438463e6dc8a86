"""All that a verdict rests on except prices, so that it can be judged again under other prices."""

import math
from dataclasses import dataclass
from typing import Any

from runner.decision.economics import Contender
from runner.decision.incumbency import Incumbency
from runner.decision.reasons import Reason
from runner.gain import Gain

LEVEL = 0.05  # of the test for signal that is used if there is no interval


@dataclass(frozen=True)
class Block:
    """What kept the search from running or its result from being believed, whatever the prices."""

    reason: Reason
    sentence: str
    settled: bool


@dataclass(frozen=True)
class SearchForecast:
    """What a search was expected to take, before it began.

    Attributes
    ----------
    standard_error : float
        Of its gain on the rows that prove, in the metric's unit.
    cpu_seconds : float
        Of all its trials.
    challenger : Contender
        Costs of a model that the search would find.
    loss_left : float
        Loss of the cheap champion over that of the dummy: no search can gain more skill.
    rivals : tuple of (Contender, float)
        Each cheap candidate, and how far it trails the best of them on the folds, as a share of the headroom there.
    headroom : float or None
        Loss of the dummy on the folds, as the gate saw it; None in older files, where all is given for the rows that
        prove.
    """

    standard_error: float
    cpu_seconds: float
    trials: int
    challenger: Contender
    loss_left: float = math.inf
    rivals: tuple[tuple[Contender, float], ...] = ()
    headroom: float | None = None


@dataclass(frozen=True)
class Facts:
    """All that a verdict rests on except prices.

    Attributes
    ----------
    champion : Contender
        The cheap champion.
    headroom : float
        Loss of the dummy, in the metric's unit: a skill of 1 in that unit.
    signal : Gain or None
        Of the best cheap candidate over the dummy, on the rows that prove; None if only the dummy has a score.
    signal_p : float or None
        The p-value of a test of whether the predictions are related to the target (`Proof.association`), which decides
        where a lower bound of the signal cannot be relied on, or cannot be enough. None if it was not needed, or none
        is possible.
    best : Contender or None
        The best cheap candidate; None if only the dummy has a score.
    forecast : SearchForecast or None
        None if the ladder has no search.
    challenger : Contender or None
        None if the search was not run.
    gain : Gain or None
        Of the challenger over the champion, on the rows that prove.
    perfect : Gain or None
        Of a perfect model over the dummy, on the rows that prove: its bounds say how precisely the headroom is known.
    search_cpu_seconds : float
        CPU seconds that the search took.
    learned_from : int or None
        Under nested folds, the number of rows that the compared models were fitted on: a gain is refuted for that many
        rows only, as models fitted on all rows may gain more. None for a holdout.
    left : Gain or None
        Of a perfect model over the best cheap candidate, on the rows that prove; None unless so little was left on the
        folds that the gate before the search stayed shut.
    incumbent : Incumbency or None
        What is used today, if the data set names it and it has a score.
    metric : str
        Name of the metric for people, as the unit of a gain in a sentence.
    """

    champion: Contender
    headroom: float
    signal: Gain | None
    signal_p: float | None = None
    best: Contender | None = None
    block: Block | None = None
    forecast: SearchForecast | None = None
    challenger: Contender | None = None
    gain: Gain | None = None
    perfect: Gain | None = None
    search_cpu_seconds: float = 0.0
    learned_from: int | None = None
    left: Gain | None = None
    incumbent: Incumbency | None = None
    metric: str = ""

    @property
    def headroom_on_folds(self) -> float:
        """Return the loss of the dummy that the gate before the search saw."""
        return (self.forecast.headroom if self.forecast else None) or self.headroom

    @property
    def has_signal(self) -> bool:
        """Whether something is shown to beat no model."""
        if self.signal is None:
            return False
        if self.signal_p is not None:
            return self.signal_p <= LEVEL and self.signal.estimate > 0
        return self.signal.low_holds and self.signal.low > 0


def facts_of(content: dict[str, Any]) -> Facts:
    """Read the facts of a verdict.json, in which infinite values are null."""
    block, forecast, challenger = content["block"], content["forecast"], content["challenger"]
    best = content.get("best")
    return Facts(
        champion=Contender(**content["champion"]),
        headroom=content["headroom"],
        signal=_gain_of(content["signal"]),
        signal_p=content["signal_p"],
        best=Contender(**best) if best else None,
        block=Block(Reason(block["reason"]), block["sentence"], block["settled"]) if block else None,
        forecast=_forecast_of(forecast) if forecast else None,
        challenger=Contender(**challenger) if challenger else None,
        gain=_gain_of(content["gain"]),
        perfect=_gain_of(content.get("perfect")),
        search_cpu_seconds=content["search_cpu_seconds"],
        learned_from=content.get("learned_from"),
        left=_gain_of(content.get("left")),
        incumbent=_incumbency_of(content.get("incumbent")),
        metric=content.get("metric", ""),
    )


def _incumbency_of(content: dict[str, Any] | None) -> Incumbency | None:
    if content is None:
        return None
    gains = {name: gain for name, entry in content["gains"].items() if (gain := _gain_of(entry))}
    costs = {name: Contender(**entry) for name, entry in content["costs"].items()}
    return Incumbency(content["title"], Contender(**content["contender"]), gains, costs)


def _forecast_of(content: dict[str, Any]) -> SearchForecast:
    error = math.inf if content["standard_error"] is None else content["standard_error"]
    challenger = Contender(**content["challenger"])
    left = content.get("loss_left")
    left = math.inf if left is None else left
    rivals = tuple((Contender(**rival), trails) for rival, trails in content.get("rivals", ()))
    headroom = content.get("headroom")
    return SearchForecast(error, content["cpu_seconds"], content["trials"], challenger, left, rivals, headroom)


def _gain_of(content: dict[str, Any] | None) -> Gain | None:
    """Read a gain; a null stands for infinity, negative for the lower bound."""
    if content is None:
        return None
    infinite = {"low": -math.inf} | dict.fromkeys(("high", "standard_error", "row_sd", "most"), math.inf)
    known: dict[str, Any] = {key: infinite.get(key) if value is None else value for key, value in content.items()}
    return Gain(**known)
