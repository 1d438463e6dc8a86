"""Money in words."""

import re
from typing import Any

import pytest

from runner.report.economics import (
    money_in_words,
    rows_or_search,
    why_not_the_best,
    worth_over_no_model,
    wrong_decisions,
)
from runner.report.page import render
from runner.report.yearly import years_ahead
from runner.words import UNKNOWN

Made = dict[str, dict[str, Any]]


def test_rows_a_search_and_neither_are_told_in_one_currency(made: Made) -> None:
    verdict = made["go"]
    curve = {"usable": True, "twice": {"money": 1_300.4}, "search": {"money": -52.0, "measured": True}}
    told = "twice the rows EUR 1,300 {} their price, what the search found -EUR 52.00, neither EUR 0, a year"
    assert rows_or_search(verdict | {"curve": curve}) == told.format("before")
    priced = verdict | {"economics": verdict["economics"] | {"price_per_row": 0.5, "horizon_years": 3.0}}
    in_time = told.format("after").replace("a year", "over 3 years")
    assert rows_or_search(priced | {"curve": curve}) == in_time
    foretold = curve | {"search": {"money": 20.0, "measured": False}}
    assert "their price, a search EUR 20.00, neither" in str(rows_or_search(verdict | {"curve": foretold}))
    older = curve | {"search": {"gain": 0.01, "measured": True}}
    for unknown in ({"curve": older}, {"curve": curve | {"usable": False}}, {"curve": None}):
        assert rows_or_search(verdict | unknown) is None


@pytest.mark.parametrize("watts", [880.0, None])
def test_the_energy_of_hired_devices_is_told_or_said_to_be_left_out(made: Made, watts: float | None) -> None:
    """One training takes 7,680 h x 0.88 kW, and 0.3 kg of CO2 for each kWh; the challenger takes two a year."""
    hired = {
        "device_hours": 7680.0,
        "price_per_device_hour": 8.0,
        "watts_per_device": watts,
        "retrainings_per_year": 2.0,
    }
    verdict = made["go"] | {"economics": made["go"]["economics"] | hired}
    page = render(verdict)
    row = page[page.index("One training on hired devices") :].partition("</tr>")[0]
    told = re.findall(r'<td class="n">([^<]*)</td>', row)
    assert told == ["61,440", *(["6,758", "2,028"] if watts else [UNKNOWN, UNKNOWN])]
    assert ("what hired devices use is not given" in page) == (watts is None)
    cheap, costly = years_ahead(verdict)
    assert cheap.kwh < 1
    assert costly.kwh == pytest.approx(2 * 6758.4 if watts else 0.0, abs=1.0)
    assert costly.carbon_kg == pytest.approx(0.3 * costly.kwh)


def test_without_hired_devices_none_are_told(made: Made) -> None:
    assert "hired devices" not in render(made["go"])


def test_money_is_told_where_a_cost_matrix_prices_wrong_decisions(made: Made) -> None:
    matrix = {"good": {"bad": 1}, "bad": {"good": 5}}
    priced = made["go"]["economics"] | {"cost_matrix": matrix, "predictions_per_year": 100_000.0}
    signal = {"estimate": 0.14, "low": 0.03, "high": 0.25}
    verdict = made["not_worth_it"] | {"economics": priced, "signal": signal}
    assert worth_over_no_model(verdict) == "EUR +14,000 (3,000 to 25,000) a year"
    little = {key: end / 500_000 for key, end in signal.items()}
    assert worth_over_no_model(verdict | {"signal": little}) == "EUR +0.03 (0.01 to 0.05) a year"
    assert wrong_decisions(verdict) == "good taken for bad: EUR 1.00; bad taken for good: EUR 5.00"
    small = priced | {"cost_matrix": {"good": {"bad": 0.0012}}}
    assert wrong_decisions(verdict | {"economics": small}) == "good taken for bad: EUR 0.0012"
    by_row = priced | {"value_per_unit": None, "value_per_row": 0.005, "cost_matrix": None}
    assert "EUR 0.0050 for one unit of ROC AUC on one row" in money_in_words(verdict | {"economics": by_row})
    unsaid = "No predictions a year are given, so a gain is taken to be worth having from 1.0 % of the way"
    assert unsaid not in money_in_words(verdict)
    for price in ({"cost_matrix": matrix}, {"value_per_row": 2.0}):
        by_row = priced | {"value_per_unit": None, "cost_matrix": None, "predictions_per_year": 0.0} | price
        assert unsaid in money_in_words(made["not_worth_it"] | {"economics": by_row})


@pytest.mark.parametrize(
    ("score", "price", "told"),
    [
        (0.929, None, "blend scores better on the folds, by +0.00090; from +0.0050, it would be worth more than "),
        (0.935, None, None),  # such a model would be the champion: this one is so for other reasons
        (0.929, 1_000.0, "blend scores better on the folds, by +0.00090; that is worth less than what it costs more "),
        (0.929, 10_000_000.0, None),
        (0.927, None, None),
    ],
)
def test_it_is_told_why_the_best_score_is_not_kept(
    made: Made, score: float, price: float | None, told: str | None
) -> None:
    verdict = made["not_worth_it"]
    blend = verdict["candidates"][-1] | {"rung": "blend", "name": "blend", "score": score}
    hours = verdict["economics"]["upkeep_hours"] | {"blend": 20.0}
    economics = verdict["economics"] | {"value_per_unit": price, "upkeep_hours": hours}
    verdict = verdict | {"candidates": [*verdict["candidates"], blend], "economics": economics}
    said = why_not_the_best(verdict)
    assert (said is None) == (told is None)
    assert said is None or (said.startswith(str(told)) and "lightgbm" in said and said in render(verdict))
    assert why_not_the_best(verdict | {"cheap_champion": "dummy"}) is None
