"""What a night ends as: what changed for the worse fails it, what is noise does not."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from runner.suite.judgement import Judgement, Outcome, judge
from runner.suite.schedule import EndedRun
from runner.suite.settings import SuiteConfig

Entry = dict[str, Any]
KEY = "credit-g-smoke-0"


def night(suite: SuiteConfig, now: Entry, before: Entry) -> Judgement:
    return judge([], {KEY: now}, {KEY: before}, suite)


def failed(judgement: Judgement) -> list[str]:
    return [item.observed.rule for item in judgement.of(Outcome.FAILED)]


def worse(entry: Entry, drop: float) -> Entry:
    return {**entry, "scores": {name: [score - drop for score in folds] for name, folds in entry["scores"].items()}}


def test_a_night_like_the_accepted_one_passes(suite: SuiteConfig, entry: Callable[..., Entry]) -> None:
    judgement = night(suite, entry(), entry())
    assert not judgement.failed
    assert not judgement.of(Outcome.WARNED)
    assert judgement.headline.startswith("passed: ")


def test_a_score_that_fell_by_more_than_noise_fails_and_is_told_by_how_much(
    suite: SuiteConfig, entry: Callable[..., Entry]
) -> None:
    judgement = night(suite, worse(entry(), 0.03), entry())
    assert failed(judgement) == ["score"]
    assert judgement.headline.startswith(f"FAILED: score of {KEY}: ROC AUC of blend is 0.7550, 0.7850 was accepted")
    assert "6.0 % of the dummy's loss" in judgement.headline


def test_a_score_that_rose_passes(suite: SuiteConfig, entry: Callable[..., Entry]) -> None:
    assert not night(suite, worse(entry(), -0.03), entry()).failed


def test_a_drop_within_luck_passes(suite: SuiteConfig, entry: Callable[..., Entry]) -> None:
    now = entry()
    now["scores"]["blend"] = [0.771, 0.795, 0.781, 0.797, 0.773]
    assert not night(suite, now, entry()).failed


def test_a_drop_smaller_than_is_worth_an_alarm_passes(suite: SuiteConfig, entry: Callable[..., Entry]) -> None:
    assert not night(suite, worse(entry(), 0.002), entry()).failed


def test_other_rows_are_compared_with_the_errors_of_both(suite: SuiteConfig, entry: Callable[..., Entry]) -> None:
    fell = worse(entry(fingerprint="other"), 0.03)
    assert not night(suite, fell, entry()).failed  # on other rows that is within noise
    sampled = worse(entry(kept_aside="other"), 0.03)
    assert not night(suite, sampled, entry()).failed
    assert night(suite, sampled, {**entry(), "kept_aside": None}).failed  # accepted before that was remembered
    assert failed(night(suite, worse(entry(fingerprint="other"), 0.2), entry())) == ["score"]


def test_a_run_that_the_time_cut_off_is_judged_by_what_it_came_to(
    suite: SuiteConfig, entry: Callable[..., Entry]
) -> None:
    now = entry(cut=True, combined=[])
    del now["scores"]["blend"], now["scores"]["lightgbm #3"]
    assert not night(suite, now, entry()).failed
    lost = {**now, "cut": False}
    assert failed(night(suite, lost, entry())) == ["score"]


def test_a_run_that_the_time_newly_cuts_off_warns(
    suite: SuiteConfig, entry: Callable[..., Entry], ended: Callable[..., EndedRun]
) -> None:
    judgement = judge([ended("credit-g")], {KEY: entry(cut=True)}, {KEY: entry()}, suite)
    assert not judgement.failed
    assert [item.observed.rule for item in judgement.of(Outcome.WARNED)] == ["run"]
    assert judge([ended("credit-g")], {KEY: entry(cut=True)}, {KEY: entry(cut=True)}, suite).of(Outcome.WARNED) == []


def test_the_same_work_for_more_time_fails(suite: SuiteConfig, entry: Callable[..., Entry]) -> None:
    accepted = entry(loops={"dummy": 10.0, "linear": 3000.0})
    dearer = entry(loops={"dummy": 13.0, "linear": 3900.0, "forest": 5000.0})
    assert failed(night(suite, dearer, accepted)) == ["cost"]
    assert not night(suite, entry(loops={"dummy": 10.0, "linear": 3200.0}), accepted).failed


def test_a_rise_of_less_than_a_process_takes_to_start_is_luck(suite: SuiteConfig, entry: Callable[..., Entry]) -> None:
    before = {f"table{number}-smoke-0": entry() for number in range(12)}
    now = before | {"table0-smoke-0": entry(loops={"dummy": 10.0, "linear": 450.0})}
    assert not judge([], now, before, suite).failed


def test_a_small_rise_that_is_everywhere_shows_over_all_tables(suite: SuiteConfig, entry: Callable[..., Entry]) -> None:
    keys = [f"table{number}-smoke-0" for number in range(12)]
    dearer = {key: entry(loops={"dummy": 11.3, "linear": 339.0}) for key in keys}
    judgement = judge([], dearer, {key: entry() for key in keys}, suite)
    assert [(item.observed.rule, item.observed.run) for item in judgement.of(Outcome.FAILED)] == [("cost", "all")]


def test_a_verdict_that_turned_beyond_noise_fails(suite: SuiteConfig, entry: Callable[..., Entry]) -> None:
    judgement = night(suite, entry(decision="GO", reason="gain-pays", p_pays=0.999), entry())
    assert failed(judgement) == ["verdict"]
    assert "GO (gain-pays), NO-GO (within-noise) was accepted" in judgement.headline


def test_a_verdict_that_stood_on_the_edge_may_turn(suite: SuiteConfig, entry: Callable[..., Entry]) -> None:
    on_the_edge = entry(p_pays=0.94)
    assert not night(suite, entry(decision="GO", reason="gain-pays", p_pays=0.955), on_the_edge).failed


def test_a_verdict_that_the_time_turned_only_warns(suite: SuiteConfig, entry: Callable[..., Entry]) -> None:
    accepted = entry(decision="GO", reason="gain-pays", p_pays=0.99)
    judgement = night(suite, entry(reason="out-of-budget", p_pays=None), accepted)
    assert "verdict" not in failed(judgement)
    assert "verdict" in [item.observed.rule for item in judgement.of(Outcome.WARNED)]


def test_a_check_that_newly_stops_fails_and_one_that_newly_warns_only_warns(
    suite: SuiteConfig, entry: Callable[..., Entry]
) -> None:
    assert failed(night(suite, entry(checks=["stop:target-leak"]), entry())) == ["check"]
    assert not night(suite, entry(checks=["stop:target-leak"]), entry(checks=["stop:target-leak"])).failed
    warned = night(suite, entry(checks=["warn:target-leak"]), entry())
    assert not warned.failed
    assert [item.observed.rule for item in warned.of(Outcome.WARNED)] == ["check"]


def test_a_run_without_a_verdict_fails_whether_or_not_it_was_accepted(
    suite: SuiteConfig, ended: Callable[..., EndedRun]
) -> None:
    judgement = judge([ended("glass", "the table is gone."), ended("adult")], {}, {}, suite)
    assert [(item.observed.rule, item.observed.run) for item in judgement.of(Outcome.FAILED)] == [
        ("run", "glass-smoke-0")
    ]
    assert "the table is gone." in judgement.headline


def test_a_rule_may_be_off_or_warn(suite: SuiteConfig, entry: Callable[..., Entry]) -> None:
    for action, outcome in (("off", None), ("warn", Outcome.WARNED)):
        rules = replace(suite.rules, score=replace(suite.rules.score, action=action))
        judgement = night(replace(suite, rules=rules), worse(entry(), 0.03), entry())
        assert [item.outcome for item in judgement.items if item.observed.rule == "score"] in ([], [outcome])
        assert not judgement.failed


def test_a_search_that_took_far_more_than_forecast_warns(suite: SuiteConfig, entry: Callable[..., Entry]) -> None:
    now = entry(search={"forecast_cpu_seconds": 10.0, "cpu_seconds": 45.0, "stopped_by": "rule", "skill": 0.0})
    assert [item.observed.rule for item in night(suite, now, entry()).of(Outcome.WARNED)] == ["forecast"]


def test_the_entry_of_a_real_run_is_like_itself_and_holds_no_values(
    suite: SuiteConfig, real_entry: Entry, content: Entry
) -> None:
    judgement = night(suite, real_entry, real_entry)
    assert not judgement.failed
    assert {item.observed.rule for item in judgement.of(Outcome.PASSED)} >= {"score", "cost", "verdict", "check"}
    assert content["dataset"]["target"] not in real_entry.values()
    assert real_entry["scores"].keys() <= {candidate["name"] for candidate in content["candidates"]}
