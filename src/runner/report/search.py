"""The search in words: how far it went, what ended it, what mattered, and why it has no challenger."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_DOWN, Context

from runner import words
from runner.decision.reasons import Reason
from runner.report import Content
from runner.report.economics import prices
from runner.words import counted

ENDED = {  # reasons for which a search ended, in words
    "trials": "all that were planned",
    "rule": "stopped as no further trial was worth its price",
    "time": "stopped when the time was up",
    "money": "stopped when the money was spent",
    "interrupt": "interrupted",
}


def is_all_that_lacks(verdict: Content) -> bool:
    """Whether models were judged, and the ladder has no search: a gate comes before each that it has."""
    return bool(verdict["signal"]) and all(gate["rung"] != "search" for gate in verdict["gates"])


def all_the_same(verdict: Content) -> str | None:
    """Return the command that runs a search whose forecast was not worth its price; None where no price was assumed."""
    turn = verdict["break_even"]["worthwhile_gain"]
    shut = [gate for gate in verdict["gates"] if gate["code"] == verdict["reason"] == Reason.FORECAST_NOT_WORTH_IT]
    if not shut or not turn or turn >= prices(verdict).worthwhile_gain:
        return None
    least = Context(prec=2, rounding=ROUND_DOWN).create_decimal_from_float(turn)  # the gate stays shut above the turn
    cpu_seconds, cost = shut[0]["forecast_cpu_seconds"], shut[0]["forecast_cost"]
    price = f"{words.cpu(cpu_seconds)}, {words.money(cost, verdict['currency'])}"
    return f"{verdict['command']} economics.worthwhile_gain={least}  # search all the same: {price}"


def in_words(search: Content) -> str:
    """Write how many trials there were, what ended the search, and which family led."""
    trials = f"{search['trials']:,} of {counted(search['planned'], 'trial')}"
    best = f"; best family {search['best_family']}" if search["best_family"] else ""
    return f"{trials}, {ENDED.get(search['stopped_by'], search['stopped_by'])}{best}"


def families(metric: str, found: Sequence[Content]) -> str:
    """Say what each family of a search reached, and in how many trials, as `search.lessons.families` returns them."""
    return ", ".join(
        f"{each['family']} {'no score' if each['best_score'] is None else words.score(metric, each['best_score'])} "
        f"({each['trials']:,})"
        for each in found
        if each["trials"]
    )


def mattered(shares: Mapping[str, float], most: int = 3) -> str:
    """Name the hyperparameters of a family with the greatest shares of its scores, greatest first."""
    ranked = sorted(shares.items(), key=lambda item: -item[1])[:most]
    return ", ".join(f"{name.rpartition('.')[2]} {words.share(part)}" for name, part in ranked)


def no_challenger(verdict: Content) -> str:
    """Say why there is no challenger."""
    if not verdict["search"]:
        return "none: the search was never run"
    led = (verdict.get("facts") or {}).get("challenger")
    if led:  # on the folds; but it is not shown to beat no model, or could not predict the proof rows
        return f"none: the search found {led['name']}, but the verdict does not rest on it"
    return (
        "none: no trial of the search has a score"
        if is_lost(verdict["search"])
        else "none: the search found nothing better"
    )


def is_lost(search: Content) -> bool:
    """Whether no trial was judged, which does not mean that none is better; those ended early were clearly worse."""
    return search["best_family"] is None and not search.get("pruned")
