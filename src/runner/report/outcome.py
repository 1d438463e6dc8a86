"""The outcome of a run in words: the decision, its reason, and what would settle it."""

from runner import words
from runner.gain import LEVEL
from runner.report import Content, candidates, economics, search
from runner.words import counted

WHY = {  # reason codes in words
    "gain-pays": "The gain is shown to be worth more than it costs.",
    "gain-too-small": "The gain is shown to be worth less than it costs.",
    "within-noise": "These rows cannot tell whether the gain is worth what it costs.",
    "forecast-not-worth-it": "The search was not run: it was not forecast to be worth its price.",
    "no-signal": "Nothing is shown to predict better than no model at all.",
    "data-not-trustworthy": "The scores cannot be trusted until the data are fixed.",
    "incumbent-better": "No model is shown to be better than what is used today.",
    "out-of-budget": "The budget ended before the question could be answered.",
}


def decision(verdict: Content) -> str:
    """Return the decision, with its leaning if the rows do not settle it."""
    settled = "" if verdict["settled"] else f" ({unsettled(verdict)})"
    return f"{verdict['decision']}{settled}"


def unsettled(verdict: Content) -> str:
    """Return what to say of a verdict that the rows do not settle."""
    return f"not settled, leaning {verdict['lean']}" if verdict["lean"] else "not settled"


def looks(verdict: Content) -> str | None:
    """Say how often chance proves a gain, if other searches of this table were judged before one was; else None."""
    before = verdict.get("looks_before", 0)
    if verdict["reason"] != "gain-pays" or not before:
        return None
    others = "another search" if before == 1 else f"{before:,} other searches"
    chance = words.share(1 - LEVEL ** (1 + before))
    were = "was" if before == 1 else "were"
    return (
        f"{others} of this table {were} judged before: with {1 + before:,} looks, chance brings a GO in up to {chance}"
    )


def to_settle(verdict: Content) -> str | None:
    """Write which rows would settle the verdict, what they cost, and whether that is too much; None if not known."""
    rows, price = rows_to_settle(verdict), _price_to_settle(verdict)
    if rows is None:
        return None
    lacking = " for those not in the table" if verdict["dataset"].get("unused_rows") else ""
    costing = f", {words.money(price, verdict['currency'])}{lacking}" if price is not None else ""
    searched = ", for a search to pay" if verdict["reason"] == "forecast-not-worth-it" else ""
    said = f"{rows}{costing}{searched}"
    if is_worth_settling(verdict):
        return said
    worth = f"{words.money(verdict['worth_of_certainty'], verdict['currency'])} {economics.horizon(verdict)}"
    return f"{said}: not worth settling, as certainty is worth {worth}"


def rows_to_settle(verdict: Content) -> str | None:
    """Write about how many rows would settle the verdict, next to those that judge now; None if that is not known."""
    count = _more_to_judge(verdict)
    if count is None:
        return None
    facts = verdict.get("facts") or {}
    unit = (facts.get("gain") or facts.get("signal") or {}).get("unit")
    by_groups = unit == "groups" or (unit == "folds" and verdict["dataset"].get("has_groups"))
    new = " of new groups" if by_groups else " of later moments" if unit == "blocks" else ""
    as_here = ", sampled as these were," if verdict["dataset"].get("has_more_of_rare") else ""
    return f"about {counted(count, 'more row')}{new}{as_here} to judge on"


def is_worth_settling(verdict: Content) -> bool:
    """Whether the rows that would settle the verdict may be worth their price; so they may where one is not known."""
    price, worth = _price_to_settle(verdict), verdict.get("worth_of_certainty")
    return price is None or worth is None or worth >= price


def _more_to_judge(verdict: Content) -> int | None:
    """Return about how many rows more than judge now would settle the verdict."""
    if verdict["rows_to_settle"] is None:
        return None
    judging = (verdict.get("design") or {}).get("rows") or 0
    return words.rounded(max(verdict["rows_to_settle"] - judging, 1))


def _price_to_settle(verdict: Content) -> float | None:
    """Return the price of the rows that would settle the verdict; None where rows cost nothing, or nobody knows what.

    Rows that the budget left out are there already.
    """
    count, a_row = _more_to_judge(verdict), verdict["economics"].get("price_per_row")
    bought = (count or 0) - (verdict["dataset"].get("unused_rows") or 0)
    return float(a_row * bought) if a_row and bought > 0 else None


def why(verdict: Content) -> str:
    """Return the reason code as a plain sentence."""
    if verdict["reason"] == "gain-too-small" and not verdict["gain"]:
        found_nothing = "The search found nothing better than the cheap champion."
        return found_nothing if verdict["search"] else "Too little is left to win for a search to pay."
    if verdict["reason"] == "out-of-budget" and candidates.all_failed(verdict):
        return "No model could be fitted, and more time would not help."
    if verdict["reason"] == "out-of-budget" and search.is_all_that_lacks(verdict):
        return "No costly model was tried: the ladder has no search."
    return WHY.get(verdict["reason"], str(verdict["reason"]))


def burden(verdict: Content) -> str:
    """Say which side has the burden of proof."""
    if verdict["policy"] == "bank":
        return "Where the rows do not settle it, the lean is acted on (policy: bank)."
    return "The burden of proof lies with the costly model (policy: prove)."
