"""Money in words."""

from typing import Any

from runner.report.economics import money_in_words, worth_over_no_model, wrong_decisions

Made = dict[str, dict[str, Any]]


def test_money_is_told_where_a_cost_matrix_prices_wrong_decisions(made: Made) -> None:
    matrix = {"good": {"bad": 1}, "bad": {"good": 5}}
    priced = made["go"]["economics"] | {"cost_matrix": matrix, "predictions_per_year": 100_000.0}
    signal = {"estimate": 0.14, "low": 0.03, "high": 0.25}
    verdict = made["not_worth_it"] | {"economics": priced, "signal": signal}
    assert worth_over_no_model(verdict) == "EUR +14,000 (3,000 to 25,000) a year"
    assert wrong_decisions(verdict) == "good taken for bad: EUR 1.00; bad taken for good: EUR 5.00"
    unsaid = "No predictions a year are given, so a gain is taken to be worth having from 1.0 % of the way"
    assert unsaid not in money_in_words(verdict)
    for price in ({"cost_matrix": matrix}, {"value_per_row": 2.0}):
        by_row = priced | {"value_per_unit": None, "cost_matrix": None, "predictions_per_year": 0.0} | price
        assert unsaid in money_in_words(made["not_worth_it"] | {"economics": by_row})
