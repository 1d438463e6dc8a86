"""What to do now."""

from typing import Any

import pytest

from runner.report.advice import action, next_step
from runner.report.outcome import why
from runner.report.results import is_usable

Made = dict[str, dict[str, Any]]


@pytest.mark.parametrize(
    ("kind", "advice"),
    [
        ("go", "Put lightgbm #7 into use."),
        ("not_worth_it", "Use lightgbm, and spend no more on tuning."),
        ("not_worth_it_yet", "Use lightgbm: as far as these rows tell, more tuning does not pay."),
        ("no_signal", "Build nothing on these columns."),
        ("no_signal_yet", "Use no model for now. Run it again with a larger budget: some candidates ran out of time."),
        ("not_trustworthy", "Drop it. Then run it again."),
        ("unsettled", "Collect about 12,000 more rows to judge on before asking again."),
        ("unbounded", "Use lightgbm. Collect more rows before asking again."),
        ("crashed", "Run it again with a larger budget"),
        ("all_failed", "Fix what made the models fail (the reasons are given below), then run it again."),
        ("cheap_only", "Use lightgbm. To find out whether a costly model is worth it, add a search to the ladder."),
    ],
)
def test_what_to_do_now(made: Made, kind: str, advice: str) -> None:
    made["no_signal_yet"] = made["no_signal"] | {"settled": False, "candidates": made["crashed"]["candidates"]}
    made["not_worth_it_yet"] = made["not_worth_it"] | {"settled": False}
    made["unbounded"] = made["unsettled"] | {"rows_to_settle": None}
    made["cheap_only"] = made["not_worth_it"] | {"reason": "out-of-budget", "gates": []}
    dummy, tree = made["crashed"]["candidates"]
    made["all_failed"] = made["crashed"] | {"candidates": [dummy | {"status": "failed"}, tree]}
    assert advice in next_step(made[kind])
    assert (action(made[kind]) == "find out why no model could be fitted") == (kind == "all_failed")


def test_where_nothing_is_shown_to_help_what_is_used_today_is_kept(made: Made) -> None:
    today = {"name": "score", "score": 0.61, "gain": None, "model": None, "beaten": None}
    verdict = made["no_signal"] | {"incumbent": today, "settled": False}
    assert action(verdict) == "keep what is used today until a model is shown to help"
    assert next_step(verdict).startswith("Keep what is used today for now.")


def test_what_takes_the_place_of_what_is_used_today_says_so(made: Made) -> None:
    today = {"name": "decile_score", "kind": "column", "score": 0.7, "model": "lightgbm", "beaten": True}
    today |= {"gain": made["go"]["gain"], "rules": None, "sentence": "It gains."}
    verdict = made["not_worth_it"] | {"incumbent": today}
    assert action(verdict) == "use lightgbm in place of decile_score"
    open_question = verdict | {"incumbent": today | {"beaten": None}}
    assert action(open_question) == "keep what is used today until lightgbm is shown to be better"
    assert next_step(open_question).startswith("Keep what is used today: these rows cannot tell whether lightgbm is")
    for gates, then in ((verdict["gates"], " for now. Run it again"), ([], ". To find out whether a costly model")):
        stopped = open_question | {"reason": "out-of-budget", "gates": gates}
        assert action(stopped) == action(open_question)
        assert next_step(stopped).startswith(f"Keep what is used today{then}")


def test_what_is_used_today_is_not_called_by_its_name_on_the_ladder(made: Made) -> None:
    today = {"name": "rules", "candidate": "incumbent", "score": 0.7, "model": None, "beaten": None, "gain": None}
    for reason, then in (("out-of-budget", " for now. Run it again"), ("forecast-not-worth-it", ": as far as")):
        verdict = made["not_worth_it"] | {"incumbent": today, "cheap_champion": "incumbent", "settled": False}
        assert action(verdict | {"reason": reason}) == "keep what is used today"
        assert next_step(verdict | {"reason": reason}).startswith(f"Keep what is used today{then}")


def test_models_without_a_score_are_not_used_and_need_no_search(made: Made) -> None:
    verdict = made["crashed"] | {"gates": []}
    assert action(verdict) == "give it a larger budget: no model was scored"
    assert next_step(verdict).startswith("Run it again with a larger budget")
    unseen = made["not_worth_it"] | {"reason": "out-of-budget", "cheap_champion": "dummy", "signal": None, "gates": []}
    assert action(unseen) == "use no model until a model is judged"
    assert next_step(unseen).startswith("Use no model for now. Run it again with a larger budget")
    assert why(verdict) == why(unseen) == "The budget ended before the question could be answered."


def test_a_model_that_was_judged_and_earns_too_little_is_not_said_to_wait_for_that(made: Made) -> None:
    today = {"name": "rules", "candidate": "incumbent", "score": 0.7, "model": None, "beaten": None, "gain": None}
    verdict = made["not_worth_it"] | {"reason": "out-of-budget", "cheap_champion": "dummy", "incumbent": today}
    assert action(verdict) == "use no model: none is worth having"
    assert next_step(verdict).startswith("Use no model for now.")
    assert next_step(verdict | {"gates": []}).startswith("Use no model. To find out")


def test_data_that_cannot_be_trusted_come_before_models_that_fail(made: Made) -> None:
    dummy, tree = made["crashed"]["candidates"]
    verdict = made["not_trustworthy"] | {"candidates": [dummy | {"status": "failed"}, tree]}
    assert action(verdict) == "fix the data before trusting any score"


def test_where_no_gain_over_no_model_is_worth_having_none_is_used(made: Made) -> None:
    dummy = next(each["name"] for each in made["not_worth_it"]["candidates"] if each["rung"] == "none")
    verdict = made["not_worth_it"] | {"cheap_champion": dummy, "reason": "gain-too-small"}
    assert action(verdict) == "use no model: none is worth having"
    assert next_step(verdict) == "Use no model, and spend no more on tuning."
    assert not is_usable(verdict)


def test_more_tuning_is_not_said_not_to_pay_where_a_whole_rung_had_no_time(made: Made) -> None:
    open_end = made["not_worth_it"] | {"settled": False, "lean": "no-go", "cheap_champion": "linear"}
    *others, boosting = open_end["candidates"]
    late = boosting | {"score": None, "status": "timed out"}
    told = next_step(open_end | {"candidates": [*others, late]})
    again = "Run it again with a larger budget: there was no time for any model of boosting."
    assert told == f"Use linear for now. {again}"
    assert again not in next_step(open_end | {"candidates": [*others, late, boosting]})  # another of the rung had
    assert again not in next_step(open_end | {"candidates": [*others, late | {"status": "failed"}]})


def test_columns_that_each_give_the_target_away_are_left_out_at_once(made: Made) -> None:
    (stop,) = (check for check in made["not_trustworthy"]["checks"] if check["severity"] == "stop")
    assert next_step(made["not_trustworthy"]) == f"{stop['advice']} Then run it again."
    stops = [stop | {"columns": [name]} for name in ("wage", "hours")]
    told = next_step(made["not_trustworthy"] | {"checks": stops})
    assert told.startswith("If 'wage', 'hours' are not known before the prediction is made")
    assert "leave them out: dataset.drop=[wage,hours]. If they are, say so: " in told
    assert told.endswith("['target-leak:wage','target-leak:hours']\". Then run it again.")


def test_a_score_that_is_too_good_is_doubted_before_it_is_used(made: Made) -> None:
    first = "Make sure that the strongest inputs ('age', 'bmi') are known before the prediction is made: a"
    bounds = {"age": 0.1, "bmi": None, "sex": -0.1}  # nothing is known of the second: it may be the strongest
    columns = [
        {"name": name, "gain": {"estimate": 0.1, "low": low, "high": None}, "earns": name == "age", "alike": []}
        for name, low in bounds.items()
    ]
    for severity, doubted in (("warn", True), ("info", False)):  # info: the user has acknowledged it
        checks = [made["not_trustworthy"]["checks"][-1] | {"code": "score-too-good", "severity": severity}]
        told = next_step(made["not_worth_it"] | {"checks": checks, "columns": columns})
        assert told.startswith(first) == doubted
        assert told.lower().endswith("use lightgbm, and spend no more on tuning.")


@pytest.mark.parametrize(
    ("code", "severity", "doubted"),
    [
        ("target-leak", "warn", True),
        ("undeclared-group", "warn", True),
        ("duplicates-across-splits", "warn", True),
        ("duplicate-rows", "warn", True),
        ("target-leak", "info", False),
        ("few-rows", "warn", False),
    ],
)
def test_a_doubt_about_the_scores_is_settled_before_they_are_acted_on(
    made: Made, code: str, severity: str, doubted: bool
) -> None:
    checks = [made["not_trustworthy"]["checks"][-1] | {"code": code, "severity": severity, "advice": "Ask when."}]
    told = next_step(made["not_worth_it"] | {"checks": checks})
    stop = [check | {"acknowledged": True} for check in checks]  # which is a warning, once it is acknowledged
    assert next_step(made["not_worth_it"] | {"checks": stop}).startswith("Use lightgbm")
    assert told.startswith("First settle a doubt. Ask when. If that changes anything, run it again; if not,") == doubted
    assert told.lower().endswith("use lightgbm, and spend no more on tuning.")


def test_prices_that_ask_for_what_the_run_did_not_do_ask_for_another_run(made: Made) -> None:
    """`reconsider` fits nothing, so that another cheap model, or a search, takes another run; no model takes none."""
    another = made["not_worth_it"] | {"would_keep": "tree", "settled": False}
    assert action(another) == "use tree, from another run with these prices"
    assert next_step(another) == "Use tree, from another run with these prices."
    dummy = next(each["name"] for each in another["candidates"] if each["rung"] == "none")
    assert action(another | {"would_keep": dummy}) == "use no model: none is worth having"
    search = another | {"would_keep": None, "reason": "forecast-not-worth-it", "lean": "go"}
    assert action(search) == "run it again with these prices"
    assert next_step(search) == "Run it again with these prices."


def test_rows_that_are_there_are_used_before_others_are_collected(made: Made) -> None:
    sampled = made["unsettled"] | {"dataset": made["unsettled"]["dataset"] | {"unused_rows": 12561}}
    more = "Run it again on more of the table's rows: budget.rows left out 12,561."
    assert next_step(sampled) == f"Use lightgbm. {more}"
    nothing_yet = made["no_signal"] | {"settled": False, "dataset": sampled["dataset"]}
    assert next_step(nothing_yet) == f"Use no model for now. {more}"


def test_a_go_after_other_looks_is_judged_on_new_rows_first(made: Made) -> None:
    assert next_step(made["go"] | {"looks_before": 2}).startswith("First judge it on new rows, as other searches")


def test_who_would_pay_more_for_certainty_than_it_is_worth_collects_nothing(made: Made) -> None:
    priced = made["unsettled"] | {"economics": made["unsettled"]["economics"] | {"price_per_row": 5.0}}
    told = next_step(priced | {"worth_of_certainty": 45.0})
    assert told.endswith("Use lightgbm. To be sure is not worth the price of the rows that it takes.")
    assert "Collect about 12,000 more rows to judge on before" in next_step(priced | {"worth_of_certainty": 70_000.0})
