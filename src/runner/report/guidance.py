"""What a verdict means for its reader: what to do now, and what to check before believing it."""

from typing import Any

from runner import words
from runner.decision.economics import unit_value
from runner.report import Content, phrases
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

TOO_GOOD = "score-too-good"
DOUBTS = {  # of any score
    "target-leak", "undeclared-time", "undeclared-group", "undeclared-weight", "duplicates-across-splits", TOO_GOOD,
}  # fmt: skip

BLEND = "blend"  # how names of blends end
MOST_PRICED = 6  # wrong decisions that are listed one by one
MOST_NAMED = 3  # inputs that are named
ASK_FOR_COLUMNS = "Ask what else is known at the time of a prediction that could tell the target."

PREPARED = {  # preparations of candidates/preparation.py in words
    "none": "columns as they are",
    "onehot": "categories as yes-or-no columns",
    "scaled": "categories as yes-or-no columns, numbers scaled",
    "ordinal": "categories as numbers",
    "native": "categories left to the model",
}


def why(verdict: Content) -> str:
    """Return the reason code as a plain sentence."""
    if verdict["reason"] == "gain-too-small" and not verdict["gain"] and verdict["search"]:
        return "The search found nothing better than the cheap champion."
    if verdict["reason"] == "out-of-budget" and phrases.all_failed(verdict):
        return "No model could be fitted, and more time would not help."
    if verdict["reason"] == "out-of-budget" and not _has_search(verdict):
        return "No costly model was tried: the ladder has no search."
    return WHY.get(verdict["reason"], str(verdict["reason"]))


def next_step(verdict: Content) -> str:
    """Return what to do now, in two or three sentences."""
    step, doubt = _step(verdict), _doubt(verdict)
    return f"{doubt} {step[0].lower()}{step[1:]}" if doubt else step


def _doubt(verdict: Content) -> str | None:
    """Return what to do before a score is acted on, if a warning of the checks puts it in doubt."""
    doubts = [check for check in verdict["checks"] if check["code"] in DOUBTS and check["severity"] == "warn"]
    if not doubts or verdict["reason"] in ("data-not-trustworthy", "no-signal"):
        return None
    if doubts[0]["code"] != TOO_GOOD:
        return f"First settle a doubt. {doubts[0]['advice']} If that changes anything, run it again; if not,"
    strongest = [column["name"] for column in verdict["columns"] or () if column["earns"]][:MOST_NAMED]
    named = f" ({words.quoted(strongest)})" if strongest else ""
    return (
        f"Make sure that the strongest inputs{named} are known before the prediction is made: a score this good is "
        "rarely true. Then"
    )


def _step(verdict: Content) -> str:
    champion = "no model" if phrases.keeps_no_model(verdict) else verdict["cheap_champion"]
    reason = verdict["reason"]
    if verdict["decision"] == "GO":
        return f"Put {verdict['challenger']} into use. Run this again when the data or the prices change."
    stops = [check for check in verdict["checks"] if check["severity"] == "stop"]
    if reason == "data-not-trustworthy":
        return f"{stops[0]['advice']} Then run it again." if stops else "Fix the data, then run it again."
    if reason == "out-of-budget" and phrases.all_failed(verdict):
        return "Fix what made the models fail (the reasons are given below), then run it again."
    if reason == "out-of-budget" and not _has_search(verdict):
        return f"Use {champion}. To find out whether a costly model is worth it, add a search to the ladder."
    if reason == "out-of-budget":
        meanwhile = f"Use {champion} for now. " if phrases.is_scored(verdict) else ""
        return f"{meanwhile}Run it again with a larger budget, or with more budget.seconds or budget.money."
    if reason == "no-signal" and not verdict["settled"]:
        return f"Use no model yet. {_to_find_a_signal(verdict)}"
    if reason == "no-signal":
        return f"Build nothing on these columns. {ASK_FOR_COLUMNS}"
    if reason == "incumbent-better":
        return "Keep what is used today. Look for data that it does not use."
    if not verdict["settled"] and verdict["rows_to_settle"]:
        return f"Use {champion}. Collect {phrases.to_settle(verdict)} before asking again."
    return f"Use {champion}, and spend no more on tuning."


def _has_search(verdict: Content) -> bool:
    """Whether the ladder has a search, which means that a gate came before it."""
    return any(gate["rung"] == "search" for gate in verdict["gates"])


def _to_find_a_signal(verdict: Content) -> str:
    if any(each["status"] in ("timed out", "skipped") for each in failed(verdict)):
        return "Run it again with a larger budget: some candidates ran out of time."
    if verdict["rows_to_settle"]:
        return f"Collect {phrases.to_settle(verdict)} before asking again."
    return ASK_FOR_COLUMNS


def over_no_model(verdict: Content) -> str:
    """Write what the best cheap model gains over no model, and why that has no bounds, where it has none."""
    why = (verdict["facts"].get("signal") or {}).get("why") if is_unbounded(verdict["signal"]) else None
    return ". ".join(filter(None, [phrases.gain(verdict["signal"], verdict["metric"]), why]))


def is_unbounded(bounds: Content | None) -> bool:
    """Whether nothing says how much of what was gained is chance."""
    return bounds is not None and bounds["low"] is None and bounds["high"] is None


def worth_over_no_model(verdict: Content) -> str | None:
    """Write what the best cheap model is worth over no model, in money; None if no price is given."""
    prices, signal = phrases.prices(verdict), verdict["signal"]
    value = unit_value(prices)
    if not signal or not value:
        return None
    return f"{verdict['currency']} {words.interval(signal, value)} {phrases.horizon(verdict)}"


def wrong_decisions(verdict: Content) -> str:
    """Write what each wrong decision costs; empty if no cost matrix prices them."""
    matrix, currency = verdict["economics"].get("cost_matrix") or {}, verdict["currency"]
    pairs = [(true, other, cost) for true, costs in matrix.items() for other, cost in costs.items() if cost]
    told = [f"{true} taken for {other}: {words.money(cost, currency)}" for true, other, cost in pairs[:MOST_PRICED]]
    more = f" and {len(pairs) - MOST_PRICED} more" if len(pairs) > MOST_PRICED else ""
    return f"{'; '.join(told)}{more}"


def money_in_words(verdict: Content) -> str:
    """Say what a better prediction was taken to be worth."""
    prices, label = verdict["economics"], verdict["metric"]["label"]
    least = f"a gain is taken to be worth having from {words.skill(verdict['worthwhile_gain']['skill'])}."
    by_year = "" if unit_value(phrases.prices(verdict)) is not None else f" No predictions a year are given, so {least}"
    if prices.get("cost_matrix"):
        return f"A cost matrix prices each wrong decision: the metric is money per row.{by_year}"
    said = []
    if prices.get("value_per_unit") is not None:
        said.append(f"{words.money(prices['value_per_unit'], verdict['currency'])} a year for one unit of {label}")
    if prices.get("value_per_row") is not None:
        said.append(f"{words.money(prices['value_per_row'], verdict['currency'])} for one unit of {label} on one row")
    if said:
        return f"A better prediction is worth {' and '.join(said)}.{by_year}"
    return f"No price was given: {least}"


def trust(verdict: Content) -> str:
    """Say in one sentence what the checks found."""
    checks = verdict["checks"]
    grave = [sum(check["severity"] == severity for check in checks) for severity in ("stop", "warn")]
    if grave[0]:
        said = f"{counted(grave[0], 'finding')} of the checks mean{'s' if grave[0] == 1 else ''}"
        return f"{said} that the scores cannot be trusted."
    if grave[1]:
        return f"No check rules out the scores, but {counted(grave[1], 'warning')} should be looked at."
    if any(check["code"] == "check-failed" for check in checks):
        return "No check found a reason to doubt the scores, but not all checks could be run."
    return "No check found a reason to doubt the scores."


def failed(verdict: Content) -> list[Content]:
    """Return the candidates without a score, except those that were stopped because they had lost."""
    return [each for each in _without_score(verdict) if each["status"] != "pruned"]


def failures(verdict: Content) -> list[tuple[list[str], str, str]]:
    """Return names, status and reason of the candidates without a score, grouped by reason."""
    groups: dict[tuple[str, str], list[str]] = {}
    for each in sorted(_without_score(verdict), key=lambda each: each["status"] == "pruned"):
        groups.setdefault((each["status"], each["reason"] or ""), []).append(each["name"])
    return [(names, status, reason) for (status, reason), names in groups.items()]


def _without_score(verdict: Content) -> list[Content]:
    return [each for each in verdict["candidates"] if each["score"] is None]


def kept(verdict: Content) -> Content | None:
    """Return the entry of the candidate that the verdict keeps."""
    return phrases.candidate(verdict, phrases.kept(verdict))


def makeup(verdict: Content, name: str | None) -> str:
    """Write what a candidate is made of: the members of a blend, or the parameters that were set."""
    entry = phrases.candidate(verdict, name) or {}
    if entry.get("params"):
        return ", ".join(f"{key} {cell(value)}" for key, value in entry["params"].items())
    text = str(entry.get("text") or "")
    return text if name and name.endswith(BLEND) and "\n" not in text else ""


def obeyed(config: Content) -> str:
    """Say what the splits respect, as the data set's config asks; empty if rows are independent."""
    asked = config.get("dataset") or {}
    gap = f", {asked['gap']} apart" if asked.get("gap") is not None else ""
    said = {
        "time": "Rows are in the order of {}: models learn from the past and are judged on what comes after"
        + gap
        + ".",
        "group": "All rows with the same {} are on one side of every split.",
        "fold": "The folds are those given by {}.",
        "weight": "Rows are weighted by {}.",
    }
    return " ".join(text.format(asked[key]) for key, text in said.items() if asked.get(key))


def preparations(verdict: Content, config: Content) -> list[tuple[str, list[str]]]:
    """Return each preparation of the columns with the candidates that use it."""
    entries = (config.get("ladder") or {}).get("candidates") or {}
    ways: dict[str, list[str]] = {}
    for each in verdict["candidates"]:
        entry = entries.get(each["name"])
        if entry and each["rung"] != "none":
            ways.setdefault(PREPARED.get(entry["preparation"], entry["preparation"]), []).append(each["name"])
    return list(ways.items())


def importances(verdict: Content) -> list[tuple[str, float]]:
    """Return the hyperparameters that mattered, most important first."""
    return sorted(verdict["search"]["importance"].items(), key=lambda item: -item[1])[:6]


def versions(verdict: Content) -> str:
    """Return the libraries that the result depends on."""
    return ", ".join(f"{name} {version}" for name, version in verdict["versions"].items())


def amount(money: float | None) -> str:
    """Write a sum of money whose currency is in the header of its column."""
    return words.money(money, "").replace("  ", " ").strip()


def no_model(verdict: Content) -> str:
    """Say why there is no model to use."""
    if verdict["model"] is None:
        return "No model was kept: there was no time to fit it on all rows."
    return f"{verdict['model']} is there for inspection and should not be used. {why(verdict)}"


def how_slices_were_tested(verdict: Content) -> str:
    """Say what the p-values of slices compare."""
    compared = verdict["weak"].get("compared")
    of = f"; it compares {compared}" if compared else ""
    return f"p is the chance of so large a difference if there were none, corrected for the number of slices{of}."


def p_value(value: float | None) -> str:
    """Write a p-value with three decimals."""
    if value is None:
        return words.UNKNOWN
    return "under 0.001" if value < 0.001 else f"{value:.3f}"


def heads(rows: list[dict[str, Any]]) -> list[str]:
    """Return the headers of a table whose rows name their cells."""
    return [key.replace("_", " ") for key in rows[0]]


def cell(value: Any) -> str:
    """Write the value of any cell."""
    if isinstance(value, bool) or value is None:
        return words.UNKNOWN if value is None else ("yes" if value else "no")
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.3g}" if isinstance(value, float) else str(value)
