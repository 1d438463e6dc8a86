"""Money in words: what a better prediction is taken to be worth, what that brings, and what the run took."""

from runner import words
from runner.config import EconomicsConfig
from runner.decision.economics import Contender, device_cost, device_kwh, extra_cost, unit_value
from runner.ladder import NONE, SEARCH
from runner.report import Content, candidates, scores

MOST_PRICED = 6  # wrong decisions that are listed one by one


def prices(verdict: Content) -> EconomicsConfig:
    """Return the economics that the verdict was reached under."""
    return EconomicsConfig(**verdict["economics"])


def horizon(verdict: Content) -> str:
    """Return the time that a sum of money covers, after the sum."""
    years = verdict["economics"]["horizon_years"]
    return "a year" if years == 1 else f"over {years:g} years"


def money_in_words(verdict: Content) -> str:
    """Say what a better prediction was taken to be worth."""
    given, label = verdict["economics"], verdict["metric"]["label"]
    least = f"a gain is taken to be worth having from {words.skill(verdict['worthwhile_gain']['skill'])}."
    by_year = "" if unit_value(prices(verdict)) is not None else f" No predictions a year are given, so {least}"
    if given.get("cost_matrix"):
        return f"A cost matrix prices each wrong decision: the metric is money per row.{by_year}"
    said = []
    if given.get("value_per_unit") is not None:
        said.append(f"{words.price(given['value_per_unit'], verdict['currency'])} a year for one unit of {label}")
    if given.get("value_per_row") is not None:
        said.append(f"{words.price(given['value_per_row'], verdict['currency'])} for one unit of {label} on one row")
    if said:
        return f"A better prediction is worth {' and '.join(said)}.{by_year}"
    return f"No price was given: {least}"


def why_not_the_best(verdict: Content) -> str | None:
    """Say why a cheap candidate that scores better on the folds is not the cheap champion; None if none does.

    None, too, where that is another question: what is used today or no model is kept, or other prices were given later.
    """
    champion, dummy = candidates.entry(verdict, verdict["cheap_champion"]), candidates.dummy(verdict)
    cheap = [each for each in verdict["candidates"] if each["rung"] != SEARCH and each["score"] is not None]
    best = max(cheap, key=lambda each: float(each["score"]), default=None)
    if not champion or not dummy or not best or champion not in cheap or champion["rung"] in (NONE, best["rung"]):
        return None
    more, worth = best["score"] - champion["score"], prices(verdict)
    head, value = f"{best['name']} scores better on the folds, by {words.signed(more)}", unit_value(worth)
    if value is None:
        least = worth.worthwhile_gain * scores.loss(verdict["metric"], dummy["score"])
        said = f"{head}; from {words.signed(least)}, it would be worth more than the cheaper {champion['name']}."
        return said if 0 < more <= least else None
    costs = extra_cost(worth, _contender(champion), _contender(best))
    said = f"{head}; that is worth less than what it costs more than {champion['name']}."
    return said if 0 < more * value < costs else None


def _contender(entry: Content) -> Contender:
    """Return what a candidate costs at least: a fit on all rows takes no less than one on the rows of a fold."""
    spent = entry["costs"]
    one_fit = spent["cpu_seconds"] / max(1, len(entry["fold_scores"]))
    return Contender(entry["name"], entry["rung"], one_fit, spent["predict_seconds"] or 0.0)


def wrong_decisions(verdict: Content) -> str:
    """Write what each wrong decision costs; empty if no cost matrix prices them."""
    matrix, currency = verdict["economics"].get("cost_matrix") or {}, verdict["currency"]
    pairs = [(true, other, cost) for true, costs in matrix.items() for other, cost in costs.items() if cost]
    told = [f"{true} taken for {other}: {words.price(cost, currency)}" for true, other, cost in pairs[:MOST_PRICED]]
    more = f" and {len(pairs) - MOST_PRICED} more" if len(pairs) > MOST_PRICED else ""
    return f"{'; '.join(told)}{more}"


def worth_over_no_model(verdict: Content) -> str | None:
    """Write what the best cheap model is worth over no model, in money; None if no price is given."""
    value, signal = unit_value(prices(verdict)), verdict["signal"]
    if not signal or not value:
        return None
    return f"{words.money_interval(signal, verdict['currency'], value)} {horizon(verdict)}"


def net_benefit(verdict: Content) -> str | None:
    """Write what the gain brings beyond what it costs, and over which time; None if no price is given."""
    if not verdict["net_benefit"]:
        return None
    return f"{words.money_interval(verdict['net_benefit'], verdict['currency'])} {horizon(verdict)}"


def rows_or_search(verdict: Content) -> str | None:
    """Write what twice the rows, a search and doing neither are worth, in money; None if no price is given."""
    curve = verdict.get("curve") or {}
    worth = [(curve.get(each) or {}).get("money") for each in ("twice", "search")]
    if not curve.get("usable") or None in worth:
        return None
    rows, search, nothing = (words.money(each, verdict["currency"]) for each in (*worth, 0.0))
    paid = "before" if verdict["economics"].get("price_per_row") is None else "after"
    searched = "what the search found" if curve["search"]["measured"] else "a search"
    return f"twice the rows {rows} {paid} their price, {searched} {search}, neither {nothing}, {horizon(verdict)}"


def training_on_devices(verdict: Content) -> tuple[float, float | None] | None:
    """Return the price and the kWh, if known, of training the challenger once on hired devices; None if none are."""
    worth = prices(verdict)
    return (device_cost(worth), device_kwh(worth)) if worth.device_hours else None


def costs(verdict: Content) -> str:
    """Write what the run took."""
    spent = verdict["costs"]
    texts = [words.cpu(spent["cpu_seconds"]), f"{words.duration(spent['wall_seconds'])} on the clock"]
    if spent["money"] is not None:
        texts.append(words.money(spent["money"], verdict["currency"]))
    return ", ".join(texts)
