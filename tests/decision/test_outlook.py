"""More rows, more tuning, or neither: in one unit, and in money where it is known."""

from dataclasses import replace
from typing import Any

import pytest

from runner.config import EconomicsConfig
from runner.decision.curve import Curve
from runner.decision.deciding import decide
from runner.decision.economics import Contender
from runner.decision.facts import Facts, SearchForecast
from runner.decision.outlook import Advice, curve_document, curve_of, outlook
from runner.decision.reasons import Reason
from runner.decision.stakes import gate_before_search
from runner.decision.verdict import Verdict
from runner.gain import Gain
from runner.gain.interval import Interval
from runner.listeners.log import curve_told
from runner.prior import past_searches

LINEAR = Contender("linear", "simple", 1.0, 0.01)
FORECAST = SearchForecast(0.005, 100.0, 40, Contender("search", "search", 10.0, 0.1))
FACTS = Facts(LINEAR, 0.5, None, forecast=FORECAST)
PRICES = EconomicsConfig("none")  # worth having from 0.01 x 0.5
NO_GO = Verdict(False, Reason.WITHIN_NOISE, "Because.", False, "no-go", "linear", gain=Interval(0.001, -0.01, 0.012))
GO = replace(NO_GO, go=True, lean=None, settled=True, gain=Interval(0.03, 0.02, 0.04))


def curve(estimate: float, low: float, high: float, falling: bool = True) -> Curve:
    rows, scores = (100, 200, 400), (0.7, 0.75, 0.78)
    return Curve("linear", rows, scores, (0.01,) * 3, falling, 500, Interval(estimate, low, high))


@pytest.mark.parametrize(
    ("twice", "verdict", "advice"),
    [
        (curve(0.02, 0.01, 0.03), NO_GO, Advice.MORE_ROWS),
        (curve(0.02, 0.01, 0.03), GO, Advice.SEARCH),
        (curve(0.05, 0.01, 0.09), GO, Advice.MORE_ROWS),
        (curve(0.001, -0.002, 0.004), NO_GO, Advice.NEITHER),
        (curve(0.001, -0.002, 0.008), NO_GO, Advice.UNKNOWN),
        (curve(0.02, -0.01, 0.05), NO_GO, Advice.UNKNOWN),
        (curve(0.02, 0.01, 0.03, falling=False), NO_GO, Advice.UNKNOWN),
    ],
)
def test_the_advice(twice: Curve, verdict: Verdict, advice: Advice) -> None:
    assert outlook(twice, verdict, FACTS, PRICES, past_searches()).advice is advice


def test_as_many_rows_as_a_sample_with_more_of_a_rare_class_are_to_be_sampled_so() -> None:
    plain = curve(0.02, 0.01, 0.03)
    sampled = replace(plain, has_more_of_rare=True)
    first, second = (curve_document(one, NO_GO, FACTS, PRICES, past_searches()) for one in (plain, sampled))
    assert first["sentence"].startswith("Twice the rows (500 more) would bring")
    assert second["sentence"].startswith("Twice the rows (500 more, sampled as these were) would bring")
    assert curve_of(second) == sampled
    told = [curve_told(one).split(" would")[0] for one in (plain, sampled)]
    assert told == ["Twice the rows", "Twice the rows, sampled as these were,"]


def test_another_model_than_the_cheap_champion_is_named_with_what_rows_would_bring_it() -> None:
    for champion, told in (("blend", "would bring linear +"), ("linear", "would bring +")):
        verdict = replace(NO_GO, cheap_champion=champion)
        assert told in outlook(curve(0.02, 0.01, 0.03), verdict, FACTS, PRICES, past_searches()).sentence


def test_a_flat_curve_is_told_without_digits_of_rounding() -> None:
    flat = replace(curve(1e-17, -3e-9, 3e-9, falling=False), scores=(0.99,) * 3)
    sentence = curve_document(flat, NO_GO, FACTS, PRICES, past_searches())["sentence"]
    assert sentence.startswith("Twice the rows (500 more) would bring nothing, as far as")
    assert curve_told(flat).startswith("Twice the rows would bring linear nothing; so far")
    perfect = replace(curve(0.0, 0.0, 0.0), scores=(0.0,) * 3)
    assert curve_told(perfect) == "Twice the rows would bring linear nothing."


def test_of_a_curve_that_has_won_all_the_most_is_told() -> None:
    won = curve(0.0016, 0.0, 0.0016)
    assert curve_told(won) == "Twice the rows would bring linear at most +0.0016."
    assert "would bring at most +0.0016; " in curve_document(won, NO_GO, FACTS, PRICES, past_searches())["sentence"]


def test_rows_that_cost_more_than_they_bring_are_not_advised() -> None:
    def asked(price: float) -> Any:
        prices = EconomicsConfig("x", value_per_unit=10_000.0, price_per_row=price)  # 0.02 is worth 200 a year
        return outlook(curve(0.02, 0.01, 0.03), NO_GO, FACTS, prices, past_searches())

    assert (asked(0.30).advice, asked(0.30).money) == (Advice.MORE_ROWS, pytest.approx(50.0))
    assert (asked(0.50).advice, asked(0.50).money) == (Advice.UNKNOWN, pytest.approx(-50.0))
    assert asked(1.00).advice is Advice.NEITHER


def test_where_a_gain_has_a_price_and_a_row_has_none_it_is_told_what_a_row_may_cost() -> None:
    """In all, 500 rows bring 200 a year, 0.40 each; beside a search that brings 100, they may cost half of that."""
    prices = EconomicsConfig("x", value_per_unit=10_000.0)
    go = replace(GO, gain=Interval(0.01, 0.005, 0.015))
    facts = replace(FACTS, challenger=FACTS.champion)
    for verdict, most in ((NO_GO, " if one costs under EUR 0.40"), (go, " as well if one costs under EUR 0.20")):
        found = outlook(curve(0.02, 0.01, 0.03), verdict, facts, prices, past_searches())
        assert found.sentence.endswith(f": collect rows{most}.")
    unsearched = replace(NO_GO, gain=None)
    for verdict, told in ((NO_GO, "instead"), (go, "as well"), (unsearched, "before tuning")):
        known = outlook(curve(0.02, 0.01, 0.03), verdict, facts, replace(prices, price_per_row=0.1), past_searches())
        assert known.sentence.endswith(f": collect rows {told}.")


@pytest.mark.parametrize(
    ("policy", "twice", "advice", "told"),
    [
        ("prove", curve(0.001, -0.002, 0.004), Advice.UNKNOWN, "only more rows can prove that it pays"),
        ("prove", curve(0.02, 0.01, 0.03), Advice.MORE_ROWS, "collect rows instead"),
        ("bank", curve(0.001, -0.002, 0.004), Advice.SEARCH, "use what it found before collecting rows"),
        ("bank", curve(0.02, 0.01, 0.03), Advice.MORE_ROWS, "collect rows as well"),
    ],
)
def test_what_the_search_found_is_advised_only_where_the_verdict_says_so(
    policy: str, twice: Curve, advice: Advice, told: str
) -> None:
    """The gain is likely to pay and not shown to: `prove` waits for a proof, `bank` acts on the lean."""
    prices = EconomicsConfig("none", policy=policy)
    gain = Gain(0.012, -0.001, 0.025, 0.008, 99.0, "rows", 0.1)
    signal = Gain(0.3, 0.25, 0.35, 0.03, 99.0, "rows", 0.3)
    facts = replace(FACTS, signal=signal, challenger=Contender("lightgbm #7", "search", 1.0, 0.01), gain=gain)
    verdict = decide(facts, prices, past_searches())
    assert (verdict.reason, verdict.lean, verdict.go) == (Reason.WITHIN_NOISE, "go", policy == "bank")
    found = outlook(twice, verdict, facts, prices, past_searches())
    assert found.advice is advice
    assert found.sentence.endswith(f"; a search brought +0.012: {told}.")


def test_a_search_that_brought_nothing_so_far_is_not_said_to_wait_for_a_proof() -> None:
    """By what past searches gained, a gain that nearly vanished on few rows is likely to be there."""
    gain = Gain(-0.0001, -0.03, 0.03, 0.018, 99.0, "rows", 0.1)
    signal = Gain(0.3, 0.25, 0.35, 0.03, 99.0, "rows", 0.3)
    facts = replace(FACTS, signal=signal, challenger=Contender("lightgbm #7", "search", 1.0, 0.01), gain=gain)
    prices = EconomicsConfig("none", worthwhile_gain=0.0)
    verdict = decide(facts, prices, past_searches())
    assert (verdict.reason, verdict.lean) == (Reason.WITHIN_NOISE, "go")
    sentence = outlook(curve(0.001, -0.002, 0.004), verdict, facts, prices, past_searches()).sentence
    assert sentence.endswith(": these rows cannot tell whether more of them are worth having.")


def test_a_search_that_other_prices_would_run_is_advised_as_their_verdict_advises_it() -> None:
    """A search that was not run leans go if its gate would be open."""
    would = replace(NO_GO, reason=Reason.FORECAST_NOT_WORTH_IT, gain=None, lean="go")
    found = outlook(curve(0.001, -0.002, 0.004), would, FACTS, PRICES, past_searches())
    assert found.advice is Advice.SEARCH
    assert found.sentence.endswith(": tune before collecting rows.")


def test_rows_and_search_are_weighed_once_they_are_paid_for() -> None:
    """Rows bring 200 a year and the search 180, whose model takes 50 a year of upkeep."""

    def asked(price: float) -> Advice:
        prices = EconomicsConfig(
            "x", value_per_unit=10_000.0, price_per_row=price, price_per_work_hour=50.0, upkeep_hours={"search": 1.0}
        )
        facts = replace(FACTS, challenger=Contender("lightgbm #7", "search", 1.0, 0.01))
        go = replace(GO, gain=Interval(0.018, 0.01, 0.026))
        return outlook(curve(0.02, 0.01, 0.03), go, facts, prices, past_searches()).advice

    assert [asked(price) for price in (0.0, 0.1, 0.2)] == [Advice.MORE_ROWS, Advice.MORE_ROWS, Advice.SEARCH]


def test_a_search_is_worth_what_its_gain_brings_beyond_what_its_model_costs() -> None:
    """A gain of 0.03 brings 300 a year, and upkeep takes 50; what a search took is spent."""
    prices = EconomicsConfig("x", value_per_unit=10_000.0, price_per_work_hour=50.0, upkeep_hours={"search": 1.0})
    measured = replace(FACTS, challenger=Contender("lightgbm #7", "search", 1.0, 0.01), search_cpu_seconds=1e6)
    gain = Gain(0.03, 0.02, 0.04, 0.006, 99.0, "rows", 0.1)
    nothing_found = replace(FACTS, search_cpu_seconds=1e6)

    def worth(facts: Facts, prices: EconomicsConfig = prices) -> float | None:
        verdict = replace(NO_GO, gain=None)
        return curve_document(curve(0.02, 0.01, 0.03), verdict, facts, prices, past_searches())["search"]["money"]

    assert worth(replace(measured, gain=gain)) == pytest.approx(250.0, abs=0.1)
    assert (worth(measured), worth(nothing_found), worth(replace(FACTS, forecast=None))) == (0.0, 0.0, 0.0)
    assert worth(FACTS, PRICES) is None


def test_a_search_that_was_not_run_is_worth_what_its_gate_forecast_less_its_price() -> None:
    prices = EconomicsConfig("x", value_per_unit=1e6, price_per_cpu_hour=36.0)  # a CPU second costs a cent
    gate = gate_before_search(FACTS, prices, past_searches())
    assert gate.open
    found = curve_document(curve(0.02, 0.01, 0.03), replace(NO_GO, gain=None), FACTS, prices, past_searches())
    price = gate.forecast_cpu_seconds * 0.01
    more_to_retrain = 4 * 9.0 * 0.01 * gate.provable
    assert found["search"]["money"] == pytest.approx(gate.forecast_gain * 0.5 * 1e6 - more_to_retrain - price)


def test_a_search_is_foretold_only_where_there_was_none() -> None:
    found_nothing = replace(NO_GO, gain=None)
    searched = replace(FACTS, search_cpu_seconds=12.0)
    led = replace(searched, challenger=Contender("lightgbm #7", "search", 9.0, 0.1))
    for facts, told in (
        (FACTS, "a search is expected to bring +"),
        (searched, "the search found nothing better"),
        (led, "what the search found could not be judged"),
        (replace(led, gain=Gain(0.02, 0.01, 0.03, 0.006, 99.0, "rows", 0.1)), "a search brought +0.020"),
    ):
        found = outlook(curve(0.02, 0.01, 0.03), found_nothing, facts, PRICES, past_searches())
        assert told in found.sentence
        assert found.searched == (facts is not FACTS)


def test_what_a_search_hardly_brings_is_not_told_to_the_last_digit() -> None:
    hopeless = replace(FACTS, forecast=replace(FORECAST, loss_left=1e-12))
    found = outlook(curve(0.02, 0.01, 0.03), replace(NO_GO, gain=None), hopeless, PRICES, past_searches())
    assert "a search is expected to bring next to nothing" in found.sentence


def test_what_a_search_is_expected_to_bring_is_what_its_gate_forecast() -> None:
    gate = gate_before_search(FACTS, PRICES, past_searches())
    found = outlook(curve(0.02, 0.01, 0.03), replace(NO_GO, gain=None), FACTS, PRICES, past_searches())
    assert gate.forecast_gain is not None
    assert found.search_gain == pytest.approx(gate.forecast_gain * FACTS.headroom)
    assert found.search_gain >= 0  # what is not acted on costs nothing
    without = outlook(
        curve(0.02, 0.01, 0.03), replace(NO_GO, gain=None), replace(FACTS, forecast=None), PRICES, past_searches()
    )
    assert "; no search was run: " in without.sentence  # its gate may have been shut before anything was forecast


def test_a_curve_is_read_as_it_was_written() -> None:
    for given in (curve(0.02, 0.01, 0.03), "There was no time."):
        assert curve_of(curve_document(given, NO_GO, FACTS, PRICES, past_searches())) == given
