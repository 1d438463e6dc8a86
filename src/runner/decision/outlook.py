"""What would help more: more rows, more tuning, or neither? A pure function of a curve, a verdict and prices."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from runner import words
from runner.config import EconomicsConfig
from runner.decision.curve import Curve
from runner.decision.economics import unit_value
from runner.decision.facts import Facts
from runner.decision.reasons import Reason
from runner.decision.stakes import cost_beside, gate_before_search, margin
from runner.decision.stopping import PastSearches
from runner.decision.verdict import Verdict
from runner.decision.worth import worth_having
from runner.gain.interval import Interval

NOTHING = 1e-6  # of the score: the curve is flat but for rounding


class Advice(StrEnum):
    """What to do for a better model."""

    MORE_ROWS = "more-rows"
    SEARCH = "search"
    NEITHER = "neither"
    UNKNOWN = "unknown"


CONCLUSIONS = {  # where no search was run
    Advice.MORE_ROWS: "collect rows before tuning",
    Advice.SEARCH: "tune before collecting rows",
    Advice.NEITHER: "neither is worth having",
    Advice.UNKNOWN: "these rows cannot tell whether more of them are worth having",
}
ONCE_SEARCHED = CONCLUSIONS | {
    Advice.MORE_ROWS: "collect rows instead",
    Advice.SEARCH: "use what it found before collecting rows",
}


@dataclass(frozen=True)
class Outlook:
    """A comparison of more rows, the search, and neither.

    Attributes
    ----------
    threshold : float
        Smallest gain for which as many rows again are worth having, in the metric's unit.
    search_gain : float
        Of the search, in the metric's unit: as measured, or else as its gate forecast it.
    searched : bool
        Whether it was measured.
    money : float or None
        Value of the rows over the horizon, less their price; None if prices are not known.
    search_money : float or None
        The same of the search, less what its model costs more and, if it was not run, less its own price.
    """

    advice: Advice
    sentence: str
    threshold: float
    search_gain: float
    searched: bool
    money: float | None
    search_money: float | None = None


def outlook(curve: Curve, verdict: Verdict, facts: Facts, prices: EconomicsConfig, past: PastSearches) -> Outlook:
    """Compare twice the rows with the search, and with doing neither."""
    value, price = unit_value(prices), (prices.price_per_row or 0.0) * curve.total_rows
    threshold = worth_having(prices, facts.headroom, price)
    search_gain, told = _of_the_search(verdict, facts, prices, past)
    over_margin = search_gain - margin(facts, prices)
    advice = _advice(curve, threshold, over_margin, verdict)
    searched = verdict.gain is not None or facts.search_cpu_seconds > 0
    of_another = "" if curve.candidate == verdict.cheap_champion else f"{curve.candidate} "
    as_here = ", sampled as these were" if curve.has_more_of_rare else ""
    up_to = _rows_up_to(curve, over_margin, verdict, prices) if advice is Advice.MORE_ROWS else None
    sentence = (
        f"Twice the rows ({curve.total_rows:,} more{as_here}) would bring {of_another}{brings(curve)}"
        f"{'' if curve.falling else ', as far as a curve without a clear slope can tell'}; {told}: "
        f"{up_to or _conclusion(advice, searched, verdict)}."
    )
    money = None if value is None else value * curve.twice.estimate - price
    return Outlook(advice, sentence, threshold, search_gain, searched, money, _worth(verdict, facts, prices, past))


def brings(curve: Curve) -> str:
    """Write what twice the rows would bring, in the metric's unit."""
    twice = curve.twice
    if max(abs(twice.low), abs(twice.high)) <= NOTHING * max(map(abs, curve.scores)):
        return "nothing"
    is_all = twice.estimate == twice.high > 0  # that is left to win
    return f"at most {words.signed(twice.high)}" if is_all else words.interval(asdict(twice))


def _of_the_search(verdict: Verdict, facts: Facts, prices: EconomicsConfig, past: PastSearches) -> tuple[float, str]:
    """Return the gain of the search, as measured or as its gate forecast it, with a phrase that says so."""
    gain = verdict.gain or facts.gain  # it was measured even if the verdict rests on something else
    if gain is not None:
        return gain.estimate, f"a search brought {words.signed(gain.estimate)}"
    if facts.challenger is not None:
        return 0.0, "what the search found could not be judged"
    if facts.search_cpu_seconds > 0:
        return 0.0, "the search found nothing better"
    if facts.forecast is None:
        return 0.0, "no search was run"
    forecast = gate_before_search(facts, prices, past).forecast_gain or 0.0
    expected = forecast * facts.headroom
    told = words.signed(expected) if 100 * forecast >= words.LEAST_PERCENT else "next to nothing"
    return expected, f"a search is expected to bring {told}"


def _worth(verdict: Verdict, facts: Facts, prices: EconomicsConfig, past: PastSearches) -> float | None:
    """Return what the search is worth over the horizon, in money: by what it found, or else as its gate forecast it.

    What was spent on it is spent, whatever is done now. A forecast counts gains, and what they cost, as far as they
    would be acted on.
    """
    value, gain = unit_value(prices), verdict.gain or facts.gain
    if value is None:
        return None
    if gain is not None and facts.challenger is not None:
        return value * gain.estimate - cost_beside(facts, facts.challenger, prices)
    if facts.search_cpu_seconds > 0 or facts.challenger is not None or facts.forecast is None:
        return 0.0
    gate = gate_before_search(facts, prices, past)
    brought, acted_on = (gate.forecast_gain or 0.0) * facts.headroom, gate.provable or 0.0
    dearer = cost_beside(facts, facts.forecast.challenger, prices)
    return value * brought - acted_on * dearer - (gate.forecast_cost or 0.0)


def _advice(curve: Curve, threshold: float, over_margin: float, verdict: Verdict) -> Advice:
    """Return what brings most once it is paid for: as many rows again, or the model that the search found."""
    twice = curve.twice
    rows_pay = curve.falling and twice.low > 0 and twice.estimate > threshold
    search_pays = _search_pays(verdict)
    if rows_pay and (not search_pays or twice.estimate - threshold > over_margin):
        return Advice.MORE_ROWS
    if search_pays:
        return Advice.SEARCH
    return Advice.NEITHER if twice.high < max(threshold, 0.0) and not _awaits_proof(verdict) else Advice.UNKNOWN


def _search_pays(verdict: Verdict) -> bool:
    """Whether what the search found is to be used, or one that was not run would be run under these prices."""
    return verdict.go or (verdict.gain is None and verdict.lean == "go")


def _awaits_proof(verdict: Verdict) -> bool:
    """Whether what the search found is likely to pay and not used, as that is not proved."""
    return verdict.reason is Reason.WITHIN_NOISE and verdict.lean == "go" and not verdict.go


def _conclusion(advice: Advice, searched: bool, verdict: Verdict) -> str:
    """Conclude what to do; who has searched has no more to decide on that but whether to use what was found."""
    if not searched:
        return CONCLUSIONS[advice]
    if advice is Advice.MORE_ROWS and verdict.go:
        return "collect rows as well"
    if advice is Advice.UNKNOWN and _awaits_proof(verdict) and verdict.gain and verdict.gain.estimate > 0:
        return "only more rows can prove that it pays"  # what past searches gained makes even a loss lean go
    return ONCE_SEARCHED[advice]


def _rows_up_to(curve: Curve, over_margin: float, verdict: Verdict, prices: EconomicsConfig) -> str | None:
    """Conclude that rows pay up to some price; None unless a gain's value is given and no row's price."""
    value = unit_value(prices)
    if value is None or prices.price_per_row is not None:
        return None
    more = curve.twice.estimate - (max(over_margin, 0.0) if _search_pays(verdict) else 0.0)
    most = f"{prices.currency} {words.quantity(value * more / curve.total_rows)}"
    return f"collect rows{' as well' if verdict.go else ''} if one costs under {most}"


def curve_document(
    curve: Curve | str, verdict: Verdict, facts: Facts, prices: EconomicsConfig, past: PastSearches
) -> dict[str, Any]:
    """Return the part of verdict.json about a curve, or about why there is none."""
    if isinstance(curve, str):
        return {"usable": False, "why": curve}
    found = outlook(curve, verdict, facts, prices, past)
    points = zip(curve.rows, curve.scores, curve.standard_errors, strict=True)
    return {
        "candidate": curve.candidate,
        "points": [{"rows": rows, "score": score, "standard_error": error} for rows, score, error in points],
        "has_more_of_rare": curve.has_more_of_rare,
        "usable": curve.falling,
        "why": None if curve.falling else "More rows have not clearly helped so far, so little can be forecast.",
        "twice": {
            "rows": 2 * curve.total_rows,
            "gain": asdict(curve.twice),
            "skill": asdict(curve.twice.times(1 / facts.headroom)),
            "money": found.money,
        },
        "search": {"gain": found.search_gain, "measured": found.searched, "money": found.search_money},
        "threshold": found.threshold if math.isfinite(found.threshold) else None,
        "advice": str(found.advice),
        "sentence": found.sentence,
    }


def curve_of(content: Mapping[str, Any]) -> Curve | str:
    """Read a curve from its part of verdict.json."""
    if "points" not in content:
        return str(content["why"])
    points = content["points"]
    rows, scores, errors = (tuple(p[key] for p in points) for key in ("rows", "score", "standard_error"))
    twice = content["twice"]
    return Curve(
        content["candidate"],
        rows,
        scores,
        errors,
        content["usable"],
        twice["rows"] // 2,
        Interval(**twice["gain"]),
        content.get("has_more_of_rare", False),
    )
