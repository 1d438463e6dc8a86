"""The outcome of a run in words."""

from typing import Any

from runner.report.outcome import decision, looks, to_settle, why

Made = dict[str, dict[str, Any]]


def test_the_rows_that_would_settle_it(made: Made) -> None:
    assert to_settle(made["unsettled"]) == "about 12,000 more rows to judge on"
    judged_on = made["unsettled"] | {"design": {"kind": "holdout", "rows": 9000}}
    assert to_settle(judged_on) == "about 3,400 more rows to judge on"
    grouped = judged_on | {"facts": judged_on["facts"] | {"gain": {"unit": "groups", "why": None}}}
    assert to_settle(grouped) == "about 3,400 more rows of new groups to judge on"
    in_time = judged_on | {"facts": judged_on["facts"] | {"gain": {"unit": "blocks", "why": None}}}
    assert to_settle(in_time) == "about 3,400 more rows of later moments to judge on"
    nested = grouped | {"facts": judged_on["facts"] | {"gain": {"unit": "folds", "why": None}}}
    assert to_settle(nested) == "about 3,400 more rows to judge on"
    nested["dataset"] = nested["dataset"] | {"has_groups": True}
    assert to_settle(nested) == "about 3,400 more rows of new groups to judge on"
    sampled = judged_on | {"dataset": judged_on["dataset"] | {"has_more_of_rare": True}}
    assert to_settle(sampled) == "about 3,400 more rows, sampled as these were, to judge on"


def test_a_budget_that_ended_is_told_from_models_that_fail_and_from_a_ladder_without_a_search(made: Made) -> None:
    assert why(made["crashed"]) == "The budget ended before the question could be answered."
    dummy, tree = made["crashed"]["candidates"]
    failed = made["crashed"] | {"candidates": [dummy | {"status": "failed"}, tree]}
    assert why(failed) == "No model could be fitted, and more time would not help."
    cheap_only = made["not_worth_it"] | {"reason": "out-of-budget", "gates": []}
    assert why(cheap_only) == "No costly model was tried: the ladder has no search."


def test_a_gain_that_was_not_measured_is_not_said_to_be_shown(made: Made) -> None:
    little_left = made["not_worth_it"] | {"reason": "gain-too-small", "gain": None, "search": None}
    assert why(little_left) == "Too little is left to win for a search to pay."
    assert why(little_left | {"search": {"trials": 3}}) == "The search found nothing better than the cheap champion."


def test_what_the_rows_do_not_settle_is_told_with_its_leaning(made: Made) -> None:
    assert decision(made["go"]) == "GO"
    assert decision(made["unsettled"]) == "NO-GO (not settled, leaning go)"
    assert decision(made["unsettled"] | {"lean": None}) == "NO-GO (not settled)"


def test_a_proved_gain_says_how_often_chance_proves_one_in_so_many_looks(made):
    go, unproved = made["go"], made["unsettled"]
    assert looks(go) is None
    said = "another search of this table was judged before: with 2 looks, chance brings a GO in up to 9.8 %"
    assert looks(go | {"looks_before": 1}) == said
    assert looks(go | {"looks_before": 3}).endswith("with 4 looks, chance brings a GO in up to 19 %")
    assert looks(unproved | {"looks_before": 3}) is None


def test_rows_that_settle_it_are_told_with_their_price_unless_the_budget_left_them_out(made: Made) -> None:
    priced = made["unsettled"] | {"economics": made["unsettled"]["economics"] | {"price_per_row": 5.0}}
    assert to_settle(priced) == "about 12,000 more rows to judge on, EUR 60,000"
    assert to_settle(priced | {"worth_of_certainty": 70_000.0}) == "about 12,000 more rows to judge on, EUR 60,000"
    some, all_of_them = (priced | {"dataset": priced["dataset"] | {"unused_rows": count}} for count in (2_000, 50_000))
    assert to_settle(some) == "about 12,000 more rows to judge on, EUR 50,000 for those not in the table"
    assert to_settle(all_of_them) == "about 12,000 more rows to judge on"


def test_a_verdict_whose_certainty_is_worth_less_than_the_rows_it_takes_is_not_worth_settling(made: Made) -> None:
    priced = made["unsettled"] | {"economics": made["unsettled"]["economics"] | {"price_per_row": 5.0}}
    told = to_settle(priced | {"worth_of_certainty": 45.0})
    assert told == (
        "about 12,000 more rows to judge on, EUR 60,000: not worth settling, as certainty is worth EUR 45.00 a year"
    )
