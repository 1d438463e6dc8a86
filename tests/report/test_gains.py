"""Gains in words."""

from typing import Any

import pytest

from runner.report.advice import next_step
from runner.report.closing import closing_lines
from runner.report.gains import against_today, on_the_folds, over_no_model, signal_test, threshold
from runner.report.page import render
from runner.report.summary import summary

Made = dict[str, dict[str, Any]]


@pytest.mark.parametrize(("folds", "told"), [(0.932, "only +0.0039"), (0.9462, None)])  # beside 0.0112 at least
def test_a_lead_on_the_folds_is_told_where_the_gain_is_shown_to_be_more(
    made: Made, folds: float, told: str | None
) -> None:
    *others, challenger = made["go"]["candidates"]
    verdict = made["go"] | {"candidates": [*others, challenger | {"score": folds}]}
    assert on_the_folds(verdict) == told
    assert next_step(verdict).startswith("First find out why lightgbm #7 gains so much more on the rows") == bool(told)
    assert (f"On the folds  {told}" in closing_lines(verdict, 80)) == bool(told)
    assert on_the_folds(verdict | {"design": {"kind": "nested"}}) is None


def test_a_lead_that_differs_between_the_folds_is_no_wonder(made: Made) -> None:
    *others, challenger = made["go"]["candidates"]
    (cheap,) = [each for each in others if each["name"] == made["go"]["cheap_champion"]]
    for apart, is_told in ((0.002, True), (0.02, False)):  # of the lead of 0.005, between three folds
        folds = [score + 0.005 + more for score, more in zip(cheap["fold_scores"], (-apart, 0, apart), strict=True)]
        changed = challenger | {"score": cheap["score"] + 0.005, "fold_scores": folds}
        assert (on_the_folds(made["go"] | {"candidates": [*others, changed]}) is not None) is is_told


def test_a_gain_that_no_model_could_bring_is_told_as_such(made: Made) -> None:
    most = made["go"]["facts"]["headroom"]
    for smallest, is_beyond in ((0.9 * most, False), (1.1 * most, True)):
        worth = made["go"]["worthwhile_gain"] | {"metric": smallest}
        told = threshold(made["go"] | {"worthwhile_gain": worth})
        assert told.endswith(", more than a perfect model gains over none") is is_beyond


def test_a_gain_of_which_no_bounds_are_known_is_worth_having_from_no_odd_figure(made: Made) -> None:
    gain = made["go"]["gain"] | {"estimate": 0.24, "low": None, "high": None}
    said = []
    for smallest, found in ((8.3e-10, gain), (2.6e-9, gain | {"estimate": 0.0}), (0.05, gain)):
        worth = made["go"]["worthwhile_gain"] | {"metric": smallest}
        said.append(threshold(made["go"] | {"gain": found, "worthwhile_gain": worth}))
    assert said == [*["worth having as soon as it is above 0"] * 2, "worth having from +0.050"]


@pytest.mark.parametrize(
    ("time", "groups", "p_value", "told"),
    [
        (False, False, 0.0025, "shown to be related to the target (p 0.003, by exchanging them between rows"),
        (False, True, 0.31, "not shown to be related to the target (p 0.310, each group counting once)"),
        (True, False, 1e-7, "shown to be related to the target (p under 0.001, each block of time counting once)"),
        (True, True, 0.2, "not shown to be related to the target (p 0.200, each block of time or each group counting"),
    ],
)
def test_a_test_for_signal_is_told_wherever_a_gain_without_a_lower_bound_is(
    made: Made, time: bool, groups: bool, p_value: float, told: str
) -> None:
    verdict = without_a_bound(made["not_worth_it" if p_value <= 0.05 else "no_signal"], time, groups, p_value)
    said = signal_test(verdict)
    assert said is not None
    assert said.startswith(f"The best cheap model's predictions are {told}")
    for text in (summary(verdict), " ".join(line.strip() for line in closing_lines(verdict, 100))):
        assert said in text
    assert render(verdict).count(said.replace("'", "&#39;")) == 2


def test_where_no_test_was_possible_that_is_said_and_where_none_was_needed_nothing(made: Made) -> None:
    for time, groups, few in ((False, True, "rows or groups"), (True, True, "rows or groups or moments")):
        said = signal_test(without_a_bound(made["no_signal"], time, groups, None))
        assert said == f"There are too few {few} to test whether the best cheap model's predictions tell anything."
    unbounded = without_a_bound(made["not_worth_it"], False, False, None)
    assert signal_test(unbounded | {"signal": made["go"]["signal"]}) is None
    assert signal_test(unbounded | {"dataset": made["go"]["dataset"]}) is None  # of an earlier version


@pytest.mark.parametrize("p_value", [None, 0.01, 0.3])
@pytest.mark.parametrize("time", [False, True])
def test_a_test_made_before_the_data_were_found_not_to_be_trusted_is_not_told(
    made: Made, time: bool, p_value: float | None
) -> None:
    verdict = without_a_bound(made["not_trustworthy"], time, False, p_value) | {"signal": None}
    for told in (summary(verdict), " ".join(closing_lines(verdict, 80)), render(verdict)):
        assert "related to the target" not in told
        assert "too few" not in told


def test_the_terminal_tells_of_a_test_in_time_only_if_it_decides_against_what_a_bound_says(made: Made) -> None:
    for kind, p_value, told in (("not_worth_it", 1e-7, False), ("no_signal", 0.3, True)):
        verdict = without_a_bound(made[kind], True, False, p_value) | {"signal": made["go"]["signal"]}
        assert ("Signal test" in " ".join(closing_lines(verdict, 80))) == told
        assert str(signal_test(verdict)) in summary(verdict)


def test_predictions_that_are_related_to_the_target_may_still_gain_nothing(made: Made) -> None:
    verdict = without_a_bound(made["no_signal"], False, False, 0.007)
    said = signal_test(verdict | {"signal": verdict["signal"] | {"estimate": -7.3}})
    assert said is not None
    assert said.endswith("at random), but these rows gain nothing by them.")


def test_why_there_is_no_lower_bound_is_told_even_if_there_is_an_upper_one(made: Made) -> None:
    verdict = without_a_bound(made["not_worth_it"], False, False, 0.0025, high=0.5)
    assert over_no_model(verdict) == "+0.30 (at most 0.50) in ROC AUC. The tail is heavy."
    assert "Over no model +0.30 (at most 0.50)" in " ".join(closing_lines(verdict, 80))


def test_why_a_gain_over_what_is_used_today_has_no_bounds_is_told(made: Made) -> None:
    gain = {"estimate": 7.0, "low": None, "high": None}
    today = {"name": "lat", "score": 0.41, "gain": gain, "model": "lightgbm", "beaten": None, "sentence": "?"}
    facts = made["not_worth_it"]["facts"] | {"incumbent": {"gains": {"lightgbm": {"why": "The tail is heavy."}}}}
    said = against_today(made["not_worth_it"] | {"incumbent": today, "facts": facts})
    assert said is not None
    assert said.endswith("not shown to be better by enough: +7.0 (no bounds can be given). The tail is heavy.")


def without_a_bound(
    verdict: dict[str, Any], time: bool, groups: bool, p_value: float | None, high: float | None = None
) -> dict[str, Any]:
    facts = verdict["facts"] | {"signal": {"why": "The tail is heavy."}, "signal_p": p_value}
    rows = verdict["dataset"] | {"has_time": time, "has_groups": groups}
    return verdict | {"signal": {"estimate": 0.3, "low": None, "high": high}, "facts": facts, "dataset": rows}
