"""Gains in words: over no model, over the cheap champion and over what is used today, and what is worth having."""

from runner import words
from runner.decision.facts import LEVEL
from runner.report import Content, candidates, tables
from runner.report.scores import is_nested, proved_score

CHEAP = "cheap_champion"
ERRORS = 2.0  # of the lead on the folds, below which the lower bound of the gain is no wonder
LEAST_SKILL = 0.01  # the smallest gain without bounds that another is compared with


def gain(bounds: Content, metric: Content) -> str:
    """Write a gain in the metric's unit, and say which direction is better if people read less as better."""
    text = words.gained(bounds, metric["label"])
    return text if metric["greater_is_better"] else f"{text} (+ is better)"


def of_the_challenger(verdict: Content) -> str | None:
    """Write what the challenger gains, and the smallest gain worth having; None if its gain was not measured."""
    return f"{gain(verdict['gain'], verdict['metric'])}; {threshold(verdict)}" if verdict["gain"] else None


def threshold(verdict: Content) -> str:
    """Write the smallest gain worth having, in the metric's unit."""
    smallest = verdict["worthwhile_gain"]["metric"]
    if smallest is None:
        return "worth nothing under these economics"
    if _is_nothing(smallest, verdict):
        return "worth having as soon as it is above 0"
    if smallest < 0:
        return f"pays from {words.signed(smallest)}, as it costs less"
    beyond = ", more than a perfect model gains over none" if smallest > verdict["facts"]["headroom"] else ""
    return f"worth having from {words.signed(smallest)}{beyond}"


def on_the_folds(verdict: Content) -> str | None:
    """Write by how much the challenger led on the folds, if it is shown to gain more on the rows kept aside.

    Whoever was chosen on the folds seldom gains more elsewhere: the rows may differ, or one of the models fail there.
    A gain that is shown has often had luck on its side, so the error of the lead counts as well.
    """
    bounds, named = verdict["gain"], [candidates.entry(verdict, verdict[role]) for role in ("challenger", CHEAP)]
    scored = [each for each in named if each and each["score"] is not None]
    if not bounds or bounds["low"] is None or len(scored) < len(named) or is_nested(verdict):
        return None
    first, second = scored
    apart = [one - other for one, other in zip(first["fold_scores"], second["fold_scores"], strict=False)]
    led, error = first["score"] - second["score"], words.standard_error(apart) or 0.0
    return f"only {words.signed(led)}" if led + ERRORS * error < bounds["low"] else None


def _is_nothing(smallest: float, verdict: Content) -> bool:
    """Whether the smallest gain worth having is negligible next to the gain's interval, or next to the gain alone."""
    bounds = verdict["gain"]
    if not bounds:
        return smallest <= 0
    known = bounds["low"] is not None and bounds["high"] is not None
    least = LEAST_SKILL * verdict["facts"]["headroom"]  # the gain itself may be 0
    size = bounds["high"] - bounds["low"] if known else max(abs(bounds["estimate"]), least)
    return abs(smallest) <= words.NEGLIGIBLE * float(size)


def over_no_model(verdict: Content) -> str | None:
    """Write what the best cheap model gains over no model, and why that has no lower bound, where it has none.

    None if it was not measured.
    """
    if not verdict["signal"]:
        return None
    why = (verdict["facts"].get("signal") or {}).get("why") if has_no_lower_bound(verdict["signal"]) else None
    return ". ".join(filter(None, [gain(verdict["signal"], verdict["metric"]), why]))


def what_intervals_are_about(verdict: Content) -> str:
    """Say which models the intervals are about, and how far they hold for those that are kept."""
    if not verdict["signal"] and not verdict["gain"]:
        return "No gain was measured on new rows."
    return f"The intervals are about {verdict['promise']}."


def has_no_lower_bound(bounds: Content | None) -> bool:
    """Whether nothing says how much at least was gained."""
    return bounds is not None and bounds["low"] is None


def signal_test(verdict: Content) -> str | None:
    """Write what a test of the best cheap model's predictions showed, as made in time or without a lower bound.

    None if a bound tells it, if the data cannot be believed, or if the verdict is older than what is told here.
    """
    rows, p_value = verdict["dataset"], (verdict.get("facts") or {}).get("signal_p")
    if not verdict["signal"] or "has_time" not in rows:
        return None
    if p_value is None and not has_no_lower_bound(verdict["signal"]):
        return None
    if p_value is None:
        few = "rows" + (" or groups" if rows["has_groups"] else "") + (" or moments" if rows["has_time"] else "")
        return f"There are too few {few} to test whether the best cheap model's predictions tell anything."
    units = [name for name, has in (("block of time", "has_time"), ("group", "has_groups")) if rows[has]]
    how = f"each {' or each '.join(units)} counting once" if units else "by exchanging them between rows at random"
    shown = "shown" if p_value <= LEVEL else "not shown"
    yet = ", but these rows gain nothing by them" if p_value <= LEVEL and verdict["signal"]["estimate"] <= 0 else ""
    test = f"p {tables.p_value(p_value)}, {how}"
    return f"The best cheap model's predictions are {shown} to be related to the target ({test}){yet}."


def against_today(verdict: Content) -> str | None:
    """Say how today's predictions score and, unless the verdict's sentence does, whether a model beats them.

    And why the gain has no lower bound, where it has none. None if nothing is known to be used.
    """
    today = verdict.get("incumbent")
    if not today:
        return None
    score = words.score(verdict["metric"]["name"], today["score"])
    name = (today.get("text") if today.get("kind") == "column" else None) or today["name"]
    said = (
        f"{name}: {verdict['metric']['label']} {score}{_if_worthless(verdict)}" if today["score"] is not None else name
    )
    if not today["gain"] or today["sentence"] in verdict["sentence"]:
        return said
    answer = {True: "is better by", False: "is not better by enough:", None: "is not shown to be better by enough:"}
    compared = f"{today['model']} {answer[today['beaten']]} {words.interval(today['gain'])}"
    measured = ((verdict["facts"].get("incumbent") or {}).get("gains") or {}).get(today["model"]) or {}
    why = f". {measured['why']}" if has_no_lower_bound(today["gain"]) and measured.get("why") else ""
    return f"{said}{'' if said.endswith('?') else ';'} {compared}{why}"


def _if_worthless(verdict: Content) -> str:
    """Say it if today's predictions score less than no model; forecasts in another unit do."""
    none = proved_score(candidates.dummy(verdict) or {})
    if none is None or verdict["incumbent"]["score"] >= none:
        return ""
    dataset = verdict["dataset"]
    unit = f": is it in the unit of {dataset['target']!r}?" if dataset["task"] == "regression" else ""
    return f", worse than no model ({words.score(verdict['metric']['name'], none)}){unit}"
