"""What to do now that there is a verdict, and which doubt about its scores to settle first."""

from runner import words
from runner.config.overrides import as_override, leave_out
from runner.decision.reasons import AGAINST_ANY_MODEL
from runner.report import Content, candidates, gains, outcome, search
from runner.report.closer_look import cannot_be_told

LEAK, TOO_GOOD = "target-leak", "score-too-good"
DOUBTS = {  # of any score
    LEAK, "undeclared-time", "undeclared-group", "undeclared-weight", "learned-by-heart",
    "duplicates-across-splits", "duplicate-rows", "target-is-a-product", TOO_GOOD,
}  # fmt: skip
NO_MODEL = "no model"
KEEP_TODAY = "keep what is used today"
NONE_PAYS = "use no model: none is worth having"
MOST_NAMED = 3  # inputs that are named
LUCKY = "First find out why {} gains so much more on the rows kept aside than it led by on the folds. Then"
AGAIN = "First judge it on new rows, as other searches of this table were judged before. Then"
ASK_FOR_COLUMNS = "Ask what else is known at the time of a prediction that could tell the target."


def action(verdict: Content) -> str:
    """Return what to do, in the imperative."""
    if verdict["decision"] == "GO" and verdict["challenger"]:
        return f"use {verdict['challenger']}"
    if verdict["reason"] == "data-not-trustworthy":
        return "fix the data before trusting any score"
    if asked := _under_other_prices(verdict):
        return asked
    if candidates.all_failed(verdict):
        return "find out why no model could be fitted"
    if not candidates.is_scored(verdict):
        return "give it a larger budget: no model was scored"
    if verdict["reason"] == "out-of-budget" and not verdict["signal"] and candidates.keeps_no_model(verdict):
        return f"{KEEP_TODAY if verdict.get('incumbent') else 'use no model'} until a model is judged"
    if verdict["reason"] == "no-signal" and verdict.get("incumbent"):
        return KEEP_TODAY if verdict["settled"] else f"{KEEP_TODAY} until a model is shown to help"
    return {
        "no-signal": "use no model on this data" if verdict["settled"] else "use no model until one is shown to help",
        "incumbent-better": KEEP_TODAY,
    }.get(verdict["reason"], _cheap(verdict))


def _cheap(verdict: Content) -> str:
    """Return what to do with the cheap champion: it is kept, or replaces what is used today."""
    if candidates.keeps_no_model(verdict):
        return NONE_PAYS
    if candidates.keeps_today(verdict):
        return KEEP_TODAY
    champion, today = verdict["cheap_champion"], verdict.get("incumbent") or {}
    if _is_in_doubt(verdict):
        return f"{KEEP_TODAY} until {champion} is shown to be better"
    replaces = today.get("beaten") and today["model"] == champion
    return f"use {champion} in place of {today['name']}" if replaces else f"keep {champion}"


def _under_other_prices(verdict: Content) -> str | None:
    """Return what prices that are not the run's ask for, if the run did not do it: another cheap model, or a search."""
    better = verdict.get("would_keep")
    if better is None:
        would_pay = verdict["reason"] == "forecast-not-worth-it" and verdict["lean"] == "go"
        return "run it again with these prices" if would_pay else None
    is_no_model = better == (candidates.dummy(verdict) or {}).get("name")
    return NONE_PAYS if is_no_model else f"use {better}, from another run with these prices"


def _is_in_doubt(verdict: Content) -> bool:
    """Whether the rows do not tell if the cheap champion is better than what is used today."""
    today = verdict.get("incumbent") or {}
    return bool(today.get("gain")) and today["beaten"] is None and today["model"] == verdict["cheap_champion"]


def next_step(verdict: Content) -> str:
    """Return what to do now, in two or three sentences."""
    if asked := _under_other_prices(verdict):
        return f"{words.sentence_case(asked)}."
    step, doubt = _step(verdict), _doubt(verdict)
    return f"{doubt} {step[0].lower()}{step[1:]}" if doubt else step


def _doubt(verdict: Content) -> str | None:
    """Return what to do before a score is acted on, if a warning of the checks puts it in doubt."""
    warnings = [check for check in verdict["checks"] if check["severity"] == "warn"]
    doubts = [check for check in warnings if check["code"] in DOUBTS and not check.get("acknowledged")]
    if verdict["reason"] in AGAINST_ANY_MODEL:
        return None
    if not doubts:
        odd = verdict["decision"] == "GO" and gains.on_the_folds(verdict)
        return LUCKY.format(verdict["challenger"]) if odd else AGAIN if outcome.looks(verdict) else None
    if doubts[0]["code"] != TOO_GOOD:
        return f"First settle a doubt. {doubts[0]['advice']} If that changes anything, run it again; if not,"
    may_earn = [each for each in verdict["columns"] or () if each["earns"] or cannot_be_told(each)]
    strongest = [each["name"] for each in may_earn][:MOST_NAMED]
    named = f" ({words.quoted(strongest)})" if strongest else ""
    return (
        f"Make sure that the strongest inputs{named} are known before the prediction is made: a score this good is "
        "rarely true. Then"
    )


def _step(verdict: Content) -> str:
    reason = verdict["reason"]
    if verdict["decision"] == "GO":
        return f"Put {verdict['challenger']} into use. Run this again when the data or the prices change."
    stops = [check for check in verdict["checks"] if check["severity"] == "stop"]
    if reason == "data-not-trustworthy":
        return f"{_to_mend(stops)} Then run it again." if stops else "Fix the data, then run it again."
    if reason == "out-of-budget" and candidates.all_failed(verdict):
        return "Fix what made the models fail (the reasons are given below), then run it again."
    if reason == "out-of-budget" and search.is_all_that_lacks(verdict):
        return f"{_for_now(verdict)}. To find out whether a costly model is worth it, add a search to the ladder."
    if reason == "out-of-budget":
        meanwhile = f"{_for_now(verdict)} for now. " if candidates.is_scored(verdict) else ""
        return (
            f"{meanwhile}Run it again with a larger budget, with more budget.seconds or budget.money, or on fewer rows "
            "(budget.rows)."
        )
    if reason == "no-signal" and not verdict["settled"]:
        return f"{_for_now(verdict)} for now. {_to_find_a_signal(verdict)}"
    if reason == "no-signal":
        return f"Build nothing on these columns. {ASK_FOR_COLUMNS}"
    if reason == "incumbent-better":
        return "Keep what is used today. Look for data that it does not use."
    if _is_in_doubt(verdict):
        unknown = f"these rows cannot tell whether {verdict['cheap_champion']} is better"
        return f"Keep what is used today: {unknown}. Judge both on more rows."
    if reason == "within-noise":
        return f"{_to_use(verdict)}. {_with_more_rows(verdict) or 'Collect more rows before asking again.'}"
    if not verdict["settled"] and (late := candidates.rungs_without_time(verdict)):
        missed = f"there was no time for any model of {words.few(late)}"
        return f"{_to_use(verdict)} for now. Run it again with a larger budget: {missed}."
    if not verdict["settled"] and not candidates.keeps_no_model(verdict):
        return f"{_to_use(verdict)}: as far as these rows tell, more tuning does not pay."
    return f"{_to_use(verdict)}, and spend no more on tuning."


def _to_use(verdict: Content) -> str:
    """Return what to do with the cheap champion, as the beginning of a sentence."""
    if candidates.keeps_today(verdict):
        return words.sentence_case(KEEP_TODAY)
    return f"Use {NO_MODEL if candidates.keeps_no_model(verdict) else verdict['cheap_champion']}"


def _for_now(verdict: Content) -> str:
    """Return what to do while a question is open: what is not shown to be better does not take today's place."""
    unknown = candidates.keeps_no_model(verdict) and (verdict["reason"] == "no-signal" or not verdict["signal"])
    keep = verdict.get("incumbent") and (unknown or _is_in_doubt(verdict))
    return words.sentence_case(KEEP_TODAY) if keep else _to_use(verdict)


def _to_mend(stops: list[Content]) -> str:
    """Return what the first stop advises; columns that each give the target away are named together."""
    leaks = [column for stop in stops if stop["code"] == LEAK for column in stop["columns"]]
    if stops[0]["code"] != LEAK or len(leaks) < 2:
        return str(stops[0]["advice"])
    keep = as_override("dataset.acknowledged", [f"{LEAK}:{column}" for column in leaks])
    return f"{leave_out(leaks, 'not known before the prediction is made')} If they are, say so: {keep}."


def _to_find_a_signal(verdict: Content) -> str:
    if any(map(candidates.ran_out_of_time, verdict["candidates"])):
        return "Run it again with a larger budget: some candidates ran out of time."
    return _with_more_rows(verdict) or ASK_FOR_COLUMNS


def _with_more_rows(verdict: Content) -> str | None:
    """Say how to ask again with more rows: first with those that were left out; None if it is not known how many."""
    if unused := verdict["dataset"].get("unused_rows"):
        return f"Run it again on more of the table's rows: budget.rows left out {unused:,}."
    if not outcome.is_worth_settling(verdict):
        return "To be sure is not worth the price of the rows that it takes."
    more = outcome.rows_to_settle(verdict)
    return f"Collect {more} before asking again." if more else None
