"""One look at rows that no choice has seen: is there signal, and does the challenger gain enough?"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from runner.climb import Climb
from runner.config import EconomicsConfig
from runner.gain import Gain, paired_gain, probability_above, rows_to_settle
from runner.judge import HoldoutLook, Judge
from runner.verdict import Measured, Reason, Terms, Verdict, no_go, no_signal, weigh


@dataclass(frozen=True, eq=False)
class Confirmation:
    """What the holdout said: the verdict, and the looks it rests on."""

    verdict: Verdict
    looks: dict[str, HoldoutLook]


def confirm(
    climb: Climb, judge: Judge, economics: EconomicsConfig, past_gains: NDArray[np.float64], deadline: float
) -> Confirmation:
    """Fit the finalists on all development rows, look at the holdout once, and decide.

    The finalists are named before the look: the dummy, the best cheap candidate, the cheap champion and the
    challenger. So no choice is made on the holdout, and no correction for one is needed.
    """
    champion, challenger, dummy = climb.champion(), climb.challenger(), climb.dummy()
    if champion is None or dummy is None:
        sentence = "No candidate, not even the dummy, has a score: see the reasons in the ladder."
        return Confirmation(no_go(Reason.OUT_OF_BUDGET, sentence, "none", settled=False), {})
    best = climb.scored()[0]
    finalists = [dummy.candidate, best.candidate, champion.candidate]
    finalists += [challenger.candidate] if challenger else []
    looks = judge.look([climb.candidate(name) for name in dict.fromkeys(finalists)], deadline)
    terms = _terms(climb, economics, looks[dummy.candidate])
    court = _Court(judge, looks, terms, past_gains)
    signal = court.measure(dummy.candidate, best.candidate) if best is not dummy else None
    verdict = no_signal(signal, dummy.candidate, terms) or _verdict(climb, court, champion.candidate)
    if signal and not verdict.signal:
        verdict = replace(verdict, signal=signal.interval)
    return Confirmation(verdict, looks)


def _verdict(climb: Climb, court: "_Court", champion: str) -> Verdict:
    """Decide where there is signal: by the shut gate, or by the challenger's gain."""
    challenger = climb.challenger()
    shut = next((gate for gate in climb.gates if not gate.open and gate.rung == "search"), None)
    if challenger is None:
        if shut:
            settled = shut.code in (Reason.GAIN_TOO_SMALL, Reason.DATA_NOT_TRUSTWORTHY)
            return no_go(Reason(shut.code), shut.reason, champion, settled=settled)
        return no_go(Reason.OUT_OF_BUDGET, "No trial of the search ended with a score.", champion, settled=False)
    gain = court.measure(champion, challenger.candidate)
    if gain is None:
        lost = court.lost(champion, challenger.candidate)
        return no_go(Reason.OUT_OF_BUDGET, f"The holdout could not be predicted: {lost}", champion, settled=False)
    return weigh(gain, champion, challenger.candidate, court.terms)


def _terms(climb: Climb, economics: EconomicsConfig, dummy: HoldoutLook) -> Terms:
    score = dummy.score if dummy.score is not None else (climb.dummy().score or 0.0)  # type: ignore[union-attr]
    headroom = max(climb.metric.loss(score), 1e-12)
    value = None if economics.value_per_unit is None else economics.value_per_unit * economics.horizon_years
    margin = economics.worthwhile_gain * headroom if value is None else 0.0
    return Terms(margin, headroom, value, economics.policy == "bank")


@dataclass(frozen=True, eq=False)
class _Court:
    """Measures gains between finalists on the holdout."""

    judge: Judge
    looks: dict[str, HoldoutLook]
    terms: Terms
    past_gains: NDArray[np.float64]

    def measure(self, reference: str, challenger: str) -> Measured | None:
        first, second = self.looks[reference].predictions, self.looks[challenger].predictions
        if first is None or second is None:
            return None
        data, rows = self.judge.dataset, self.judge.splits.holdout
        gain = paired_gain(
            self.judge.metric,
            data.target[rows],
            first,
            second,
            weights=None if data.weights is None else data.weights[rows],
            groups=None if data.groups is None else data.groups[rows],
            ordered=data.time is not None,
            seed=self.judge.seed,
        )
        return self._measured(gain)

    def lost(self, *names: str) -> str:
        reasons = [f"{name}: {self.looks[name].reason}" for name in names if self.looks[name].reason]
        return " ".join(reasons)

    def _measured(self, gain: Gain) -> Measured:
        shrunk = self._shrunk(gain)
        margin, headroom = self.terms.margin, self.terms.headroom
        distance = max(abs(shrunk - margin), 0.005 * headroom)  # half a percent of skill: nearer is not worth telling
        rows = rows_to_settle(gain.row_sd, distance) if np.isfinite(gain.row_sd) else None
        p_above = probability_above(gain, margin)
        return Measured(gain.interval, p_above, shrunk, gain.low_holds, gain.high_holds, gain.why, rows)

    def _shrunk(self, gain: Gain) -> float:
        """Draw the gain towards what past searches brought: the mean of a normal prior and the estimate."""
        mean = float(np.mean(self.past_gains)) * self.terms.headroom
        variance = float(np.var(self.past_gains)) * self.terms.headroom**2
        noise = gain.standard_error**2
        if not np.isfinite(noise):
            return mean
        return (mean * noise + gain.estimate * variance) / (noise + variance)
